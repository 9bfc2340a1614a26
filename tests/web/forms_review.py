"""The forms of the moderator's desk."""

from tests.web.people import (
    CLEARED,
    OTHER_AGENCY,
    UNCLEARED,
)
from tests.web.tried import CITED, DOCUMENT, DRAFT, LETTER, Tried, staff

FORMS = [
    Tried(
        "/review/attachments/{key}/decision",
        staff(CLEARED),
        typed={"decision": "refuse", "note": "n"},
        words=("note",),
    ),
    Tried("/review/next", staff(CLEARED)),
    Tried("/review/cases/{id:int}/claim", staff(CLEARED), lambda things: things.other_case),
    Tried("/review/cases/{id:int}/release", staff(CLEARED), lambda things: things.other_case),
    Tried(
        "/review/cases/{id:int}/decision",
        staff(CLEARED),
        lambda things: things.case,
        {"version": "1", "decision": "refuse", "reason": "unclear", "words": "w"},
        ("words",),
    ),
    Tried(
        "/review/questions/{id:int}/route",
        staff(CLEARED),
        lambda things: things.given_back.id,
        {"agency": "", "other": OTHER_AGENCY, "reason": "r"},
        ("reason",),
    ),
    Tried(
        "/review/second-looks/{id:int}",
        staff(CLEARED),
        lambda things: things.look,
        {"decision": "close", "words": "w"},
        ("words",),
    ),
    Tried(
        "/review/clarifications/{id:int}",
        staff(CLEARED),
        lambda things: things.reply,
        {"decision": "hand_back", "words": "w"},
        ("words",),
    ),
    *(
        Tried(f"/review/cases/{{id:int}}/{act}", staff(CLEARED), lambda things: things.other_case)
        for act in ("skip", "undo")
    ),
    Tried(
        "/review/questions/{id:int}/votes",
        staff(CLEARED),
        lambda things: things.given_back.id,
        {"standing": "kept_out"},
    ),
    Tried("/review/bulk/undo", staff(CLEARED), typed={"cases": "999999:1"}),
    Tried("/review/here", staff(CLEARED)),
    Tried(
        "/review/cases/{id:int}/preview",
        staff(CLEARED),
        lambda things: things.case,
        {"version": "1", "decision": "redact", "cover": "c", "picked": "yes"},
    ),
    Tried("/review/cases/{id:int}/topic", staff(CLEARED), lambda things: things.case, {"topic": "none"}),
    Tried(
        "/review/bulk",
        staff(CLEARED),
        typed={"decision": "refuse", "reason": "unclear", "words": "w"},
        words=("words",),
    ),
    Tried(
        "/review/cases/{id:int}/hand-over",
        staff(CLEARED),
        lambda things: things.case,
        {"kind": "nothing", "body": "b", "number": "n", "words": "w"},
    ),
    Tried("/review/cases/{id:int}/erase", staff(CLEARED), lambda things: things.case),
    Tried(
        "/review/questions/{id:int}/cover",
        staff(CLEARED),
        lambda things: things.given_back.id,
        {"cover": "c"},
        ("cover",),
    ),
    Tried("/review/questions/{id:int}/call", staff(CLEARED), lambda things: things.taken.id, {"call": "c"}, ("call",)),
    Tried("/review/questions/{id:int}/uncover", staff(CLEARED), lambda things: things.given_back.id, {"reason": ""}),
    Tried(
        "/review/questions/{id:int}/merge",
        staff(CLEARED),
        lambda things: things.given_back.id,
        {"target": "t"},
        ("target",),
    ),
    Tried(
        "/review/questions/{id:int}/hide",
        staff(CLEARED),
        lambda things: things.given_back.id,
        {"reason": "", "words": "w"},
        ("words",),
    ),
    *(
        Tried(f"/review/questions/{{id:int}}/{act}", staff(CLEARED), lambda things: things.nobody)
        for act in ("part", "restore", "seal")
    ),
    *(
        Tried(
            f"/review/transcribe/{{id:int}}/{act}", staff(UNCLEARED), lambda things: things.elsewhere.id, typed, words
        )
        for act, typed, words in (
            ("accept", {}, ()),
            ("answer", {"version": "0", "act": "send", **LETTER, **DRAFT, **CITED}, ("short", "full", "signatory")),
            ("here", {}, ()),
            ("approve", {"version": "99"}, ()),
            ("return", {"version": "1", "note": "n"}, ()),
            ("correct", {"reason": "r"}, ()),
            ("drop", {"version": "1"}, ()),
        )
    ),
    Tried(
        "/review/documents",
        staff(CLEARED),
        typed=dict.fromkeys(DOCUMENT, "") | {"id": "0", "number": "1", "title": "t"},
        words=("title", "issuer", "note"),
    ),
    Tried("/review/documents/import", staff(CLEARED), typed={"text": "t", "act": "take"}, words=("text",)),
]
