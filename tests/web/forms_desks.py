"""The forms of an agency's desk."""

from tests.web.people import (
    AGENCY,
    APPROVER,
    CLEARED,
    COORDINATOR,
    OFFICIAL,
    OTHER_AGENCY,
    OTHER_COORDINATOR,
)
from tests.web.tried import CITED, DRAFT, Tried, staff

FORMS = [
    Tried(
        "/desk/questions/{id:int}/clarify",
        staff(COORDINATOR),
        lambda things: things.taken.id,
        {"words": "w"},
        ("words",),
    ),
    Tried("/desk/questions/{id:int}/accept", staff(COORDINATOR), lambda things: things.taken.id),
    Tried(
        "/desk/questions/{id:int}/complexity",
        staff(COORDINATOR),
        lambda things: things.taken.id,
        {"complexity": "simple"},
    ),
    Tried(
        "/desk/questions/{id:int}/give-back",
        staff(COORDINATOR),
        lambda things: things.taken.id,
        {"reason": "r"},
        ("reason",),
    ),
    Tried(
        "/desk/questions/{id:int}/transfer",
        staff(COORDINATOR),
        lambda things: things.taken.id,
        {"agency": OTHER_AGENCY, "reason": "r"},
        ("reason",),
    ),
    Tried(
        "/desk/questions/{id:int}/extend",
        staff(COORDINATOR),
        lambda things: things.taken.id,
        {"days": "3", "reason": "r"},
        ("reason",),
    ),
    Tried(
        "/desk/questions/{id:int}/decline",
        staff(OTHER_COORDINATOR),
        lambda things: things.passed_on.id,
        {"decline_reason": "r"},
        ("decline_reason",),
    ),
    Tried(
        "/desk/questions/{id:int}/hand",
        staff(COORDINATOR),
        lambda things: things.taken.id,
        {"at": "0", "official": ""},
    ),
    Tried("/desk/questions/{id:int}/take", staff(OFFICIAL), lambda things: things.taken.id),
    Tried("/desk/questions/{id:int}/take-back", staff(COORDINATOR), lambda things: things.taken.id, {"at": "0"}),
    Tried("/desk/many/undo", staff(COORDINATOR), typed={"batch": "999999"}),
    Tried("/desk/many", staff(COORDINATOR), typed={"at": "0", "official": "", "act": "hand", "complexity": "simple"}),
    Tried(
        "/desk/questions/{id:int}/shares",
        staff(COORDINATOR),
        lambda things: things.taken.id,
        {"agencies": OTHER_AGENCY, "note": "n", "days": "999"},
        ("note",),
    ),
    Tried("/desk/shares/{id:int}/give", staff(COORDINATOR), lambda things: things.share, {"part": "p"}, ("part",)),
    Tried(
        "/desk/shares/{id:int}/decline", staff(COORDINATOR), lambda things: things.share, {"reason": "r"}, ("reason",)
    ),
    Tried("/desk/shares/{id:int}/withdraw", staff(COORDINATOR), lambda things: things.led),
    Tried("/desk/shares/{id:int}/name", staff(COORDINATOR), lambda things: things.led, {"named": "yes"}),
    Tried("/desk/absences/{id:int}/end", staff(COORDINATOR), lambda things: things.absence),
    Tried(
        "/desk/questions/{id:int}/answer",
        staff(COORDINATOR),
        lambda things: things.taken.id,
        {"version": "0", "act": "send", **DRAFT, **CITED},
        ("short", "full", "signatory", "signatory_title", "cite_title"),
    ),
    Tried("/desk/questions/{id:int}/here", staff(COORDINATOR), lambda things: things.taken.id),
    Tried("/desk/questions/{id:int}/approve", staff(APPROVER), lambda things: things.in_approval.id, {"version": "99"}),
    Tried(
        "/desk/questions/{id:int}/return",
        staff(APPROVER),
        lambda things: things.in_approval.id,
        {"version": "1", "note": "n"},
        ("note",),
    ),
    Tried(
        "/desk/questions/{id:int}/correct",
        staff(COORDINATOR),
        lambda things: things.published.id,
        {"reason": "r"},
        ("reason",),
    ),
    Tried("/desk/questions/{id:int}/drop", staff(COORDINATOR), lambda things: things.published.id, {"version": "1"}),
    Tried(
        "/desk/questions/{id:int}/outdated",
        staff(COORDINATOR),
        lambda things: things.published.id,
        {"outdated_on": "31/12/2999", "outdated_reason": "r", "newer": ""},
        ("outdated_reason", "newer"),
        may_be_empty=True,  # which takes the mark away
    ),
    Tried("/desk/questions/{id:int}/apart", staff(COORDINATOR), lambda things: things.taken.id),
    Tried("/desk/answers/together", staff(COORDINATOR), typed={"ids": "1", "lead": "0"}),
    Tried(
        "/desk/snippets",
        staff(COORDINATOR),
        typed={"id": "0", "agency": AGENCY, "topic": "none", "name": "n", "text": "t", "active": "yes"},
        words=("name", "text"),
    ),
    Tried(
        "/translations/{id:int}",
        staff(CLEARED),
        lambda things: things.published.id,
        {"version": "99", "short": "s", "full": "f"},
        ("short", "full"),
    ),
    Tried("/translations/{id:int}/approve", staff(CLEARED), lambda things: things.published.id, {"version": "99"}),
]
