"""What the address of a request says: of which portal, which article, in which order, which page, in which language."""

from starlette.requests import Request

from engage import articles, sites
from engage.articles import Named
from engage.discussions import Order
from engage.errors import NotFound
from engage.sites import Portal
from engage.web import cursors, embedding, kit
from engage.web.house import house
from engage.web.language import LANGUAGES
from engage.web.pages import Page

ASKED = ("site", "article", "address", "title", "section", "published")


def speak(request: Request) -> None:
    """Portals name the language in the query: their tag has an attribute for it."""
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        request.scope["language"] = asked


def named(request: Request) -> Named:
    asked = request.query_params
    return embedding.checked(Named, {name: asked[name] for name in ASKED if name in asked})


async def portal(request: Request, slug: str) -> Portal:
    async with kit.reading(request) as db:
        found = (await sites.portals(db)).by_slug.get(slug)
    if found is None:
        raise NotFound()
    return found


async def row_of(request: Request, portal: Portal, named: Named) -> int:
    """The number of an article's row, 0 while it has none. Remembered as long as nothing says that it became another."""
    pages = house(request).pages
    tag = await kit.tag_of(request, [articles.channel_of(portal.id)])
    key = f"article {portal.id} {named.article} {named.address}"
    if (known := pages.get(key, tag)) is not None:
        return int(known.body)
    async with kit.reading(request) as db:
        found = await articles.found(db, portal, named)
    number = found.key if found else 0
    pages.put(key, Page(tag, str(number).encode(), "text/plain"))
    return number


def order(request: Request) -> Order:
    asked = request.query_params.get("order", "")
    return Order(asked) if asked in {*Order} else Order.NEWEST


def number(request: Request) -> int:
    return max(cursors.number(request.query_params.get("page", "")) or 1, 1)
