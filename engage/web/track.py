"""The asker's private page: opened by the receipt code, for one question only."""

from typing import Any

from markupsafe import Markup
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import deadlines, people, questions, revisions, signin, timeline
from engage.access import Moderation
from engage.deadlines import Step
from engage.errors import Failure
from engage.questions import Question
from engage.signin import TrackForm
from engage.web import guards, kit, load, published
from engage.web.forms import Filled
from engage.web.house import CODE_SESSION, actor, cookie
from engage.web.language import localized
from engage.web.views import paragraphs


async def form(request: Request) -> Response:
    return kit.page(request, "track/open.html", form=Filled())


async def open_(request: Request) -> Response:
    typed = await kit.form(request, TrackForm)
    if typed.model is None:
        return kit.page(request, "track/open.html", status=typed.status, form=typed)
    try:
        async with kit.transaction(request) as db:
            token = await signin.with_code(db, typed.model.code)
    except Failure as failure:
        if not failure.field:
            raise
        typed.refuse(failure, kit.translator(request))
        return kit.page(request, "track/open.html", status=typed.status, form=typed)
    response = kit.redirect(request, "/track/question")
    kit.set_cookie(request, response, CODE_SESSION, token, int(people.CODE_IDLE.total_seconds()))
    return response


async def show(request: Request) -> Response:
    who = actor(request)
    question_id = int(who.opened.partition(":")[2])
    live = await kit.live_room(request, "question", question_id, f"question:{question_id}")
    view = await load.view(request)
    async with kit.reading(request) as db:
        question = await questions.seen_by(db, who, question_id)
        is_public = question.moderation == Moderation.ACCEPTED and not question.sealed
        shown = view.question(question, await load.author_of(db, question), for_desk=True)
        context: dict[str, Any] = {
            "question": {**shown, "original": await _original(db, question)},
            "steps": view.steps(await timeline.of(db, question)),
            "due": view.due(await load.due(db, question)),
            "decision": await load.refusal(db, question, view.translator.language),
            "public_url": localized(f"/questions/{question_id}", view.translator.language) if is_public else None,
            "answer": await published.answer(db, view, question),
            "live": live if is_public else None,
            "review_days": await deadlines.days_for(db, questions.SURFACE, Step.MODERATE),
        }
    return kit.page(request, "track/show.html", **context)


async def close(request: Request) -> Response:
    await kit.form(request, TrackForm)
    async with kit.transaction(request) as db:
        await people.sign_out(db, cookie(request, CODE_SESSION))
        response = kit.see_other(request, db, "/")
    kit.set_cookie(request, response, CODE_SESSION, "", 0)
    kit.set_cookie(request, response, guards.VISITOR, "", 0)  # with it the receipt page could be opened again
    return response


async def _original(db: AsyncSession, question: Question) -> Markup | None:
    """What was sent, when something in it was covered since."""
    kept = await revisions.of(db, questions.SURFACE, question.key)
    return paragraphs(kept[0].content["body"]) if kept else None
