"""One poll: an address for good. Here stands what is one's own, which the room that everybody shares cannot know."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from engage import dialogues, marking, polling
from engage.db import MOST_ID
from engage.dialogues import Dialogue
from engage.errors import NotFound, Refused
from engage.polls import MOST_CHOICES, Poll
from engage.web import kit, load, voters
from engage.web.cursors import number
from engage.web.dialogues import polled
from engage.web.forms import Filled, flat
from engage.web.house import actor, house


class MarkForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    choice: Annotated[tuple[Annotated[int, Field(ge=1, le=MOST_ID)], ...], Field(max_length=MOST_CHOICES)] = ()


async def show(request: Request) -> Response:
    return await _page(request, Filled())


async def mark(request: Request) -> Response:
    """Not in a transaction of its own: whoever chooses in the same moment is written together."""
    form = await kit.form(request, MarkForm, shape=choices_of, listed=("choice",))
    if form.model is None:
        return await _page(request, form)
    kit.must_be_ours(request)
    async with kit.reading(request) as db:
        _, poll = await _found(request, db)
    mine = voters.by_poll(request, actor(request), poll.key, form.model.choice)
    reason = await house(request).marks.cast(mine)
    if reason is not None:
        form.refuse(Refused(reason), kit.translator(request))
        return await _page(request, form)
    return kit.redirect(request, polled.path(poll.thing_id, poll.key))


def choices_of(form: FormData) -> dict[str, Any]:
    return flat(form) | {"choice": [str(one) for one in form.getlist("choice")]}


async def _page(request: Request, form: Filled[MarkForm]) -> Response:
    view, voter = await load.view(request), voters.voter_of(request, actor(request))
    async with kit.reading(request) as db:
        dialogue, poll = await _found(request, db)
        digest = marking.voter_of(house(request).settings.secret, poll.key, voter)
        mine = await marking.marked(db, poll.key, digest) if voter else frozenset()
        [shown] = await polled.of(db, view, dialogue, [poll])
    tried = {number(one) for one in form["choice"]} if form.errors or form.note else mine
    return kit.page(
        request,
        "dialogues/poll.html",
        status=form.answer_status,
        form=form,
        dialogue=dialogue,
        poll=shown,
        chosen=tried,
        has_marked=bool(mine),
    )


async def _found(request: Request, db: AsyncSession) -> tuple[Dialogue, Poll]:
    """A draft is missing, even for its host: that one works on it at the desk."""
    dialogue = await dialogues.seen_by(db, actor(request), request.path_params["id"])
    poll = await polling.one(db, dialogue, request.path_params["poll"])
    if not poll.is_public:
        raise NotFound()
    return dialogue, poll
