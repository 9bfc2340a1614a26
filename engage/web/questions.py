"""Asking: the form, and what comes after sending it."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from engage import (
    archive,
    attachments,
    deadlines,
    dialogues,
    forwarding,
    intake,
    questions,
)
from engage.access import Moderation
from engage.ask import CONSENT_VERSION, MOST_TITLE, Ask
from engage.db import now
from engage.deadlines import Step
from engage.errors import Failure, NotFound, Refused, TooMany
from engage.web import kit, load, sending, uploads
from engage.web.forms import Filled
from engage.web.house import actor, language
from engage.web.sending import ASKED_BEFORE, DENUNCIATION_HINT

RECEIPT_SHOWN = timedelta(minutes=30)
SUGGESTED, SUGGESTED_FROM, TWINS_FROM = 3, 0.3, 0.5


async def ask(request: Request) -> Response:
    return await page(request, Filled(values=_suggested(request)))


async def create(request: Request) -> Response:
    """Store a question and hold it when a person must look first. A denunciation hint gives the text back, nothing stored."""
    form = await kit.form(request, Ask, files=True)
    if form["judged"] == "denunciation":
        await uploads.forget(request, form, attachments.QUESTION)
        return kit.redirect(request, "/questions/denunciation")
    if form.enclosed.files and await sending.is_hinted(request, form, questions.SURFACE, "body"):
        await uploads.forget(request, form, attachments.QUESTION)
    else:
        await uploads.receive(request, form, attachments.QUESTION)
    if form.model is None or form.enclosed.remove:
        return await page(request, form)
    ask = form.model
    try:
        return await _submit(request, form, ask, sending.key_of(request, ask))
    except Failure as failure:
        if failure.reason == DENUNCIATION_HINT:
            await uploads.forget(request, form, attachments.QUESTION)
            return await page(request, form, denunciation=True)
        if failure.reason == ASKED_BEFORE:
            return await page(request, form, twins=ask.title)
        if isinstance(failure, Refused | TooMany):
            form.refuse(failure, kit.translator(request))
            return await page(request, form)
        raise


async def _submit(request: Request, form: Filled[Ask], ask: Ask, key: str) -> Response:
    async with kit.judging(request) as db:
        verdict = await sending.judged(db, ask)
        if not (ask.seen or ask.judged) and await archive.near(db, ask.title, 1, TWINS_FROM):
            raise Refused(ASKED_BEFORE)
        directory = await intake.find_directory(db, ask)
    is_mailed = bool(ask.email) and kit.may_write_to(request, ask.email)
    code, spoken = sending.code_of(request, key), language(request)
    async with kit.transaction(request) as db:
        submitted = await intake.submit(db, ask, directory, code=code, language=spoken, is_mailed=is_mailed)
        names = {"channel": f"question:{submitted.id}", "owner": f"person:{submitted.author_id}"}
        await uploads.bind(db, request, form, attachments.QUESTION, submitted.id, **names)
        if ask.thread is not None:
            await forwarding.forward(db, actor(request), ask.thread, submitted.id)
        return await sending.received(request, db, submitted, verdict, key)


async def sent(request: Request) -> Response:
    """The receipt, for the visitor who sent the form: the code is computed again, it is stored nowhere."""
    if not request.state.visitor:
        raise NotFound()
    code = sending.code_of(request, request.path_params["key"])
    view = await load.view(request)
    async with kit.reading(request) as db:
        question = await questions.by_code(db, code)
        if now(db) - question.created_at > RECEIPT_SHOWN:
            raise NotFound()
        author = await load.author_of(db, question)
        review_days = await deadlines.days_for(db, question.surface, Step.MODERATE)
        dialogue = await dialogues.one(db, question.dialogue_id) if question.dialogue_id else None
        merged_into = await load.merged_into(db, view, question)
    is_mailed = bool(author and author.email)
    return kit.page(
        request,
        "questions/sent.html",
        code=code,
        question={**view.question(question, author), "held": question.moderation == Moderation.HELD},
        mailed=is_mailed,
        phone_only=not is_mailed,
        dialogue=dialogue,
        merged_into=merged_into,
        review_days=review_days,
    )


async def denunciation(request: Request) -> Response:
    return kit.page(request, "questions/denunciation.html")


async def page(request: Request, form: Filled[Ask], *, denunciation: bool = False, twins: str = "") -> Response:
    """The form with what was typed; `twins` is the title that resembles earlier ones, once it was about to be sent."""
    view, tray = await load.view(request), await uploads.tray(request, form, attachments.QUESTION)
    async with kit.reading(request) as db:
        least = TWINS_FROM if twins else SUGGESTED_FROM
        lines = await load.suggested(db, view, str(form["title"])[:MOST_TITLE], SUGGESTED, least)
    is_wrong = bool(form.errors or form.note or denunciation or twins)
    return kit.page(
        request,
        "questions/ask.html",
        status=form.status if is_wrong else 200,
        form=form,
        topic_groups=load.topic_groups(view),
        provinces=view.directory.choices["provinces"],
        agencies=view.directory.choices["agencies"],
        consent=load.consent(view, CONSENT_VERSION),
        denunciation=denunciation,
        twins=bool(twins),
        lines=lines,
        tray=tray,
    )


def _suggested(request: Request) -> dict[str, str]:
    """A link may bring a topic, a province or an agency along."""
    names = ("topic", "province", "agency")
    return {name: request.query_params[name][:80] for name in names if name in request.query_params}
