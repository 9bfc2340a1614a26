"""What the address of a request says: of which portal, which article, in which order, which page, in which language."""

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request

from engage import articles
from engage.articles import Named
from engage.discussions import Order
from engage.errors import NotFound
from engage.sites import Portal
from engage.web import cursors, embedding, fragments
from engage.web.language import LANGUAGES

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
    found = (await embedding.portals(request)).by_slug.get(slug)
    if found is None:
        raise NotFound()
    return found


async def row_of(request: Request, portal: Portal, named: Named) -> int:
    """The number of an article's row, 0 while it has none. Remembered as long as nothing says that it became another."""

    async def find(db: AsyncSession) -> int:
        found = await articles.found(db, portal, named)
        return found.key if found else 0

    name = f"article {portal.id} {named.article} {named.address}"
    return await fragments.which(request, name, articles.channel_of(portal.id), find)


def order(request: Request) -> Order:
    asked = request.query_params.get("order", "")
    return Order(asked) if asked in {*Order} else Order.NEWEST


def number(request: Request) -> int:
    return max(cursors.number(request.query_params.get("page", "")) or 1, 1)
