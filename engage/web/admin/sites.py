"""Portals for their editor: register one, its origins, sections and look, the keys that sign, the tag to paste, and its end."""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import embeds, sites
from engage.db import now
from engage.errors import Failure
from engage.site_forms import KeyForm, NewSiteForm, SiteForm
from engage.sites import Site, SiteKey
from engage.web import kit
from engage.web.forms import Filled, Nothing
from engage.web.house import actor, house

SHOWN_FOR = timedelta(hours=1)  # a new secret; whoever missed it adds another key
TAGS = ("engage-comments", "engage-answers", "engage-dialogue", "engage-count")
ROUNDS = ("0", "0.5", "1", "1.5", "2")


async def listed(request: Request) -> Response:
    async with kit.reading(request) as db:
        every = await sites.every(db)
    return kit.page(request, "admin/sites/list.html", sites=sorted(every, key=lambda one: one.ended_at is not None))


async def new(request: Request) -> Response:
    return _new(request, Filled(values={"round": "1"}))


async def register(request: Request) -> Response:
    typed = await kit.form(request, NewSiteForm)
    if typed.model is None:
        return _new(request, typed)
    try:
        async with kit.transaction(request) as db:
            site = await sites.register(db, actor(request), typed.model)
            return kit.see_other(request, db, f"/admin/sites/{site.slug}?done=registered")
    except Failure as failure:
        typed.refuse(failure, kit.translator(request))
        return _new(request, typed)


async def show(request: Request) -> Response:
    return await _page(request, Filled())


async def change(request: Request) -> Response:
    typed = await kit.form(request, SiteForm)
    if typed.model is None:
        return await _page(request, typed)
    try:
        async with kit.transaction(request) as db:
            site = await sites.one(db, _slug(request))
            await sites.change(db, actor(request), site, typed.model)
            return kit.see_other(request, db, f"/admin/sites/{site.slug}?done=changed")
    except Failure as failure:
        typed.refuse(failure, kit.translator(request))
        return await _page(request, typed)


async def add_key(request: Request) -> Response:
    typed = await kit.form(request, KeyForm)
    if typed.model is None:
        return await _page(request, typed)
    try:
        async with kit.transaction(request) as db:
            site = await sites.one(db, _slug(request))
            key = await sites.add_key(db, actor(request), site, typed.model.public)
            return kit.see_other(request, db, f"/admin/sites/{site.slug}?done=key&key={key.kid}#keys")
    except Failure as failure:
        typed.refuse(failure, kit.translator(request))
        return await _page(request, typed)


async def end_key(request: Request) -> Response:
    await kit.form(request, Nothing)
    async with kit.transaction(request) as db:
        site = await sites.one(db, _slug(request))
        await embeds.end_key(db, actor(request), site, request.path_params["kid"])
        return kit.see_other(request, db, f"/admin/sites/{site.slug}?done=key_ended#keys")


async def end(request: Request) -> Response:
    await kit.form(request, Nothing)
    async with kit.transaction(request) as db:
        site = await sites.one(db, _slug(request))
        await sites.end(db, actor(request), site)
        return kit.see_other(request, db, f"/admin/sites/{site.slug}?done=ended")


async def preview(request: Request) -> Response:
    """How our words look in the portal's clothes. Its look comes as a stylesheet: the content policy forbids any other way."""
    async with kit.reading(request) as db:
        site = await sites.one(db, _slug(request))
    return kit.page(request, "admin/sites/preview.html", site=site)


async def look(request: Request) -> Response:
    """LOOK's three properties, for the preview and for the portal's pages: widgets take them from their tags."""
    async with kit.reading(request) as db:
        site = await sites.one(db, _slug(request))
    lines = [
        f"--engage-accent: {site.accent};" if site.accent else "",
        f"--engage-font: {site.font};" if site.font else "",
        f"--engage-round: {site.round};",
    ]
    text = f".engage, .engage-look, {', '.join(TAGS)} {{ {' '.join(line for line in lines if line)} }}\n"
    headers = {"cache-control": "no-cache", "cross-origin-resource-policy": "cross-origin"}
    return Response(text, media_type="text/css", headers=headers)


def _slug(request: Request) -> str:
    return str(request.path_params["slug"])


def _new(request: Request, typed: Filled[Any]) -> Response:
    return kit.page(request, "admin/sites/new.html", status=typed.answer_status, form=typed, rounds=ROUNDS)


async def _page(request: Request, typed: Filled[Any]) -> Response:
    mine, asked = house(request), request.query_params
    async with kit.reading(request) as db:
        site, at = await sites.one(db, _slug(request)), now(db)
        keys, alike = await sites.keys_of(db, site), await sites.looks_like(db, site)
    fresh = next((key for key in keys if key.kid == asked.get("key") and at < key.created_at + SHOWN_FOR), None)
    return kit.page(
        request,
        "admin/sites/site.html",
        status=typed.answer_status,
        form=_as_stored(site, typed),
        site=site,
        keys=keys,
        alike=alike,
        rounds=ROUNDS,
        done=asked.get("done", ""),
        fresh=fresh,
        fresh_secret=_secret(mine.settings.secret, fresh),
        address=mine.settings.address,
        signs=any(key.ended_at is None for key in keys),
        has_look=bool(site.accent or site.font or site.round != "1"),
    )


def _secret(secret: str, key: SiteKey | None) -> str:
    return sites.signing(secret, key).material if key is not None and not key.public else ""


def _as_stored(site: Site, typed: Filled[Any]) -> Filled[Any]:
    """What was typed stays; whatever this form did not hold is as it is stored."""
    stored = {
        "name": site.name,
        "issuer": site.issuer,
        "origins": "\n".join(site.origins),
        "sections": "\n".join(site.sections),
        "accent": site.accent,
        "font": site.font,
        "round": site.round,
        "guests": site.guests,
        "comment_days": site.comment_days,
        "version": site.version,
    }
    is_this_form = "origins" in typed.values
    typed.values = {**typed.values} if is_this_form else {**stored, **typed.values}
    return typed
