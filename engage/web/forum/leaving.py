"""The link in a mail about a thread, by which its follower leaves. Who holds it need not be signed in."""

from starlette.requests import Request
from starlette.responses import Response

from engage import bookmarks, follows, forum
from engage.access import PUBLIC
from engage.db import MOST_ID
from engage.errors import NotFound
from engage.web import kit
from engage.web.forms import Filled, Nothing
from engage.web.house import house


async def form(request: Request) -> Response:
    """Nothing happens before the button is pressed: programs that read mails open links too."""
    return await _page(request, Filled())


async def leave(request: Request) -> Response:
    typed, (person_id, thread_id) = await kit.form(request, Nothing), _named(request)
    if typed.model is None:
        return await _page(request, typed)
    async with kit.transaction(request) as db:
        await bookmarks.leave(db, person_id, thread_id)
        return kit.see_other(request, db, f"/forum/unfollow/{request.path_params['token']}")


def _named(request: Request) -> tuple[int, int]:
    surface, person_id = follows.named(house(request).settings.secret, request.path_params["token"])
    noun, _, number = surface.partition("-")
    if noun != forum.TABLE or not number.isdecimal() or int(number) > MOST_ID:
        raise NotFound()
    return person_id, int(number)


async def _page(request: Request, typed: Filled[Nothing]) -> Response:
    person_id, thread_id = _named(request)
    async with kit.reading(request) as db:
        mark = (await bookmarks.of(db, person_id, [thread_id])).get(thread_id)
        try:
            title = (await forum.seen_by(db, PUBLIC, thread_id))[1].title
        except NotFound:
            title = ""
    response = kit.page(
        request,
        "forum/leave.html",
        status=typed.answer_status,
        form=typed,
        title=title,
        thread_id=thread_id,
        token=request.path_params["token"],
        is_following=mark is not None and mark.follows,
    )
    response.headers["referrer-policy"] = "no-referrer"  # the address itself is the key
    return response
