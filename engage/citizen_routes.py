"""The doors of citizens, of the portals they come from, and of their widgets."""

from engage.access import Role
from engage.web import citizens, embeds
from engage.web.admin import sites
from engage.web.door import Door, door

ANYONE, CITIZEN, ADMINISTRATOR = Role.ANYONE, Role.CITIZEN, Role.ADMINISTRATOR

DOORS: tuple[Door, ...] = (
    # Citizens: a link by mail, and a page of their own
    door("GET", "/citizens/sign-in", citizens.sign_in_form, ANYONE),
    door("POST", "/citizens/sign-in", citizens.ask, ANYONE, limit="sign_in"),
    door("GET", "/citizens/links/{token}", citizens.letter, ANYONE),
    door("POST", "/citizens/links/{token}", citizens.enter, ANYONE, limit="sign_in"),
    door("GET", "/citizens/me", citizens.mine, CITIZEN),
    door("POST", "/citizens/me/name", citizens.rename, CITIZEN, limit="tell"),
    door("GET", "/citizens/me/data.json", citizens.file, CITIZEN),
    door("POST", "/citizens/me/erase", citizens.erase, CITIZEN, limit="leave"),
    door("POST", "/citizens/sign-out", citizens.sign_out, CITIZEN, limit="leave"),
    # Widgets: a bearer for who writes on a portal's page
    door("POST", "/embed/session", embeds.enter, ANYONE, limit="embed", embed=True),
    door("GET", "/embed/session", embeds.show, ANYONE, embed=True),
    door("POST", "/embed/session/end", embeds.leave, ANYONE, limit="embed", embed=True),
    door("POST", "/embed/code", embeds.ask, ANYONE, limit="embed_mail", embed=True),
    # Portals: what an editor registers
    door("GET", "/admin/sites", sites.listed, ADMINISTRATOR),
    door("POST", "/admin/sites", sites.register, ADMINISTRATOR, limit="administer"),
    door("GET", "/admin/sites/new", sites.new, ADMINISTRATOR),
    door("GET", "/admin/sites/{slug}", sites.show, ADMINISTRATOR),
    door("POST", "/admin/sites/{slug}", sites.change, ADMINISTRATOR, limit="administer"),
    door("GET", "/admin/sites/{slug}/preview", sites.preview, ADMINISTRATOR),
    door("POST", "/admin/sites/{slug}/keys", sites.add_key, ADMINISTRATOR, limit="administer"),
    door("POST", "/admin/sites/{slug}/keys/{kid}/end", sites.end_key, ADMINISTRATOR, limit="administer"),
    door("POST", "/admin/sites/{slug}/end", sites.end, ADMINISTRATOR, limit="administer"),
    door("GET", "/sites/{slug}/look.css", sites.look, ANYONE),
)
