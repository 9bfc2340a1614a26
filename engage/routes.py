"""Every URL, its handler, and who may use it: the table of contents and the security review."""

from engage.access import Role
from engage.web import (
    admin,
    assets,
    desk,
    editor,
    follow,
    health,
    home,
    live,
    outbox,
    questions,
    rules,
    search,
    signin,
    track,
)
from engage.web.door import Door, door
from engage.web.review import bulk, published, sealed, tray, unrouted
from engage.web.review import cases as review

ANYONE, ASKER, STAFF = Role.ANYONE, Role.ASKER, Role.STAFF
MODERATOR, AGENCY, ADMINISTRATOR = Role.MODERATOR, Role.AGENCY, Role.ADMINISTRATOR

DOORS: tuple[Door, ...] = (
    # Reading
    door("GET", "/", home.home, ANYONE),
    door("GET", "/questions", questions.listed, ANYONE),
    door("GET", "/questions/ask", questions.ask, ANYONE),
    door("GET", "/questions/search", search.search, ANYONE, limit="search"),
    door("GET", "/questions/near", search.near, ANYONE, limit="search"),
    door("GET", "/questions/denunciation", questions.denunciation, ANYONE),
    door("GET", "/questions/{id:int}", questions.show, ANYONE),
    door("GET", "/agencies", home.listed, ANYONE),
    door("GET", "/agencies/{slug}", home.agency, ANYONE),
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
    door("POST", "/review/cases/{id:int}/skip", review.skip, MODERATOR, limit="decide"),
    door("POST", "/review/cases/{id:int}/preview", review.preview, MODERATOR, limit="decide"),
    door("POST", "/review/cases/{id:int}/undo", review.undo, MODERATOR, limit="decide"),
    door("POST", "/review/cases/{id:int}/topic", review.topic, MODERATOR, limit="decide"),
    door("POST", "/review/bulk", bulk.decide, MODERATOR, limit="decide"),
    door("GET", "/review/tray", tray.show, MODERATOR),
    door("POST", "/review/here", tray.here, MODERATOR, limit="decide"),
    # Sealed cases: missing for who is not cleared
    door("POST", "/review/cases/{id:int}/hand-over", sealed.hand_over, MODERATOR, limit="decide"),
    door("POST", "/review/cases/{id:int}/erase", sealed.erase, MODERATOR, limit="decide"),
    # What was let out before
    door("POST", "/review/questions/{id:int}/route", unrouted.route, MODERATOR, limit="decide"),
    door("GET", "/review/questions/{id:int}", published.show, MODERATOR),
    door("POST", "/review/questions/{id:int}/cover", published.cover, MODERATOR, limit="decide"),
    door("POST", "/review/questions/{id:int}/merge", published.merge, MODERATOR, limit="decide"),
    door("POST", "/review/questions/{id:int}/part", published.part, MODERATOR, limit="decide"),
    door("POST", "/review/questions/{id:int}/hide", published.hide, MODERATOR, limit="decide"),
    door("POST", "/review/questions/{id:int}/restore", published.restore, MODERATOR, limit="decide"),
    door("POST", "/review/questions/{id:int}/seal", published.seal, MODERATOR, limit="decide"),
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
    door("GET", "/admin/limits", admin.limits, ADMINISTRATOR),
    door("POST", "/admin/limits/{door}", admin.change_limit, ADMINISTRATOR, limit="administer"),
    door("GET", "/admin/reasons", admin.reasons, ADMINISTRATOR),
    door("POST", "/admin/reasons", admin.change_reason, ADMINISTRATOR, limit="administer"),
    door("GET", "/static/{release}/{path:path}", assets.asset, ANYONE),
    # The machine room; details only for this machine or with a token
    door("GET", "/healthz", health.alive, ANYONE),
    door("GET", "/readyz", health.ready, ANYONE),
    door("GET", "/metrics", health.metrics, ANYONE),
)
