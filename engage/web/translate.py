"""The English version of an answer: an official or the portal desk writes it, somebody else approves it."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import answers, markup, people, questions, translations
from engage.errors import Conflict, NotFound, Refused
from engage.questions import Question
from engage.translations import Translation, TranslationForm
from engage.web import kit, load
from engage.web.editor import ApprovalForm
from engage.web.forms import Filled
from engage.web.house import actor


async def show(request: Request) -> Response:
    return await _page(request, Filled())


async def write(request: Request) -> Response:
    form = await kit.form(request, TranslationForm)
    if form.model is None:
        return await _page(request, form)
    try:
        async with kit.transaction(request) as db:
            await translations.write(db, actor(request), await _found(request, db), form.model)
            return kit.see_other(request, db, f"/translations/{request.path_params['id']}")
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await _page(request, form)


async def approve(request: Request) -> Response:
    form = await kit.form(request, ApprovalForm)
    if form.model is None:
        return await _page(request, form)
    try:
        async with kit.transaction(request) as db:
            await translations.approve(db, actor(request), await _found(request, db), form.model.version)
            return kit.see_other(request, db, f"/translations/{request.path_params['id']}")
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await _page(request, form)


async def _found(request: Request, db: AsyncSession) -> Question:
    """One with a published answer, for whoever translates or approves; missing for everybody else."""
    who = actor(request)
    question = await questions.seen_by(db, who, request.path_params["id"])
    blank = Translation(answer_id=0, written_by=0, written_at=question.created_at)
    if not (translations.may_translate(who, question) or translations.may_approve(who, question, blank)):
        raise NotFound()
    return question


async def _page(request: Request, form: Filled[Any]) -> Response:
    who = actor(request)
    view = await load.view(request)
    async with kit.reading(request) as db:
        question = await _found(request, db)
        given = await answers.published(db, question.key)
        if given is None:
            raise NotFound()
        row, earlier = await translations.of(db, given), await translations.shown(db, given)
        names = await people.names(db, [row.written_by]) if row else {}
        stored = row or earlier
        if stored is not None:
            form.values = {"short": stored.short, "full": stored.full, **form.values}
        context = {
            "question": {"id": question.id, "title": question.title},
            "agency": view.directory.agencies[given.agency_id],
            "short": given.short,
            "full": given.full,
            "row": row,
            "author": names.get(row.written_by, "") if row else "",
            "is_older": row is None and earlier is not None,
            "preview": markup.rendered(markup.cited(row.full)) if row else None,
            "can_write": translations.may_translate(who, question),
            "can_approve": row is not None and row.approved_at is None and translations.may_approve(who, question, row),
        }
    return kit.page(request, "desk/translation.html", status=form.answer_status, form=form, **context)
