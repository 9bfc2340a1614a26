"""A form to try: its door, who may send it, what an honest one holds; and what the forms of one desk have in common."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.visitor import Visitor
from tests.web.people import (
    ANSWER,
    Asked,
    People,
)
from tests.web.things import Things


@dataclass(frozen=True)
class Tried:
    """A form to try: its door, who may send it, what an honest one holds, and which of its fields are words."""

    door: str
    who: Callable[[People, Things], Visitor] = lambda people, _: people.site.visitor()
    about: Callable[[Things], object] = lambda _: ""
    typed: dict[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    may_be_empty: bool = False

    def path(self, things: Things) -> str:
        path = self.door.replace("{id:int}", str(self.about(things)))
        token = things.link if path.startswith("/links/") else things.token
        token = things.leaving if path.startswith("/forum/") else token
        poll = things.poll if "/threads/" in path else 1
        path = path.replace("{poll:int}", str(poll)).replace("{surface}", "question")
        slug = "bo-y-te" if "agencies" in path else "chuyen-doi-so" if "/forum/" in path else "bao-hiem-xa-hoi"
        path = path.replace("{question:int}", str(things.over.question_id))
        path = path.replace("/lost/{token}", f"/lost/{things.way}")
        path = (
            path.replace("/step/{step}", "/step/cancel")
            .replace("{noun:noun}", "topics")
            .replace("{slug}", slug)
            .replace("{key}", things.file)
            .replace("{kid}", "none")
        )
        return path.replace("{token}", token)


def staff(who: str) -> Callable[[People, Things], Visitor]:
    return lambda people, _: people.staff(who)


def citizen(people: People, _: Things) -> Visitor:
    return people.citizen()


def asker(which: str) -> Callable[[People, Things], Visitor]:
    def who(_: People, things: Things) -> Visitor:
        asked: Asked = getattr(things.askers, which)
        return asked.visitor

    return who


def somebody_who_leaves(who: str) -> Callable[[People, Things], Visitor]:
    """Whoever signs out is gone, so it may not be one of those that all tests share."""
    return lambda people, _: people.site.staff(f"{who}@engage.example") if who else people.ask().visitor


def somebody_between(people: People, _: Things) -> Visitor:
    """The password was right, the code is still missing."""
    return people.halfway()


ACCOUNT = {"name": "1", "email": "e", "post": "", "agency": ""}
QUESTION = {"title": "t", "body": "b", "topic": "", "province": "", "country": "", "agency": "", "name": "n"} | {
    "email": "a@example.vn",
    "phone": "",
}
CORRECTION = {name: QUESTION[name] for name in ("title", "body", "topic", "province", "country", "agency")}
CONTACT = {"name": "n", "email": "a", "phone": "1"}
DRAFT = {name: str(value) for name, value in ANSWER.items() if not name.startswith("cite_")}
CITED = dict.fromkeys(("cite_number", "cite_title", "cite_article", "cite_link"), "")
LETTER = {"letter_number": "12/CV", "letter_date": ""}
DOCUMENT = ("number", "title", "issuer", "issued_on", "link", "in_force_from", "in_force_until", "replaced_by", "note")
ROW = {"name_vi": "n", "name_en": "n", "field": "cong", "agency": "", "keywords": "k", "note": "n", "active": "yes"}

NEW_DAY = {"day": "soon", "kind": "holiday", "name_vi": "n", "name_en": "n", "certainty": "official"}
