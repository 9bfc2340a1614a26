"""Parts of pages that portals show: read by anybody, kept like public pages, and fit for a page elsewhere."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage.web import kit, portable
from engage.web.house import house, language
from engage.web.language import LANGUAGES
from engage.web.pages import Page
from engage.web.rendering import no_guard, render
from live import stream

FRESH = 15  # seconds a browser need not ask again
ICONS = "icons"  # what a context may say of the icons that its live pieces bring


async def fragment(
    request: Request,
    name: str,
    address: str,
    channels: Sequence[str],
    build: Callable[[], Awaitable[Mapping[str, Any]]],
    *,
    keeps: bool = True,
) -> Response:
    """`address` is the canonical path with its query. Whoever asks sees what everybody sees."""
    mine = house(request)
    tag, key = await kit.tag_of(request, channels), f"fragment {language(request)} {address}"
    known = mine.pages.get(key, tag)
    if known is None:
        context = await build()
        html = render(request, name, {**context, "viewer": None, "guard": no_guard})
        fit = portable.fragment(html, mine.settings.address, mine.templates.assets, context.get(ICONS, ()))
        known = Page(tag, fit.encode(), "text/html")
        if keeps:
            mine.pages.put(key, known)
    headers = {"etag": tag, "cache-control": f"public, max-age={FRESH}"}
    if tag in stream.tags(request):
        return Response(status_code=304, headers=headers)
    return Response(known.body, media_type=known.media_type, headers=headers)


async def which(request: Request, name: str, channel: str, find: Callable[[AsyncSession], Awaitable[int]]) -> int:
    """The number of what a fragment is about, 0 for nothing: found once, and known until the channel says something."""
    pages, tag = house(request).pages, await kit.tag_of(request, [channel])
    if (known := pages.get(name, tag)) is not None:
        return int(known.body)
    async with kit.reading(request) as db:
        number = await find(db)
    pages.put(name, Page(tag, str(number).encode(), "text/plain"))
    return number


def choose_language(request: Request) -> None:
    """`?lang=` says what the path of our own pages says."""
    wanted = request.query_params.get("lang", "")
    if wanted in LANGUAGES:
        request.scope["language"] = wanted
