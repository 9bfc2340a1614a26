"""Writing in the forum: opening a thread and answering in one. What was typed is kept, whatever is wrong with it."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import authoring, forum, records, remarks, review, sections
from engage.access import PUBLIC
from engage.errors import Conflict, Failure, NotFound, Refused, TooMany
from engage.forum import PostForm, Thread, ThreadForm
from engage.people import Person
from engage.records import Act
from engage.remarks import Remark, Said
from engage.sections import Section
from engage.surfaces import LEAST_REMARK
from engage.web import kit, load
from engage.web.forms import Filled
from engage.web.forum import guests, shown
from engage.web.house import actor
from engage.web.language import localized
from engage.web.origin import origin
from engage.web.sending import DENUNCIATION_HINT
from engage.web.templates import query
from moderation.screening import Submission, Verdict


async def thread_form(request: Request) -> Response:
    return await _page(request, Filled())


async def reply_form(request: Request) -> Response:
    asked = request.query_params.get("to", "")
    number = asked if asked.isascii() and asked.isdecimal() and len(asked) < 8 else ""
    return await _page(request, Filled(values={"reply_to": number}))


async def open_thread(request: Request) -> Response:
    return await _write(request, await kit.form(request, ThreadForm))


async def reply(request: Request) -> Response:
    return await _write(request, await kit.form(request, PostForm))


async def _write(request: Request, form: Filled[Any]) -> Response:
    if form["judged"] == "denunciation":
        return kit.redirect(request, "/questions/denunciation")
    if form.model is None:
        return await _page(request, form)
    try:
        return await _submit(request, form, form.model)
    except Failure as failure:
        if failure.reason == DENUNCIATION_HINT:
            return await _page(request, form, denunciation=True)
        if isinstance(failure, Refused | TooMany | Conflict):
            form.refuse(failure, kit.translator(request))
            return await _page(request, form)
        raise


async def _submit(request: Request, typed: Filled[Any], form: PostForm) -> Response:
    if form.website or not kit.form_key(request):
        raise Refused("trap" if form.website else "stale_form")
    async with kit.judging(request) as db:
        verdict = await judged(db, form)
        section, thread = await _where(request, db)
    forum.must_be_open(thread)
    who = actor(request)
    guest: Person | None = None
    if not authoring.may_write(who, section):
        if not authoring.takes_guests(section):
            raise Refused("forum_sign_in")
        if not form.ask or form.again:
            await guests.send_code(request, typed, form)
            return await _page(request, typed)
        guest = await guests.prove(request, form)
    async with kit.transaction(request) as db:
        section, thread = await _where(request, db)
        author = await db.get_one(Person, guest.id if guest else who.person_id)
        made = await _made(db, author, section, thread, form, authoring.badge_of(who, form.badge))
        await review.look_at(db, Said.POST, made.key, verdict)
        await records.note(db, origin(request), author.id or 0, Act.POSTED, surface=Said.POST, thing_id=made.key)
        response = kit.see_other(request, db, f"/forum/posts/{made.key}")
        if guest:
            await guests.sign_in(request, db, author, response)
        return response


async def _made(
    db: AsyncSession, author: Person, section: Section, thread: Thread | None, form: PostForm, badge_id: int | None
) -> Remark:
    if thread is not None:
        return await forum.reply(db, author, thread, form, badge_id=badge_id)
    if not isinstance(form, ThreadForm):
        raise NotFound()
    return await forum.open_thread(db, author, section, form, badge_id=badge_id)


async def judged(db: AsyncSession, form: PostForm) -> Verdict:
    text = Submission(form.title if isinstance(form, ThreadForm) else "", form.body)
    verdict = await review.examine(db, Said.POST, text, least=LEAST_REMARK)
    if verdict.outcome == "denunciation" and form.judged != "post":
        raise Refused(DENUNCIATION_HINT)
    return verdict


async def _where(request: Request, db: AsyncSession) -> tuple[Section, Thread | None]:
    if "slug" in request.path_params:
        return await sections.one(db, request.path_params["slug"]), None
    thread, _ = await forum.seen_by(db, PUBLIC, request.path_params["id"])
    return await forum.section_of(db, thread), thread


async def _page(request: Request, form: Filled[Any], *, denunciation: bool = False) -> Response:
    view, who = await load.view(request), actor(request)
    async with kit.reading(request) as db:
        section, thread = await _where(request, db)
        title = (await forum.titles(db, [thread.key]))[thread.key] if thread else ""
        answered = await _answered(db, thread, str(form["reply_to"]))
    here = f"/forum/threads/{thread.key}/reply" if thread else f"/forum/{section.slug}/write"
    is_wrong = bool(form.errors or form.note or denunciation)
    return kit.page(
        request,
        "forum/write.html",
        status=form.status if is_wrong else 200,
        form=form,
        section=shown.section(view, section),
        thread={"id": thread.key, "title": title, "is_closed": thread.closed_at is not None, "why": thread.closed_why}
        if thread
        else None,
        answers=shown.quote(view, answered) if answered else None,
        action=localized(here, view.translator.language),
        may_write=authoring.may_write(who, section),
        takes_guests=who.person_id is None and authoring.takes_guests(section),
        author=who.name,
        badges=[view.directory.agencies[agency_id] for agency_id in sorted(who.posts)],
        sign_in_url=localized("/citizens/sign-in" + query({"next": here}), view.translator.language),
        denunciation=denunciation,
    )


async def _answered(db: AsyncSession, thread: Thread | None, number: str) -> Remark | None:
    if thread is None or not (number.isascii() and number.isdecimal() and len(number) < 8):
        return None
    found = await remarks.numbered(db, Said.POST, thread.key, int(number), int(number), PUBLIC)
    return found[0] if found else None
