"""The forms of a dialogue's editors."""

from tests.web.people import ADMINISTRATOR, CLEARED
from tests.web.tried import Tried, staff

PARTICULARS = {
    "title": "t",
    "lead": "l",
    "about": "a",
    "place": "p",
    "series": "",
    "new_series": "",
    "cohosts": "c",
    "agency": "",
    "video_url": "v",
    "starts_at": "s",
    "ends_at": "e",
}
WRITTEN = ("title", "lead", "about", "place", "cohosts", "video_url", "starts_at", "ends_at")
ASKED = {"title": "t", "body": "b", "group": "", "province": "", "name": "n", "email": ""}
GUEST = {"guest": "", "guest_name": "n", "guest_title": "t", "guest_agency": "x", "act": "save"}

FORMS = [
    Tried(
        "/dialogues/{id:int}/ask",
        about=lambda things: things.open_dialogue,
        typed=ASKED,
        words=("title", "body", "name"),
    ),
    Tried("/dialogues/new", staff(CLEARED), typed=PARTICULARS, words=WRITTEN),
    Tried(
        "/dialogues/{id:int}/edit",
        staff(ADMINISTRATOR),
        lambda things: things.dialogue,
        PARTICULARS | {"version": "1"},
        WRITTEN,
    ),
    Tried(
        "/dialogues/{id:int}/cover",
        staff(ADMINISTRATOR),
        lambda things: things.dialogue,
        {"cover_about": "c", "act": "save"},
        ("cover_about",),
    ),
    Tried(
        "/dialogues/{id:int}/guests",
        staff(ADMINISTRATOR),
        lambda things: things.dialogue,
        GUEST,
        ("guest_name", "guest_title"),
    ),
    Tried(
        "/dialogues/{id:int}/groups",
        staff(ADMINISTRATOR),
        lambda things: things.dialogue,
        {"groups": "g" * 161},
    ),
    Tried("/dialogues/{id:int}/group", staff(ADMINISTRATOR), lambda things: things.announced, {"group": "1"}),
    Tried(
        "/dialogues/{id:int}/crew",
        staff(ADMINISTRATOR),
        lambda things: things.dialogue,
        {"login": "l", "part": "host", "crew_guest": ""},
        ("login",),
    ),
    Tried("/dialogues/{id:int}/crew/end", staff(ADMINISTRATOR), lambda things: things.announced, {"crew": "1"}),
    Tried("/dialogues/{id:int}/rehearse", staff(ADMINISTRATOR), lambda things: things.nobody),
    Tried("/dialogues/{id:int}/wipe", staff(ADMINISTRATOR), lambda things: things.nobody),
    Tried(
        "/dialogues/{id:int}/follow",
        about=lambda things: things.announced,
        typed={"mail": "yes", "email": "a@example.vn"},
        words=("email",),
        may_be_empty=True,
    ),
    Tried(
        "/dialogues/{id:int}/step/{step}",
        staff(ADMINISTRATOR),
        lambda things: things.announced,
        {"reason": "r"},
        ("reason",),
    ),
]
