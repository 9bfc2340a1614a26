"""The forms of a dialogue's desks. Here nobody has a part in one, so that all of them are missing; test_hall.py presses them."""

from tests.web.people import CLEARED
from tests.web.tried import Tried, staff

_TYPED = {
    "host/turn": {"question": "1", "act": "stage", "instead_of": ""},
    "host/hand": {"question": "1", "guest": ""},
    "host/clear": {},
    "host/course": {"act": "start", "reason": "", "ends_at": ""},
    "host/message": {"message": "m"},
    "host/timer": {"seconds": "60"},
    "host/switches": {"slow_seconds": "0", "most_each": "3"},
    "guest/come": {"guest": "1"},
    "guest/speak": {"question": "1", "guest": "1"},
    "guest/reply": {"reply": "1", "version": "1", "act": "release"},
    "host/polls": {"edited": "", "words": "w", "choices": "c"},
    "host/polls/act": {"poll": "1", "act": "close", "why": ""},
    "polls/{poll:int}/mark": {"choice": "1"},
    "replies/begin": {"desk": "scribe", "question": "1", "guest": "1"},
    "replies": {"desk": "scribe", "reply": "1", "version": "1", "text": "t"},
}
FORMS = [
    Tried(f"/dialogues/{{id:int}}/{door}", staff(CLEARED), lambda things: things.nobody, dict(typed))
    for door, typed in _TYPED.items()
]
FORMS.append(
    Tried(
        "/review/dialogues/{id:int}/switches",
        staff(CLEARED),
        lambda things: things.nobody,
        {"slow_seconds": "0", "most_each": "3"},
    )
)
