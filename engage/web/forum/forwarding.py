"""The form of a question that a thread becomes: the usual one, with what its author wrote there."""

from starlette.requests import Request
from starlette.responses import Response

from engage import citizens, forum, forwarding
from engage.access import PUBLIC
from engage.errors import Refused
from engage.web import kit, questions
from engage.web.forms import Filled
from engage.web.house import actor
from engage.web.templates import query


async def form(request: Request) -> Response:
    thread_id, who = request.path_params["id"], actor(request)
    async with kit.reading(request) as db:
        await forum.seen_by(db, PUBLIC, thread_id)
    if who.person_id is None:  # the link came by mail
        return kit.redirect(request, "/citizens/sign-in" + query({"next": f"/forum/threads/{thread_id}/question"}))
    try:
        async with kit.reading(request) as db:
            opening = await forwarding.offered(db, who, thread_id)
            author = await citizens.mine(db, who)
    except Refused:  # done before: the thread says so
        return kit.redirect(request, f"/forum/threads/{thread_id}")
    values = {"title": opening.title, "body": opening.body, "name": author.name, "email": author.email or ""}
    return await questions.page(request, Filled(values={**values, "thread": str(thread_id)}))
