"""The minutes' desk: drafted from the rows, edited, sent, approved or returned by somebody else, published."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import dialogues, minutes, people, proceedings, staging
from engage.access import PUBLIC, may_edit, visible
from engage.ask import Line, Lines
from engage.dialogues import Dialogue
from engage.errors import Conflict, NotFound, Refused
from engage.minutes import Entry, Minutes
from engage.questions import Question
from engage.web import kit, load, words
from engage.web.dialogues import papers
from engage.web.dialogues.minuted import Minuted
from engage.web.forms import Filled, Nothing
from engage.web.house import actor, house

MOST_WORDS, MOST_ID = 10_000, 2**31 - 1
Act = Callable[[AsyncSession, Dialogue, Minutes], Awaitable[None]]


class WordsForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = Field(default=0, ge=0, le=MOST_ID)
    opening: Lines = Field(default="", max_length=MOST_WORDS)
    closing: Lines = Field(default="", max_length=MOST_WORDS)


class EntryForm(BaseModel):
    """`place` counts from one, as the desk shows it. `left_out` is what its button says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = Field(default=0, ge=0, le=MOST_ID)
    title: Line = Field(default="", max_length=240)
    place: int = Field(default=1, ge=1, le=9_999)
    left_out: Literal["", "yes"] = ""


class VersionForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = Field(default=0, ge=0, le=MOST_ID)


class DecisionForm(VersionForm):
    act: Literal["approve", "return"] = "return"
    note: Line = Field(default="", max_length=500)


async def desk(request: Request) -> Response:
    return await _page(request, Filled())


async def draft(request: Request) -> Response:
    """The first time, and again for what was answered since."""
    form = await kit.form(request, Nothing)
    if form.model is None:
        return await _page(request, form)
    try:
        async with kit.transaction(request) as db:
            await minutes.draft(db, actor(request), await _edited(request, db))
            return kit.see_other(request, db, _path(request))
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await _page(request, form)


async def edit(request: Request) -> Response:
    form = await kit.form(request, WordsForm)

    async def act(db: AsyncSession, dialogue: Dialogue, written: Minutes) -> None:
        if form.model:
            typed = form.model
            await minutes.edit(db, actor(request), dialogue, written, typed.version, typed.opening, typed.closing)

    return await _act(request, form, act)


async def edit_entry(request: Request) -> Response:
    form, question_id = await kit.form(request, EntryForm), request.path_params["question"]

    async def act(db: AsyncSession, dialogue: Dialogue, written: Minutes) -> None:
        typed = form.model or EntryForm()
        entry = await minutes.entry(db, written.key, question_id)
        await minutes.edit_entry(
            db,
            actor(request),
            dialogue,
            written,
            entry,
            typed.version,
            title=typed.title,
            place=typed.place - 1,
            left_out=typed.left_out == "yes",
        )

    return await _act(request, form, act, anchor=f"#entry-{question_id}")


async def send(request: Request) -> Response:
    form = await kit.form(request, VersionForm)

    async def act(db: AsyncSession, dialogue: Dialogue, written: Minutes) -> None:
        await minutes.send(db, actor(request), dialogue, written, form.model.version if form.model else 0)

    return await _act(request, form, act)


async def decide(request: Request) -> Response:
    form = await kit.form(request, DecisionForm)

    async def act(db: AsyncSession, dialogue: Dialogue, written: Minutes) -> None:
        typed = form.model or DecisionForm()
        if typed.act == "approve":
            await minutes.approve(db, actor(request), dialogue, written, typed.version)
        else:
            await minutes.return_(db, actor(request), dialogue, written, typed.note)

    return await _act(request, form, act)


async def publish(request: Request) -> Response:
    form = await kit.form(request, Nothing)

    async def act(db: AsyncSession, dialogue: Dialogue, _written: Minutes) -> None:
        await staging.publish(db, actor(request), dialogue)

    return await _act(request, form, act)


async def _act(request: Request, form: Filled[Any], act: Act, *, anchor: str = "") -> Response:
    if form.model is None:
        return await _page(request, form)
    try:
        async with kit.transaction(request) as db:
            dialogue = await _edited(request, db)
            await act(db, dialogue, await minutes.one(db, dialogue.key))
            return kit.see_other(request, db, _path(request) + anchor)
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await _page(request, form)


async def _edited(request: Request, db: AsyncSession) -> Dialogue:
    """For its editors; missing for everybody else."""
    who = actor(request)
    dialogue = await dialogues.seen_by(db, who, request.path_params["id"])
    if not may_edit(who, dialogue.key):
        raise NotFound()
    return dialogue


async def _page(request: Request, form: Filled[Any]) -> Response:
    view = await load.view(request)
    async with kit.reading(request) as db:
        dialogue = await _edited(request, db)
        written = await minutes.of(db, dialogue.key)
        context: dict[str, Any] = {"dialogue": dialogue, "written": written, "entries": [], "paper": None}
        if written is not None:
            held = await proceedings.of(db, dialogue)
            minuted = Minuted(view, lambda path: house(request).settings.address + path)
            names = await people.names(db, [written.written_by, written.approved_by])
            context |= {
                "entries": await _entries(db, written, form, request.path_params.get("question")),
                "paper": papers.html(minuted.blocks(held), below=2),
                "writer": names.get(written.written_by, ""),
                "approver": names.get(written.approved_by or 0, ""),
                "is_writer": actor(request).person_id in written.writers,
                "state": kit.translator(request).say(words.minuting.STATES[written.state]),
            }
            form.values = {"opening": written.opening, "closing": written.closing, **form.values}
    return kit.page(request, "dialogues/minutes_desk.html", status=form.answer_status, form=form, **context)


async def _entries(db: AsyncSession, written: Minutes, form: Filled[Any], typed: int | None) -> list[dict[str, Any]]:
    """As the desk lists them. What readers do not see any more stays in its place, without a word of it."""
    rows = await minutes.entries(db, written.key)
    ids = [row.question_id for row in rows]
    seen = select(col(Question.id), col(Question.title)).where(col(Question.id).in_(ids), visible(Question, PUBLIC))
    titles = dict((await db.exec(seen)).all())
    return [
        _entry(row, place, titles.get(row.question_id), form, is_typed=row.question_id == typed)
        for place, row in enumerate(rows, start=1)
    ]


def _entry(row: Entry, place: int, title: str | None, form: Filled[Any], *, is_typed: bool) -> dict[str, Any]:
    """What was typed and not stored stands in its own row."""
    return {
        "question_id": row.question_id,
        "shown": title,
        "title": form["title"] if is_typed else row.title,
        "place": form["place"] if is_typed else place,
        "left_out": row.left_out,
        "is_typed": is_typed,
    }


def _path(request: Request) -> str:
    return f"/dialogues/{request.path_params['id']}/minutes/edit"
