"""Where a request came from, as sign-in tries and the access record need it; and audit lines of what only reads."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request

from engage import audit, questions, records
from engage.records import Act
from engage.tries import Origin
from engage.web import guards
from engage.web.house import actor, cookie, house
from engage.web.pace import address


def origin(request: Request, login: str = "") -> Origin:
    mine, client = house(request), address(request)
    device = guards.device_from(mine.settings.secret, cookie(request, guards.DEVICE), login) if login else ""
    return Origin(client, _port(request, client), guards.address_key(client), device)


async def note_posted(request: Request, db: AsyncSession, author_id: int, question_id: int) -> None:
    """In the transaction that keeps what a citizen wrote: from where it came."""
    posted: dict[str, Any] = {"surface": questions.SURFACE, "thing_id": question_id}
    await records.note(db, origin(request), author_id, Act.POSTED, **posted)


async def note_reading(request: Request, kind: str, **ids: int) -> None:
    """Reading something restricted is an act too: its line is all that a GET may write."""
    async with house(request).store.transaction() as db:
        await audit.note(db, actor(request).person_id, kind, reason="", **ids)


def _port(request: Request, client: str) -> int | None:
    """Behind a proxy only the proxy knows the reader's port: `X-Real-Port`, believed from a trusted proxy."""
    if request.client is None:
        return None
    if request.client.host == client:
        return request.client.port
    told = request.headers.get("x-real-port", "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) <= 5 else None
