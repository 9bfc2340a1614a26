"""Everything an administrator may do, in words; what waits at each desk, and what needs attention."""

from starlette.requests import Request
from starlette.responses import Response

from engage import alarms, calendars
from engage.alarms import Alarms
from engage.queues import Queue
from engage.web import kit, load, words
from engage.web.house import actor, house
from engage.web.language import Translator

# Who may open a list is led there: the desks that only moderators enter are named all the same.
LISTS = {
    "cases": "/review",
    "overdue": "/review/overdue",
    "looks": "/review/second-looks",
    "requests": "/admin/data-requests",
}


async def show(request: Request) -> Response:
    view, settings = await load.view(request), house(request).settings
    async with kit.reading(request) as db:
        found, waiting = await alarms.of(db, settings), await alarms.waiting(db)
        alarm = await calendars.alarm(db)
    known = view.directory
    return kit.page(
        request,
        "admin/overview.html",
        alarm=alarm,
        alarms=_said(view.translator, found),
        lost=found.lost,
        headless=[known.agencies[agency_id] for agency_id in found.headless if agency_id in known.agencies],
        quiet=not found.any and alarm is None,
        waiting=[_shown(request, one) for one in waiting],
        most=alarms.MOST,
        sizes={
            "agencies": len(known.agencies),
            "topics": len(known.topics),
            "provinces": len(known.provinces),
        },
    )


def _said(translator: Translator, found: Alarms) -> list[tuple[str, str]]:
    """(what is wrong, what to do)."""
    wrong = {
        "worker": found.is_worker_silent,
        "mail": found.stuck_mails,
        "scan": found.unscanned,
        "chain": found.chain_broken,
    }
    told = words.administering.ALARMS
    return [(translator.say(told[name][0], n=n), translator.say(told[name][1])) for name, n in wrong.items() if n]


def _shown(request: Request, queue: Queue) -> dict[str, object]:
    path = LISTS.get(queue.name)
    may_open = path is not None and (path.startswith("/admin") or actor(request).is_moderator)
    return {
        "words": kit.translator(request).say(words.administering.WAITING[queue.name]),
        "path": path if may_open else None,
        "times": queue.waiting,
        "oldest": queue.oldest if queue.waiting else None,
    }
