"""The forms of the minutes of a dialogue."""

from tests.web.people import CLEARED, UNCLEARED
from tests.web.tried import Tried, staff

# Every text may stand in the minutes: what is wrong with these forms is their version.
FORMS = [
    Tried("/dialogues/{id:int}/minutes/draft", staff(CLEARED), lambda things: things.over.id),
    Tried(
        "/dialogues/{id:int}/minutes/edit",
        staff(CLEARED),
        lambda things: things.over.id,
        {"version": "x", "opening": "o", "closing": "c"},
        ("opening", "closing"),
    ),
    Tried(
        "/dialogues/{id:int}/minutes/entries/{question:int}",
        staff(CLEARED),
        lambda things: things.over.id,
        {"version": "x", "title": "t", "place": "1"},
        ("title",),
    ),
    Tried("/dialogues/{id:int}/minutes/send", staff(CLEARED), lambda things: things.over.id, {"version": "x"}),
    Tried(
        "/dialogues/{id:int}/minutes/decision",
        staff(UNCLEARED),
        lambda things: things.sent.id,
        {"version": "x", "act": "return", "note": "n"},
        ("note",),
    ),
    Tried("/dialogues/{id:int}/minutes/publish", staff(CLEARED), lambda things: things.over.id),
]
