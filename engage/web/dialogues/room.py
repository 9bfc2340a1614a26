"""The readers' room: one page from the lobby to the archive, the same for everybody, whole without a script."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from engage import dialogues, floors, guests, voting
from engage.access import may_edit, may_sift
from engage.floors import Narrowed
from engage.web import cursors, kit, load
from engage.web.cursors import Cursor
from engage.web.dialogues import carried, polled, schema, shown, videos
from engage.web.house import actor, house, language
from engage.web.language import localized
from engage.web.templates import query
from engage.web.words import rooming

PAGE, WAITING, MOST_COUNTED = 20, 5, 1_000
OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader has chosen to see, as the address says it; what it does not mean is left out."""

    order: str
    group: int | None
    guest: int | None
    size: str
    cursor: Cursor

    @classmethod
    def of(cls, request: Request) -> "Asked":
        said = request.query_params.get
        size = said("size", "")
        return cls(
            OLDEST if said("order") == OLDEST else "",
            cursors.number(said("group", "")),
            cursors.number(said("guest", "")),
            size if size in rooming.SIZES else "",
            Cursor.of(request),
        )

    @property
    def narrowed(self) -> Narrowed:
        return Narrowed(self.group, self.guest)

    @property
    def is_usual(self) -> bool:
        return self.cursor.is_top and self.narrowed == floors.ALL

    def address(self, dialogue_id: int) -> str:
        return f"/dialogues/{dialogue_id}{self.query(**self.cursor.pairs)}"

    def query(self, **changed: Any) -> str:
        """Another choice begins at the first page."""
        kept = {"order": self.order, "group": self.group, "guest": self.guest, "size": self.size}
        return query({**kept, **changed})


async def context(request: Request, dialogue_id: int, asked: Asked) -> Mapping[str, Any]:
    live = await kit.live_room(request, "dialogue", dialogue_id, dialogues.channel(dialogue_id))
    view, here = await load.view(request), localized(f"/dialogues/{dialogue_id}", language(request))
    async with kit.reading(request) as db:
        dialogue, invited = await dialogues.one(db, dialogue_id), await guests.of(db, dialogue_id)
        found = await floors.answered(
            db,
            dialogue,
            PAGE + 1,
            narrowed=asked.narrowed,
            oldest_first=bool(asked.order),
            after=asked.cursor.after,
        )
        waiting = [] if dialogue.stage in dialogues.OVER else await floors.most_asked(db, dialogue, WAITING)
        heard = found[:PAGE]
        video = await videos.shown(db, dialogue)
        votes = await voting.counts(db, [one.question.key for one in (*heard, *waiting)])
        return {
            "live": live,
            "dialogue": dialogue,
            "video": video,
            kit.POLICY: video.content_policy if video else "",
            "may_edit": may_edit(actor(request), dialogue_id),
            "may_sift": may_sift(actor(request), dialogue_id),
            "now": await shown.now(db, view, dialogue),
            "guests": invited,
            "schema": schema.block(schema.event(dialogue, invited, house(request).settings.address + here)),
            "polls": await polled.shown(db, view, dialogue),
            "answers": await shown.answers(db, view, dialogue, heard),
            "answered": await floors.count_answered(db, dialogue, asked.narrowed),
            "waiting": await shown.questions(db, view, dialogue, waiting),
            "waits": await floors.count_waiting(db, dialogue, MOST_COUNTED),
            "most_counted": MOST_COUNTED,
            "votes": votes,
            "carried": await carried.of(db, view, dialogue),
            "asked": asked,
            "first_url": None if asked.cursor.is_top else here + asked.query(),
            "next_url": here + asked.query(after=cursors.written(heard[-1].place)) if len(found) > PAGE else None,
            "ways": await _ways(db, request, dialogue_id, asked, here),
        }


async def _ways(db: Any, request: Request, dialogue_id: int, asked: Asked, here: str) -> dict[str, Any]:
    """Links to the other ways of seeing the same room: (words, address, whether it is this one)."""
    say = kit.translator(request).say
    return {
        "orders": [
            (say("Mới nhất trước"), here + asked.query(order=""), not asked.order),
            (say("Theo thứ tự"), here + asked.query(order=OLDEST), bool(asked.order)),
        ],
        "groups": [
            (group.name, here + asked.query(group=group.key), asked.group == group.key)
            for group in await guests.groups(db, dialogue_id)
        ],
        "guests": [
            (guest.name, here + asked.query(guest=guest.key), asked.guest == guest.key)
            for guest in await guests.of(db, dialogue_id)
        ],
        "everything": here + asked.query(group="", guest=""),
        "sizes": [
            (say(said), here + asked.query(size=size), asked.size == size) for size, said in rooming.SIZES.items()
        ],
    }
