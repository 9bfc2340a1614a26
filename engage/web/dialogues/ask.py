"""Asking in a dialogue: the same form, screening and receipt as elsewhere, short, and only while it takes questions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import clusters, dialogue_asks, dialogues, guests, intake, votes
from engage.ask import CONSENT_VERSION, LEAST_LIVE_BODY, MOST_TITLE, LiveAsk
from engage.dialogue_asks import SENT_BEFORE
from engage.errors import Failure, Refused, TooMany
from engage.web import kit, load, sending
from engage.web.forms import Filled, said_by
from engage.web.house import actor, house, language
from engage.web.questions import RECEIPT_SHOWN
from engage.web.sending import ASKED_BEFORE, DENUNCIATION_HINT
from moderation.screening import Submission, fingerprint

SUGGESTED = 3
# What an ordinary question takes over of one that came too late.
TAKEN_ALONG = ("title", "body", "name", "email", "province", "anonymous", "consent")


async def show(request: Request) -> Response:
    return await _form(request, Filled(values={"group": request.query_params.get("group", "")[:20]}))


async def send(request: Request) -> Response:
    form = await kit.form(request, LiveAsk)
    if form["judged"] == "denunciation":
        return kit.redirect(request, "/questions/denunciation")
    if form.model is None:
        return await _form(request, form)
    try:
        sending.key_of(request, form.model)
        return await _send(request, form.model, _receipt(request, form.model))
    except (Refused, TooMany) as failure:
        return await _refused(request, form, failure)


async def near(request: Request) -> Response:
    """A fragment for the asking page: who asks much the same in this dialogue."""
    typed = " ".join(request.query_params.get("q", "").split())[:MOST_TITLE]
    async with kit.reading(request) as db:
        dialogue = await dialogues.seen_by(db, actor(request), request.path_params["id"])
        found = await clusters.near(db, dialogue.key, typed, SUGGESTED)
    return kit.page(request, "dialogues/_near.html", dialogue=dialogue, near=found)


async def _send(request: Request, ask: LiveAsk, key: str) -> Response:
    dialogue_id, who, code = request.path_params["id"], actor(request), sending.code_of(request, key)
    async with kit.judging(request) as db:
        dialogue = await dialogues.seen_by(db, who, dialogue_id)
        await dialogue_asks.must_be_new(db, code)
        verdict = await sending.judged(db, ask, least=LEAST_LIVE_BODY)
        if not (ask.seen or ask.judged) and await clusters.near(db, dialogue.key, ask.title, 1):
            raise Refused(ASKED_BEFORE)
        directory = await intake.find_directory(db, ask)
    voter = votes.of_person(who.person_id) if who.person_id else votes.of_visitor(request.state.visitor)
    names: Mapping[str, Any] = {
        "asker": dialogue_asks.asker_of(house(request).settings.secret, dialogue_id, voter),
        "code": code,
        "language": language(request),
        "is_mailed": bool(ask.email) and kit.may_write_to(request, ask.email),
    }
    async with kit.transaction(request) as db:
        dialogue = await dialogues.seen_by(db, who, dialogue_id)
        sent = await dialogue_asks.send(db, dialogue, ask, directory, **names)
        return await sending.received(request, db, sent, verdict, key)


def _receipt(request: Request, ask: LiveAsk) -> str:
    """Names the words, not the form they came in: who sends them again is led to the first receipt."""
    return f"{request.path_params['id']}-{fingerprint(Submission(ask.title, ask.body))}"


def _first_receipt(request: Request, form: Filled[LiveAsk], failure: Failure) -> str | None:
    """Of the same words sent before; empty when it is not shown any more. None when something else was refused."""
    at = failure.figures.get("at")
    if failure.reason != SENT_BEFORE or form.model is None or not isinstance(at, datetime):
        return None
    return _receipt(request, form.model) if house(request).store.clock() - at < RECEIPT_SHOWN else ""


async def _refused(request: Request, form: Filled[LiveAsk], failure: Failure) -> Response:
    """Of a double click the second one may have met the first as somebody's question of just now."""
    await kit.answered_meanwhile(request)
    if failure.reason == DENUNCIATION_HINT:
        return await _form(request, form, denunciation=True)
    if failure.reason == ASKED_BEFORE:
        return await _form(request, form, twins=True)
    receipt = _first_receipt(request, form, failure)
    form.refuse(failure, kit.translator(request))
    return await _form(request, form, is_enough=failure.reason == "asked_enough", receipt=receipt)


async def _form(
    request: Request,
    form: Filled[LiveAsk],
    *,
    denunciation: bool = False,
    twins: bool = False,
    is_enough: bool = False,
    receipt: str | None = None,
) -> Response:
    """The form with what was typed. Where nothing is taken any more, the words are there still, and a way for them."""
    view = await load.view(request)
    async with kit.reading(request) as db:
        dialogue = await dialogues.seen_by(db, actor(request), request.path_params["id"])
        groups = await guests.groups(db, dialogue.key)
        found = await clusters.near(db, dialogue.key, str(form["title"])[:MOST_TITLE], SUGGESTED)
    why_not = dialogue_asks.why_not(dialogue)
    is_wrong = bool(form.errors or form.note or denunciation or twins)
    return kit.page(
        request,
        "dialogues/ask.html" if dialogue.stage in dialogues.ASKABLE and not is_enough else "dialogues/ask_over.html",
        status=form.status if is_wrong else 200,
        form=form,
        dialogue=dialogue,
        why_not=said_by(Refused(why_not), view.translator) if why_not else "",
        groups=groups,
        provinces=view.directory.choices["provinces"],
        consent=load.consent(view, CONSENT_VERSION),
        denunciation=denunciation,
        twins=twins,
        near=found,
        receipt=receipt,
        taken_along={name: form[name] for name in TAKEN_ALONG if form[name]},
    )
