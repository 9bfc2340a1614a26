"""Readers who look at every room of a town, in both languages, and hold what they have against what a newcomer would get."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.dialogues import Dialogue
from engage.questions import LISTS, Question
from engage.web import snapshots
from engage.web.language import LANGUAGES
from engage.web.pieces import Press
from engage.web.rooms import KINDS, Rooms
from engage.web.templates import Templates, folder
from live import log
from tests.unit.reducer import Pieces, applied
from tests.unit.town import Town

TEMPLATES = Templates(folder())
LIST = "questions"


@dataclass(frozen=True)
class Held:
    """What a reader has of a room."""

    number: int
    pieces: Pieces
    floor: str = ""


Room = tuple[str, str]  # channel, language


@dataclass
class Watching:
    """Told after every COMMIT, as the hub is. Each reader has followed from a different moment."""

    town: Town
    walked: set[str] = field(default_factory=set)  # the facts that readers were told
    heard: set[str] = field(default_factory=set)  # and those of a dialogue
    moments: list[dict[Room, Held]] = field(default_factory=list)
    followed: dict[Room, Held] = field(default_factory=dict)
    rooms: Rooms = field(default_factory=lambda: Rooms(TEMPLATES))

    async def tell(self, facts: list[log.Fact]) -> None:
        self.walked |= {fact.type for fact in facts if fact.channel.partition(":")[0] in {"question", LIST}}
        self.heard |= {fact.type for fact in facts if fact.channel.startswith("dialogue:")}
        await self.compare()

    async def stir(self, channel: str, type: str, ids: Iterable[int]) -> None:
        """Counts that pass stand in no piece."""

    async def compare(self) -> None:
        """Who followed from the beginning has what a newcomer gets; in one language after the other."""
        async with self.town.store.reading() as db:
            fresh = await self.look(db, LANGUAGES[len(self.moments) % 2])
            for room in self.followed.keys() & fresh.keys():
                self.followed[room] = at = await self.follow(db, room, self.followed[room])
                assert _upwards(at, fresh[room]) == _upwards(fresh[room], at), room
        self.followed = {**fresh, **self.followed}
        self.moments.append(fresh)

    async def compare_all(self) -> None:
        """So has whoever came at a moment in between, and reads what happened since only now."""
        async with self.town.store.reading() as db:
            fresh = await self.look(db, *LANGUAGES)
            for moment in self.moments[::3]:
                for room, held in moment.items():
                    at = await self.follow(db, room, held)
                    assert _upwards(at, fresh[room]) == _upwards(fresh[room], at), (room, held.number)

    async def look(self, db: AsyncSession, *languages: str) -> dict[Room, Held]:
        ids = [int(key or 0) for key in await db.exec(select(col(Question.id)))]
        halls = [int(key or 0) for key in await db.exec(select(col(Dialogue.id)))]
        rooms = [
            ("questions", 0),
            ("feedback", 0),
            *(("question", key) for key in ids),
            *(("dialogue", key) for key in halls),
        ]
        return {
            (_channel(kind, key), language): await self._snapshot(db, kind, key, language)
            for kind, key in rooms
            for language in languages
        }

    async def follow(self, db: AsyncSession, room: Room, held: Held) -> Held:
        channel, language = room
        events = await log.since(db, channel, held.number)
        pieces, number = held.pieces, held.number
        for event, said in zip(events, await self.rooms.say(db, events, language), strict=True):
            pieces, number = applied(pieces, said, held.floor), event.number
        return Held(number, pieces, held.floor)

    async def said(self, db: AsyncSession, channel: str, language: str) -> list[dict[str, Any]]:
        return await self.rooms.say(db, await log.since(db, channel, 0), language)

    async def _snapshot(self, db: AsyncSession, kind: str, key: int, language: str) -> Held:
        channel, build = _channel(kind, key), KINDS[kind].pieces
        assert build is not None
        number = (await log.tops(db, [channel]))[channel]
        shown = await build(db, await Press.of(db, TEMPLATES, language), key)
        return Held(number, [asdict(one) for one in shown], snapshots.floor(shown))


def _channel(kind: str, key: int) -> str:
    return kind if kind in LISTS.values() else f"{kind}:{key}"


def _upwards(one: Held, other: Held) -> Pieces:
    """Of lists that were cut at different places, what both must have."""
    return [piece for piece in one.pieces if piece["rank"] >= max(one.floor, other.floor)]
