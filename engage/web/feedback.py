"""Feedback: the form by kind, the public list and its search, a public page."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import archive, attachments, campaigns, feedback, intake, lists, receipts
from engage.campaigns import Campaign
from engage.db import now
from engage.errors import Failure, Refused, TooMany
from engage.feedback import FeedbackForm
from engage.lists import Filters, Order, Which
from engage.policies import Readership
from engage.questions import FEEDBACK, LISTS, Kind
from engage.web import cursors, kit, load, reading, sending, uploads, words
from engage.web.cursors import PAGE, Cursor
from engage.web.forms import Filled
from engage.web.house import language
from engage.web.language import localized
from engage.web.narrowing import Narrowing
from engage.web.questions import SUGGESTED, TWINS_FROM
from engage.web.sending import ASKED_BEFORE, DENUNCIATION_HINT
from engage.web.views import View

MOST_TYPED, MOST_PAGES = 200, 50


# Writing


async def new(request: Request) -> Response:
    return await _form(request, Filled(values=_suggested(request)))


async def create(request: Request) -> Response:
    """As a question is sent: screened at once, and a denunciation hint gives the text back with nothing stored."""
    form = await kit.form(request, FeedbackForm, files=True)
    if form["judged"] == "denunciation":
        await uploads.forget(request, form, attachments.QUESTION)
        return kit.redirect(request, "/questions/denunciation")
    if form.enclosed.files and await sending.is_hinted(request, form, FEEDBACK, "situation", "body"):
        await uploads.forget(request, form, attachments.QUESTION)
    else:
        await uploads.receive(request, form, attachments.QUESTION)
    if form.model is None or form.enclosed.remove:
        return await _form(request, form)
    try:
        return await _send(request, form, form.model, sending.key_of(request, form.model))
    except Failure as failure:
        if failure.reason == DENUNCIATION_HINT:
            await uploads.forget(request, form, attachments.QUESTION)
            return await _form(request, form, denunciation=True)
        if failure.reason == ASKED_BEFORE:
            return await _form(request, form, twins=form["title"])
        if isinstance(failure, Refused | TooMany):
            form.refuse(failure, kit.translator(request))
            return await _form(request, form)
        raise


async def _send(request: Request, form: Filled[FeedbackForm], typed: FeedbackForm, key: str) -> Response:
    whole = typed.model_copy(update={"body": feedback.composed(typed)})
    async with kit.judging(request) as db:
        verdict = await sending.judged(db, whole, surface=FEEDBACK)
        if await _is_twin(db, typed):
            raise Refused(ASKED_BEFORE)
        directory = await intake.find_directory(db, typed)
    is_mailed = bool(typed.email) and kit.may_write_to(request, typed.email)
    code, spoken = sending.code_of(request, key), language(request)
    async with kit.transaction(request) as db:
        sent = await feedback.send(db, typed, directory, code=code, language=spoken, is_mailed=is_mailed)
        names = {"channel": f"question:{sent.id}", "owner": f"person:{sent.author_id}"}
        await uploads.bind(db, request, form, attachments.QUESTION, sent.id, **names)
        return await sending.received(request, db, sent, verdict, key, surface=FEEDBACK)


async def _is_twin(db: AsyncSession, typed: FeedbackForm) -> bool:
    """A contribution is one of many on the same topic, and what few may read is compared with nothing."""
    if typed.seen or typed.judged or typed.kind == "contribution" or typed.readers == "restricted":
        return False
    return bool(await archive.near(db, typed.title, 1, TWINS_FROM, FEEDBACK))


async def _form(
    request: Request, form: Filled[FeedbackForm], *, denunciation: bool = False, twins: str = ""
) -> Response:
    """With what was typed; `twins` is the title that resembles earlier ones, once it was about to be sent."""
    view, tray = await load.view(request), await uploads.tray(request, form, attachments.QUESTION)
    async with kit.reading(request) as db:
        open_now, readership = await campaigns.taking(db), await feedback.readership(db)
        lines = await load.suggested(db, view, twins, SUGGESTED, TWINS_FROM, FEEDBACK) if twins else []
    kind = form["kind"] if form["kind"] in feedback.KINDS else Kind.REPORT
    is_wrong = bool(form.errors or form.note or denunciation or twins)
    return kit.page(
        request,
        "feedback/new.html",
        status=form.status if is_wrong else 200,
        form=form,
        kind=kind,
        kinds=_kinds(request, view),
        campaigns=open_now,
        may_choose=readership is Readership.CHOICE,
        topic_groups=load.topic_groups(view),
        consent=consent(view.about(kind), readership),
        denunciation=denunciation,
        twins=bool(twins),
        lines=lines,
        tray=tray,
        **view.directory.choices,
    )


def consent(view: View, readership: Readership) -> dict[str, str]:
    """What its author agrees to; `view` speaks of the kind."""
    said, say = load.consent(view, feedback.CONSENT[readership]), view.translator.say
    if readership is Readership.CHOICE:
        said["readers"] += " " + say(words.contributing.READERS)
    if readership is Readership.RESTRICTED:
        said |= {name: say(words.contributing.RESTRICTED[name]) for name in words.contributing.RESTRICTED}
    return said


def _kinds(request: Request, view: View) -> list[tuple[str, str, str]]:
    here = localized("/feedback/new", language(request))
    return [
        (code, view.translator.say(words.contributing.KINDS[code]), f"{here}?kind={code}") for code in feedback.KINDS
    ]


def _suggested(request: Request) -> dict[str, str]:
    names = ("kind", "campaign", "topic", "province", "agency")
    asked = {name: request.query_params[name][:80] for name in names if name in request.query_params}
    return asked | ({"kind": "contribution"} if "campaign" in asked else {})


# Reading


async def listed(request: Request) -> Response:
    narrowing, cursor = Narrowing.of(request, Which.ALL), Cursor.of(request)

    async def build() -> Mapping[str, Any]:
        return await _list(request, narrowing, cursor, "")

    address = f"/feedback{narrowing.address(**_more(request), **cursor.pairs)}"
    channels = [LISTS[FEEDBACK], campaigns.CHANNEL]
    return await kit.public_page(request, "feedback/list.html", address, channels, build, keeps=cursor.is_top)


async def searched(request: Request) -> Response:
    """A door of its own: dear, so it has a limit, and what has a limit is kept by nobody."""
    typed = " ".join(request.query_params.get("q", "").split())[:MOST_TYPED]
    if receipts.read(typed):
        return kit.page(request, "questions/search_code.html", code=typed)
    found = await _list(request, Narrowing.of(request, Which.ALL), Cursor.of(request), typed)
    return kit.page(request, "feedback/list.html", **found)


def _more(request: Request) -> dict[str, str]:
    """What feedback is narrowed by besides: its kind, and the campaign it answers."""
    kind, campaign = request.query_params.get("kind", ""), request.query_params.get("campaign", "")
    return {
        "kind": kind if kind in feedback.KINDS else "",
        "campaign": campaign if cursors.number(campaign) is not None else "",
    }


async def _list(request: Request, narrowing: Narrowing, cursor: Cursor, typed: str) -> Mapping[str, Any]:
    live = await kit.live_room(request, FEEDBACK, 0, LISTS[FEEDBACK])
    address = localized("/feedback/search" if typed else "/feedback", language(request))
    view, here, more = await load.view(request), address, _more(request)
    filters = replace(
        narrowing.filters(view),
        surface=FEEDBACK,
        kind=more["kind"] or None,
        campaign_id=int(more["campaign"]) if more["campaign"] else None,
    )

    def url(**changed: str) -> str:
        return here + narrowing.address(**{**more, "q": typed, **changed})

    async with kit.reading(request) as db:
        known = await campaigns.public(db)
        page, found = await _page(request, db, filters, cursor, typed, url)
        lines = await load.lines(db, view, page.rows, counted=False)
        shown = [_campaign(view, one, campaigns.standing(one, now(db))) for one in known]
    say = view.translator.say
    return {
        "live": live,
        "feed_url": localized("/feedback/feed.xml", language(request)),
        "lines": lines,
        **page.ways,
        "found": found,
        "most_counted": lists.COUNTED,
        "typed": typed,
        "more": more,
        "filters": narrowing.asked,
        "years": narrowing.years,
        "which": narrowing.which,
        "whiches": [(code, say(said)) for code, said in words.directing.WHICH.items()],
        "tabs": [("", say(words.contributing.EVERY), url(kind=""))]
        + [(code, say(words.contributing.KINDS[code]), url(kind=code)) for code in feedback.KINDS],
        "campaigns": shown,
        "open_campaigns": [one for one in shown if one["standing"].code == "open"],
        "chips": narrowing.chips(view, url) + _chip(shown, more["campaign"], url(campaign="")),
        **view.directory.choices,
    }


async def _page(
    request: Request, db: Any, filters: Filters, cursor: Cursor, typed: str, url: Any
) -> tuple[cursors.Paged, int]:
    """A page by place; of what was searched by its number."""
    if not typed:
        return await cursors.paged(db, filters, cursor, url), await lists.count(db, filters)
    number = min(max(cursors.number(request.query_params.get("page", "")) or 1, 1), MOST_PAGES)
    rows, found = await lists.searched(db, typed, filters, Order.BEST, PAGE, number)
    before = url(page=str(number - 1)) if number > 1 else None
    after = url(page=str(number + 1)) if found > number * PAGE and number < MOST_PAGES else None
    return cursors.Paged(rows, url() if number > 1 else None, before, after), found


def _campaign(view: View, campaign: Campaign, standing: campaigns.Standing) -> dict[str, Any]:
    return {
        "id": campaign.key,
        "title": campaign.title,
        "standing": view.standing(standing),
        "url": localized(f"/feedback/campaigns/{campaign.key}", view.translator.language),
        "closes_at": campaign.closes_at,
        "agency": view.directory.agencies.get(campaign.agency_id),
    }


def _chip(shown: list[dict[str, Any]], campaign: str, url: str) -> list[tuple[str, str]]:
    return [(one["title"], url) for one in shown if str(one["id"]) == campaign]


async def show(request: Request) -> Response:
    return await reading.page(request, f"/{FEEDBACK}/{request.path_params['id']}", FEEDBACK)
