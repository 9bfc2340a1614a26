"""One's own account: password, second factor, sessions, and the language of mails."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import accounts, factors, people, records, staff, tries
from engage.errors import Failure, Refused
from engage.people import Person
from engage.signin import CodeForm
from engage.staff import Staff
from engage.web import kit, load
from engage.web.forms import Filled
from engage.web.house import SESSION, actor, cookie, house
from engage.web.origin import origin

LATELY = 10


class ChangeForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    old: str = Field(default="", max_length=200)
    new: str = Field(default="", max_length=200)


class LanguageForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    language: Literal["vi", "en"]


class SessionForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    session: str = Field(default="", max_length=64)


async def mine(request: Request) -> Response:
    return await _page(request, Filled())


async def change_password(request: Request) -> Response:
    """The old one is asked for, and counts as a try to sign in: an open browser is not its owner.

    What is refused before the old one is judged teaches nobody anything, and is no try.
    """
    typed = await kit.form(request, ChangeForm)
    if typed.model is None:
        return await _page(request, typed)
    person = await _me(request)
    login = person.login or ""
    try:
        if not typed.model.old:
            raise Refused("old_missing", field="old")
        staff.must_be_strong(typed.model.new, field="new")
        async with house(request).store.transaction() as db:  # outlives the refusal
            await tries.begin(db, login, origin(request, login))
        if not await people.password_fits(person, typed.model.old):
            raise Refused("password_wrong", field="old")
        hashed = await people.hashed(typed.model.new)
        async with kit.transaction(request) as db:
            await tries.forgive(db, login, origin(request, login))
            token = await accounts.change_password(db, await accounts.one(db, person.id or 0), hashed)
            response = kit.see_other(request, db, "/account?changed=1")
    except Failure as failure:
        typed.refuse(failure, kit.translator(request))
        return await _page(request, typed)
    kit.set_cookie(request, response, SESSION, token, None)
    return response


async def choose_language(request: Request) -> Response:
    typed = await kit.form(request, LanguageForm)
    if typed.model is None:
        return await _page(request, typed)
    async with kit.transaction(request) as db:
        await accounts.choose_language(db, actor(request).person_id or 0, typed.model.language)
        return kit.see_other(request, db, "/account")


async def end_session(request: Request) -> Response:
    typed = await kit.form(request, SessionForm)
    if typed.model is None:
        return await _page(request, typed)
    async with kit.transaction(request) as db:
        await people.end_session(db, actor(request).person_id or 0, typed.model.session)
        return kit.see_other(request, db, "/account")


async def renew_codes(request: Request) -> Response:
    """Whoever has the new ones gets in without the phone: an open browser is not its owner."""
    typed, who = await kit.form(request, CodeForm), actor(request).person_id or 0
    if typed.model is None:
        return await _page(request, typed)
    try:
        async with proved(request, typed.model.code) as db:
            codes = await factors.renew_codes(db, who)
    except Failure as failure:
        typed.refuse(failure, kit.translator(request))
        return await _page(request, typed)
    return kit.page(request, "accounts/codes.html", codes=codes, onward="/account")


@asynccontextmanager
async def proved(request: Request, code: str) -> AsyncIterator[AsyncSession]:
    """The transaction of an owner who has just typed a code of the second factor. A wrong one counts as a try to sign in."""
    if not code:
        raise Refused("code_missing", field="code")
    person = await _me(request)
    login = person.login or ""
    async with house(request).store.transaction() as db:  # outlives the refusal
        await tries.begin(db, login, origin(request, login))
    async with kit.transaction(request) as db:
        await factors.prove(db, house(request).settings.secret, person.id or 0, code)
        await tries.forgive(db, login, origin(request, login))
        yield db


async def _me(request: Request) -> Person:
    async with kit.reading(request) as db:
        return await accounts.one(db, actor(request).person_id or 0)


async def _page(request: Request, typed: Filled[Any]) -> Response:
    who = actor(request).person_id or 0
    view = await load.view(request)
    async with kit.reading(request) as db:
        person = await accounts.one(db, who)
        context: dict[str, Any] = {
            "person": person,
            "work": view.posts(Staff(person, actor(request).posts)),
            "has_factor": await factors.is_on(db, who),
            "codes_left": await factors.codes_left(db, who),
            "sessions": await people.sessions_of(db, who),
            "this_session": people.name_of(cookie(request, SESSION)),
            "lately": await records.of_person(db, who, LATELY, records.Act.SIGNED_IN),
        }
    return kit.page(
        request,
        "accounts/mine.html",
        status=typed.answer_status,
        form=typed,
        least=staff.LEAST_PASSWORD,
        is_changed="changed" in request.query_params,
        **context,
    )
