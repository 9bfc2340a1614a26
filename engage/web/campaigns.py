"""Campaigns: the public page of one, and the pages on which an administrator writes, opens and closes them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from markupsafe import Markup
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import campaigns, lists, revisions
from engage.arranging import WRITTEN
from engage.campaigns import Campaign, CampaignForm, SummaryCorrection, SummaryForm
from engage.db import now
from engage.errors import Conflict, Failure
from engage.lists import Filters, Which
from engage.questions import FEEDBACK, LISTS
from engage.web import kit, load
from engage.web.forms import Filled, Nothing
from engage.web.house import actor
from engage.web.templates import local
from engage.web.views import View, paragraphs


async def show(request: Request) -> Response:
    campaign_id = request.path_params["id"]

    async def build() -> Mapping[str, Any]:
        view = await load.view(request)
        async with kit.reading(request) as db:
            campaign = await campaigns.seen_by(db, actor(request), campaign_id)
            known = Filters(surface=FEEDBACK, which=Which.ALL, campaign_id=campaign_id)
            return {
                **_shown(view, campaign, now(db)),
                "many": await lists.count(db, known),
                "most_counted": lists.COUNTED,
                "earlier": await _earlier(db, campaign),
            }

    address, channels = f"/feedback/campaigns/{campaign_id}", [campaigns.CHANNEL, LISTS[FEEDBACK]]
    return await kit.public_page(request, "feedback/campaign.html", address, channels, build)


async def _earlier(db: AsyncSession, campaign: Campaign) -> list[dict[str, Any]]:
    """Summaries that were corrected, the newest first, each with until when it stood."""
    kept = await revisions.of(db, campaigns.NOUN, campaign.key)
    return [
        {"until": one.at, "summary": Markup(one.content["summary_html"])}  # noqa: S704 sanitised when stored
        for one in reversed(kept)
    ]


def _shown(view: View, campaign: Campaign, at: Any) -> dict[str, Any]:
    return {
        "campaign": campaign,
        "standing": view.standing(campaigns.standing(campaign, at)),
        "agency": view.directory.agencies.get(campaign.agency_id),
        "words": paragraphs(campaign.words),
        "summary": Markup(campaign.summary_html),  # noqa: S704 sanitised when stored
    }


# Its editors


async def listed(request: Request) -> Response:
    view = await load.view(request)
    async with kit.reading(request) as db:
        rows = [_shown(view, one, now(db)) for one in await campaigns.every(db)]
    return kit.page(request, "feedback/campaigns.html", rows=rows)


async def new(request: Request) -> Response:
    return await _new(request, Filled())


async def begin(request: Request) -> Response:
    form = await kit.form(request, CampaignForm)
    if form.model is None:
        return await _new(request, form)
    try:
        async with kit.transaction(request) as db:
            campaign = await campaigns.begin(db, actor(request), form.model)
            return kit.see_other(request, db, f"/admin/campaigns/{campaign.key}")
    except Failure as failure:
        form.refuse(failure, kit.translator(request))
        return await _new(request, form)


async def edit(request: Request) -> Response:
    return await _page(request)


async def save(request: Request) -> Response:
    form = await kit.form(request, CampaignForm)
    if form.model is None:
        return await _page(request, written=form)
    typed = form.model
    return await _do(request, form, lambda db, who, one: campaigns.edit(db, who, one, typed), "written")


async def open_(request: Request) -> Response:
    return await _do(request, await kit.form(request, Nothing), campaigns.open_, "written")


async def close(request: Request) -> Response:
    form = await kit.form(request, SummaryForm)
    if form.model is None:
        return await _page(request, summed=form)
    typed = form.model
    return await _do(request, form, lambda db, who, one: campaigns.close(db, who, one, typed), "summed")


async def correct(request: Request) -> Response:
    form = await kit.form(request, SummaryCorrection)
    if form.model is None:
        return await _page(request, summed=form)
    typed = form.model
    return await _do(request, form, lambda db, who, one: campaigns.correct(db, who, one, typed), "summed")


async def _do(request: Request, form: Filled[Any], act: Callable[..., Awaitable[None]], named: str) -> Response:
    campaign_id = request.path_params["id"]
    try:
        async with kit.transaction(request) as db:
            await act(db, actor(request), await campaigns.one(db, campaign_id))
            return kit.see_other(request, db, f"/admin/campaigns/{campaign_id}")
    except Failure as failure:
        form.refuse(failure, kit.translator(request))
        forms: dict[str, Filled[Any]] = {named: form}
        return await _page(request, is_overtaken=isinstance(failure, Conflict), **forms)


async def _new(request: Request, form: Filled[CampaignForm]) -> Response:
    view = await load.view(request)
    status = form.answer_status
    return kit.page(request, "feedback/campaign_new.html", status=status, form=form, **view.directory.choices)


async def _page(
    request: Request,
    written: Filled[Any] | None = None,
    summed: Filled[Any] | None = None,
    *,
    is_overtaken: bool = False,
) -> Response:
    """`written`, `summed`: forms that were refused, with everything typed."""
    view = await load.view(request)
    async with kit.reading(request) as db:
        campaign = await campaigns.seen_by(db, actor(request), request.path_params["id"])
        shown = _shown(view, campaign, now(db))
    written, summed = written or Filled(), summed or Filled()
    summed.values = {"summary": campaign.summary, **summed.values}
    stored = _stored(view, campaign)
    refused = next((form for form in (written, summed) if form.errors or form.note), None)
    version = campaign.version if is_overtaken else written["version"] or summed["version"] or campaign.version
    form: Filled[Any] = Filled(
        {**stored, **written.values}, errors=written.errors, note=written.note, status=written.status
    )
    return kit.page(
        request,
        "feedback/campaign_edit.html",
        status=refused.answer_status if refused else 200,
        form=form,
        summary_form=summed,
        version=version,
        theirs=stored if is_overtaken else None,
        is_overtaken=is_overtaken,
        **shown,
        **view.directory.choices,
    )


def _stored(view: View, campaign: Campaign) -> dict[str, str]:
    agency = view.directory.agencies.get(campaign.agency_id)
    return {
        "title": campaign.title,
        "words": campaign.words,
        "agency": agency.slug if agency else "",
        "opens_at": local(campaign.opens_at).strftime(WRITTEN),
        "closes_at": local(campaign.closes_at).strftime(WRITTEN),
    }
