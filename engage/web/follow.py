"""Following a question: one click, an address only for who wants mail. And what a mail opens, whatever is followed."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import dialogues, follows, questions
from engage.access import PUBLIC
from engage.follows import FollowForm
from engage.questions import SURFACE
from engage.web import guards, kit
from engage.web.forms import Filled, Nothing
from engage.web.house import house, language

PAGES = {SURFACE: "/questions", dialogues.SURFACE: "/dialogues"}


async def form(request: Request) -> Response:
    return await _form(request, Filled())


async def follow(request: Request) -> Response:
    form, question_id = await kit.form(request, FollowForm), request.path_params["id"]
    if form.model is None:
        return await _form(request, form)
    follower = guards.digest(request.state.visitor)
    email = form.model.email if form.model.email and kit.may_write_to(request, form.model.email) else ""
    async with kit.transaction(request) as db:
        await questions.seen_by(db, PUBLIC, question_id)
        if form.model.on:
            await follows.follow(db, SURFACE, question_id, follower, email=email, language=language(request))
        else:
            await follows.unfollow(db, SURFACE, question_id, follower)
        return kit.see_other(request, db, f"/questions/{question_id}/follow")


# What a mail's link opens


async def letter(request: Request) -> Response:
    """Nothing happens before the button is pressed."""
    surface, person_id = _named(request)
    page = "dialogues/letter.html" if surface == dialogues.SURFACE else "follows/letter.html"
    response = kit.page(request, page, **await _followed(request, surface, person_id))
    response.headers["referrer-policy"] = "no-referrer"  # the address itself is the key
    return response


async def confirm(request: Request) -> Response:
    await kit.form(request, Nothing)
    surface, person_id = _named(request)
    async with kit.transaction(request) as db:
        await follows.confirm(db, surface, person_id)
        return kit.see_other(request, db, f"/follows/{request.path_params['token']}")


async def end(request: Request) -> Response:
    await kit.form(request, Nothing)
    surface, person_id = _named(request)
    async with kit.transaction(request) as db:
        ends = follows.end_for_address if surface == dialogues.SURFACE else follows.end
        followed = await ends(db, surface, person_id)
        return kit.see_other(request, db, f"{PAGES[surface]}/{followed.thing_id}")


def _named(request: Request) -> tuple[str, int]:
    return follows.named(house(request).settings.secret, request.path_params["token"])


async def _followed(request: Request, surface: str, person_id: int) -> Mapping[str, Any]:
    async with kit.reading(request) as db:
        followed = await follows.by_person(db, surface, person_id)
        seen_by = dialogues.seen_by if surface == dialogues.SURFACE else questions.seen_by
        thing = await seen_by(db, PUBLIC, followed.thing_id)
    return {
        "thing": thing,
        "token": request.path_params["token"],
        "is_confirmed": followed.confirmed_at is not None,
    }


async def _form(request: Request, form: Filled[FollowForm]) -> Response:
    question_id, visitor = request.path_params["id"], request.state.visitor
    async with kit.reading(request) as db:
        question = await questions.seen_by(db, PUBLIC, question_id)
        follower = guards.digest(visitor) if visitor else ""
        context = {
            "title": question.title,
            "kind": question.kind,
            "question_id": question_id,
            "is_following": await follows.is_following(db, SURFACE, question_id, follower),
            "followers": await follows.count(db, SURFACE, question_id),
        }
    return kit.page(request, "follows/form.html", status=form.answer_status, form=form, **context)
