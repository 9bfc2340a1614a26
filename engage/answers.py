"""Answers: the row, finding one, and writing: a draft is saved, then sent for approval. Does not know how one is approved."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import access, attachments, audit, clocks, companions, documents, people, standing, transcripts
from engage.access import Actor
from engage.answering import MOST_SHORT, AnswerForm, CitationForm
from engage.assigned import ANSWER_MOVES, Answered, Assigned
from engage.db import now
from engage.errors import Conflict, NotAllowed, Refused
from engage.moves import move
from engage.questions import Question
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


class Citation(SQLModel, table=True):
    """A legal document an answer rests on. One document may be cited twice, for two articles."""

    __tablename__ = "citation"

    answer_id: int = Field(foreign_key="answer.id", primary_key=True)
    place: int = Field(primary_key=True)
    number: str = Field(sa_type=sa.String(60), index=True)
    title: str = Field(default="", sa_type=sa.String(300))
    article: str = Field(default="", sa_type=sa.String(120))
    link: str = Field(default="", sa_type=sa.String(500))


IS_OUT = (col(Answer.published_at).is_not(None), col(Answer.replaced_at).is_(None))
_SHORTS = sa.select(col(Answer.question_id), col(Answer.short)).where(
    col(Answer.question_id).in_(sa.bindparam("ids", expanding=True)), *IS_OUT
)


async def draft_of(db: AsyncSession, question: Question) -> Answer | None:
    """The answer of the agency that has the question now: what is being written, else what is published."""
    found = select(Answer).where(
        Answer.question_id == question.id, Answer.agency_id == question.agency_id, col(Answer.replaced_at).is_(None)
    )
    return (await db.exec(found.order_by(col(Answer.published_at).is_not(None)).limit(1))).first()


async def citations_of(db: AsyncSession, answer: Answer) -> Sequence[Citation]:
    cited = select(Citation).where(Citation.answer_id == answer.id)
    return (await db.exec(cited.order_by(col(Citation.place)))).all()


async def published(db: AsyncSession, question_id: int) -> Answer | None:
    found = select(Answer).where(Answer.question_id == question_id, *IS_OUT)
    return (await db.exec(found.order_by(col(Answer.published_at).desc()).limit(1))).first()


async def shorts(db: AsyncSession, question_ids: Sequence[int]) -> dict[int, str]:
    """The short form of published answers by question, for a list."""
    if not question_ids:
        return {}
    found = await (await db.connection()).execute(_SHORTS, {"ids": list(question_ids)})
    return {row.question_id: row.short for row in found.all()}


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
    db.add(answer)
    await db.flush()
    await _cite(db, answer, form.citations)
    if not access.can_write(actor, question):
        await transcripts.note(db, answer.key, actor.person_id, form.letter_number, form.letter_date)
    if not quietly:
        record(db, question, "answer.written")
    return answer


async def send_for_approval(db: AsyncSession, actor: Actor, question: Question, answer: Answer) -> None:
    if not await standing.may_write(db, actor, question):
        raise NotAllowed()
    await _is_whole(db, answer)
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
    shown = {"short", "full", "as_of", "signatory", "signatory_title", "agency_id", "reason"}
    return {**answer.model_dump(mode="json", include=shown), "citations": cited}


async def copied(db: AsyncSession, answer: Answer, **changes: Any) -> Answer:
    """The same words and citations as a row of its own."""
    kept = answer.model_dump(include={"short", "full", "as_of", "signatory", "signatory_title", "agency_id", "writers"})
    copy = Answer(**{**kept, "question_id": answer.question_id, **changes})
    db.add(copy)
    await db.flush()
    await _insert(db, copy, [row.model_dump(exclude={"answer_id", "place"}) for row in await citations_of(db, answer)])
    await transcripts.copy(db, answer.key, copy.key)
    return copy


async def forget(db: AsyncSession, draft: Answer) -> None:
    """Nobody has published it: the row goes, with what hangs on it."""
    await db.exec(sa.delete(Citation).where(col(Citation.answer_id) == draft.id))
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


async def _cite(db: AsyncSession, answer: Answer, citations: Sequence[CitationForm]) -> None:
    """What the writer left out, the list of documents fills in by the number."""
    await db.exec(sa.delete(Citation).where(col(Citation.answer_id) == answer.id))
    rows: list[dict[str, Any]] = []
    for citation in (one for one in citations if one.number):
        known = await documents.named(db, citation.number)
        row = citation.model_dump()
        if known is not None:
            row |= {"title": citation.title or known.title, "link": citation.link or known.link}
        rows.append(row)
    await _insert(db, answer, rows)


async def _insert(db: AsyncSession, answer: Answer, rows: Sequence[dict[str, Any]]) -> None:
    placed = [{"answer_id": answer.id, "place": place, **row} for place, row in enumerate(rows, start=1)]
    if placed:
        await db.exec(sa.insert(Citation).values(placed))
