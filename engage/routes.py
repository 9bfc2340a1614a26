"""Every URL, its handler, and who may use it: the table of contents and the security review."""

from engage.access import Role
from engage.web import (
    assets,
    desk,
    editor,
    follow,
    health,
    home,
    live,
    outbox,
    questions,
    reading,
    review,
    rules,
    search,
    signin,
    track,
)
from engage.web.admin import limits, overview, reasons, rows, sheets
from engage.web.door import Door, door

ANYONE, ASKER, STAFF = Role.ANYONE, Role.ASKER, Role.STAFF
MODERATOR, AGENCY, ADMINISTRATOR = Role.MODERATOR, Role.AGENCY, Role.ADMINISTRATOR

DOORS: tuple[Door, ...] = (
    # Reading
    door("GET", "/", home.home, ANYONE),
    door("GET", "/questions", reading.listed, ANYONE),
    door("GET", "/questions/ask", questions.ask, ANYONE),
    door("GET", "/questions/search", search.search, ANYONE, limit="search"),
    door("GET", "/questions/near", search.near, ANYONE, limit="search"),
    door("GET", "/questions/denunciation", questions.denunciation, ANYONE),
    door("GET", "/questions/{id:int}", reading.show, ANYONE),
    door("GET", "/agencies", home.listed, ANYONE),
    door("GET", "/agencies/{slug}", home.agency, ANYONE),
    door("GET", "/topics/{slug}", reading.topic, ANYONE),
    door("GET", "/feed.xml", home.feed, ANYONE),
    door("GET", "/rules", rules.rules, ANYONE),
    door("GET", "/privacy", home.privacy, ANYONE),
    # Asking, and following one's own question
    door("POST", "/questions", questions.create, ANYONE, limit="ask"),
    door("GET", "/questions/sent/{key}", questions.sent, ANYONE),
    door("GET", "/track", track.form, ANYONE),
    door("POST", "/track", track.open_, ANYONE, limit="track"),
    door("GET", "/track/question", track.show, ASKER),
    door("POST", "/track/close", track.close, ASKER, limit="leave"),
    door("GET", "/questions/{id:int}/follow", follow.form, ANYONE),
    door("POST", "/questions/{id:int}/follow", follow.follow, ANYONE, limit="follow"),
    door("GET", "/follows/{token}", follow.letter, ANYONE),
    door("POST", "/follows/{token}/confirm", follow.confirm, ANYONE, limit="follow"),
    door("POST", "/follows/{token}/end", follow.end, ANYONE, limit="follow"),
    # Live: the room's own permission is asked inside
    door("GET", "/live/{kind}/{id:int}/events", live.events, ANYONE),
    door("GET", "/live/{kind}/{id:int}/stream", live.listen, ANYONE, limit="listen"),
    # Staff
    door("GET", "/sign-in", signin.form, ANYONE),
    door("POST", "/sign-in", signin.sign_in, ANYONE, limit="sign_in"),
    door("GET", "/sign-in/done", signin.done, STAFF),
    door("POST", "/sign-out", signin.sign_out, STAFF, limit="leave"),
    door("GET", "/outbox", outbox.listed, STAFF),
    door("GET", "/outbox/{name}", outbox.show, STAFF),
    # The moderator's desk
    door("GET", "/review", review.queue, MODERATOR),
    door("POST", "/review/next", review.next_, MODERATOR, limit="decide"),
    door("GET", "/review/cases/{id:int}", review.case, MODERATOR),
    door("POST", "/review/cases/{id:int}/claim", review.claim, MODERATOR, limit="decide"),
    door("POST", "/review/cases/{id:int}/release", review.release, MODERATOR, limit="decide"),
    door("POST", "/review/cases/{id:int}/decision", review.decide, MODERATOR, limit="decide"),
    door("POST", "/review/questions/{id:int}/route", review.route, MODERATOR, limit="decide"),
    # An agency's desk: another agency's question is missing
    door("GET", "/desk", desk.desk, AGENCY),
    door("GET", "/desk/questions/{id:int}", desk.question, AGENCY),
    door("POST", "/desk/questions/{id:int}/accept", desk.accept, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/give-back", desk.give_back, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/transfer", desk.transfer, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/complexity", desk.complexity, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/answer", editor.save, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/approve", editor.approve, AGENCY, limit="work"),
    door("POST", "/desk/questions/{id:int}/return", editor.return_, AGENCY, limit="work"),
    # Administration
    door("GET", "/admin", overview.show, ADMINISTRATOR),
    door("GET", "/admin/limits", limits.show, ADMINISTRATOR),
    door("POST", "/admin/limits/{door}", limits.change, ADMINISTRATOR, limit="administer"),
    door("GET", "/admin/reasons", reasons.show, ADMINISTRATOR),
    door("POST", "/admin/reasons", reasons.change, ADMINISTRATOR, limit="administer"),
    # The directory: agencies, topics, provinces
    door("GET", "/admin/{noun:noun}", rows.listed, ADMINISTRATOR),
    door("POST", "/admin/{noun:noun}", rows.add, ADMINISTRATOR, limit="administer"),
    door("GET", "/admin/{noun:noun}/new", rows.new, ADMINISTRATOR),
    door("GET", "/admin/{noun:noun}/export", sheets.export, ADMINISTRATOR),
    door("GET", "/admin/{noun:noun}/import", sheets.form, ADMINISTRATOR),
    door("POST", "/admin/{noun:noun}/import", sheets.look_through, ADMINISTRATOR, limit="administer"),
    door("POST", "/admin/{noun:noun}/import/confirm", sheets.apply, ADMINISTRATOR, limit="administer"),
    door("POST", "/admin/agencies/{slug}/merge", rows.merge, ADMINISTRATOR, limit="administer"),
    door("POST", "/admin/topics/{slug}/retire", rows.retire, ADMINISTRATOR, limit="administer"),
    door("GET", "/admin/{noun:noun}/{slug}", rows.show, ADMINISTRATOR),
    door("POST", "/admin/{noun:noun}/{slug}", rows.change, ADMINISTRATOR, limit="administer"),
    door("POST", "/admin/{noun:noun}/{slug}/undo", rows.undo, ADMINISTRATOR, limit="administer"),
    door("GET", "/static/{release}/{path:path}", assets.asset, ANYONE),
    # The machine room; details only for this machine or with a token
    door("GET", "/healthz", health.alive, ANYONE),
    door("GET", "/readyz", health.ready, ANYONE),
    door("GET", "/metrics", health.metrics, ANYONE),
)
