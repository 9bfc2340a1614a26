"""An author's own posts: where each stands, writing other words, taking it back."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import articles, authoring, forum, policies, remarks, removals
from engage.access import Actor, Moderation
from engage.errors import Conflict, Failure, Refused, TooMany
from engage.forum import EditForm, PostForm
from engage.remarks import Remark, Said
from engage.web import kit, load, words
from engage.web.comments import shown as commented
from engage.web.forms import Filled, Nothing
from engage.web.forum import shown
from engage.web.forum.writing import judged
from engage.web.house import actor
from engage.web.views import View, paragraphs
from moderation import cases
from moderation.screening import Submission


async def listed(request: Request) -> Response:
    """In the forum, and under articles."""
    view, who = await load.view(request), actor(request)
    async with kit.reading(request) as db:
        posts = await remarks.written_by(db, who.person_id or 0)
        talks = await forum.titles(db, [row.place_id for row in posts])
        comments = await remarks.written_by(db, who.person_id or 0, Said.COMMENT)
        read = await articles.titles(db, [row.place_id for row in comments])
    return kit.page(
        request,
        "forum/mine.html",
        lines=[{**_standing(view, row), "title": talks.get(row.place_id, "")} for row in posts],
        comments=[
            {**commented.standing(view, row), "title": read.get(row.place_id, ""), "gist": _gist(row)}
            for row in comments
        ],
        is_known=who.person_id is not None,
    )


async def show(request: Request) -> Response:
    return await _page(request, Filled())


async def edit(request: Request) -> Response:
    form = await kit.form(request, EditForm)
    if form.model is None:
        return await _page(request, form)
    words_now = PostForm(body=form.model.body, judged="post")
    try:
        async with kit.judging(request) as db:
            verdict = await judged(db, words_now)
        async with kit.transaction(request) as db:
            remark = await remarks.own(db, actor(request), request.path_params["id"])
            text = Submission(remark.title, form.model.body)
            await authoring.edit(db, actor(request), remark, text, verdict, over=form.model.version)
            return kit.see_other(request, db, f"/forum/posts/{remark.key}")
    except Failure as failure:
        if not isinstance(failure, Refused | TooMany | Conflict):
            raise
        form.refuse(failure, kit.translator(request))
        return await _page(request, form)


async def withdraw(request: Request) -> Response:
    form = await kit.form(request, Nothing)
    try:
        async with kit.transaction(request) as db:
            remark = await remarks.own(db, actor(request), request.path_params["id"])
            await authoring.withdraw(db, remark)
            return kit.see_other(request, db, f"/forum/posts/{remark.key}")
    except (Refused, Conflict) as failure:
        form.refuse(failure, kit.translator(request))
        return await _page(request, form)


async def _page(request: Request, form: Filled[Any]) -> Response:
    view, who = await load.view(request), actor(request)
    async with kit.reading(request) as db:
        context = await _context(db, view, who, request.path_params["id"])
    is_typed = "body" in form.values
    if not is_typed:
        form.values = {"body": context["body"]}
    form.values = {
        **form.values,
        "version": context["version"],
    }  # the words above are what the next ones are written over
    return kit.page(request, "forum/own.html", status=form.answer_status, form=form, is_typed=is_typed, **context)


async def _context(db: AsyncSession, view: View, who: Actor, remark_id: int) -> dict[str, Any]:
    remark = await remarks.own(db, who, remark_id)
    thread = await forum.one(db, remark.place_id)
    section = await forum.section_of(db, thread)
    titles = await forum.titles(db, [thread.key])
    return {
        **_standing(view, remark),
        "title": titles.get(thread.key, ""),
        "body": remark.body,
        "version": remark.version,
        "words": paragraphs(remark.body),
        "section": shown.section(view, section),
        "why": await why(db, remark, view.translator.language),
        "can_edit": authoring.may_edit(remark, section) and thread.closed_at is None,
        "can_withdraw": authoring.may_withdraw(remark, thread.many),
        "corrected_at": remark.corrected_at,
    }


def _standing(view: View, remark: Remark) -> dict[str, Any]:
    said, tone, icon = words.talking.STANDS[Moderation.HELD if remark.sealed else remark.moderation]
    is_shown = remark.moderation == Moderation.ACCEPTED and not remark.sealed
    return {
        "id": remark.key,
        "at": remark.created_at,
        "said": view.translator.say(said),
        "tone": tone,
        "icon_name": icon,
        "gist": _gist(remark),
        "address": shown.url_of(view, remark.place_id, remark.number or 1) if is_shown else "",
        "is_waiting": remark.moderation == Moderation.RECEIVED,
    }


def _gist(remark: Remark) -> str:
    return " ".join(remark.body.split())[:240]


async def why(db: AsyncSession, remark: Remark, language: str) -> dict[str, str] | None:
    """Why it was refused or taken down; of what is sealed nothing is told."""
    if remark.sealed or remark.moderation not in {Moderation.REFUSED, Moderation.HIDDEN}:
        return None
    made = await removals.standing(db, remark)
    decided = [case for case in await cases.of(db, remark.surface, remark.key) if case.decision == "refuse"]
    code = made.reason if made else decided[-1].reason if decided else None
    own = made.words if made else decided[-1].words if decided else ""
    reason = await policies.reason_of(db, code)
    if reason is None:
        return None
    return {"reason": getattr(reason, f"name_{language}"), "words": own or getattr(reason, f"words_{language}")}
