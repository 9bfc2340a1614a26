"""The forms of administration and one's own account."""

from tests.web.people import (
    ADMINISTRATOR,
    AGENCY,
    CLEARED,
    COORDINATOR,
    OTHER_COORDINATOR,
    UNCLEARED,
)
from tests.web.tried import (
    ACCOUNT,
    NEW_DAY,
    ROW,
    Tried,
    somebody_between,
    somebody_who_leaves,
    staff,
)

CAMPAIGN = {"title": "t", "words": "w", "agency": "", "opens_at": "o", "closes_at": "c"}
FORMS = [
    Tried("/admin/campaigns/new", staff(ADMINISTRATOR), typed=CAMPAIGN, words=("title", "words", "opens_at")),
    Tried(
        "/admin/campaigns/{id:int}",
        staff(ADMINISTRATOR),
        about=lambda things: things.campaign,
        typed={**CAMPAIGN, "version": "1"},
        words=("title", "words", "opens_at"),
    ),
    Tried("/admin/campaigns/{id:int}/open", staff(ADMINISTRATOR), about=lambda things: things.nobody),
    Tried(
        "/admin/campaigns/{id:int}/close",
        staff(ADMINISTRATOR),
        about=lambda things: things.campaign,
        typed={"summary": "s", "unasked": "u"},
        words=("summary",),
    ),
    Tried(
        "/admin/campaigns/{id:int}/summary",
        staff(ADMINISTRATOR),
        about=lambda things: things.summed,
        typed={"summary": "s", "version": "1", "unasked": "u"},
        words=("summary",),
    ),
    Tried("/sign-in", typed={"email": "a@example.vn", "password": "p", "next": "/"}, words=("email",)),
    Tried("/sign-out", somebody_who_leaves(CLEARED)),
    Tried(
        "/desk/people/absences",
        staff(COORDINATOR),
        typed={"agency": AGENCY, "person": "", "stand_in": "", "starts": "s", "ends": "e"},
        words=("starts", "ends"),
    ),
    Tried("/sign-in/code", somebody_between, typed={"code": "1", "next": "/"}, words=("code",)),
    Tried("/sign-in/enrol", somebody_who_leaves(UNCLEARED), typed={"code": "1", "next": "/"}),
    Tried("/sign-in/forgot", typed={"email": "e"}, words=("email",)),
    Tried("/links/{token}", typed={"password": "p"}),
    Tried("/account/password", somebody_who_leaves(UNCLEARED), typed={"old": "o", "new": "n"}),
    Tried("/account/language", staff(UNCLEARED), typed={"language": "vi"}),
    Tried("/account/sessions/end", staff(UNCLEARED), typed={"session": "none"}),
    Tried("/account/factor/codes", somebody_who_leaves(UNCLEARED), typed={"code": "1", "next": "/"}),
    Tried("/account/factor/move", somebody_who_leaves(UNCLEARED), typed={"fresh": "1", "code": "1"}),
    Tried(
        "/desk/people/add",
        staff(COORDINATOR),
        typed={"name": "n", "email": "e", "post": "official"},
        words=("name", "email"),
    ),
    Tried("/desk/people/{id:int}", staff(COORDINATOR), lambda things: things.official, {"post": "approver"}),
    Tried("/desk/people/{id:int}/end", staff(OTHER_COORDINATOR), lambda things: things.official),
    Tried("/admin/accounts", staff(ADMINISTRATOR), typed=ACCOUNT, words=("name", "email")),
    Tried("/admin/accounts/{id:int}", staff(ADMINISTRATOR), lambda things: things.staff, ACCOUNT, ("name", "email")),
    *(
        Tried(f"/admin/accounts/{{id:int}}/{act}", staff(ADMINISTRATOR), lambda things: things.staff)
        for act in ("end", "reopen", "factor", "link", "sign-out")
    ),
    Tried(
        "/admin/access",
        staff(ADMINISTRATOR),
        typed={"reason": "r", "address": "a", "email": "", "question": "x"},
        words=("reason", "address"),
    ),
    Tried(
        "/admin/{noun:noun}",
        staff(ADMINISTRATOR),
        typed=ROW | {"slug": "viec-thu"},
        words=("name_vi", "name_en", "keywords", "note"),
    ),
    Tried(
        "/admin/{noun:noun}/{slug}", staff(ADMINISTRATOR), typed=ROW, words=("name_vi", "name_en", "keywords", "note")
    ),
    Tried("/admin/{noun:noun}/{slug}/undo", staff(ADMINISTRATOR), typed={"version": "0"}),
    Tried("/admin/{noun:noun}/import", staff(ADMINISTRATOR), typed={"sheet": "s"}, words=("sheet",)),
    Tried("/admin/{noun:noun}/import/confirm", staff(ADMINISTRATOR), typed={"sheet": "s", "seen": "x"}),
    Tried(
        "/admin/agencies/{slug}/merge", staff(ADMINISTRATOR), typed={"successor": "", "reason": "r"}, words=("reason",)
    ),
    Tried(
        "/admin/sites",
        staff(ADMINISTRATOR),
        typed={"slug": "CONG", "name": "n", "origins": "x", "sections": "s", "accent": "a"},
        words=("name", "origins", "sections"),
    ),
    Tried("/admin/sites/{slug}", staff(ADMINISTRATOR), typed={"name": "n"}),
    Tried("/admin/sites/{slug}/keys", staff(ADMINISTRATOR), typed={"public": "x"}),
    Tried("/admin/sites/{slug}/keys/{kid}/end", staff(ADMINISTRATOR)),
    Tried("/admin/sites/{slug}/end", staff(ADMINISTRATOR)),
    Tried("/admin/topics/{slug}/retire", staff(ADMINISTRATOR), typed={"successor": ""}),
    Tried("/admin/calendar", staff(ADMINISTRATOR), typed=NEW_DAY, words=("name_vi", "name_en")),
    Tried("/admin/calendar/remove", staff(ADMINISTRATOR), typed={"day": "02/09/2099"}),
    Tried("/admin/calendar/undo", staff(ADMINISTRATOR), typed={"version": "0"}),
    Tried("/admin/calendar/import", staff(ADMINISTRATOR), typed={"csv": "date", "act": "write"}, words=("csv",)),
    Tried(
        "/admin/data-requests/{id:int}",
        staff(ADMINISTRATOR),
        lambda things: things.request,
        {"decision": "refuse", "reply": "r"},
        ("reply",),
    ),
    Tried(
        "/admin/data-requests/{id:int}/hold",
        staff(ADMINISTRATOR),
        lambda things: things.request,
        {"hold": "h"},
        ("hold",),
        may_be_empty=True,  # lifts it
    ),
]
