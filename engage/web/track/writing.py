"""Texts of an asker that are screened like the first one: a correction, what an agency asked for, one more question."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import acts, clarifications, corrections, follow_ups, intake, people, questions, receipts, review
from engage.access import Moderation
from engage.acts import Act
from engage.agencies import Agency
from engage.ask import ABROAD, LEAST_BODY, Correction, Telling
from engage.clarifications import ReplyForm
from engage.errors import Conflict, Refused, TooMany
from engage.questions import Question
from engage.web import kit, load
from engage.web.forms import Filled
from engage.web.house import CODE_SESSION, house, language
from engage.web.origin import note_posted
from engage.web.track.doing import PAGE
from engage.web.track.page import opened, page, refuse
from engage.web.views import Directory
from moderation.screening import Submission, Verdict

CHANNELS = "/questions/denunciation"


class Hinted(Exception):
    """It may be a denunciation: the text goes back to its author, who says what it is. Nothing is stored."""


async def correcting(request: Request) -> Response:
    return await _correcting(request, Filled())


async def correct(request: Request) -> Response:
    async with kit.reading(request) as db:
        model = corrections.form_of(await opened(request, db))
    form: Filled[Correction] = await kit.form(request, model)
    if form["judged"] == "denunciation":
        return kit.redirect(request, CHANNELS)
    if form.model is None:
        return await _correcting(request, form)
    typed = form.model
    try:
        async with kit.judging(request) as db:
            surface = (await opened(request, db)).surface
            text = Submission(typed.title, typed.body)
            verdict = await _verdict(db, surface, text, typed.judged, least=typed.least)
            directory = await intake.find_directory(db, typed)
        async with kit.transaction(request) as db:
            question = await opened(request, db)
            await corrections.correct(db, question, typed, directory, verdict)
            await note_posted(request, db, question.author_id, question.key)
            return kit.see_other(request, db, PAGE)
    except Hinted:
        return await _correcting(request, form, denunciation=True)
    except (Refused, Conflict, TooMany) as failure:
        await refuse(request, form, failure)
        return await _correcting(request, form)


async def clarify(request: Request) -> Response:
    form = await kit.form(request, ReplyForm)
    if form["judged"] == "denunciation":
        return kit.redirect(request, CHANNELS)
    if form.model is None:
        return await page(request, form, Act.CLARIFY)
    typed = form.model
    try:
        async with kit.judging(request) as db:
            surface = (await opened(request, db)).surface
            verdict = await _verdict(db, surface, Submission("", typed.answer), typed.judged)
        async with kit.transaction(request) as db:
            question = await opened(request, db)
            await clarifications.reply(db, question, typed, verdict)
            await note_posted(request, db, question.author_id, question.key)
            return kit.see_other(request, db, PAGE)
    except Hinted:
        return await page(request, form, Act.CLARIFY, denunciation=True)
    except (Refused, Conflict, TooMany) as failure:
        await refuse(request, form, failure)
        return await page(request, form, Act.CLARIFY)


async def follow_up(request: Request) -> Response:
    """A question of its own: its receipt is shown next, and the browser goes on with the new one."""
    form = await kit.form(request, Telling)
    if form["judged"] == "denunciation":
        return kit.redirect(request, CHANNELS)
    if form.model is None:
        return await page(request, form, Act.FOLLOW_UP)
    try:
        return await _follow_up(request, form.model)
    except Hinted:
        return await page(request, form, Act.FOLLOW_UP, denunciation=True)
    except (Refused, Conflict, TooMany) as failure:
        await refuse(request, form, failure)
        return await page(request, form, Act.FOLLOW_UP)


async def _follow_up(request: Request, typed: Telling) -> Response:
    key = kit.form_key(request)
    if not key:
        raise Refused("stale_form")
    code = receipts.code_for(house(request).settings.secret, request.state.visitor, key)
    async with kit.judging(request) as db:
        first = await opened(request, db)
        verdict = await _verdict(db, first.surface, Submission(typed.title, typed.body), typed.judged)
        author = await load.author_of(db, first)
    is_mailed = bool(author and author.email) and kit.may_write_to(request, (author and author.email) or "")
    async with kit.transaction(request) as db:
        first = await opened(request, db)
        sent = await follow_ups.ask(db, first, typed, code=code, language=language(request), is_mailed=is_mailed)
        await review.look_at(db, first.surface, sent.id, verdict)
        await note_posted(request, db, sent.author_id, sent.id)
        token = await people.sign_in(db, sent.author_id, only=f"{questions.SURFACE}:{sent.id}")
        response = kit.see_other(request, db, f"/questions/sent/{key}")
    kit.set_cookie(request, response, CODE_SESSION, token, int(people.CODE_IDLE.total_seconds()))
    return response


async def _verdict(db: Any, surface: str, text: Submission, judged: str, *, least: int = LEAST_BODY) -> Verdict:
    verdict = await review.examine(db, surface, text, least=least)
    if verdict.outcome == "denunciation" and judged != "question":
        raise Hinted()
    return verdict


async def _correcting(request: Request, form: Filled[Correction], *, denunciation: bool = False) -> Response:
    view = await load.view(request)
    async with kit.reading(request) as db:
        question = await opened(request, db)
        decision = await load.refusal(db, question, view.translator.language)
        may = Act.CORRECT in (await acts.standing(db, question)).acts
    form.values = {**_stored(view.directory, question), **form.values}
    status = form.status if denunciation else form.answer_status
    return kit.page(
        request,
        "track/correct.html",
        status=status,
        form=form,
        kind=question.kind,
        decision=decision,
        may=may,
        corrected_at=question.corrected_at,
        is_out=question.moderation == Moderation.ACCEPTED,
        is_live=question.dialogue_id is not None,
        denunciation=denunciation,
        topic_groups=load.topic_groups(view),
        provinces=view.directory.choices["provinces"],
        agencies=view.directory.choices["agencies"],
    )


def _stored(directory: Directory, question: Question) -> dict[str, str]:
    """What stands in the form before anything is typed."""
    topic = directory.topics.get(question.topic_id)
    province = directory.provinces.get(question.province_id)
    wished: Agency | None = directory.agencies.get(question.wished_agency_id)
    return {
        "title": question.title,
        "body": question.body,
        "topic": topic.slug if topic else "",
        "province": ABROAD if question.country else province.slug if province else "",
        "country": question.country or "",
        "agency": wished.slug if wished else "",
    }
