"""What was covered in a question, for who is cleared: each time with who and which words, and taking the last one back."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import people, questions, redactions, takedowns
from engage.access import Moderation
from engage.ask import Line
from engage.errors import Conflict, NotFound, Refused
from engage.questions import Question
from engage.redactions import Redaction
from engage.web import kit, marks, sealed_reads, told
from engage.web.forms import Filled
from engage.web.house import actor


class UncoverForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Line = Field(default="", max_length=500)


async def show(request: Request) -> Response:
    return await _page(request, Filled())


async def uncover(request: Request) -> Response:
    form, question_id = await kit.form(request, UncoverForm), request.path_params["id"]
    if not actor(request).may_unseal:
        raise NotFound()
    if form.model is None:
        return await _page(request, form)
    try:
        async with kit.transaction(request) as db:
            question = await questions.seen_by(db, actor(request), question_id)
            await takedowns.uncover(db, actor(request), question, form.model.reason)
            return kit.see_other(request, db, told.telling(f"/review/questions/{question_id}", "uncovered"))
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await _page(request, form)


async def _page(request: Request, form: Filled[Any]) -> Response:
    question_id = request.path_params["id"]
    await sealed_reads.of_original(request, question_id)
    async with kit.reading(request) as db:
        question = await questions.seen_by(db, actor(request), question_id)
        made = await redactions.of(db, question)
        names = await people.names(db, [one.by for one in made])
        context = {
            "question": question,
            "times": [_shown(one, names.get(one.by or 0, "")) for one in reversed(made)],
            "can_uncover": await _can_uncover(db, question),
        }
    return kit.page(request, "review/original.html", status=form.answer_status, form=form, **context)


async def _can_uncover(db: AsyncSession, question: Question) -> bool:
    return question.moderation == Moderation.ACCEPTED and await redactions.can_uncover(db, question)


def _shown(one: Redaction, name: str) -> dict[str, Any]:
    text = {"title": one.text.title, "body": one.text.body}
    drawn = {
        field: marks.found(said, sorted({(span.start, span.end) for span in one.spans if span.field == field}))
        for field, said in text.items()
    }
    return {
        "name": name,
        "at": one.at,
        "words": [text[span.field][span.start : span.end] for span in one.spans],
        "title": drawn["title"],
        "body": drawn["body"],
        "taken_back_for": one.taken_back_for,
    }
