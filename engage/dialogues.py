"""Dialogues: guests answer citizens live, from the announcement to the minutes. The row, its stages, and finding one.

Does not know what leads from one stage to the next, nor questions.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit
from engage.access import Actor
from engage.crews import Crew, Part
from engage.db import locked, now, one_of
from engage.errors import NotAllowed, NotFound
from engage.moves import Moves
from live import log

SURFACE, LIST = "dialogue", "dialogues"


class Stage(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    INTAKE = "intake"
    LOBBY = "lobby"
    LIVE = "live"
    PAUSED = "paused"
    CLOSING = "closing"
    ENDED = "ended"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


MOVES: Moves = {
    Stage.DRAFT: frozenset({Stage.SCHEDULED}),
    Stage.SCHEDULED: frozenset({Stage.INTAKE, Stage.LOBBY, Stage.CANCELLED}),
    Stage.INTAKE: frozenset({Stage.LOBBY, Stage.CANCELLED}),
    Stage.LOBBY: frozenset({Stage.LIVE, Stage.CANCELLED}),
    Stage.LIVE: frozenset({Stage.PAUSED, Stage.CLOSING}),
    Stage.PAUSED: frozenset({Stage.LIVE, Stage.CLOSING, Stage.CANCELLED}),
    Stage.CLOSING: frozenset({Stage.LIVE, Stage.ENDED}),
    Stage.ENDED: frozenset({Stage.PUBLISHED}),
    Stage.PUBLISHED: frozenset(),
    Stage.CANCELLED: frozenset(),
}
ON_AIR = frozenset({Stage.LIVE, Stage.PAUSED, Stage.CLOSING})
ASKABLE = frozenset({Stage.INTAKE, Stage.LOBBY, Stage.LIVE, Stage.PAUSED})
BEFORE = frozenset({Stage.DRAFT, Stage.SCHEDULED, Stage.INTAKE, Stage.LOBBY})
OVER = frozenset({Stage.ENDED, Stage.PUBLISHED, Stage.CANCELLED})


class Dialogue(SQLModel, table=True):
    """`rehearsal_of_id`: a copy that only the crew sees, to be wiped when they have practised."""

    __tablename__ = SURFACE
    __table_args__ = (
        one_of("dialogue_stage", "stage", Stage),
        sa.Index("dialogue_by_time", "stage", "starts_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    stage: str = Field(default=Stage.DRAFT, sa_type=sa.String(10))
    title: str = Field(sa_type=sa.String(240))
    lead: str = Field(default="", sa_type=sa.String(500))
    about: str = Field(default="", sa_type=sa.Text)
    about_html: str = Field(default="", sa_type=sa.Text)
    starts_at: datetime
    ends_at: datetime  # as announced, or as extended
    place: str = Field(default="", sa_type=sa.String(200))
    cohosts: list[list[str]] = Field(default_factory=list, sa_type=sa.JSON)  # sites that show it too: name, address
    video_url: str = Field(default="", sa_type=sa.String(500))
    series_id: int | None = Field(default=None, foreign_key="series.id", index=True)
    agency_id: int | None = Field(
        default=None, foreign_key="agency.id"
    )  # who answers later what no guest's agency does
    rehearsal_of_id: int | None = Field(default=None, foreign_key="dialogue.id", index=True)
    version: int = 1  # of what an editor edits
    # Switches while it runs
    takes_questions: bool = True
    slow_seconds: int = 0  # the least pause between two questions of one person
    most_each: int = 3  # questions of one person
    message: str = Field(default="", sa_type=sa.String(500))  # of the host, to everybody
    message_at: datetime | None = None
    timer_at: datetime | None = None  # until when the guest at the microphone speaks
    # What became of it
    announced_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    published_at: datetime | None = None
    counted_down: int = 0  # mails that went out because it begins soon (`countdowns`)
    peak: int = 0  # most readers at one time, rounded as they were shown
    created_by: int = Field(foreign_key="person.id")
    created_at: datetime

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("the dialogue is not stored yet")
        return self.id

    @property
    def is_rehearsal(self) -> bool:
        return self.rehearsal_of_id is not None

    @property
    def is_public(self) -> bool:
        return self.stage != Stage.DRAFT and not self.is_rehearsal

    @property
    def is_on_air(self) -> bool:
        return self.stage in ON_AIR

    @property
    def is_askable(self) -> bool:
        return self.stage in ASKABLE and self.takes_questions

    @property
    def channels(self) -> tuple[str, ...]:
        """Where readers hear of it; nowhere while only its crew may know."""
        if self.stage == Stage.DRAFT:
            return ()
        return (channel(self.key),) if self.is_rehearsal else (channel(self.key), LIST)


class Series(SQLModel, table=True):
    """Dialogues that belong together, such as those of every quarter."""

    __tablename__ = "series"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(sa_type=sa.String(80), unique=True)
    name: str = Field(sa_type=sa.String(200))


class Step(SQLModel, table=True):
    """A move between stages, or another end that was set; with the reason that readers were given."""

    __tablename__ = "dialogue_step"

    id: int | None = Field(default=None, primary_key=True)
    dialogue_id: int = Field(foreign_key="dialogue.id", index=True)
    fact: str = Field(sa_type=sa.String(40))
    reason: str = Field(default="", sa_type=sa.String(500))
    by: int | None = Field(default=None, foreign_key="person.id")
    at: datetime


def channel(dialogue_id: int) -> str:
    return f"dialogue:{dialogue_id}"


def crew_channel(dialogue_id: int) -> str:
    """What only the crew hears: ids, never words."""
    return f"crew:{dialogue_id}"


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Announced ones are public; drafts and rehearsals are their crew's."""
    public = sa.and_(col(Dialogue.stage) != Stage.DRAFT, col(Dialogue.rehearsal_of_id).is_(None))
    own = col(Dialogue.id).in_(list(actor.parts)) if actor.parts else sa.false()
    return sa.or_(public, own, sa.true() if actor.is_administrator else sa.false())


async def seen_by(db: AsyncSession, actor: Actor, dialogue_id: int) -> Dialogue:
    """What the actor may not see is missing."""
    return await _only(db, Dialogue.id == dialogue_id, visible(actor))


async def one(db: AsyncSession, dialogue_id: int) -> Dialogue:
    """For verbs of the house itself; pages fetch through the actor."""
    return await _only(db, Dialogue.id == dialogue_id)


async def known(db: AsyncSession, dialogue_id: int) -> Dialogue:
    """To tell of it only. Not locked: whoever holds one of its questions waits for no host who holds the dialogue."""
    dialogue = await db.get(Dialogue, dialogue_id)
    if dialogue is None:
        raise NotFound()
    return dialogue


async def upcoming(db: AsyncSession, limit: int, *, series_id: int | None = None) -> Sequence[Dialogue]:
    """Public ones that have not ended, those on air first, then the next."""
    chosen = select(Dialogue).where(_public(), col(Dialogue.stage).not_in(OVER))
    if series_id is not None:
        chosen = chosen.where(Dialogue.series_id == series_id)
    on_air = sa.case((col(Dialogue.stage).in_(ON_AIR), 0), else_=1)
    return (await db.exec(chosen.order_by(on_air, col(Dialogue.starts_at), col(Dialogue.id)).limit(limit))).all()


async def past(
    db: AsyncSession, limit: int, *, series_id: int | None = None, after: tuple[datetime, int] | None = None
) -> Sequence[Dialogue]:
    """Public ones that are over, newest first."""
    chosen = select(Dialogue).where(_public(), col(Dialogue.stage).in_(OVER))
    if series_id is not None:
        chosen = chosen.where(Dialogue.series_id == series_id)
    if after is not None:
        at, last = after
        chosen = chosen.where(
            sa.or_(col(Dialogue.starts_at) < at, sa.and_(col(Dialogue.starts_at) == at, col(Dialogue.id) < last))
        )
    return (await db.exec(chosen.order_by(col(Dialogue.starts_at).desc(), col(Dialogue.id).desc()).limit(limit))).all()


async def of_crew(db: AsyncSession, actor: Actor) -> Sequence[Dialogue]:
    """Those the actor has a part in, or may edit; the next one first."""
    mine = sa.true() if actor.is_administrator else col(Dialogue.id).in_(list(actor.parts))
    return (await db.exec(select(Dialogue).where(mine).order_by(col(Dialogue.starts_at).desc()).limit(200))).all()


async def every_series(db: AsyncSession) -> Sequence[Series]:
    return (await db.exec(select(Series).order_by(col(Series.name)))).all()


async def series_by_slug(db: AsyncSession, slug: str) -> Series:
    series = (await db.exec(select(Series).where(Series.slug == slug))).one_or_none()
    if series is None:
        raise NotFound()
    return series


async def steps(db: AsyncSession, dialogue_id: int) -> Sequence[Step]:
    return (await db.exec(select(Step).where(Step.dialogue_id == dialogue_id).order_by(col(Step.id)))).all()


async def create(db: AsyncSession, actor: Actor, dialogue: Dialogue) -> Dialogue:
    """A draft; whoever made it edits it."""
    if actor.person_id is None or not (actor.is_moderator or actor.is_administrator):
        raise NotAllowed()
    dialogue.created_by, dialogue.created_at = actor.person_id, now(db)
    db.add(dialogue)
    await db.flush()
    db.add(Crew(dialogue_id=dialogue.key, person_id=actor.person_id, part=Part.EDITOR))
    await db.flush()
    await audit.note(db, actor.person_id, "dialogue.created", dialogue=dialogue.key)
    return dialogue


async def outgrown(db: AsyncSession, present: Mapping[int, int]) -> Sequence[int]:
    """Of these, those on air that have more readers now than they ever had."""
    on_air = select(col(Dialogue.id), col(Dialogue.peak)).where(
        col(Dialogue.id).in_(list(present)), col(Dialogue.stage).in_(ON_AIR)
    )
    return [key for key, peak in (await db.exec(on_air)).all() if key is not None and present[key] > peak]


async def note_peak(db: AsyncSession, dialogue_id: int, present: int) -> None:
    """The most readers there were at one time."""
    higher = sa.update(Dialogue).where(col(Dialogue.id) == dialogue_id, col(Dialogue.peak) < present)
    await db.exec(higher.values(peak=present))


async def moved(db: AsyncSession, actor: Actor, dialogue: Dialogue, fact: str, reason: str = "") -> None:
    db.add(Step(dialogue_id=dialogue.key, fact=fact, reason=reason, by=actor.person_id, at=now(db)))
    await db.flush()
    tell(db, dialogue, fact)
    await audit.note(db, actor.person_id, fact, dialogue=dialogue.key)


def tell(db: AsyncSession, dialogue: Dialogue, fact: str, **ids: int) -> None:
    """To its readers and its crew; lists hear what becomes of the dialogue, not of each question."""
    for name in dialogue.channels if fact.startswith("dialogue.") else dialogue.channels[:1]:
        log.record(db, name, fact, dialogue=dialogue.key, **ids)
    tell_crew(db, dialogue, fact, **ids)


def tell_crew(db: AsyncSession, dialogue: Dialogue, fact: str, **ids: int) -> None:
    """To its crew alone, such as what is being drafted."""
    log.record(db, crew_channel(dialogue.key), fact, dialogue=dialogue.key, **ids)


def _public() -> sa.ColumnElement[bool]:
    return sa.and_(col(Dialogue.stage) != Stage.DRAFT, col(Dialogue.rehearsal_of_id).is_(None))


async def _only(db: AsyncSession, *wheres: object) -> Dialogue:
    chosen = select(Dialogue).where(*wheres)  # type: ignore[arg-type]  # clauses
    dialogue: Dialogue | None = (await db.exec(locked(db, chosen))).one_or_none()
    if dialogue is None:
        raise NotFound()
    return dialogue
