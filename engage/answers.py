"""Answers: the row, finding one, and writing: a draft is saved, then sent for approval. Does not know how one is approved."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import access, attachments, audit, citations, clocks, companions, people, standing, transcripts
from engage.access import Actor
from engage.answering import MOST_SHORT, AnswerForm, Outcome
from engage.assigned import ANSWER_MOVES, Answered, Assigned
from engage.citations import Citation
from engage.db import now, one_of
from engage.errors import Conflict, NotAllowed, Refused
from engage.moves import move
from engage.questions import FEEDBACK, Question
from live import log

KIND = "answer"
LEAST_SHORT, LEAST_FULL = 10, 40
OUT = frozenset({Answered.PUBLISHED, Answered.REVISED})
_OPEN, _WAITING = "published_at is null", "published_at is null and sent_at is not null"


class Answer(SQLModel, table=True):
    """One version of an agency's answer to a question: a correction is a row of its own, which replaces the one before.

    `version` grows with every save, so that two editors notice each other.
    """

    __tablename__ = KIND
    __table_args__ = (
        sa.Index(
            "answer_open",
            "question_id",
            "agency_id",
            unique=True,
            sqlite_where=sa.text(_OPEN),
            postgresql_where=sa.text(_OPEN),
        ),
        sa.Index("answer_waiting", "agency_id", sqlite_where=sa.text(_WAITING), postgresql_where=sa.text(_WAITING)),
        one_of("answer_outcome", "outcome", Outcome),
        sa.Index("answer_of_question", "question_id", "published_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="question.id")
    agency_id: int = Field(foreign_key="agency.id")
    first_id: int | None = Field(default=None, foreign_key="answer.id")  # of a correction: what was published first
    reason: str = Field(default="", sa_type=sa.String(1000))  # of a correction: why, for readers
    for_all: bool = False  # of a correction: of every answer that was given together
    not_by: int | None = Field(default=None, foreign_key="person.id")  # who may not approve, though he wrote nothing
    version: int = 1
    short: str = Field(default="", sa_type=sa.String(MOST_SHORT))
    full: str = Field(default="", sa_type=sa.Text)
    full_html: str = Field(default="", sa_type=sa.Text)
    outcome: str = Field(default=Outcome.NONE, sa_type=sa.String(10))  # what comes of feedback; of a question nothing
    as_of: date | None = None
    signatory: str = Field(default="", sa_type=sa.String(120))
    signatory_title: str = Field(default="", sa_type=sa.String(200))
    writers: list[int] = Field(default_factory=list, sa_type=sa.JSON)  # everyone who wrote: none of them may approve
    written_by: int = Field(foreign_key="person.id")
    written_at: datetime
    sent_at: datetime | None = None
    approved_by: int | None = Field(default=None, foreign_key="person.id")
    by_desk: bool = False  # approved by the portal desk, because the agency had nobody else
    returned_by: int | None = Field(default=None, foreign_key="person.id")
    returned_note: str = Field(default="", sa_type=sa.String(1000))
    published_at: datetime | None = None
    replaced_at: datetime | None = None
    outdated_on: date | None = None
    outdated_reason: str = Field(default="", sa_type=sa.String(1000))
    newer_question_id: int | None = Field(default=None, foreign_key="question.id")

    @property
    def key(self) -> int:
        if self.id is None:
            raise ValueError("the answer is not stored yet")
        return self.id

    @property
    def root(self) -> int:
        """What the versions of one answer are kept under."""
        return self.first_id or self.key


_KEPT = frozenset({"short", "full", "outcome", "as_of", "signatory", "signatory_title"})
IS_OUT = (col(Answer.published_at).is_not(None), col(Answer.replaced_at).is_(None))
_GISTS = sa.select(
    col(Answer.question_id), col(Answer.short), col(Answer.outdated_on), col(Answer.newer_question_id)
).where(col(Answer.question_id).in_(sa.bindparam("ids", expanding=True)), *IS_OUT)


class Gist(NamedTuple):
    """The short form of a published answer; whether it still holds, and which question has a newer one."""

    short: str
    is_outdated: bool = False
    newer_question_id: int | None = None


async def draft_of(db: AsyncSession, question: Question) -> Answer | None:
    """The answer of the agency that has the question now: what is being written, else what is published."""
    found = select(Answer).where(
        Answer.question_id == question.id, Answer.agency_id == question.agency_id, col(Answer.replaced_at).is_(None)
    )
    return (await db.exec(found.order_by(col(Answer.published_at).is_not(None)).limit(1))).first()


async def citations_of(db: AsyncSession, answer: Answer) -> Sequence[Citation]:
    return await citations.of(db, answer.key)


async def published(db: AsyncSession, question_id: int) -> Answer | None:
    found = select(Answer).where(Answer.question_id == question_id, *IS_OUT)
    return (await db.exec(found.order_by(col(Answer.published_at).desc()).limit(1))).first()


async def corrections(db: AsyncSession, question_id: int) -> Sequence[Answer]:
    """What was published over an earlier version, oldest first."""
    later = select(Answer).where(
        Answer.question_id == question_id, col(Answer.first_id).is_not(None), col(Answer.published_at).is_not(None)
    )
    return (await db.exec(later.order_by(col(Answer.published_at)))).all()


async def gists(db: AsyncSession, question_ids: Sequence[int]) -> dict[int, Gist]:
    """What a list shows of published answers, by question."""
    if not question_ids:
        return {}
    found = await (await db.connection()).execute(_GISTS, {"ids": list(question_ids)})
    return {
        question_id: Gist(short, outdated_on is not None, newer) for question_id, short, outdated_on, newer in found
    }


async def write(
    db: AsyncSession, actor: Actor, question: Question, form: AnswerForm, version: int, *, quietly: bool = False
) -> Answer:
    """Save a draft. `version` is the one the writer saw, 0 for none; somebody else's newer one is a Conflict.

    `quietly`: saved by itself while somebody types; colleagues are not told of every breath.
    """
    if actor.person_id is None or question.agency_id is None or not await standing.may_write(db, actor, question):
        raise NotAllowed()
    if question.assignment != Assigned.ACCEPTED:
        raise Refused("accept_first")
    if question.answer in {Answered.NONE, Answered.DRAFTING} and await companions.lead_of(db, question):
        raise Refused("answered_together")
    answer = await draft_of(db, question)
    await _is_open(db, question, answer)
    await must_be(db, answer, version)
    if answer is None:
        answer = Answer(
            question_id=question.key,
            agency_id=question.agency_id,
            version=0,
            written_by=actor.person_id,
            written_at=now(db),
        )
    _fill(answer, form, actor.person_id, now(db))
    answer.outcome = form.outcome if question.surface == FEEDBACK else Outcome.NONE
    db.add(answer)
    await db.flush()
    await citations.replace(db, answer.key, form.citations)
    if not access.can_write(actor, question):
        await transcripts.note(db, answer.key, actor.person_id, form.letter_number, form.letter_date)
    if not quietly:
        record(db, question, "answer.written")
    return answer


async def send_for_approval(
    db: AsyncSession, actor: Actor, question: Question, answer: Answer, *, is_sure: bool = False
) -> None:
    """`is_sure`: the writer means to cite a law that is not in force."""
    if not await standing.may_write(db, actor, question):
        raise NotAllowed()
    await _is_whole(db, answer)
    if question.surface == FEEDBACK and not answer.outcome:
        raise Refused("outcome_missing", field="outcome")
    cited = await citations_of(db, answer)
    citations.must_lead_somewhere(answer.full, cited, field="full")
    if not is_sure:
        await citations.must_be_in_force(db, cited, answer.as_of)
    await attachments.must_be_described(db, attachments.ANSWER, answer.key)
    if question.answer not in OUT:
        clock = await clocks.start_approval(db, question)
        await move(db, question, "answer", Answered.IN_APPROVAL, ANSWER_MOVES, **clock)
        for companion in await companions.of(db, question):
            await _goes_along(db, companion)
    elif answer.published_at is not None or answer.sent_at is not None:
        raise Conflict("answer_moved_on", state=question.answer)
    elif question.again_due_at is not None:
        question.sqlmodel_update(dict(await clocks.start_approval(db, question)))
        db.add(question)
    answer.returned_note, answer.returned_by, answer.sent_at = "", None, now(db)
    db.add(answer)
    await db.flush()
    record(db, question, "answer.sent")
    await audit.note(db, actor.person_id, "answer.sent", question=question.key)


async def must_be(db: AsyncSession, answer: Answer | None, version: int) -> None:
    stored = answer.version if answer else 0
    if stored != version:
        by = (await people.names(db, [answer.written_by])).get(answer.written_by, "") if answer else ""
        raise Conflict("answer_changed", by=by, at=answer.written_at if answer else now(db))


async def content(db: AsyncSession, answer: Answer) -> dict[str, Any]:
    """What readers see of a version, to be kept."""
    cited = [citation.model_dump(exclude={"answer_id"}) for citation in await citations_of(db, answer)]
    shown = {*_KEPT - {"outcome"}, "agency_id", "reason"}
    said = {"outcome": answer.outcome} if answer.outcome else {}
    return {**answer.model_dump(mode="json", include=shown), **said, "citations": cited}


async def found_by(db: AsyncSession, answer: Answer) -> str:
    """The words of an answer that a search finds its question by: its short form, what it cites, the letter it was typed from."""
    cited = [f"{row.number} {row.title}" for row in await citations_of(db, answer)]
    letter = await transcripts.of(db, answer.key)
    return "\n".join([answer.short, *cited, letter.number if letter else ""]).strip()


async def copied(db: AsyncSession, answer: Answer, **changes: Any) -> Answer:
    """The same words and citations as a row of its own."""
    kept = answer.model_dump(include={*_KEPT, "agency_id", "writers"})
    copy = Answer(**{**kept, "question_id": answer.question_id, **changes})
    db.add(copy)
    await db.flush()
    await citations.copy(db, answer.key, copy.key)
    await transcripts.copy(db, answer.key, copy.key)
    return copy


async def forget(db: AsyncSession, draft: Answer) -> None:
    """Nobody has published it: the row goes, with what hangs on it."""
    await citations.forget(db, draft.key)
    await db.exec(sa.delete(transcripts.Transcript).where(col(transcripts.Transcript.answer_id) == draft.id))
    await db.delete(draft)
    await db.flush()


def record(db: AsyncSession, question: Question, fact: str) -> None:
    log.record(db, f"agency:{question.agency_id}", fact, question=question.key)


async def _is_open(db: AsyncSession, question: Question, answer: Answer | None) -> None:
    """A first answer is drafted on the question's axis; a correction has been begun before, and is not sent yet."""
    if question.answer == Answered.NONE:
        await move(db, question, "answer", Answered.DRAFTING, ANSWER_MOVES)
    elif question.answer in OUT:
        if answer is None or answer.published_at is not None or answer.sent_at is not None:
            raise Conflict("answer_moved_on", state=question.answer)
    elif question.answer != Answered.DRAFTING:
        raise Conflict("answer_moved_on", state=question.answer)


async def _is_whole(db: AsyncSession, answer: Answer) -> None:
    if len(answer.short) < LEAST_SHORT:
        raise Refused("answer_short_missing", field="short", least=LEAST_SHORT)
    if len(answer.full) < LEAST_FULL:
        raise Refused("answer_full_missing", field="full", least=LEAST_FULL)
    if answer.as_of is None:
        raise Refused("answer_as_of_missing", field="as_of")
    if not answer.signatory or not answer.signatory_title:
        raise Refused("answer_signatory_missing", field="signatory")
    letter = await transcripts.of(db, answer.key)
    if letter is not None and not (letter.number and letter.dated):
        raise Refused("letter_missing", field="letter_number")


async def _goes_along(db: AsyncSession, companion: Question) -> None:
    if companion.answer == Answered.NONE:
        await move(db, companion, "answer", Answered.DRAFTING, ANSWER_MOVES)
    await move(db, companion, "answer", Answered.IN_APPROVAL, ANSWER_MOVES)


def _fill(answer: Answer, form: AnswerForm, writer: int, at: datetime) -> None:
    answer.short, answer.full, answer.as_of = form.short, form.full, form.as_of
    answer.signatory, answer.signatory_title = form.signatory, form.signatory_title
    answer.writers = sorted({*answer.writers, writer})
    answer.written_by, answer.written_at, answer.version = writer, at, answer.version + 1
