"""The forms of sifting what was asked. Here nobody has a part in a dialogue, so that all are missing; test_sift.py presses them."""

from tests.web.people import CLEARED
from tests.web.tried import Tried, staff

_TYPED = {
    "sift": {"ids": "1,2", "act": "queue", "to": ""},
    "sift/undo": {"batch": "1"},
    "clusters": {"cluster": "1", "into": "1"},
    "clusters/apart": {"question": "1"},
    "clusters/undo": {"batch": "1"},
}
FORMS = [
    Tried(f"/dialogues/{{id:int}}/{door}", staff(CLEARED), lambda things: things.nobody, dict(typed))
    for door, typed in _TYPED.items()
]
