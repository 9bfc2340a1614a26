"""How an agency's desk looks: what is assigned and due, and one question with what this person may do about it."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import access, answers, archive, assignments, timeline
from engage.agencies import Agency
from engage.assigned import Answered, Assigned
from engage.questions import Question
from engage.web import kit, load, writing
from engage.web.forms import Filled
from engage.web.house import actor
from engage.web.language import localized
from engage.web.views import View, desk_stage

ROWS = 200
TABS = ("offered", "working", "approval", "answered")


async def page(request: Request, question_id: int | None, form: Filled[Any], *, tab: str = "", **more: Any) -> Response:
    """The desk, with one question open or none. What is stored stands in the editor, under what was typed."""
    who = actor(request)
    view = await load.view(request)
    async with kit.reading(request) as db:
        found = await archive.workable_one(db, who, question_id) if question_id is not None else None
        agency = _which(request, view, found)
        tab = tab if tab in TABS else _tab_of(found)
        rows = await archive.on_desk(db, who, agency.id or 0, tab, ROWS)
        draft = await answers.draft_of(db, found) if found else None
        await writing.fill(db, form, draft)
        context: dict[str, Any] = {
            "agency": agency,
            "agencies": [view.directory.agencies[agency_id] for agency_id in who.posts],
            "tab": tab,
            "counts": await archive.count_on_desk(db, who, agency.id or 0),
            "rows": [await _row(db, view, row, question_id) for row in rows],
            "work": await _work(db, view, who, found) if found else None,
            "agencies_all": view.directory.choices["agencies"],
        }
        if found is not None:
            context["work"] |= await writing.pane(db, view, who, found, draft)
    return kit.page(request, "desk/show.html", status=form.answer_status, form=form, **context, **more)


def _which(request: Request, view: View, found: Question | None) -> Agency:
    """The agency of the open question, else the one asked for, else the person's first."""
    mine = [view.directory.agencies[agency_id] for agency_id in actor(request).posts]
    if found is not None:
        return view.directory.agencies[found.agency_id]
    asked = request.query_params.get("agency", "")
    return next((agency for agency in mine if agency.slug == asked), mine[0])


def _tab_of(found: Question | None) -> str:
    if found is None or found.assignment == Assigned.OFFERED:
        return "offered"
    if found.answer == Answered.IN_APPROVAL:
        return "approval"
    return "answered" if found.answer in {Answered.PUBLISHED, Answered.REVISED} else "working"


async def _row(db: AsyncSession, view: View, row: Question, current: int | None) -> dict[str, Any]:
    return {
        "url": localized(f"/desk/questions/{row.id}", view.translator.language),
        "title": row.title,
        "stage": view.stage(desk_stage(row)),
        "due": view.due(await load.due(db, row)),
        "current": row.id == current,
    }


async def _work(db: AsyncSession, view: View, who: access.Actor, found: Question) -> dict[str, Any]:
    turn = await assignments.current(db, found)
    may_assign, may_write = access.can_assign(who, found), access.can_write(who, found)
    is_open = found.answer in {Answered.NONE, Answered.DRAFTING}
    is_taken = found.assignment == Assigned.ACCEPTED
    shown = view.question(found, await load.author_of(db, found), for_desk=True)
    return {
        "question": {**shown, "stage": view.stage(desk_stage(found))},
        "assignment": {
            "state": found.assignment,
            "from_agency": view.directory.agencies.get(turn.from_agency_id),
            "reason": turn.reason or view.reasons(turn.why),
            "hops": turn.hop,
        },
        "steps": view.steps(await timeline.of(db, found)),
        "due": view.due(await load.due(db, found)),
        "complexity": found.complexity,
        "can_accept": not is_taken and (may_assign or may_write),
        "can_give_back": may_assign and is_open,
        "can_transfer": may_assign and is_open,
        "can_set_complexity": may_assign and is_open,
    }
