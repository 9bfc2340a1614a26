"""How an agency's desk looks: the list of what is assigned and due, and beside it one question or one part asked for."""

from collections.abc import Mapping
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import answers, archive, attachments, desks, shares
from engage.access import Actor, Share, Shared, can_contribute
from engage.agencies import Agency
from engage.assigned import Answered, Assigned
from engage.db import now
from engage.deadlines import calendar, explained
from engage.questions import Question
from engage.web import desk_filters, editing, kit, load, uploads, writing
from engage.web.attachments import listed as files_of
from engage.web.desk_list import listing, share_state
from engage.web.desk_work import work
from engage.web.forms import Filled
from engage.web.house import actor
from engage.web.views import View, paragraphs


async def page(request: Request, question_id: int | None, form: Filled[Any], **more: Any) -> Response:
    """The desk, with one question open or none. What is stored stands in the editor, under what was typed."""
    who = actor(request)
    view = await load.view(request)
    rooms = await _rooms(request)
    async with kit.reading(request) as db:
        found = await archive.workable_one(db, who, question_id) if question_id is not None else None
        agency = _which(request, view, found.agency_id if found else None)
        chosen = desk_filters.chosen(request)
        chosen = desk_filters.with_defaults(chosen, who, agency, _tab_of(found))
        draft = await answers.draft_of(db, found) if found else None
        await writing.fill(db, form, draft)
        context: dict[str, Any] = {
            "attached": await files_of(db, view, request, attachments.QUESTION, found.key) if found else [],
            "answer_files": await files_of(db, view, request, attachments.ANSWER, draft.id or 0) if draft else [],
            **_frame(view, who, agency),
            "live": rooms[agency.id or 0],
            **await listing(request, db, view, who, agency, chosen, question_id),
            "work": await work(db, view, who, found) if found else None,
        }
        if found is not None:
            context["work"] |= await writing.pane(db, view, who, found, draft)
    more["tray"] = await uploads.tray(request, form, attachments.ANSWER)
    if question_id is not None and context["work"]["can_write"]:
        more["editing"] = await editing.others(request, question_id)
    return kit.page(request, "desk/show.html", status=form.answer_status, form=form, **context, **more)


async def share_page(request: Request, share_id: int, form: Filled[Any]) -> Response:
    """A part that another agency asks of this one, with the question as the public reads it."""
    who = actor(request)
    view = await load.view(request)
    rooms = await _rooms(request)
    async with kit.reading(request) as db:
        share = await shares.asked_of(db, who, share_id)
        found = await desks.shared_one(db, who, share)
        agency = view.directory.agencies[share.agency_id]
        chosen = desk_filters.with_defaults(desk_filters.chosen(request), who, agency, "shares")
        form.values = {"part": share.part, **form.values}
        context: dict[str, Any] = {
            **_frame(view, who, agency),
            "live": rooms[agency.id or 0],
            **await listing(request, db, view, who, agency, chosen, None),
            "work": None,
            "share": await _share(db, view, who, share, found),
        }
    return kit.page(request, "desk/show.html", status=form.answer_status, form=form, **context)


async def _share(db: AsyncSession, view: View, who: Actor, share: Share, found: Question) -> dict[str, Any]:
    due = explained(await calendar(db), share.asked_at, 0, share.due_at, now(db))
    return {
        "id": share.id,
        "question": view.question(found, await load.author_of(db, found)),
        "lead": view.directory.agencies[share.lead_id],
        "note": paragraphs(share.note),
        "asked_at": share.asked_at,
        "due": view.due(due),
        "state": share_state(view, share.state, ours=True),
        "part": paragraphs(share.part),
        "can_give": can_contribute(who, share),
        "can_decline": can_contribute(who, share) and share.state == Shared.ASKED,
    }


async def _rooms(request: Request) -> Mapping[int, Mapping[str, Any]]:
    """Where each desk of theirs begins to be followed: which of them it is, only the rows tell."""
    return {one: await kit.live_room(request, "agency", one, f"agency:{one}") for one in actor(request).posts}


def _frame(view: View, who: Actor, agency: Agency) -> dict[str, Any]:
    return {
        "agency": agency,
        "agencies": [view.directory.agencies[agency_id] for agency_id in who.posts],
        "agencies_all": view.directory.choices["agencies"],
    }


def _which(request: Request, view: View, agency_id: int | None) -> Agency:
    """The agency of the open question, else the one asked for, else the person's first."""
    mine = [view.directory.agencies[agency_id] for agency_id in actor(request).posts]
    if agency_id is not None:
        return view.directory.agencies[agency_id]
    asked = desk_filters.chosen(request).agency
    return next((agency for agency in mine if agency.slug == asked), mine[0])


def _tab_of(found: Question | None) -> str:
    if found is None:
        return ""
    if found.assignment == Assigned.OFFERED:
        return "offered"
    if found.again_due_at is not None:
        return "approval" if found.approve_due_at else "working"
    if found.answer == Answered.IN_APPROVAL:
        return "approval"
    return "answered" if found.answer in {Answered.PUBLISHED, Answered.REVISED} else "working"
