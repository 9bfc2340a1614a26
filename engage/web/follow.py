"""Following a question: one click, an address only for who wants mail, and the way out in every mail."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engage import follows, questions
from engage.access import PUBLIC
from engage.follows import FollowForm
from engage.questions import SURFACE
from engage.web import guards, kit
from engage.web.forms import Filled, Nothing
from engage.web.house import house, language


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


async def letter(request: Request) -> Response:
    """What a mail's link opens: nothing happens before the button is pressed."""
    person_id = follows.person_of(house(request).settings.secret, request.path_params["token"])
    response = kit.page(request, "follows/letter.html", **await _followed(request, person_id))
    response.headers["referrer-policy"] = "no-referrer"  # the address itself is the key
    return response


async def confirm(request: Request) -> Response:
    await kit.form(request, Nothing)
    person_id = follows.person_of(house(request).settings.secret, request.path_params["token"])
    async with kit.transaction(request) as db:
        await follows.confirm(db, person_id)
        return kit.see_other(request, db, f"/follows/{request.path_params['token']}")


async def end(request: Request) -> Response:
    await kit.form(request, Nothing)
    person_id = follows.person_of(house(request).settings.secret, request.path_params["token"])
    async with kit.transaction(request) as db:
        followed = await follows.end(db, person_id)
        return kit.see_other(request, db, f"/questions/{followed.thing_id}")


async def _followed(request: Request, person_id: int) -> Mapping[str, Any]:
    async with kit.reading(request) as db:
        followed = await follows.by_person(db, person_id)
        question = await questions.seen_by(db, PUBLIC, followed.thing_id)
    return {
        "title": question.title,
        "question_id": question.key,
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
            "question_id": question_id,
            "is_following": await follows.is_following(db, SURFACE, question_id, follower),
            "followers": await follows.count(db, SURFACE, question_id),
        }
    return kit.page(request, "follows/form.html", status=form.answer_status, form=form, **context)
