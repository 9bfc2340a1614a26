"""Being reminded of a dialogue: an address, confirmed from the mail that goes to it."""

from starlette.requests import Request
from starlette.responses import Response

from engage import dialogues, follows
from engage.access import PUBLIC
from engage.countdowns import WAITING
from engage.dialogues import SURFACE
from engage.errors import Conflict
from engage.follows import FollowForm
from engage.notices import Kind
from engage.web import guards, kit
from engage.web.forms import Filled
from engage.web.house import language


async def form(request: Request) -> Response:
    return await _form(request, Filled())


async def follow(request: Request) -> Response:
    form, dialogue_id = await kit.form(request, FollowForm), request.path_params["id"]
    if form.model is None:
        return await _form(request, form)
    follower = guards.digest(request.state.visitor)
    email = form.model.email if form.model.email and kit.may_write_to(request, form.model.email) else ""
    async with kit.transaction(request) as db:
        dialogue = await dialogues.seen_by(db, PUBLIC, dialogue_id)
        if not form.model.on:
            await follows.unfollow(db, SURFACE, dialogue_id, follower)
        elif dialogue.stage not in WAITING:
            raise Conflict("moved_on")
        else:
            told = {"email": email, "language": language(request)}
            await follows.follow(db, SURFACE, dialogue_id, follower, asks=Kind.REMIND_ASKED, **told)
        return kit.see_other(request, db, f"/dialogues/{dialogue_id}/follow")


async def _form(request: Request, form: Filled[FollowForm]) -> Response:
    visitor, dialogue_id = request.state.visitor, request.path_params["id"]
    async with kit.reading(request) as db:
        dialogue = await dialogues.seen_by(db, PUBLIC, dialogue_id)
        follower = guards.digest(visitor) if visitor else ""
        followed = await follows.one(db, SURFACE, dialogue_id, follower)
    return kit.page(
        request,
        "dialogues/follow.html",
        status=form.answer_status,
        form=form,
        dialogue=dialogue,
        is_following=followed is not None,
        is_confirmed=followed is not None and followed.confirmed_at is not None,
        is_waited_for=dialogue.stage in WAITING,
    )
