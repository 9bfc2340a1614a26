"""What was let out before: cover a part of it, merge it, take it out again, hide it, restore it, seal it."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from engage import (
    access,
    calls,
    merges,
    notices,
    partings,
    people,
    policies,
    questions,
    redactions,
    seals,
    standing,
    takedowns,
    voting,
)
from engage.access import Actor, Moderation
from engage.ask import Line, Lines
from engage.assigned import IN_HAND
from engage.calls import CallForm
from engage.errors import Conflict, NotFound, Refused
from engage.questions import Question
from engage.redactions import Redaction
from engage.takedowns import HideForm
from engage.votes import Standing
from engage.web import kit, load, told, words
from engage.web.forms import Filled, Nothing, flat
from engage.web.house import actor
from engage.web.language import localized
from engage.web.review import page as pages
from engage.web.review import tray
from engage.web.views import View, paragraphs
from moderation.screening import Submission


class CoverForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    spans: tuple[str, ...] = Field(default=(), max_length=60)
    cover: Lines = Field(default="", max_length=2000)
    every: bool = False


class MergeForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    target: Line = Field(default="", max_length=200)


class VotesForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    standing: Literal[Standing.COUNTED, Standing.KEPT_OUT] = Standing.KEPT_OUT


async def show(request: Request) -> Response:
    return await page(request, Filled())


async def cover(request: Request) -> Response:
    form = await kit.form(request, CoverForm, shape=_shape, listed=("spans",))

    async def act(db: AsyncSession, question: Question) -> None:
        text, wished = Submission(question.title, question.body), form.model or CoverForm()
        chosen = redactions.chosen(text, wished.spans, wished.cover, is_every=wished.every)
        await takedowns.cover(db, actor(request), question, chosen)

    return await _act(request, form, act, done="covered")


async def call(request: Request) -> Response:
    """The portal desk called the agency, and writes down what was said."""
    form = await kit.form(request, CallForm)

    async def act(db: AsyncSession, question: Question) -> None:
        await calls.note(db, actor(request), question, form.model.call if form.model else "")

    return await _act(request, form, act)


async def hide(request: Request) -> Response:
    form = await kit.form(request, HideForm)

    async def act(db: AsyncSession, question: Question) -> None:
        await takedowns.hide(db, actor(request), question, form.model or HideForm())

    return await _act(request, form, act)


async def restore(request: Request) -> Response:
    form = await kit.form(request, Nothing)

    async def act(db: AsyncSession, question: Question) -> None:
        await takedowns.restore(db, actor(request), question)

    return await _act(request, form, act)


async def merge(request: Request) -> Response:
    """Not through `_act`: both rows are locked together, in one order."""
    form, question_id = await kit.form(request, MergeForm), request.path_params["id"]
    if form.model is None:
        return await page(request, form)
    try:
        async with kit.transaction(request) as db:
            target = await merges.target_of(db, question_id, form.model.target)
            wait = (await policies.policy_of(db, target.surface)).undo_for or notices.AT_ONCE
            made = await merges.merge(db, question_id, target.key, by=actor(request).person_id, wait=wait)
            if made.moderation != Moderation.ACCEPTED:  # what waits is merged by deciding its case
                raise NotFound()
            return kit.see_other(request, db, f"/review/questions/{question_id}")
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await page(request, form)


async def part(request: Request) -> Response:
    form, question_id = await kit.form(request, Nothing), request.path_params["id"]
    try:
        async with kit.transaction(request) as db:
            await partings.part(db, actor(request), question_id)
            return kit.see_other(request, db, f"/review/questions/{question_id}")
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await page(request, form)


async def judge_votes(request: Request) -> Response:
    """Votes that were set aside count, or stay out."""
    form = await kit.form(request, VotesForm)

    async def act(db: AsyncSession, question: Question) -> None:
        await voting.judge(db, actor(request), question, (form.model or VotesForm()).standing)

    return await _act(request, form, act)


async def seal(request: Request) -> Response:
    """Afterwards only who is cleared can open it; everybody else is back at the queue."""
    form = await kit.form(request, Nothing)
    try:
        async with kit.transaction(request) as db:
            question = await questions.seen_by(db, actor(request), request.path_params["id"])
            case = await seals.seal(db, actor(request), question)
            return kit.see_other(
                request, db, f"/review/cases/{case.id}" if actor(request).may_unseal else "/review?done=sealed"
            )
    except Conflict as failure:
        form.refuse(failure, kit.translator(request))
        return await page(request, form)


async def _act(
    request: Request, form: Filled[Any], act: Callable[[AsyncSession, Question], Awaitable[None]], *, done: str = ""
) -> Response:
    question_id = request.path_params["id"]
    if form.model is None:
        return await page(request, form)
    try:
        async with kit.transaction(request) as db:
            await act(db, await questions.seen_by(db, actor(request), question_id))
            path = f"/review/questions/{question_id}"
            return kit.see_other(request, db, told.telling(path, done) if done else path)
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await page(request, form)


async def page(request: Request, form: Filled[Any]) -> Response:
    view = await load.view(request)
    live = await tray.room(request)
    async with kit.reading(request) as db:
        question = await questions.seen_by(db, actor(request), request.path_params["id"])
        made = await redactions.of(db, question)
        context: dict[str, Any] = {
            "done": told.said(request, words.moderating.ACTED, _borne_out(made)),
            "has_original": not question.sealed and bool(made),
            **await tray.of(db, request, view, None),
            "live": live,
            "tab": "published",
            "case": None,
            "published": await _published(db, view, question, actor(request)),
            "reasons": await pages.reasons(db, view),
            "agencies": pages.answering(view),
            "may_unseal": actor(request).may_unseal,
        }
    return kit.page(request, "review/show.html", status=form.answer_status, form=form, **context)


def _borne_out(made: list[Redaction]) -> tuple[str, ...]:
    """Whether the last time that something was covered was taken back."""
    return ("uncovered" if made[-1].taken_back_for else "covered",) if made else ()


async def _published(db: AsyncSession, view: View, question: Question, who: Actor) -> dict[str, Any]:
    hidden = await takedowns.standing(db, question)
    is_out = question.moderation == Moderation.ACCEPTED
    below = await merges.below(db, question.key)
    return {
        "question": {
            **view.question(question, await load.author_of(db, question), for_desk=True),
            "body": paragraphs(question.body),
        },
        "hidden": hidden,
        "can_hide": is_out,
        **await _chased(db, view, question, who),
        "can_seal": seals.may_seal(question),
        "can_merge": is_out and question.merged_into_id is None,
        "merged_into": await pages.merged_into(db, view, question),
        "below": [await questions.one(db, question_id) for question_id in below[:20]],
        "votes": (await voting.counts(db, [question.key]))[question.key],
        "aside": await voting.aside(db, question),
        "alike": await pages.alike(db, view, question) if is_out else [],
    }


async def _chased(db: AsyncSession, view: View, question: Question, who: Actor) -> dict[str, Any]:
    """What helps a text that an agency does not move: another agency, a call, the paper typed in."""
    in_hand = calls.may_note(question) and question.answer in IN_HAND and question.merged_into_id is None
    made = await calls.of(db, [question.key])
    names = await people.names(db, [one.by for one in made])
    types = in_hand and access.can_transcribe(who, question, await standing.of(db, question))
    return {
        "can_route": in_hand,
        "can_call": in_hand,
        "routes": await pages.routes(db, view, question) if in_hand else [],
        "type_url": localized(f"/review/transcribe/{question.key}", view.translator.language) if types else None,
        "calls": [
            {
                "name": names.get(one.by, ""),
                "at": one.at,
                "agency": view.directory.agencies.get(one.agency_id),
                "words": one.words,
            }
            for one in made
        ],
    }


def _shape(body: FormData) -> dict[str, Any]:
    shaped = flat(body)
    if "spans" in shaped:
        shaped["spans"] = tuple(str(place) for place in body.getlist("spans"))
    return shaped
