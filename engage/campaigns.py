"""Campaigns: topics that an editor opens for contributions for a time, and closes with what was taken up. The row and its moves.

Whether one takes contributions now is computed from its two dates; nobody has to be there when they come.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import BaseModel, BeforeValidator, ConfigDict, field_validator
from pydantic import Field as Input
from pydantic_core import PydanticCustomError
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies, audit, markup, revisions
from engage.access import Actor
from engage.arranging import Moment
from engage.ask import Line, Lines
from engage.db import locked, now, one_of
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.moves import Moves, move
from live import log

CHANNEL, NOUN = "campaigns", "campaign"
LEAST_TITLE, LEAST_WORDS, LEAST_SUMMARY = 10, 20, 50
MOST_LISTED = 200


class State(StrEnum):
    DRAFT = "draft"
    OPENED = "opened"  # by an editor; it takes contributions between its two dates
    CLOSED = "closed"  # with a summary


MOVES: Moves = {
    State.DRAFT: frozenset({State.OPENED}),
    State.OPENED: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
}


class Standing(StrEnum):
    """What readers see; computed."""

    DRAFT = "draft"
    SOON = "soon"
    OPEN = "open"
    ENDED = "ended"  # nothing is taken any more, and the summary is being written
    CLOSED = "closed"


class Campaign(SQLModel, table=True):
    __tablename__ = "campaign"
    __table_args__ = (
        one_of("campaign_state", "state", State),
        sa.CheckConstraint("opens_at < closes_at", name="campaign_opens_before_it_closes"),
        sa.Index("campaign_by_time", "state", "closes_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    state: str = Field(default=State.DRAFT, sa_type=sa.String(8))
    title: str = Field(sa_type=sa.String(200))
    words: str = Field(sa_type=sa.Text)
    agency_id: int | None = Field(default=None, foreign_key="agency.id")  # who answers what is contributed
    opens_at: datetime
    closes_at: datetime
    summary: str = Field(default="", sa_type=sa.Text)
    summary_html: str = Field(default="", sa_type=sa.Text)
    version: int = 1  # of what an editor edits
    created_by: int = Field(foreign_key="person.id")
    created_at: datetime
    closed_by: int | None = Field(default=None, foreign_key="person.id")
    closed_at: datetime | None = None

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("the campaign is not stored yet")
        return self.id


class CampaignForm(BaseModel):
    """What an editor writes of it. `version`: of what stood before them; 0 for a new one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Line = Input(default="", max_length=200, validate_default=True)
    words: Lines = Input(default="", max_length=4_000, validate_default=True)
    agency: Line = Input(default="", max_length=80)
    opens_at: Moment
    closes_at: Moment
    version: int = 0

    @field_validator("title")
    @classmethod
    def _titled(cls, value: str) -> str:
        if len(value) < LEAST_TITLE:
            raise PydanticCustomError("campaign_title_short", "", {"least": LEAST_TITLE})
        return value

    @field_validator("words")
    @classmethod
    def _worded(cls, value: str) -> str:
        if len(value) < LEAST_WORDS:
            raise PydanticCustomError("campaign_words_short", "", {"least": LEAST_WORDS})
        return value


def _marked(value: Any) -> Any:
    if isinstance(value, str) and markup.has_too_many_marks(value):
        raise PydanticCustomError("too_many_marks", "")
    return value


class SummaryForm(BaseModel):
    """What was taken up, for readers: a writer's markup."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    summary: Annotated[Lines, BeforeValidator(_marked)] = Input(default="", max_length=9_000)


class SummaryCorrection(SummaryForm):
    """`version`: of what stood before its editor."""

    version: int = 0


def standing(campaign: Campaign, at: datetime) -> Standing:
    if campaign.state != State.OPENED:
        return Standing(campaign.state)
    if at < campaign.opens_at:
        return Standing.SOON
    return Standing.OPEN if at < campaign.closes_at else Standing.ENDED


def why_not(campaign: Campaign, at: datetime) -> str:
    """The reason why it takes no contribution now; empty when it does."""
    return {Standing.OPEN: "", Standing.DRAFT: "campaign_not_yet", Standing.SOON: "campaign_not_yet"}.get(
        standing(campaign, at), "campaign_over"
    )


# What an editor does


async def begin(db: AsyncSession, actor: Actor, form: CampaignForm) -> Campaign:
    campaign = Campaign(
        title="",
        words="",
        opens_at=form.opens_at,
        closes_at=form.closes_at,
        created_by=_editor(actor),
        created_at=now(db),
    )
    await _write(db, campaign, form)
    await audit.note(db, actor.person_id, "campaign.created", campaign=campaign.key)
    return campaign


async def edit(db: AsyncSession, actor: Actor, campaign: Campaign, form: CampaignForm) -> None:
    """Until it is closed. Of two editors the second to save is told."""
    _editor(actor)
    if campaign.state == State.CLOSED or form.version != campaign.version:
        raise Conflict("campaign_changed" if campaign.state != State.CLOSED else "moved_on")
    campaign.version += 1
    await _write(db, campaign, form)
    _tell(db, campaign, "campaign.edited")
    await audit.note(db, actor.person_id, "campaign.edited", campaign=campaign.key)


async def open_(db: AsyncSession, actor: Actor, campaign: Campaign) -> None:
    """Readers see it from now on."""
    _editor(actor)
    if campaign.state == State.DRAFT and campaign.closes_at <= now(db):
        raise Refused("campaign_closes_in_the_past", field="closes_at")
    await move(db, campaign, "state", State.OPENED, MOVES)
    _tell(db, campaign, "campaign.opened")
    await audit.note(db, actor.person_id, "campaign.opened", campaign=campaign.key)


async def close(db: AsyncSession, actor: Actor, campaign: Campaign, form: SummaryForm) -> None:
    """With what was taken up. Before its time it ends now."""
    person_id, at = _editor(actor), now(db)
    if campaign.state == State.OPENED and at < campaign.opens_at:
        raise Refused("campaign_not_yet")
    told = _told(form)
    ends = min(campaign.closes_at, at)
    await move(db, campaign, "state", State.CLOSED, MOVES, closed_by=person_id, closed_at=at, closes_at=ends, **told)
    _tell(db, campaign, "campaign.closed")
    await audit.note(db, actor.person_id, "campaign.closed", campaign=campaign.key)


async def correct(db: AsyncSession, actor: Actor, campaign: Campaign, form: SummaryCorrection) -> None:
    """The summary, once it is out. What readers saw is kept, and they may still read it."""
    person_id, told = _editor(actor), _told(form)
    if campaign.state != State.CLOSED or form.version != campaign.version:
        raise Conflict("campaign_changed" if campaign.state == State.CLOSED else "moved_on")
    await revisions.keep(db, NOUN, campaign.key, person_id, {"summary_html": campaign.summary_html})
    campaign.sqlmodel_update({**told, "version": campaign.version + 1})
    db.add(campaign)
    await db.flush()
    _tell(db, campaign, "campaign.corrected")
    await audit.note(db, actor.person_id, "campaign.corrected", campaign=campaign.key)


def _told(form: SummaryForm) -> dict[str, Any]:
    if len(form.summary) < LEAST_SUMMARY:
        raise Refused("campaign_summary_short", field="summary", least=LEAST_SUMMARY)
    return {"summary": form.summary, "summary_html": str(markup.rendered(form.summary))}


# Finding one


async def seen_by(db: AsyncSession, actor: Actor, campaign_id: int) -> Campaign:
    """A draft is its editors' alone."""
    campaign = await one(db, campaign_id)
    if campaign.state == State.DRAFT and not actor.is_administrator:
        raise NotFound()
    return campaign


async def one(db: AsyncSession, campaign_id: int) -> Campaign:
    found: Campaign | None = (
        await db.exec(locked(db, select(Campaign).where(Campaign.id == campaign_id)))
    ).one_or_none()
    if found is None:
        raise NotFound()
    return found


async def public(db: AsyncSession) -> Sequence[Campaign]:
    """Those readers know of, the one that closes last first."""
    return await _listed(db, Campaign.state != State.DRAFT)


async def every(db: AsyncSession) -> Sequence[Campaign]:
    return await _listed(db)


async def taking(db: AsyncSession) -> Sequence[Campaign]:
    """Those that take contributions now, the one that closes first first."""
    at = now(db)
    return [one for one in reversed(await public(db)) if standing(one, at) is Standing.OPEN]


async def _listed(db: AsyncSession, *wheres: Any) -> Sequence[Campaign]:
    chosen = select(Campaign).where(*wheres).order_by(col(Campaign.closes_at).desc(), col(Campaign.id).desc())
    return (await db.exec(chosen.limit(MOST_LISTED))).all()


async def _write(db: AsyncSession, campaign: Campaign, form: CampaignForm) -> None:
    if form.opens_at >= form.closes_at:
        raise Refused("campaign_order", field="closes_at")
    campaign.agency_id = await _agency_id(db, form.agency)
    campaign.title, campaign.words = form.title, form.words
    campaign.opens_at, campaign.closes_at = form.opens_at, form.closes_at
    db.add(campaign)
    await db.flush()


async def _agency_id(db: AsyncSession, slug: str) -> int | None:
    if not slug:
        return None
    known = {row.slug: row.id for row in await agencies.every_agency(db) if row.may_answer}
    if slug not in known:
        raise Refused("unknown_choice", field="agency")
    return known[slug]


def _tell(db: AsyncSession, campaign: Campaign, fact: str) -> None:
    if campaign.state != State.DRAFT:
        log.record(db, CHANNEL, fact, campaign=campaign.key)


def _editor(actor: Actor) -> int:
    if not actor.is_administrator or actor.person_id is None:
        raise NotAllowed()
    return actor.person_id
