"""The doors of citizens, of the portals they come from, and of their widgets."""

from engage.access import Role
from engage.web import citizens
from engage.web.door import Door, door

ANYONE, CITIZEN = Role.ANYONE, Role.CITIZEN

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
)
