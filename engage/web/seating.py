"""Who sits where in the live rooms, and whether the seat is still theirs.

A session that ended, a post that was taken away, a question that was hidden end the listening too. One statement for all who are
signed in, one for their posts, one for all questions and one for all dialogues that somebody follows.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import cast

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies, articles, crews, dialogues, embeds, people, signin, sites, threads
from engage.access import PUBLIC, Actor, visible
from engage.db import MOST_ID
from engage.dialogues import Dialogue
from engage.errors import NotFound
from engage.questions import LISTS, SURFACE, Question
from engage.web.rooms import KINDS, NOWHERE, Standing
from live import wire

Thing = tuple[str, int]  # kind of a room, id
THREAD, ARTICLE = "thread", "article"
STANDING = frozenset(
    {SURFACE, dialogues.SURFACE, THREAD, ARTICLE}
)  # rooms of things that readers may see, or may not see any more


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in a room; the two sessions it was taken with are empty for a reader nobody knows. On a portal's page it has the
    origin of that page, and no session but a bearer."""

    kind: str
    id: int
    session: str = ""
    code: str = ""
    bearer: str = field(default="", repr=False)
    origin: str = ""

    @property
    def is_public(self) -> bool:
        return not (self.session or self.code or self.bearer)


def is_counted(channel: str) -> bool:
    """Whether readers there are told how many they are. Nobody is told how many work at a desk."""
    return channel in LISTS.values() or channel.startswith(("question:", "dialogue:", "thread:", "article:"))


async def permit(db: AsyncSession, seats: Set[object]) -> Mapping[object, int]:
    """Of these, those that are not theirs any more."""
    found = await known(db, cast(Set[Seat], seats))
    codes = {seat: _code(seat, who, question) for seat, (who, question) in found.items()}
    codes |= dict.fromkeys(await _unregistered(db, found), wire.NOT_ALLOWED)
    return {seat: code for seat, code in codes.items() if code is not None}


async def known(db: AsyncSession, seats: Set[Seat]) -> Mapping[Seat, tuple[Actor, Standing]]:
    """Who sits there, and how the question stands that it is about."""
    things = {(seat.kind, seat.id) for seat in seats if seat.id <= MOST_ID}
    standings = await _standings(db, things)
    actors = await _actors(db, [seat for seat in seats if not seat.is_public])
    return {seat: (actors.get(seat, PUBLIC), standings.get((seat.kind, seat.id), NOWHERE)) for seat in seats}


def channel_of(kind: str, thing_id: int, who: Actor, question: Standing = NOWHERE) -> str:
    """The channel of a room, for who may enter it. Raises NotFound: foreign is missing."""
    room = KINDS.get(kind)
    if room is None or not room.may_enter(thing_id, who, question):
        raise NotFound()
    return room.channel_of(thing_id, who)


async def enter(db: AsyncSession, kind: str, thing_id: int, who: Actor) -> str:
    """The same, for somebody who stands at the door."""
    thing = (kind, thing_id)
    return channel_of(kind, thing_id, who, (await _standings(db, {thing})).get(thing, NOWHERE))


async def _standings(db: AsyncSession, things: Set[Thing]) -> Mapping[Thing, Standing]:
    """The one WHERE clause that decides who sees a thing decides here too."""
    questions = {thing_id for kind, thing_id in things if kind == SURFACE}
    rooms = {thing_id for kind, thing_id in things if kind == dialogues.SURFACE}
    talks = {thing_id for kind, thing_id in things if kind == THREAD}
    read = {thing_id for kind, thing_id in things if kind == ARTICLE}
    of_places = await _threads(db, talks) | await _articles(db, read)
    return await _questions(db, questions) | await _dialogues(db, rooms) | of_places


async def _questions(db: AsyncSession, ids: Set[int]) -> dict[Thing, Standing]:
    if not ids:
        return {}
    rows = select(col(Question.id), visible(Question, PUBLIC), col(Question.sealed)).where(col(Question.id).in_(ids))
    found = (await db.exec(rows)).all()
    return {(SURFACE, key or 0): Standing(bool(is_public), bool(is_sealed)) for key, is_public, is_sealed in found}


async def _dialogues(db: AsyncSession, ids: Set[int]) -> dict[Thing, Standing]:
    if not ids:
        return {}
    rows = select(col(Dialogue.id), dialogues.visible(PUBLIC)).where(col(Dialogue.id).in_(ids))
    found = (await db.exec(rows)).all()
    return {(dialogues.SURFACE, key or 0): Standing(bool(is_public), is_sealed=False) for key, is_public in found}


async def _unregistered(db: AsyncSession, seats: Iterable[Seat]) -> list[Seat]:
    """On pages of portals that are none any more."""
    elsewhere = [seat for seat in seats if seat.origin]
    known = (await sites.portals(db)).by_origin if elsewhere else {}
    return [seat for seat in elsewhere if seat.origin not in known]


async def _threads(db: AsyncSession, ids: Set[int]) -> dict[Thing, Standing]:
    shown = await threads.are_open(db, sorted(ids)) if ids else frozenset()
    return {(THREAD, key): Standing(is_public=True, is_sealed=False) for key in shown}


async def _articles(db: AsyncSession, ids: Set[int]) -> dict[Thing, Standing]:
    shown = await articles.are_open(db, sorted(ids)) if ids else frozenset()
    return {(ARTICLE, key): Standing(is_public=True, is_sealed=False) for key in shown}


def _code(seat: Seat, who: Actor, question: Standing) -> int | None:
    """A session that ended closes what was open for it alone. Where the public may be, its reader comes back as one of them."""
    has_lapsed = not seat.is_public and who == PUBLIC
    try:
        channel_of(seat.kind, seat.id, who, question)
    except NotFound:
        return wire.SIGN_IN if has_lapsed else wire.NO_ROOM if seat.is_public else wire.NOT_ALLOWED
    return wire.RESTART if has_lapsed else None


async def _actors(db: AsyncSession, seats: list[Seat]) -> Mapping[Seat, Actor]:
    brought = {seat: (seat.bearer, seat.origin) for seat in seats if seat.bearer}
    embedded = await embeds.by_bearers(db, brought.values()) if brought else {}
    actors = {seat: embedded[one].actor for seat, one in brought.items() if one in embedded}
    tokens = {token for seat in seats for token in (seat.session, seat.code) if token}
    if not tokens:
        return actors
    sessions = await people.all_signed_in(db, tokens)
    ids = {person.id or 0 for _, person in sessions.values()}
    posts, parts = await agencies.posts_of_all(db, ids), await crews.parts_of_all(db, ids)
    ours = [seat for seat in seats if not seat.origin]
    return actors | {
        seat: signin.actor_by(sessions.get(seat.session), sessions.get(seat.code), posts, parts) for seat in ours
    }
