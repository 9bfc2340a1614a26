"""Texts that no agency has, and sending any accepted one elsewhere."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import agencies, archive, assignments, circles, publication, questions
from engage.access import Moderation
from engage.ask import Line
from engage.db import MOST_ID, now
from engage.errors import Conflict, NotFound, Refused
from engage.questions import Question
from engage.web import kit, load
from engage.web.forms import Filled
from engage.web.house import actor
from engage.web.language import localized
from engage.web.review import accepted, tray
from engage.web.review import page as pages
from engage.web.views import View, paragraphs


class RouteForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    agency: str = Field(default="", max_length=80)
    other: str = Field(default="", max_length=80)
    reason: Line = Field(default="", max_length=1000)

    @property
    def slug(self) -> str:
        return self.other if self.agency in {"", "other"} else self.agency


async def route(request: Request) -> Response:
    """Send a question that nobody has, or override where it was sent."""
    form, question_id = await kit.form(request, RouteForm), request.path_params["id"]
    stays = request.query_params.get("on") == "question"  # sent from the question's own page
    if form.model is None:
        return await accepted.page(request, form) if stays else await page(request, str(question_id), form)
    try:
        async with kit.transaction(request) as db:
            question = await questions.seen_by(db, actor(request), question_id)
            chosen = await agencies.chosen(db, form.model.slug, field="other")
            await assignments.reroute(db, actor(request), question, chosen.id or 0, form.model.reason)
            await publication.note_transfer(db, question)
            return kit.see_other(request, db, f"/review/questions/{question_id}" if stays else "/review?tab=unrouted")
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await accepted.page(request, form) if stays else await page(request, str(question_id), form)


async def page(request: Request, question_id: str, form: Filled[Any]) -> Response:
    view = await load.view(request)
    live = await tray.room(request)
    async with kit.reading(request) as db:
        waiting = await archive.unrouted(db, tray.TRAY)
        passed = await circles.passed(db, [question.key for question in waiting])
        picked = await _picked(request, db, question_id)
        context: dict[str, Any] = {
            **await tray.of(db, request, view, None),
            "live": live,
            "tray": [_item(view, row, picked, now(db)) | {"passed": passed.get(row.key, 0)} for row in waiting],
            "count": len(waiting),
            "tab": "unrouted",
            "case": None,
            "unrouted": await _without_agency(db, view, picked) if picked else None,
            "reasons": [],
            "agencies": pages.answering(view),
            "may_unseal": actor(request).may_unseal,
        }
    return kit.page(request, "review/show.html", status=form.answer_status, form=form, **context)


async def _picked(request: Request, db: AsyncSession, question_id: str) -> Question | None:
    """One without an agency, or one that went to a wrong one: any accepted question can be sent elsewhere."""
    if not question_id.isdecimal() or int(question_id) > MOST_ID:
        return None
    try:
        question = await questions.seen_by(db, actor(request), int(question_id))
    except NotFound:
        return None
    return question if question.moderation == Moderation.ACCEPTED else None


async def _without_agency(db: AsyncSession, view: View, question: Question) -> dict[str, Any]:
    turns = await assignments.of(db, question)
    shown = view.question(question, await load.author_of(db, question), for_desk=True)
    return {
        "question": {**shown, "body": paragraphs(question.body)},
        "routes": await pages.routes(db, view, question),
        "why": turns[-1].ended_reason if turns else "",
    }


def _item(view: View, question: Question, picked: Question | None, at: Any) -> dict[str, Any]:
    return {
        "id": None,
        "url": localized(f"/review?tab=unrouted&question={question.id}", view.translator.language),
        "title": question.title,
        "surface": "",
        **view.kind(question),
        "waited": view.waited(question.accepted_at or question.created_at, at),
        "late": False,
        "taken_by": None,
        "mine": False,
        "in_bulk": False,
        "current": picked is not None and question.id == picked.id,
    }
