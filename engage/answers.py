"""Answers: an official drafts, somebody else approves, the agency signs. Does not know pages."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import BaseModel, BeforeValidator, ConfigDict, field_validator
from pydantic import Field as Input
from pydantic_core import PydanticCustomError
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import attachments, audit, clocks, markup, people, publication, revisions
from engage.access import Actor, can_approve, can_write
from engage.ask import Line, Lines
from engage.assigned import ANSWER_MOVES, Answered, Assigned
from engage.db import now
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.moves import move
from engage.questions import Question
from live import log

MOST_SHORT, MOST_FULL, MOST_CITATIONS = 400, 9_000, 20
LEAST_SHORT, LEAST_FULL = 10, 40
DAY = "%d/%m/%Y"


class Answer(SQLModel, table=True):
    """One agency's answer to one question. `version` grows with every change, so that two editors notice each other."""

    __tablename__ = "answer"
    __table_args__ = (sa.UniqueConstraint("question_id", "agency_id", name="uq_answer_question_agency"),)

    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="question.id")
    agency_id: int = Field(foreign_key="agency.id")
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
    approved_by: int | None = Field(default=None, foreign_key="person.id")
    returned_by: int | None = Field(default=None, foreign_key="person.id")
    returned_note: str = Field(default="", sa_type=sa.String(1000))
    published_at: datetime | None = None


class Citation(SQLModel, table=True):
    """A legal document an answer rests on. One document may be cited twice, for two articles."""

    __tablename__ = "citation"

    answer_id: int = Field(foreign_key="answer.id", primary_key=True)
    place: int = Field(primary_key=True)
    number: str = Field(sa_type=sa.String(60), index=True)
    title: str = Field(default="", sa_type=sa.String(300))
    article: str = Field(default="", sa_type=sa.String(120))
    link: str = Field(default="", sa_type=sa.String(500))


_SHORTS = sa.select(col(Answer.question_id), col(Answer.short)).where(
    col(Answer.question_id).in_(sa.bindparam("ids", expanding=True)), col(Answer.published_at).is_not(None)
)


class CitationForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    number: Line = Input(default="", max_length=60)
    title: Line = Input(default="", max_length=300)
    article: Line = Input(default="", max_length=120)
    link: Line = Input(default="", max_length=500)

    @field_validator("link")
    @classmethod
    def _link(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise PydanticCustomError("link_wrong", "")
        return value


def _as_date(value: object) -> object:
    """dd/MM/yyyy, as people here write it; the browser's ISO form is understood too."""
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    for form in (DAY, "%Y-%m-%d"):
        try:
            return datetime.strptime(value.strip(), form).date()
        except ValueError:
            continue
    raise PydanticCustomError("date_wrong", "")


class AnswerForm(BaseModel):
    """What an official types. A draft may be unfinished; `send_for_approval` asks for the rest."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    short: Lines = Input(default="", max_length=MOST_SHORT)
    full: Lines = Input(default="", max_length=MOST_FULL)
    as_of: Annotated[date | None, BeforeValidator(_as_date)] = None
    signatory: Line = Input(default="", max_length=120)
    signatory_title: Line = Input(default="", max_length=200)

    @field_validator("full")
    @classmethod
    def _full(cls, value: str) -> str:
        if markup.has_too_many_marks(value):
            raise PydanticCustomError("too_many_marks", "")
        return value

    citations: tuple[CitationForm, ...] = Input(default=(), max_length=MOST_CITATIONS)


async def draft_of(db: AsyncSession, question: Question) -> Answer | None:
    """The answer of the agency that has the question now."""
    found = select(Answer).where(Answer.question_id == question.id, Answer.agency_id == question.agency_id)
    return (await db.exec(found)).one_or_none()


async def citations_of(db: AsyncSession, answer: Answer) -> Sequence[Citation]:
    cited = select(Citation).where(Citation.answer_id == answer.id)
    return (await db.exec(cited.order_by(col(Citation.place)))).all()


async def published(db: AsyncSession, question_id: int) -> Answer | None:
    found = select(Answer).where(Answer.question_id == question_id, col(Answer.published_at).is_not(None))
    return (await db.exec(found.order_by(col(Answer.published_at).desc()).limit(1))).first()


async def shorts(db: AsyncSession, question_ids: Sequence[int]) -> dict[int, str]:
    """The short form of published answers by question, for a list."""
    if not question_ids:
        return {}
    found = await (await db.connection()).execute(_SHORTS, {"ids": list(question_ids)})
    return {row.question_id: row.short for row in found.all()}


async def write(db: AsyncSession, actor: Actor, question: Question, form: AnswerForm, version: int) -> Answer:
    """Save a draft. `version` is the one the writer saw, 0 for none; somebody else's newer one is a Conflict."""
    if not can_write(actor, question) or actor.person_id is None or question.agency_id is None:
        raise NotAllowed()
    if question.assignment != Assigned.ACCEPTED:
        raise Refused("accept_first")
    if question.answer == Answered.NONE:
        await move(db, question, "answer", Answered.DRAFTING, ANSWER_MOVES)
    elif question.answer != Answered.DRAFTING:
        raise Conflict("answer_moved_on", state=question.answer)
    answer = await draft_of(db, question)
    await _must_be(db, answer, version)
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
    _tell(db, question, "answer.written")
    return answer


async def send_for_approval(db: AsyncSession, actor: Actor, question: Question, answer: Answer) -> None:
    if not can_write(actor, question):
        raise NotAllowed()
    if len(answer.short) < LEAST_SHORT:
        raise Refused("answer_short_missing", field="short", least=LEAST_SHORT)
    if len(answer.full) < LEAST_FULL:
        raise Refused("answer_full_missing", field="full", least=LEAST_FULL)
    if answer.as_of is None:
        raise Refused("answer_as_of_missing", field="as_of")
    if not answer.signatory or not answer.signatory_title:
        raise Refused("answer_signatory_missing", field="signatory")
    await attachments.must_be_described(db, attachments.ANSWER, _id(answer))
    clock = await clocks.start_approval(db, question)
    await move(db, question, "answer", Answered.IN_APPROVAL, ANSWER_MOVES, **clock)
    answer.returned_note, answer.returned_by = "", None
    db.add(answer)
    await db.flush()
    _tell(db, question, "answer.sent")
    await audit.note(db, actor.person_id, "answer.sent", question=question.key)


def may_approve(actor: Actor, question: Question, answer: Answer) -> bool:
    """Whoever wrote a line of it may not approve it."""
    return can_approve(actor, question) and actor.person_id not in answer.writers


async def approve(db: AsyncSession, actor: Actor, question: Question, version: int) -> None:
    answer = await _in_approval(db, actor, question, version)
    if actor.person_id in answer.writers:
        raise Refused("approver_is_author")
    answer.approved_by, answer.published_at = actor.person_id, now(db)
    answer.full_html = str(markup.rendered(markup.cited(answer.full)))
    db.add(answer)
    await db.flush()
    await revisions.keep(db, "answer", _id(answer), actor.person_id, await _content(db, answer))
    await attachments.publish_all(db, attachments.ANSWER, _id(answer))
    await publication.publish(db, question, gist=answer.short)
    await audit.note(db, actor.person_id, "answer.given", question=question.key)


async def return_(db: AsyncSession, actor: Actor, question: Question, version: int, note: str) -> None:
    """Back to the writer, with a note."""
    answer = await _in_approval(db, actor, question, version)
    if len(note) < 5:
        raise Refused("note_missing", field="note")
    await move(db, question, "answer", Answered.DRAFTING, ANSWER_MOVES)
    answer.returned_note, answer.returned_by, answer.version = note, actor.person_id, answer.version + 1
    db.add(answer)
    await db.flush()
    _tell(db, question, "answer.returned")
    await audit.note(db, actor.person_id, "answer.returned", question=question.key)


async def _in_approval(db: AsyncSession, actor: Actor, question: Question, version: int) -> Answer:
    if not can_approve(actor, question):
        raise NotAllowed()
    answer = await draft_of(db, question)
    if answer is None:
        raise NotFound()
    if question.answer != Answered.IN_APPROVAL:
        raise Conflict("answer_moved_on", state=question.answer)
    await _must_be(db, answer, version)
    return answer


async def _must_be(db: AsyncSession, answer: Answer | None, version: int) -> None:
    stored = answer.version if answer else 0
    if stored != version:
        by = (await people.names(db, [answer.written_by])).get(answer.written_by, "") if answer else ""
        raise Conflict("answer_changed", by=by, at=answer.written_at if answer else now(db))


def _fill(answer: Answer, form: AnswerForm, writer: int, at: datetime) -> None:
    answer.short, answer.full, answer.as_of = form.short, form.full, form.as_of
    answer.signatory, answer.signatory_title = form.signatory, form.signatory_title
    answer.writers = sorted({*answer.writers, writer})
    answer.written_by, answer.written_at, answer.version = writer, at, answer.version + 1


async def _cite(db: AsyncSession, answer: Answer, citations: Sequence[CitationForm]) -> None:
    await db.exec(sa.delete(Citation).where(col(Citation.answer_id) == answer.id))
    rows: list[dict[str, Any]] = [
        {"answer_id": answer.id, "place": place, **citation.model_dump()}
        for place, citation in enumerate((c for c in citations if c.number), start=1)
    ]
    if rows:
        await db.exec(sa.insert(Citation).values(rows))


async def _content(db: AsyncSession, answer: Answer) -> dict[str, Any]:
    cited = [citation.model_dump(exclude={"answer_id"}) for citation in await citations_of(db, answer)]
    kept = answer.model_dump(
        mode="json", include={"short", "full", "as_of", "signatory", "signatory_title", "agency_id"}
    )
    return {**kept, "citations": cited}


def _tell(db: AsyncSession, question: Question, fact: str) -> None:
    log.record(db, f"agency:{question.agency_id}", fact, question=question.key)


def _id(answer: Answer) -> int:
    if answer.id is None:
        raise ValueError("the answer is not stored yet")
    return answer.id
