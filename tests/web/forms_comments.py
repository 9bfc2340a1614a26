"""The forms of comments. Those of widgets are JSON: a form of ours finds nothing there."""

from tests.web.people import CLEARED, COORDINATOR
from tests.web.tried import Tried, staff

COMMENT, WIDGET, DESK = "/comments/{id:int}", "/embed/comments/{id:int}", "/review/comments/{id:int}"
NAMED = {"site": "none", "article": "1", "address": "", "title": "", "section": "", "published": "", "reply_to": ""}
FORMS = [
    Tried("/comments", typed={**NAMED, "body": "b"}, words=("body",)),
    Tried(
        f"{COMMENT}/edit", staff(COORDINATOR), lambda things: things.comment, {"body": "b", "version": "0"}, ("body",)
    ),
    Tried(f"{COMMENT}/withdraw", staff(COORDINATOR), lambda things: things.nobody),
    Tried(f"{COMMENT}/useful", staff(CLEARED), lambda things: things.comment, {"on": "true"}),
    Tried(
        "/review/articles/{id:int}",
        staff(CLEARED),
        lambda things: things.article,
        {"act": "close", "why": "w", "external": ""},
        ("why",),
    ),
    Tried(f"{DESK}/hide", staff(CLEARED), lambda things: things.comment, {"reason": "", "words": "w"}, ("words",)),
    Tried(f"{DESK}/restore", staff(CLEARED), lambda things: things.comment),
    Tried(f"{DESK}/pick", staff(CLEARED), lambda things: things.comment, {"on": "true"}),
    Tried("/embed/comments"),
    *(Tried(f"{WIDGET}/{act}", about=lambda things: things.comment) for act in ("edit", "withdraw", "useful")),
]
