"""A poll of a thread: an address of its own, where stands what one chose, which the thread that everybody shares cannot know."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import forum, marking, thread_polls
from engage.access import PUBLIC
from engage.errors import Refused
from engage.web import kit, load, voters
from engage.web.cursors import number
from engage.web.dialogues import polled
from engage.web.dialogues.polls import MarkForm, choices_of
from engage.web.forms import Filled
from engage.web.forum import shown
from engage.web.house import actor, house
from engage.web.language import localized
from engage.web.templates import query
from engage.web.views import View


async def show(request: Request) -> Response:
    return await _page(request, Filled())


async def mark(request: Request) -> Response:
    """Whoever chooses in the same moment is written together, in a transaction of theirs."""
    form, who = await kit.form(request, MarkForm, shape=choices_of, listed=("choice",)), actor(request)
    if form.model is None:
        return await _page(request, form)
    kit.must_be_ours(request)
    thread_id, poll_id = request.path_params["id"], request.path_params["poll"]
    async with kit.reading(request) as db:
        await forum.seen_by(db, PUBLIC, thread_id)
        poll = await thread_polls.one(db, thread_id, poll_id)
    reason: str | None = "poll_sign_in"
    if who.person_id is not None:
        reason = await house(request).marks.cast(voters.by_poll(request, who, poll.key, form.model.choice))
    if reason is not None:
        form.refuse(Refused(reason), kit.translator(request))
        return await _page(request, form)
    return kit.redirect(request, path(thread_id, poll_id))


async def _page(request: Request, form: Filled[MarkForm]) -> Response:
    view, who, thread_id = await load.view(request), actor(request), request.path_params["id"]
    async with kit.reading(request) as db:
        _, opening = await forum.seen_by(db, PUBLIC, thread_id)
        poll = await thread_polls.one(db, thread_id, request.path_params["poll"])
        [result] = await marking.results(db, [poll])
        digest = marking.voter_of(house(request).settings.secret, poll.key, voters.voter_of(request, who))
        mine = await marking.marked(db, poll.key, digest) if who.person_id is not None else frozenset()
    here = path(thread_id, poll.key)
    return kit.page(
        request,
        "forum/poll.html",
        status=form.answer_status,
        form=form,
        title=opening.title,
        thread_url=shown.url_of(view, thread_id),
        poll=polled.poll(view, here, result),
        chosen={number(one) for one in form["choice"]} if form.errors or form.note else mine,
        has_marked=bool(mine),
        may_mark=who.person_id is not None,
        sign_in_url=localized("/citizens/sign-in" + query({"next": here}), view.translator.language),
    )


async def of(db: AsyncSession, view: View, thread_id: int) -> dict[str, Any] | None:
    """The one of a thread, as all its readers see it; one that was withdrawn until there is another."""
    held = await thread_polls.of(db, thread_id)
    if not held:
        return None
    [result] = await marking.results(db, held[-1:])
    return polled.poll(view, path(thread_id, held[-1].key), result)


def path(thread_id: int, poll_id: int) -> str:
    return f"/forum/threads/{thread_id}/polls/{poll_id}"
