"""The list of dialogues: on air first, then those to come, then what is past; and one series of them."""

from collections.abc import Mapping
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import covers, dialogues
from engage.attachments import Attachment
from engage.dialogues import ON_AIR, Dialogue, Series
from engage.web import kit
from engage.web.cursors import number
from engage.web.dialogues import announcement
from engage.web.house import language
from engage.web.language import Translator, localized
from engage.web.templates import query

PAGE, COMING = 20, 50


async def listed(request: Request) -> Response:
    return await _list(request, "/dialogues", "")


async def series(request: Request) -> Response:
    slug = request.path_params["slug"]
    return await _list(request, f"/series/{slug}", slug)


async def _list(request: Request, path: str, slug: str) -> Response:
    after = number(request.query_params.get("after", "")) or 0

    async def build() -> Mapping[str, Any]:
        return await _lines(request, path, slug, after)

    address = path + query({"after": after or ""})
    return await kit.public_page(request, "dialogues/list.html", address, [dialogues.LIST], build, keeps=not after)


async def _lines(request: Request, path: str, slug: str, after: int) -> Mapping[str, Any]:
    translator, here = kit.translator(request), localized(path, language(request))
    async with kit.reading(request) as db:
        chosen = await dialogues.series_by_slug(db, slug) if slug else None
        series_id = chosen.id if chosen else None
        coming = [] if after else await dialogues.upcoming(db, COMING, series_id=series_id)
        past = await dialogues.past(db, PAGE + 1, series_id=series_id, after=await _place(db, after))
        every = await dialogues.every_series(db)
        pictures = await covers.of_all(db, [row.key for row in (*coming, *past)])
    names = {row.id: row for row in every}
    return {
        "chosen": chosen,
        "every": every,
        "on_air": [line(translator, row, names, pictures) for row in coming if row.stage in ON_AIR],
        "coming": [line(translator, row, names, pictures) for row in coming if row.stage not in ON_AIR],
        "past": [line(translator, row, names, pictures) for row in past[:PAGE]],
        "first_url": here if after else None,
        "next_url": here + query({"after": past[PAGE - 1].key}) if len(past) > PAGE else None,
    }


def line(
    translator: Translator, row: Dialogue, names: Mapping[int | None, Series], pictures: Mapping[int, Attachment]
) -> dict[str, Any]:
    """A dialogue in a list."""
    return {
        "url": localized(f"/dialogues/{row.key}", translator.language),
        "title": row.title,
        "lead": row.lead,
        "starts_at": row.starts_at,
        "stage": announcement.stage(translator, row.stage),
        "series": names.get(row.series_id),
        "id": row.key,
        "cover": pictures.get(row.key),
    }


async def _place(db: AsyncSession, after: int) -> Any:
    """Where the page before ended; a number that names nothing begins at the top."""
    row = await db.get(Dialogue, after) if after else None
    return (row.starts_at, row.key) if row else None
