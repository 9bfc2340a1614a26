"""Requests from portals' pages: which portal it is, by its exact origin, and who writes there, by a bearer. No cookie counts.

Whatever arrives from another origin has its cookies taken away before anybody reads them.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from pydantic import BaseModel, ValidationError
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response

from engage import embeds, sites
from engage.access import PUBLIC
from engage.embeds import Embedded
from engage.errors import Failure, NotAllowed, Refused
from engage.sites import Portal, Portals
from engage.web import frame, kit
from engage.web.forms import Model, readable, said_by
from engage.web.house import house

BEARER = "bearer "
ASKED_FOR = "authorization, content-type, idempotency-key, if-none-match"
PREFLIGHT_SECONDS = "600"
MOST_DEPTH = 8


def is_foreign(connection: HTTPConnection) -> bool:
    """Whether it says to come from somebody else's page."""
    origin = connection.headers.get("origin")
    own = house(connection).settings.address
    return origin is not None and origin not in {own, f"http://{connection.headers.get('host')}"}


async def portals(connection: HTTPConnection) -> Portals:
    """Every request of a portal's page asks for them: no session is opened while nothing was said about them."""
    mine = house(connection)
    await mine.hub.position(sites.CHANNEL)  # watched from now on
    kept: Portals | None = mine.store.kept(sites.PORTALS, sites.CHANNEL)
    if kept is not None:
        return kept
    async with mine.store.reading() as db:
        return await sites.portals(db)


async def portal_of(connection: HTTPConnection) -> Portal | None:
    """The registered portal whose page this is."""
    return (await portals(connection)).by_origin.get(connection.headers.get("origin", ""))


def without_cookies(connection: HTTPConnection) -> None:
    """For good: neither a handler nor an error page meets them."""
    connection.scope["headers"][:] = [(name, value) for name, value in connection.scope["headers"] if name != b"cookie"]


async def recognise(request: Request) -> None:
    """Who writes there. A bearer that opens nothing is nobody, and a handler that needs somebody says so."""
    portal, bearer = await portal_of(request), bearer_of(request)
    if portal is None:
        raise NotAllowed("embed_origin")
    request.state.portal, request.state.embedded, request.state.bearer = portal, None, bearer
    if bearer:
        async with kit.reading(request) as db:
            request.state.embedded = await embeds.by_bearer(db, bearer, request.headers["origin"])
    found = embedded(request)
    request.state.actor = found.actor if found else PUBLIC
    request.state.is_verified = True  # a page elsewhere has no bearer, and nobody's cookie came along


def bearer_of(connection: HTTPConnection) -> str:
    said = connection.headers.get("authorization", "")
    return said[len(BEARER) :].strip() if said[: len(BEARER)].lower() == BEARER else ""


def portal(request: Request) -> Portal | None:
    """None where somebody reads our own pages."""
    return cast(Portal | None, getattr(request.state, "portal", None))


def embedded(request: Request) -> Embedded | None:
    return cast(Embedded | None, getattr(request.state, "embedded", None))


def must_be_embedded(request: Request) -> Embedded:
    found = embedded(request)
    if found is None:
        raise NotAllowed("embed_session_over")
    return found


def preflight(request: Request, methods: str) -> Response:
    """What a browser asks before it sends a bearer."""
    headers = {
        "access-control-allow-methods": methods,
        "access-control-allow-headers": ASKED_FOR,
        "access-control-max-age": PREFLIGHT_SECONDS,
    }
    return shared(request, Response(status_code=204, headers=headers))


def shared(request: Request, response: Response) -> Response:
    """To be read by that page, and by none else."""
    response.headers.add_vary_header("origin")
    if (known := portal(request)) is not None:
        ancestors = f"frame-ancestors {' '.join(sorted(known.origins))}"
        response.headers["content-security-policy"] = frame.CONTENT_POLICY.replace("frame-ancestors 'none'", ancestors)
        response.headers["access-control-allow-origin"] = request.headers["origin"]
        response.headers["access-control-expose-headers"] = "etag, retry-after"
        response.headers["cross-origin-resource-policy"] = "cross-origin"
    return response


def refused(request: Request, failure: Failure) -> Response:
    """A reason for the script, and words for its reader."""
    translator = kit.translator(request)
    body = {"error": failure.reason, "field": failure.field, "words": said_by(failure, translator)}
    headers, until = {"cache-control": "no-store"}, failure.figures.get("until")
    if isinstance(until, datetime):
        headers["retry-after"] = str(max(int((until - datetime.now(UTC)).total_seconds()), 1))
    return JSONResponse(body, failure.status, headers)


async def body(request: Request, model: type[Model]) -> Model:
    """JSON and nothing else, each name once. What is wrong is told by its first field, in words."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Refused("embed_body")
    try:
        said = json.loads(await request.body(), object_pairs_hook=_once, parse_constant=_never)
        if not isinstance(said, dict) or _depth(said) > MOST_DEPTH or not _is_sound(said):
            raise ValueError
    except (ValueError, RecursionError):
        raise Refused("embed_body") from None
    return checked(model, said)


def checked(model: type[Model], said: Mapping[str, Any]) -> Model:
    """What is wrong is told by its first field."""
    if not _is_sound(dict(said)):
        raise Refused("embed_body")
    try:
        return model.model_validate(said)
    except ValidationError as wrong:
        raise _told(wrong, model) from None


def _told(wrong: ValidationError, model: type[BaseModel]) -> Refused:
    error: Mapping[str, Any] = dict(wrong.errors(include_url=False, include_input=False)[0])
    field = str(error["loc"][0]) if error["loc"] else ""
    known = {"string_too_long": "too_long_for_field", "extra_forbidden": "unknown_field"}
    figures = {name: value for name, value in error.get("ctx", {}).items() if name != "error"}
    return Refused(
        known.get(error["type"], error["type"]), field=field if field in model.model_fields else "", **figures
    )


def _is_sound(value: object) -> bool:
    """No half characters and no NUL: no column holds them."""
    if isinstance(value, dict):
        return all(_is_sound(name) and _is_sound(one) for name, one in value.items())
    if isinstance(value, list):
        return all(map(_is_sound, value))
    return not isinstance(value, str) or readable(value) == value


def _depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name twice")
    return dict(pairs)


def _never(constant: str) -> None:
    raise ValueError(constant)
