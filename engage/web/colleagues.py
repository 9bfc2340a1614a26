"""A coordinator's own people: who works in the agency, inviting somebody, changing a post, ending it."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from starlette.requests import Request
from starlette.responses import Response

from engage import officials, rosters
from engage.access import Actor, holds
from engage.agencies import Agency, Post
from engage.db import MOST_ID
from engage.errors import Failure, NotAllowed
from engage.questions import Question
from engage.rosters import OfficialForm
from engage.web import kit, load, told, words
from engage.web.forms import Filled
from engage.web.house import actor
from engage.web.views import View


class EndForm(BaseModel):
    """`successor` goes on with what is open; none: it is nobody's, and the coordinator's to hand on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    successor: int | None = Field(default=None, ge=1, le=MOST_ID)

    @field_validator("successor", mode="before")
    @classmethod
    def _successor(cls, value: object) -> object:
        return value or None


class PostForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    post: Literal["official", "approver"]


async def add(request: Request) -> Response:
    return await _add(request, Filled())


async def invite(request: Request) -> Response:
    typed = await kit.form(request, OfficialForm)
    view = await load.view(request)
    agency = _mine(request, view, str(typed["agency"]))
    if typed.model is None:
        return await _add(request, typed)
    try:
        async with kit.transaction(request) as db:
            await rosters.invite_official(db, actor(request), agency.id or 0, typed.model)
            return kit.see_other(request, db, f"/desk/people/add?agency={agency.slug}")
    except Failure as failure:
        typed.refuse(failure, kit.translator(request))
        return await _add(request, typed)


async def show(request: Request) -> Response:
    return await _page(request, Filled())


async def change(request: Request) -> Response:
    typed = await kit.form(request, PostForm)
    if typed.model is None:
        return await _page(request, typed)
    try:
        async with kit.transaction(request) as db:
            person_id = request.path_params["id"]
            await rosters.change_post(db, actor(request), person_id, typed.model.post)
            return kit.see_other(request, db, f"/desk/people/{person_id}")
    except Failure as failure:
        typed.refuse(failure, kit.translator(request))
        return await _page(request, typed)


async def end(request: Request) -> Response:
    """Then the list of what they had in hand, which is somebody else's or nobody's now."""
    typed, person_id = await kit.form(request, EndForm), request.path_params["id"]
    if typed.model is None:
        return await _page(request, typed)
    view, successor = await load.view(request), typed.model.successor
    try:
        async with kit.transaction(request) as db:
            agency = view.directory.agencies[(await rosters.member(db, actor(request), person_id))[1]]
            left = await rosters.end_official(db, actor(request), person_id, successor=successor)
            theirs = f"official={successor}&done=passed.{left}" if successor else f"official=nobody&done=left.{left}"
            gone = told.telling(f"/desk/people/add?agency={agency.slug}", "left", person_id)
            path = f"/desk?agency={agency.slug}&tab=working&{theirs}" if left else gone
            return kit.see_other(request, db, path)
    except Failure as failure:
        typed.refuse(failure, kit.translator(request))
        return await _page(request, typed)


async def _add(request: Request, typed: Filled[Any]) -> Response:
    view = await load.view(request)
    agency = _mine(request, view, str(typed["agency"]) or request.query_params.get("agency", ""))
    async with kit.reading(request) as db:
        found = await rosters.of_agency(db, actor(request), agency.id or 0)
    works_here = request.query_params.get("done") in {f"left.{one.person.id}" for one in found}
    return kit.page(
        request,
        "desk/people_add.html",
        status=typed.answer_status,
        form=typed,
        agency=agency,
        post_words=words.POSTS,
        done=told.said(request, words.accounts.DONE, () if works_here else ("left",)),
        members=[(one.person, sorted(one.posts[agency.id or 0])) for one in found],
    )


async def _page(request: Request, typed: Filled[Any]) -> Response:
    view = await load.view(request)
    async with kit.reading(request) as db:
        found, agency_id = await rosters.member(db, actor(request), request.path_params["id"])
        open_ones = await officials.in_hand_of(db, Question, found.person.id or 0, agency_id)
        staff = [one for one in await officials.of_agency(db, agency_id) if one.id != found.person.id]
    posts = sorted(found.posts[agency_id])
    return kit.page(
        request,
        "desk/people_show.html",
        status=typed.answer_status,
        form=typed,
        person=found.person,
        agency=view.directory.agencies[agency_id],
        held=posts,
        open_ones=open_ones,
        works_elsewhere=rosters.works_elsewhere(found),
        staff=staff,
        post_words=words.POSTS,
        is_mine_to_decide=Post.COORDINATOR not in posts,
    )


def _mine(request: Request, view: View, asked: str) -> Agency:
    """The agency asked for among those this person coordinates, else the first of them."""
    who: Actor = actor(request)
    mine = [view.directory.agencies[one] for one in who.posts if holds(who, one, Post.COORDINATOR)]
    if not mine:
        raise NotAllowed()
    return next((agency for agency in mine if agency.slug == asked), mine[0])
