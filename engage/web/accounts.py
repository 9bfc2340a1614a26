"""Accounts of staff for the administrator: the list, one account, and what may be done with it."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from engage import accounts, factors, people, records, rosters
from engage.access import Actor, Role
from engage.accounts import AccountForm
from engage.agencies import Post
from engage.db import MOST_ID
from engage.errors import Failure
from engage.people import Person
from engage.rosters import Wanted
from engage.web import kit, load, told, words
from engage.web.forms import Filled, Nothing, flat
from engage.web.house import actor, language
from engage.web.language import localized
from engage.web.templates import query
from engage.web.views import View

PAGE, LATELY = 50, 10
FLAGS = ("is_moderator", "may_unseal", "is_administrator")
ROLES = ("moderator", "unseal", "administrator", *Post)
STATES = ("active", "invited", "ended")
ASKED = ("role", "agency", "state", "q")

Verb = Callable[[Any, Actor, Person], Awaitable[int | None]]


async def listed(request: Request) -> Response:
    asked = {name: request.query_params.get(name, "")[:100] for name in ASKED}
    typed, view = request.query_params.get("after", ""), await load.view(request)
    after = min(int(typed), MOST_ID) if typed.isascii() and typed.isdecimal() and len(typed) <= 10 else 0
    agency = next((row.id for row in view.directory.agencies.values() if row.slug == asked["agency"]), None)
    async with kit.reading(request) as db:
        wanted = Wanted(asked["role"], agency, asked["state"], asked["q"])
        found = await rosters.listed(db, wanted, PAGE + 1, after=after)
    here = localized("/admin/accounts", language(request))
    return kit.page(
        request,
        "admin/accounts.html",
        members=[(member, view.posts(member)) for member in found[:PAGE]],
        filters=asked,
        roles=ROLES,
        role_words=words.accounts.ROLES,
        states=STATES,
        state_words=words.accounts.STATES,
        agencies=view.directory.choices["agencies"],
        first_url=here + query(asked) if after else None,
        next_url=here + query({**asked, "after": found[PAGE - 1].person.id}) if len(found) > PAGE else None,
    )


async def add(request: Request) -> Response:
    return await _add(request, Filled())


async def invite(request: Request) -> Response:
    typed = await kit.form(request, AccountForm, shape=shaped, listed=("posts",))
    if typed.model is None:
        return await _add(request, typed)
    try:
        async with kit.transaction(request) as db:
            person = await accounts.invite(db, actor(request), typed.model)
            return kit.see_other(request, db, f"/admin/accounts/{person.id}")
    except Failure as failure:
        typed.refuse(failure, kit.translator(request))
        return await _add(request, typed)


async def show(request: Request) -> Response:
    return await _page(request, Filled())


async def change(request: Request) -> Response:
    typed = await kit.form(request, AccountForm, shape=shaped, listed=("posts",))
    if typed.model is None:
        return await _page(request, typed)
    try:
        async with kit.transaction(request) as db:
            person = await accounts.one(db, request.path_params["id"])
            await accounts.change(db, actor(request), person, typed.model)
            return kit.see_other(request, db, f"/admin/accounts/{person.id}")
    except Failure as failure:
        typed.refuse(failure, kit.translator(request))
        return await _page(request, typed)


async def end(request: Request) -> Response:
    return await _press(request, accounts.end, done="ended")


async def reopen(request: Request) -> Response:
    return await _press(request, accounts.reopen)


async def reset_factor(request: Request) -> Response:
    return await _press(request, accounts.reset_factor)


async def send_link(request: Request) -> Response:
    return await _press(request, accounts.send_link)


async def sign_out(request: Request) -> Response:
    return await _press(request, accounts.sign_out)


async def roles(request: Request) -> Response:
    """What each role may do, read from the doors themselves."""
    doors = request.app.state.doors
    by_role = {role: [door for door in doors if door.role is role] for role in Role}
    return kit.page(request, "admin/roles.html", by_role=by_role, role_words=words.accounts.ROLES)


def shaped(form: FormData) -> dict[str, Any]:
    """The posts come as one name several times."""
    shape = flat(form)
    posts = tuple(value for value in form.getlist("posts") if isinstance(value, str))
    return {**shape, "posts": posts} if posts else {**shape}


async def _press(request: Request, verb: Verb, *, done: str = "") -> Response:
    """`done`: what the page says was done, and to how many."""
    typed = await kit.form(request, Nothing)
    try:
        async with kit.transaction(request) as db:
            person = await accounts.one(db, request.path_params["id"])
            many = await verb(db, actor(request), person)
            path = f"/admin/accounts/{person.id}"
            return kit.see_other(request, db, told.telling(path, done, many or 0) if done else path)
    except Failure as failure:
        typed.refuse(failure, kit.translator(request))
        return await _page(request, typed)


async def _add(request: Request, typed: Filled[Any]) -> Response:
    view = await load.view(request)
    return kit.page(
        request,
        "admin/account_add.html",
        status=typed.answer_status,
        form=typed,
        held=_held(view, typed["posts"] or ()),
        agencies=view.directory.choices["agencies"],
        posts=tuple(Post),
        post_words=words.POSTS,
    )


async def _page(request: Request, typed: Filled[Any]) -> Response:
    view, person_id = await load.view(request), request.path_params["id"]
    async with kit.reading(request) as db:
        person = await accounts.one(db, person_id)
        roles = await accounts.roles_of(db, person)
        context: dict[str, Any] = {
            "person": person,
            "has_factor": await factors.is_on(db, person_id),
            "in_hand": await accounts.in_hand(db, person),
            "sessions": len(await people.sessions_of(db, person_id)),
            "done": told.said(request, words.accounts.DONE, ("ended",) if person.ended_at else ()),
            "lately": await records.of_person(db, person_id, LATELY, records.Act.SIGNED_IN),
        }
    slugs = [f"{post}@{view.directory.agencies[agency_id].slug}" for agency_id, post in sorted(roles.posts)]
    if "name" not in typed.values:  # nothing was typed: what is stored
        typed.values = person.model_dump(include={"name", "email", *FLAGS}) | {"posts": slugs}
    shown = sorted({*slugs, *(typed["posts"] or ())})
    return kit.page(
        request,
        "admin/account.html",
        status=typed.answer_status,
        form=typed,
        held=_held(view, shown),
        agencies=view.directory.choices["agencies"],
        posts=tuple(Post),
        post_words=words.POSTS,
        **context,
    )


def _held(view: View, slugs: Any) -> list[tuple[str, str, Any]]:
    """(what is sent, the post, the agency) of posts as a form names them; what names nothing is left out."""
    known = {row.slug: row for row in view.directory.agencies.values()}
    parts = [(written, *written.partition("@")[::2]) for written in slugs]
    return [(written, post, known[slug]) for written, post, slug in parts if post in set(Post) and slug in known]
