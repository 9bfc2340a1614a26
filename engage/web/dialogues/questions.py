"""All questions of a dialogue: by votes or newest first, narrowed and searched, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import dialogues, floors, guests
from engage.dialogues import Dialogue
from engage.floors import Heard, Listing, Narrowed
from engage.web import cursors, kit, load
from engage.web.dialogues import shown
from engage.web.forms import readable
from engage.web.house import actor, language
from engage.web.language import localized
from engage.web.templates import query
from engage.web.words import rooming

PAGE, MOST_TYPED = 20, 200
NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader wants to see, as the address says it; what it does not mean is left out."""

    typed: str
    order: str
    group: int | None
    guest: int | None
    after: tuple[int, int] | None

    @classmethod
    def of(cls, request: Request) -> "Asked":
        said = request.query_params.get
        return cls(
            " ".join(readable(said("q", "")).split())[:MOST_TYPED],
            NEWEST if said("order") == NEWEST else "",
            cursors.number(said("group", "")),
            cursors.number(said("guest", "")),
            _place(said("after", "")),
        )

    @property
    def listing(self) -> Listing:
        return Listing(Narrowed(self.group, self.guest), self.typed, bool(self.order), self.after)

    def query(self, **changed: Any) -> str:
        """Another choice begins at the first page."""
        return query({"q": self.typed, "order": self.order, "group": self.group, "guest": self.guest, **changed})


async def show(request: Request) -> Response:
    dialogue_id, asked = request.path_params["id"], Asked.of(request)

    async def build() -> Mapping[str, Any]:
        return await _page(request, dialogue_id, asked)

    at = f"{asked.after[0]}-{asked.after[1]}" if asked.after else ""
    address = f"/dialogues/{dialogue_id}/questions{asked.query(after=at)}"
    channels, keeps = [dialogues.channel(dialogue_id)], asked.listing in (Listing(), Listing(is_newest_first=True))
    return await kit.public_page(request, "dialogues/questions.html", address, channels, build, keeps=keeps)


async def _page(request: Request, dialogue_id: int, asked: Asked) -> Mapping[str, Any]:
    view, here = await load.view(request), localized(f"/dialogues/{dialogue_id}/questions", language(request))
    async with kit.reading(request) as db:
        dialogue = await dialogues.seen_by(db, actor(request), dialogue_id)
        found = await floors.listed(db, dialogue, asked.listing, PAGE + 1)
        groups, came = await guests.groups(db, dialogue_id), await guests.of(db, dialogue_id)
        lines = await shown.questions(db, view, dialogue, found[:PAGE])
    say = view.translator.say
    return {
        "dialogue": dialogue,
        "asked": asked,
        "here": here,
        "lines": [line | {"stands": say(rooming.STANDS[line["floor"]])} for line in lines],
        "groups": groups,
        "guests": came,
        "orders": [("", say("Nhiều người hỏi nhất trước")), (NEWEST, say("Mới nhất trước"))],
        "first_url": here + asked.query() if asked.after else None,
        "next_url": here + asked.query(after=_written(found[PAGE - 1])) if len(found) > PAGE else None,
        "is_votable": not dialogue.is_rehearsal and _takes_votes(dialogue),
    }


def _takes_votes(dialogue: Dialogue) -> bool:
    """Once it is over, votes call nothing up any more."""
    return dialogue.stage not in dialogues.OVER


def _written(last: Heard) -> str:
    return f"{last.turn.people}-{last.turn.key}"


def _place(text: str) -> tuple[int, int] | None:
    """A damaged one is the top."""
    people, _, turn = text.partition("-")
    place = cursors.number(people), cursors.number(turn)
    return (place[0], place[1]) if place[0] is not None and place[1] is not None else None
