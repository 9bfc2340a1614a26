"""What is kept how long: when the next erasure runs, what it would erase, what the last one erased."""

from starlette.requests import Request
from starlette.responses import Response

from engage import expiry
from engage.web import kit, words


async def listed(request: Request) -> Response:
    async with kit.reading(request) as db:
        kinds = await expiry.standing(db)
    say, names = kit.translator(request).say, words.administering.NAMES["retention"]
    return kit.page(
        request,
        "admin/retention.html",
        kinds=[(say(names[one.kind]), say(words.administering.ERASED[one.kind]), one) for one in kinds],
        next_at=kinds[0].next_at if kinds else None,
        most=expiry.MOST_COUNTED,
    )
