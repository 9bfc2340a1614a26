"""The private page itself: where the question stands, what comes next and by when, what its asker can do now."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import access, acts, attachments, data_requests, deadlines, dialogues, questions, revisions, timeline, turns
from engage.access import Moderation
from engage.acts import Act, Standing
from engage.clarifications import Clarification
from engage.deadlines import Step
from engage.errors import Conflict, Failure
from engage.questions import Question
from engage.web import kit, load, naming, published, words
from engage.web.attachments import listed as files_of
from engage.web.forms import Filled
from engage.web.house import actor
from engage.web.language import localized
from engage.web.views import View, paragraphs


def opened_id(request: Request) -> int:
    return int(actor(request).opened.partition(":")[2])


async def opened(request: Request, db: AsyncSession) -> Question:
    return await questions.seen_by(db, actor(request), opened_id(request))


async def show(request: Request) -> Response:
    return await page(request, Filled())


async def refuse(request: Request, form: Filled[Any], failure: Failure) -> None:
    """Whoever "was faster" here is the asker, in another tab."""
    said = Conflict("moved_on_here") if failure.reason == "moved_on" else failure
    async with kit.reading(request) as db:
        kind = (await opened(request, db)).kind
    form.refuse(said, naming.about(kit.translator(request), kind))


async def page(
    request: Request, form: Filled[Any], failed: Act | None = None, *, denunciation: bool = False
) -> Response:
    """`failed`: the act whose form came back, with what was typed. `denunciation`: it waits for the asker's word about that."""
    question_id = opened_id(request)
    live = await kit.live_room(request, "mine", question_id, f"person:{actor(request).opened_by}")
    view = await load.view(request)
    async with kit.reading(request) as db:
        question = await opened(request, db)
        view = view.about(question.kind)
        standing = await acts.standing(db, question)
        shown = view.question(question, await load.author_of(db, question), for_desk=True)
        is_public = access.is_public(question)
        context: dict[str, Any] = {
            "question": {**shown, "original": await _original(db, question)},
            "steps": view.steps(await timeline.of(db, question)),
            "due": None if question.paused_at else await load.why_due(db, view, question),
            "decision": await load.refusal(db, question, view.translator.language),
            "public_url": localized(question.path, view.translator.language) if is_public else None,
            "answer": await published.answer(db, view, question),
            "attached": await files_of(db, view, request, attachments.QUESTION, question_id),
            "merged_into": await load.merged_into(db, view, question),
            "in_dialogue": await in_dialogue(db, view, question),
            "live": live,
            "review_days": await deadlines.days_for(db, question.surface, Step.MODERATE),
            "requests": [one for one in await data_requests.of(db, question) if one.state == "asked"],
            **await _linked(db, view, question, standing),
        }
    status = (form.status if denunciation else form.answer_status) if failed else 200
    side = {**_side(view, standing), "failed": failed, "blank": Filled(), "denunciation": denunciation}
    return kit.page(request, "track/show.html", status=status, form=form, **context, **side)


def _side(view: View, standing: Standing) -> Mapping[str, Any]:
    """The asker's own side: what passed, and what is possible."""
    say, rating = view.translator.say, standing.rating
    return {
        "acts": standing.acts,
        "corrected_at": standing.question.corrected_at,
        "rounds": [_round(one) for one in standing.rounds],
        "rating": rating,
        "rating_until": standing.rating_until,
        "follow_up_until": standing.follow_up_until,
        "verdicts": [(code, say(said)) for code, said in words.asking.VERDICTS.items()],
        "whys": [(code, say(said)) for code, said in words.asking.WHYS.items()],
        "looks": standing.looks,
        "appeal": standing.appeal,
    }


def _round(one: Clarification) -> dict[str, Any]:
    return {
        "words": paragraphs(one.words),
        "answer": paragraphs(one.answer),
        "state": one.state,
        "asked_at": one.asked_at,
        "due_at": one.due_at,
        "returned": one.returned_words,
    }


async def _linked(db: AsyncSession, view: View, question: Question, standing: Standing) -> dict[str, Any]:
    """What this one follows on, and what follows on it: by title only where that is public."""
    return {
        "follows_on": await load.linked(db, view, question.follows_on_id),
        "followed_by": await load.linked(db, view, standing.next_id),
        "has_follow_up": standing.next_id is not None,
    }


async def in_dialogue(db: AsyncSession, view: View, question: Question) -> dict[str, Any] | None:
    """Which dialogue it was sent to, and what became of it there. Once merged it goes on as another one."""
    turn = await turns.of_question(db, question.key) if question.dialogue_id else None
    if turn is None or question.merged_into_id is not None:
        return None
    dialogue, spoken = await dialogues.one(db, turn.dialogue_id), view.translator.language
    is_public = access.is_public(question)
    is_waiting = question.moderation in {Moderation.RECEIVED, Moderation.HELD}
    answer_url = localized(f"/dialogues/{dialogue.key}/answers/{question.key}", spoken)
    return {
        "title": dialogue.title,
        "url": localized(f"/dialogues/{dialogue.key}", spoken),
        "floor": turn.floor,
        "words": view.translator.say(words.rooming.FLOORS[turn.floor if is_public else ""])
        if is_public or is_waiting
        else "",
        "answer_url": answer_url if is_public and turn.answered_at else "",
    }


async def _original(db: AsyncSession, question: Question) -> Markup | None:
    """What was sent, when something in it was covered or corrected since."""
    kept = await revisions.of(db, questions.SURFACE, question.key)
    return paragraphs(kept[0].content["body"]) if kept else None
