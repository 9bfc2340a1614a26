"""The portal desk in place of an agency without accounts: signed letters are typed in by one moderator and approved by another."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import answers, assignments, attachments, in_place, timeline
from engage.assigned import Assigned
from engage.errors import Conflict, Refused
from engage.questions import Question
from engage.web import afterwards, desk_clocks, editing, kit, load, uploads, writing
from engage.web.attachments import listed as files_of
from engage.web.editor import ApprovalForm, Desk, ReturnForm, judge_at, save_at
from engage.web.forms import Filled, Nothing
from engage.web.house import actor
from engage.web.language import localized
from engage.web.views import View, desk_stage, paragraphs

PATH = "/review/transcribe"


async def listed(request: Request) -> Response:
    return await _page(request, None, Filled())


async def show(request: Request) -> Response:
    return await _page(request, request.path_params["id"], Filled())


async def accept(request: Request) -> Response:
    form, question_id = await kit.form(request, Nothing), request.path_params["id"]
    if form.model is None:
        return await _page(request, question_id, form)
    try:
        async with kit.transaction(request) as db:
            found = await in_place.one(db, actor(request), question_id)
            await assignments.accept(db, actor(request), found)
            return kit.see_other(request, db, f"{PATH}/{question_id}")
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await _page(request, question_id, form)


async def save(request: Request) -> Response:
    return await save_at(request, PORTAL)


async def approve(request: Request) -> Response:
    return await judge_at(request, PORTAL, await kit.form(request, ApprovalForm))


async def return_(request: Request) -> Response:
    return await judge_at(request, PORTAL, await kit.form(request, ReturnForm))


async def correct(request: Request) -> Response:
    return await afterwards.correct_at(request, PORTAL)


async def drop(request: Request) -> Response:
    return await afterwards.drop_at(request, PORTAL)


async def _page(request: Request, question_id: int | None, form: Filled[Any], **more: Any) -> Response:
    who = actor(request)
    view = await load.view(request)
    async with kit.reading(request) as db:
        found = await in_place.one(db, who, question_id) if question_id is not None else None
        draft = await answers.draft_of(db, found) if found else None
        await writing.fill(db, form, draft)
        waiting = await in_place.waiting(db)
        lists = {
            name: [_row(view, row, view.due(await load.owed(db, row)), question_id) for row in rows]
            for name, rows in (("to_type", waiting.to_type), ("to_approve", waiting.to_approve))
        }
        files = {
            "attached": await files_of(db, view, request, attachments.QUESTION, found.key) if found else [],
            "answer_files": await files_of(db, view, request, attachments.ANSWER, draft.key) if draft else [],
        }
        work: dict[str, Any] | None = None
        if found is not None:
            shown = view.question(found, await load.author_of(db, found), for_desk=True)
            work = {
                "question": {
                    **shown,
                    "body": shown["body"] or paragraphs(found.body),
                    "stage": view.stage(desk_stage(found)),
                },
                "due": await desk_clocks.again(db, view, found) or view.due(await load.due(db, found)),
                "steps": view.about(found.kind).steps(await timeline.of(db, found)),
                "can_accept": found.assignment == Assigned.OFFERED,
                **await writing.pane(db, view, who, found, draft),
            }
    more["tray"] = await uploads.tray(request, form, attachments.ANSWER)
    if question_id is not None and work and work["can_write"]:
        more["editing"] = await editing.others(request, question_id)
    context = {"form": form, "work": work, **files, **lists, **more}
    return kit.page(request, "review/transcribe.html", status=form.answer_status, **context)


def _row(view: View, row: Question, due: dict[str, Any] | None, current: int | None) -> dict[str, Any]:
    return {
        "url": localized(f"{PATH}/{row.id}", view.translator.language),
        "title": row.title,
        "agency": view.directory.agencies.get(row.agency_id),
        "stage": view.stage(desk_stage(row)),
        "due": due,
        "current": row.id == current,
    }


PORTAL = Desk(PATH, in_place.one, _page, leaves=True)
