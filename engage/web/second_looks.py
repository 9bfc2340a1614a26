"""The portal desk looks again at answers their askers found wanting, and reads clarifications that screening held."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import clarifications, questions, second_looks
from engage.access import Actor
from engage.ask import Lines
from engage.clarifications import Clarification
from engage.errors import Conflict, NotFound, Refused
from engage.questions import Question
from engage.second_looks import LookDecision, SecondLook
from engage.web import cursors, kit, load, published, sealed_reads, words
from engage.web.forms import Filled
from engage.web.house import actor
from engage.web.language import localized
from engage.web.templates import query
from engage.web.views import View, paragraphs

PAGE = "/review/second-looks"
MOST = 50


class ReadForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    decision: str = Field(default="", max_length=12)
    words: Lines = Field(default="", max_length=1000)


async def listed(request: Request) -> Response:
    return await _page(request, None, Filled())


async def show(request: Request) -> Response:
    return await _page(request, request.path_params["id"], Filled())


async def decide(request: Request) -> Response:
    form, look_id = await kit.form(request, LookDecision), request.path_params["id"]
    if form.model is None:
        return await _page(request, look_id, form)
    decision = form.model
    try:
        async with kit.transaction(request) as db:
            await second_looks.decide(db, actor(request), await second_looks.one(db, look_id), decision)
            return kit.see_other(request, db, PAGE)
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await _page(request, look_id, form)


async def read(request: Request) -> Response:
    """A clarification that was held: on to the agency, or back to the asker with words."""
    form, row_id = await kit.form(request, ReadForm), request.path_params["id"]
    async with kit.reading(request) as db:
        await _readable(db, actor(request), row_id)
    if form.model is None:
        return await _page(request, None, form, read_id=row_id)
    typed = form.model
    try:
        async with kit.transaction(request) as db:
            row = await _readable(db, actor(request), row_id)
            if typed.decision == "pass_on":
                await clarifications.pass_on(db, actor(request), row)
            else:
                await clarifications.hand_back(db, actor(request), row, typed.words)
            return kit.see_other(request, db, PAGE)
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await _page(request, None, form, read_id=row_id)


async def _readable(db: AsyncSession, who: Actor, row_id: int) -> Clarification:
    row = await clarifications.one(db, row_id)
    await questions.seen_by(db, who, row.question_id)
    if row.sealed and not who.may_unseal:
        raise NotFound()
    return row


async def _page(request: Request, look_id: int | None, form: Filled[Any], *, read_id: int | None = None) -> Response:
    who, view = actor(request), await load.view(request)
    await sealed_reads.of_clarifications(request, MOST)
    after = cursors.read(request.query_params.get("after", ""))
    here = localized(PAGE, view.translator.language)
    async with kit.reading(request) as db:
        found = await second_looks.one(db, look_id) if look_id is not None else None
        looks = await second_looks.waiting(db, who, MOST + 1, after=after)
        shown = looks[:MOST]
        context = {
            "looks": [await _item(db, view, look, look_id) for look in shown],
            "first_url": here if after else None,
            "next_url": here + query({"after": _place(shown[-1])}) if len(looks) > MOST else None,
            "look": await _look(db, view, who, found) if found else None,
            "held": [await _held(db, view, row) for row in await clarifications.held(db, who, MOST)],
        }
    return kit.page(
        request, "review/second_looks.html", status=form.answer_status, form=form, read_id=read_id, **context
    )


def _place(last: SecondLook) -> str:
    return cursors.written((last.asked_at, last.id or 0))


async def _item(db: AsyncSession, view: View, look: SecondLook, current: int | None) -> dict[str, Any]:
    question = await questions.one(db, look.question_id)
    return {
        "url": localized(f"{PAGE}/{look.id}", view.translator.language),
        "title": question.title,
        "agency": view.directory.agencies.get(look.agency_id),
        "asked_at": look.asked_at,
        "current": look.id == current,
    }


async def _look(db: AsyncSession, view: View, who: Actor, look: SecondLook) -> dict[str, Any]:
    question = await questions.seen_by(db, who, look.question_id)
    return {
        "id": look.id,
        "state": look.state,
        "words": paragraphs(look.words),
        "reply": paragraphs(look.reply),
        "asked_at": look.asked_at,
        "due_at": look.due_at,
        "question": view.question(question, await load.author_of(db, question), for_desk=True),
        "answer": await published.answer(db, view, question),
        "may_decide": second_looks.may_decide(who, await second_looks.deciders(db, question)),
    }


async def _held(db: AsyncSession, view: View, row: Clarification) -> dict[str, Any]:
    question: Question = await questions.one(db, row.question_id)
    return {
        "id": row.id,
        "title": view.translator.say(words.SEALED_TITLE) if row.sealed else question.title,
        "words": paragraphs(row.words),
        "answer": paragraphs(row.answer),
        "sealed": row.sealed,
    }
