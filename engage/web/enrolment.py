"""The second factor, turned on or moved to another phone: a square code for the app, its first code back, recovery codes once."""

from typing import Any

import segno
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from engage import accounts, factors, signin
from engage.ask import Line
from engage.errors import Conflict, Failure, NotFound, Refused
from engage.people import Person
from engage.signin import CodeForm, Step
from engage.web import kit
from engage.web.account import proved
from engage.web.forms import Filled
from engage.web.house import SESSION, actor, cookie, house
from engage.web.origin import origin
from engage.web.signin import inside, let_in


class MoveForm(BaseModel):
    """`fresh`: what the new phone shows; `code`: what the old one shows, or a recovery code."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fresh: Line = Field(default="", max_length=40)
    code: Line = Field(default="", max_length=40)


async def form(request: Request) -> Response:
    return await _form(request, Filled(), request.query_params.get("next", ""))


async def confirm(request: Request) -> Response:
    """The page with the codes is the answer itself: it cannot be opened a second time."""
    typed, half, mine = await kit.form(request, CodeForm), cookie(request, SESSION), house(request)
    person = await _person(request)
    if person is None:
        return kit.redirect(request, "/sign-in")
    if typed.model is None:
        return await _form(request, typed, str(typed["next"]))
    secret, token = mine.settings.secret, ""
    try:
        async with kit.transaction(request) as db:
            nonce = factors.nonce_for(secret, half)
            codes = await factors.turn_on(db, secret, person.id or 0, nonce, typed.model.code)
            if actor(request).person_id is None:
                token = await signin.after_enrolling(db, half, person, origin(request, person.login or ""))
    except Refused as failure:
        typed.refuse(failure, kit.translator(request))
        return await _form(request, typed, str(typed["next"]))
    onward = inside(typed.model.next) or ("/sign-in/done" if token else "/account")
    response = kit.page(request, "accounts/codes.html", codes=codes, onward=onward)
    if token:
        let_in(request, response, token, person.login or "")
    return response


async def move_form(request: Request) -> Response:
    return await _move_form(request, Filled())


async def move(request: Request) -> Response:
    """The old phone ends in the moment the new one is confirmed: at no time does the password alone open the account."""
    typed, mine, who = await kit.form(request, MoveForm), house(request), actor(request).person_id or 0
    if typed.model is None:
        return await _move_form(request, typed)
    secret = mine.settings.secret
    try:
        if not typed.model.fresh:
            raise Refused("code_missing", field="fresh")
        async with proved(request, typed.model.code) as db:
            nonce = await factors.next_nonce(db, secret, cookie(request, SESSION), who)
            codes = await factors.move(db, secret, who, nonce, typed.model.fresh)
    except Failure as failure:
        typed.refuse(failure, kit.translator(request))
        return await _move_form(request, typed)
    return kit.page(request, "accounts/codes.html", codes=codes, onward="/account")


async def _move_form(request: Request, typed: Filled[MoveForm]) -> Response:
    who, secret = actor(request).person_id or 0, house(request).settings.secret
    async with kit.reading(request) as db:
        person = await accounts.one(db, who)
        nonce = await factors.next_nonce(db, secret, cookie(request, SESSION), who)
    return kit.page(
        request, "accounts/move.html", status=typed.answer_status, form=typed, **_square(secret, nonce, person)
    )


async def _person(request: Request) -> Person | None:
    """Who must enrol before anything else, or who is signed in and wants to. Nobody with a mail link has a password to add to."""
    async with kit.reading(request) as db:
        try:
            if (person_id := actor(request).person_id) is not None:
                return await accounts.one(db, person_id)
            return await signin.at_step(db, cookie(request, SESSION), Step.ENROL)
        except NotFound:
            return None


async def _form(request: Request, typed: Filled[CodeForm], next_path: str) -> Response:
    person, secret = await _person(request), house(request).settings.secret
    if person is None:
        return kit.redirect(request, "/sign-in")
    async with kit.reading(request) as db:
        if await factors.is_on(db, person.id or 0):
            raise Conflict("factor_is_on")
    nonce = factors.nonce_for(secret, cookie(request, SESSION))
    return kit.page(
        request,
        "accounts/enrol.html",
        status=typed.answer_status,
        form=typed,
        next=inside(next_path),
        is_first=actor(request).person_id is None,
        **_square(secret, nonce, person),
    )


def _square(secret: str, nonce: str, person: Person) -> dict[str, Any]:
    """What the app scans, and the same to type."""
    key = factors.key_of(secret, nonce)
    square = segno.make(factors.address(secret, nonce, person.login or ""), error="m")
    return {
        "square": square.svg_data_uri(scale=5, border=3, dark="#000", light="#fff"),
        "key": " ".join(key[at : at + 4] for at in range(0, len(key), 4)),
    }
