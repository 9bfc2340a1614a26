"""Turning the second factor on: a square code for the app, the first code back, and recovery codes shown this once."""

import segno
from starlette.requests import Request
from starlette.responses import Response

from engage import accounts, factors, signin
from engage.errors import Conflict, NotFound, Refused
from engage.people import Person
from engage.signin import CodeForm, Step
from engage.web import kit
from engage.web.forms import Filled
from engage.web.house import SESSION, actor, cookie, house
from engage.web.origin import origin
from engage.web.signin import inside, let_in


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


async def _person(request: Request) -> Person | None:
    """Who must enrol before anything else, or who is signed in and wants to."""
    async with kit.reading(request) as db:
        if (person_id := actor(request).person_id) is not None:
            return await accounts.one(db, person_id)
        try:
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
    key = factors.key_of(secret, nonce)
    square = segno.make(factors.address(secret, nonce, person.login or ""), error="m")
    return kit.page(
        request,
        "accounts/enrol.html",
        status=typed.answer_status,
        form=typed,
        next=inside(next_path),
        square=square.svg_data_uri(scale=5, border=3, dark="#000", light="#fff"),
        key=" ".join(key[at : at + 4] for at in range(0, len(key), 4)),
        is_first=actor(request).person_id is None,
    )
