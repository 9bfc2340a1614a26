"""Saying "I ask this too", and taking it back. Public pages are the same for everybody; what is one's own stands here."""

from typing import Any

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from engage import follows, questions, voting
from engage.access import PUBLIC
from engage.errors import NotFound, Refused
from engage.questions import SURFACE
from engage.web import guards, kit, voters
from engage.web.forms import Filled
from engage.web.house import actor, house


class VoteForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    on: bool = True


async def form(request: Request) -> Response:
    return await _form(request, Filled())


async def vote(request: Request) -> Response:
    """Not in a transaction of its own: whoever votes in the same moment is written together. Twice is once by the row's key."""
    form, question_id = await kit.form(request, VoteForm), request.path_params["id"]
    if form.model is None:
        return await _form(request, form)
    kit.must_be_ours(request)
    ballot = voters.by_form(request, actor(request), question_id, on=form.model.on)
    reason = await house(request).ballots.cast(ballot)
    if reason == voting.NOWHERE:
        raise NotFound()
    if reason is not None:
        form.refuse(Refused(reason), kit.translator(request))
        return await _form(request, form)
    return kit.redirect(request, f"/questions/{question_id}/vote")


async def _form(request: Request, form: Filled[VoteForm]) -> Response:
    question_id, who = request.path_params["id"], actor(request)
    voter, visitor = voters.voter_of(request, who), request.state.visitor
    async with kit.reading(request) as db:
        question = await questions.seen_by(db, PUBLIC, question_id)
        context: dict[str, Any] = {
            "title": question.title,
            "question_id": question_id,
            "votes": (await voting.counts(db, [question_id]))[question_id],
            "has_voted": bool(voter) and await voting.has_voted(db, voter, question_id),
            "is_own": who.opened == f"{SURFACE}:{question_id}",
            "is_following": bool(visitor)
            and await follows.is_following(db, SURFACE, question_id, guards.digest(visitor)),
        }
    return kit.page(request, "votes/form.html", status=form.answer_status, form=form, **context)
