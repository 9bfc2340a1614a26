"""How an agency's desk looks: what is assigned and due, and one question with what this person may do about it."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import access, answers, archive, assignments, markup, people, timeline
from engage.agencies import Agency
from engage.answers import Answer
from engage.assigned import Answered, Assigned
from engage.questions import Question
from engage.web import asked, kit, load, words
from engage.web.forms import Filled
from engage.web.house import actor
from engage.web.language import localized
from engage.web.templates import day
from engage.web.views import View, desk_stage

ROWS = 200
TABS = ("offered", "working", "approval", "answered")
CITE = ("number", "title", "article", "link")
CITE_ROWS = 5


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
        await _fill(db, form, draft)
        context: dict[str, Any] = {
            "agency": agency,
            "agencies": [view.directory.agencies[agency_id] for agency_id in who.posts],
            "tab": tab,
            "counts": await archive.count_on_desk(db, who, agency.id or 0),
            "rows": [await _row(db, view, row, question_id) for row in rows],
            "work": await _work(db, view, who, found, draft) if found else None,
            "agencies_all": view.directory.choices["agencies"],
            "approver_is_author": _why_not(view, who, found, draft),
        }
    if draft and context["work"] and not context["work"]["can_write"]:
        more["preview"] = markup.rendered(markup.cited(draft.full))
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


async def _work(
    db: AsyncSession, view: View, who: access.Actor, found: Question, draft: Answer | None
) -> dict[str, Any]:
    turn = await assignments.current(db, found)
    may_assign, may_write = access.can_assign(who, found), access.can_write(who, found)
    is_open = found.answer in {Answered.NONE, Answered.DRAFTING}
    is_taken = found.assignment == Assigned.ACCEPTED
    is_waiting = found.answer == Answered.IN_APPROVAL and draft is not None
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
        "asking": await asked.side(db, view, who, found),
        "answer": await _draft(db, draft) if draft else None,
        "can_accept": not is_taken and (may_assign or may_write),
        "can_give_back": may_assign and is_open,
        "can_transfer": may_assign and is_open,
        "can_set_complexity": may_assign and is_open,
        "can_write": may_write and is_open and is_taken,
        "can_send": may_write and is_open and is_taken,
        "can_approve": is_waiting and draft is not None and answers.may_approve(who, found, draft),
        "can_return": is_waiting and access.can_approve(who, found),
    }


async def _draft(db: AsyncSession, draft: Answer) -> dict[str, Any]:
    names = await people.names(db, [draft.written_by])
    return {
        "state": "",
        "version": draft.version,
        "author": names.get(draft.written_by, ""),
        "returned_note": draft.returned_note,
    }


def _why_not(view: View, who: access.Actor, found: Question | None, draft: Answer | None) -> str | None:
    """An approver who wrote a line of the answer is told why the button is missing."""
    if found is None or draft is None or found.answer != Answered.IN_APPROVAL:
        return None
    if not access.can_approve(who, found) or answers.may_approve(who, found, draft):
        return None
    return view.translator.say(words.REASONS["approver_is_author"])


async def _fill(db: AsyncSession, form: Filled[Any], draft: Answer | None) -> None:
    stored = await load.citations(db, draft)
    form.lists = {"cite": cite_rows(form.rows("cite") or stored)}
    if draft is None:
        return
    as_of = day(draft.as_of) if draft.as_of else ""
    kept = draft.model_dump(include={"short", "full", "signatory", "signatory_title"})
    form.values = {**kept, "as_of": as_of, **form.values}


def cite_rows(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """With empty ones to type in, at least two more than are used."""
    more = max(CITE_ROWS - len(rows), 2)
    return [*rows, *(dict.fromkeys(CITE, "") for _ in range(more))]
