"""Sealed texts (PRODUCT rule 6): sealing by hand, who read them, their hand-over to the competent body, and erasure after it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from pydantic import Field as Input
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import (
    admissions,
    attachments,
    audit,
    flags,
    forgetting,
    mentions,
    merges,
    partings,
    questions,
    remarks,
    review,
    takedowns,
)
from engage.access import Actor, Moderation
from engage.ask import Line, Lines
from engage.attachments import Attachment
from engage.db import now, one_of
from engage.decisions import DENUNCIATION
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.forgetting import Left
from engage.moves import Moves, may
from engage.questions import SURFACE, Question
from engage.surfaces import SURFACES
from live import log
from moderation import cases
from moderation.cases import Case
from moderation.verdicts import Verdict

LEAST_WORDS = 5
# In one step from wherever nobody waits for a moderator: what readers do not see is not shown to them on its way.
SEAL_MOVES: Moves = dict.fromkeys(
    (Moderation.ACCEPTED, Moderation.HIDDEN, Moderation.RETURNED, Moderation.REFUSED, Moderation.WITHDRAWN),
    frozenset({Moderation.REFUSED}),
)


class SealedRead(SQLModel, table=True):
    """Somebody opened a sealed case."""

    __tablename__ = "sealed_read"
    __table_args__ = (sa.Index("sealed_read_of_case", "case_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(sa_type=sa.BigInteger)
    person_id: int = Field(foreign_key="person.id")
    at: datetime


class HandOverKind(StrEnum):
    HANDED_OVER = "handed_over"
    NOTHING = "nothing"


class HandOver(SQLModel, table=True):
    """What became of a sealed text: given to a body, or nothing to give, said by somebody else than who sealed it."""

    __tablename__ = "hand_over"
    __table_args__ = (
        one_of("hand_over_kind", "kind", HandOverKind),
        sa.CheckConstraint("kind <> 'nothing' or by <> sealed_by", name="hand_over_nothing_by_a_second_person"),
        sa.UniqueConstraint("case_id", name="hand_over_once"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(sa_type=sa.BigInteger)
    kind: str = Field(sa_type=sa.String(12))
    body: str = Field(default="", sa_type=sa.String(200))  # the competent body it was given to
    number: str = Field(default="", sa_type=sa.String(80))  # of the letter it went with
    words: str = Field(default="", sa_type=sa.String(2000))
    sealed_by: int = Field(foreign_key="person.id")
    by: int = Field(foreign_key="person.id")
    at: datetime
    erased_by: int | None = Field(default=None, foreign_key="person.id")
    erased_at: datetime | None = None


class HandOverForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: HandOverKind
    body: Line = Input(default="", max_length=200)
    number: Line = Input(default="", max_length=80)
    words: Lines = Input(default="", max_length=2000)


def may_seal(question: Question) -> bool:
    """What waits for a moderator is sealed by deciding its case."""
    return not question.sealed and may(SEAL_MOVES, question.moderation, Moderation.REFUSED)


async def seal(db: AsyncSession, actor: Actor, question: Question) -> Case:
    """A question is recognised as a denunciation: gone from everywhere at once, its author told of the channels."""
    person_id = _moderator(actor)
    if not may_seal(question):
        raise Conflict("moved_on")
    if question.merged_into_id is not None:
        question = await merges.take_out(db, question.key, by=person_id)
    case = await cases.open_case(db, question.surface, question.key, Verdict(), now(db), None, sealed=True)
    by_hand = "refuse", DENUNCIATION, None, now(db)
    decided = await cases.decide(db, case.id or 0, person_id, case.version, *by_hand)
    await takedowns.withdraw_from_readers(db, question)
    _tell_sealed(db, question)
    await admissions.refuse(db, question, sealed=True, moves=SEAL_MOVES)
    await partings.part_all(db, question, by=person_id)
    await flags.answer(db, question.surface, question.key, flags.State.UPHELD)
    await mentions.tell(db, question)
    await audit.note(db, person_id, "question.sealed", question=question.key)
    return decided


def _tell_sealed(db: AsyncSession, question: Question) -> None:
    """Readers and the agency, which may be the one accused, hear that it is gone as any other is."""
    channels = questions.reader_channels(question)
    channels += [f"agency:{question.agency_id}"] if question.agency_id else []
    for channel in channels:
        log.record(db, channel, "question.hidden", question=question.key)
    log.record(db, review.CHANNEL, "question.sealed", question=question.key)


async def note_read(db: AsyncSession, actor: Actor, case: Case) -> None:
    """Every opening of a sealed text, before its words are shown."""
    db.add(SealedRead(case_id=case.id or 0, person_id=_cleared(actor), at=now(db)))
    await db.flush()
    await audit.note(db, actor.person_id, "case.sealed_read", case=case.id)


async def file(db: AsyncSession, actor: Actor, key: str) -> Attachment:
    """A file of a sealed text, before its bytes are given. Anybody else finds none."""
    row = await attachments.by_key(db, key)
    if not actor.may_unseal or row.surface != SURFACE or row.thing_id is None:
        raise NotFound()
    question = await questions.one(db, row.thing_id)
    sealed = [case for case in await cases.of(db, question.surface, row.thing_id) if case.sealed]
    if not sealed or not question.sealed:
        raise NotFound()
    await note_read(db, actor, sealed[-1])
    return row


async def reads(db: AsyncSession, case_id: int, most: int = 50) -> Sequence[SealedRead]:
    """The newest first."""
    read = select(SealedRead).where(SealedRead.case_id == case_id)
    return (await db.exec(read.order_by(col(SealedRead.id).desc()).limit(most))).all()


async def decided(db: AsyncSession, most: int) -> Sequence[Case]:
    """Sealed cases that were decided, the newest first; for who is cleared."""
    found = select(Case).where(Case.state == cases.CaseState.DECIDED, col(Case.sealed).is_(True))
    return (await db.exec(found.order_by(col(Case.opened_at).desc(), col(Case.id).desc()).limit(most))).all()


async def hand_over_of(db: AsyncSession, case_id: int) -> HandOver | None:
    return (await db.exec(select(HandOver).where(HandOver.case_id == case_id))).one_or_none()


async def is_handed_over(db: AsyncSession, question: Question) -> bool:
    """Whether what becomes of a sealed text was said, so that its words may go."""
    of_it = select(HandOver.id).join(Case, col(Case.id) == col(HandOver.case_id))
    of_it = of_it.where(Case.surface == question.surface, Case.thing_id == question.key)
    return (await db.exec(of_it.limit(1))).first() is not None


async def hand_over(db: AsyncSession, actor: Actor, case_id: int, form: HandOverForm) -> HandOver:
    case, person_id = await _decided(db, actor, case_id), _cleared(actor)
    if await hand_over_of(db, case_id) is not None:
        raise Conflict("moved_on")
    if form.kind is HandOverKind.HANDED_OVER and len(form.body) < LEAST_WORDS:
        raise Refused("body_to_hand_over_missing", field="body")
    if form.kind is HandOverKind.NOTHING and person_id == case.decided_by:
        raise Refused("second_person_needed", field="kind")
    if form.kind is HandOverKind.NOTHING and len(form.words) < LEAST_WORDS:
        raise Refused("reason_words_missing", field="words")
    done = HandOver(**form.model_dump(), case_id=case_id, sealed_by=case.decided_by or 0, by=person_id, at=now(db))
    db.add(done)
    await db.flush()
    log.record(db, review.CHANNEL, "case.handed_over", case=case_id)
    await audit.note(db, person_id, "case.handed_over", reason=str(form.kind), case=case_id)
    return done


async def erase(db: AsyncSession, actor: Actor, case_id: int) -> Left:
    """The words go, wherever they rest; act, time, actor and reason stay."""
    case, done = await _decided(db, actor, case_id), await hand_over_of(db, case_id)
    if done is None:
        raise Refused("hand_over_first")
    if done.erased_at is not None:
        raise Conflict("moved_on")
    done.erased_by, done.erased_at = _cleared(actor), now(db)
    db.add(done)
    await db.flush()
    if case.surface == SURFACE:
        left = await forgetting.forget(db, await questions.one(db, case.thing_id), text_too=True)
    else:
        left = await forgetting.forget_remark(db, await remarks.one(db, case.thing_id))
    log.record(db, review.CHANNEL, "case.erased", case=case_id)
    await audit.note(db, actor.person_id, "case.erased", case=case_id)
    return left


async def _decided(db: AsyncSession, actor: Actor, case_id: int) -> Case:
    """Only who is cleared finds it; an open case is decided first. What was let out is sealed no more, whatever its case says."""
    case = await review.one(db, actor, case_id)
    if not case.sealed or not (await SURFACES[case.surface].one(db, case.thing_id)).sealed:
        raise NotFound()
    if case.decided_by is None or case.undo_until is not None:
        raise Refused("decide_first")
    return case


def _moderator(actor: Actor) -> int:
    if not actor.is_moderator or actor.person_id is None:
        raise NotAllowed()
    return actor.person_id


def _cleared(actor: Actor) -> int:
    if not actor.may_unseal:
        raise NotAllowed()
    return _moderator(actor)
