"""What no agency moved: the portal desk's list of texts that are days late, and who was told of them when."""

from itertools import groupby
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import access, calls, chases, deadlines, standing
from engage.access import Actor
from engage.assigned import IN_HAND
from engage.chases import Chase
from engage.db import now
from engage.questions import Question
from engage.web import kit, load, words
from engage.web.house import actor
from engage.web.language import localized
from engage.web.views import View

ROWS = 200


async def overdue(request: Request) -> Response:
    view = await load.view(request)
    async with kit.reading(request) as db:
        late = await chases.at_the_portal_desk(db, actor(request), ROWS + 1)
        called = {one.question_id: one for one in reversed(await calls.of(db, [row.key for _, row in late[:ROWS]]))}
        rows = [await _row(db, view, chase, question, actor(request)) for chase, question in late[:ROWS]]
        for row in rows:
            row["called"] = called.get(row["id"])
    return kit.page(request, "review/overdue.html", rows=rows, is_cut=len(late) > ROWS, most=ROWS)


async def _row(db: AsyncSession, view: View, chase: Chase, question: Question, who: Actor) -> dict[str, Any]:
    calendar, on = await deadlines.calendar(db), deadlines.here(chase.due_at)
    say, told = view.translator.say, await chases.told_of(db, chase)
    return {
        "id": question.key,
        "url": localized(f"/review/questions/{question.key}", view.translator.language),
        "can_route": question.answer in IN_HAND,
        "type_url": localized(f"/review/transcribe/{question.key}", view.translator.language)
        if access.can_transcribe(who, question, await standing.of(db, question))
        else None,
        "title": question.title,
        **view.kind(question),
        "agency": view.directory.agencies.get(chase.agency_id),
        "clock": say(words.timing.CLOCKS[chase.clock]),
        "on": on,
        "days": calendar.between(on, deadlines.here(now(db))),
        "told": [
            {"words": say(words.timing.CHASE_STEPS[step.step]), "at": step.at, "names": [name for _, name in told_then]}
            for step, told_then in groupby(told, key=lambda pair: pair[0])
        ],
    }
