"""A door: one URL, its handler, and who may use it. Everything that must hold before a handler runs holds here."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from slowapi import Limiter
from starlette.convertors import Convertor, IntegerConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from engage import signin
from engage.access import PUBLIC, Role
from engage.db import MOST_ID
from engage.errors import Failure, NotAllowed, NotFound
from engage.nouns import NOUNS
from engage.settings import MEGABYTE
from engage.web import embedding, frame, guards, kit, pace
from engage.web.house import CODE_SESSION, SESSION, House, actor, cookie, house, is_attachments_host

MOST_NAME = 200
SHEET_BYTES = 2 * MEGABYTE
DOWNLOAD = "/attachments/{key}"

Handler = Callable[[Request], Awaitable[Response]]


class Number(IntegerConvertor):
    """`{id:int}`, with at most as many digits as an id has: Python refuses to read numbers of thousands of digits."""

    regex = "[0-9]{1,10}"


class Plural(Convertor[str]):
    """`{noun:noun}`: one of the kinds of rows that the directory holds."""

    regex = "|".join(NOUNS)

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("int", Number())
register_url_convertor("noun", Plural())


@dataclass(frozen=True, slots=True)
class Door:
    method: str
    path: str
    handler: Handler
    role: Role
    limit: str = ""
    files: bool = False
    sheet: bool = False  # takes a table of thousands of rows, pasted, or pages of text
    embed: bool = False  # open to the scripts of registered portals, by a bearer; to our own pages as ever
    guest_form: bool = False  # takes plain forms of registered portals' pages, to be confirmed on ours

    @property
    def methods(self) -> list[str]:
        return [self.method, "OPTIONS"] if self.embed else [self.method]


def door(
    method: str,
    path: str,
    handler: Handler,
    role: Role,
    *,
    limit: str = "",
    files: bool = False,
    sheet: bool = False,
    embed: bool = False,
    guest_form: bool = False,
) -> Door:
    """No default role: `anyone` is typed out. A door that writes names its limit; one that is dear to read may."""
    if method == "POST" and not limit:
        raise ValueError(f"{method} {path}: a door that writes names its limit")
    return Door(method, path, handler, role, limit, files, sheet, embed, guest_form)


def opened(door: Door, limiter: Limiter, house: House) -> Handler:
    """The handler behind its checks: who is it, may they, was the request made by our page, not too often."""
    limited = (
        pace.limited(door.handler, f"{door.method}_{door.path}", door.limit, limiter, house)
        if door.limit
        else door.handler
    )

    async def endpoint(request: Request) -> Response:
        if is_attachments_host(request) and door.path != DOWNLOAD:
            raise NotFound()
        is_foreign = embedding.is_foreign(request)
        if is_foreign and door.embed:
            return await _embedded(request, door, limited)
        if is_foreign and door.guest_form and request.method not in kit.SAFE:
            await _from_a_portals_page(request)
        else:
            await _recognise(request)
            if request.method not in kit.SAFE and not guards.comes_from_us(request, house.settings.address):
                raise NotAllowed("foreign_origin")
        if request.method == "OPTIONS":
            raise HTTPException(405)
        if not actor(request).has(door.role):
            return _turned_away(request, door)
        if not _names_something(request):
            raise NotFound()
        _widen(request, door, house.settings.form_bytes)
        return await limited(request)

    return endpoint


def _widen(request: Request, door: Door, form_bytes: int) -> None:
    if door.files and request.headers.get("content-type", "").startswith("multipart/"):
        frame.widen(request.scope, form_bytes, "files_too_large")
    if door.sheet:
        frame.widen(request.scope, SHEET_BYTES, "sheet_too_large")


async def _embedded(request: Request, door: Door, limited: Handler) -> Response:
    """For the script of a portal's page: JSON whatever happens, and readable there."""
    embedding.without_cookies(request)
    _begin(request)
    try:
        await embedding.recognise(request)
        if request.method == "OPTIONS":
            return embedding.preflight(request, door.method)
        if not actor(request).has(door.role):
            raise NotAllowed("embed_session_over")
        if not _names_something(request):
            raise NotFound()
        return embedding.shared(request, await limited(request))
    except Failure as failure:
        return embedding.shared(request, embedding.refused(request, failure))


async def _from_a_portals_page(request: Request) -> None:
    """Nobody is known, and nothing is done before our own page was seen."""
    embedding.without_cookies(request)
    _begin(request)
    request.state.had_visitor = request.state.is_guest_form = True
    if await embedding.portal_of(request) is None:
        raise NotAllowed("foreign_origin")


def _names_something(request: Request) -> bool:
    return all(_may_name(value) for value in request.path_params.values())


def _may_name(value: object) -> bool:
    """Whether this part of a path can name anything at all: no id is larger, no slug longer."""
    if isinstance(value, int):
        return value <= MOST_ID
    return "\0" not in str(value) and len(str(value)) <= MOST_NAME


def _begin(request: Request) -> None:
    """Nobody yet, and nothing proved."""
    request.state.visitor, request.state.had_visitor, request.state.actor = "", False, PUBLIC
    request.state.is_verified, request.state.is_judged = False, False
    request.state.sent, request.state.too_many, request.state.stored = None, None, None


async def _recognise(request: Request) -> None:
    mine = house(request)
    _begin(request)
    request.state.visitor = guards.visitor_from(mine.settings.secret, cookie(request, guards.VISITOR))
    request.state.had_visitor = bool(request.state.visitor)
    request.state.actor = await signin.actor(mine.store, cookie(request, SESSION), cookie(request, CODE_SESSION))


def _turned_away(request: Request, door: Door) -> Response:
    """Somebody unknown is shown the way in; somebody known is told no."""
    if door.role is Role.ASKER:
        return kit.redirect(request, "/track")
    if door.role is Role.CITIZEN:
        onward = f"?next={request.scope['path']}" if request.method in kit.SAFE else ""
        return kit.redirect(request, f"/citizens/sign-in{onward}")
    if actor(request).person_id is None and request.method in kit.SAFE:
        return kit.redirect(request, f"/sign-in?next={request.scope['path']}")
    raise NotAllowed()
