"""Everything an administrator may do, in words, and what needs attention."""

from starlette.requests import Request
from starlette.responses import Response

from engage import archive, calendars
from engage.web import kit, load


async def show(request: Request) -> Response:
    view = await load.view(request)
    async with kit.reading(request) as db:
        lost = len(await archive.unrouted(db, MOST_LOST))
        headless = await archive.agencies_without(db)
        alarm = await calendars.alarm(db)
    known = view.directory
    return kit.page(
        request,
        "admin/overview.html",
        lost=lost,
        alarm=alarm,
        headless=[known.agencies[agency_id] for agency_id in headless if agency_id in known.agencies],
        sizes={
            "agencies": len(known.agencies),
            "topics": len(known.topics),
            "provinces": len(known.provinces),
        },
    )


MOST_LOST = 100
