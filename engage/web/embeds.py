"""Widgets on portals' pages: who writes there, for half an hour. JSON for scripts; our own pages find nothing here."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engage import citizens, embeds
from engage.citizens import CitizenForm, Way
from engage.errors import NotAllowed, NotFound
from engage.sites import Portal
from engage.web import embedding, kit
from engage.web.house import house, language

UNKEPT = {"cache-control": "no-store"}


class EntryForm(BaseModel):
    """A portal's token; or what was asked for a code, and the code."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    token: str = Field(default="", max_length=8192)
    ask: str = Field(default="", max_length=100)
    code: str = Field(default="", max_length=20)


async def enter(request: Request) -> Response:
    portal, settings = _portal(request), house(request).settings
    form = await embedding.body(request, EntryForm)
    kit.must_be_ours(request)
    origin, spoken = request.headers["origin"], language(request)
    if form.token:
        claims = embeds.judge(portal, settings.secret, form.token, house(request).store.clock())
        async with kit.transaction(request) as db:
            bearer = await embeds.spend(db, portal, origin, claims, spoken)
        return await _let_in(request, bearer)
    _must_take_guests(portal)
    person = await citizens.enter_code(house(request).store, settings.secret, form.ask, form.code)
    async with kit.transaction(request) as db:
        bearer = await embeds.begin(db, portal, origin, person.id or 0)
    return await _let_in(request, bearer)


async def ask(request: Request) -> Response:
    """A code by mail. The same answer whoever asks for whomever; an address that had enough mails gets no more today."""
    portal = _portal(request)
    _must_take_guests(portal)
    form = await embedding.body(request, CitizenForm)
    kit.must_be_ours(request)
    if not kit.may_write_to(request, form.email):
        raise NotAllowed("embed_mails_enough")
    async with kit.transaction(request) as db:
        proof = await citizens.ask(db, form.name, form.email, way=Way.CODE, language=language(request))
    return JSONResponse({"ask": citizens.token_of(house(request).settings.secret, proof)}, 202, UNKEPT)


async def show(request: Request) -> Response:
    _portal(request)
    found = embedding.must_be_embedded(request)
    return JSONResponse(_told(found.actor.name, found.ends_at), headers=UNKEPT)


async def leave(request: Request) -> Response:
    _portal(request)
    async with kit.transaction(request) as db:
        await embeds.leave(db, embedding.bearer_of(request))
    return JSONResponse({}, headers=UNKEPT)


async def _let_in(request: Request, bearer: str) -> Response:
    async with kit.reading(request) as db:
        found = await embeds.by_bearer(db, bearer, request.headers["origin"])
    if found is None:  # the site was ended at this very moment
        raise NotAllowed("embed_origin")
    return JSONResponse({"bearer": bearer, **_told(found.actor.name, found.ends_at)}, headers=UNKEPT)


def _told(name: str, ends_at: datetime) -> dict[str, str]:
    return {"name": name, "ends_at": ends_at.isoformat()}


def _portal(request: Request) -> Portal:
    portal = embedding.portal(request)
    if portal is None:
        raise NotFound()
    return portal


def _must_take_guests(portal: Portal) -> None:
    if not portal.guests:
        raise NotAllowed("embed_no_guests")
