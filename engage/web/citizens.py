"""Citizens: asking for a link by mail, the page it opens, and a page of one's own."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engage import citizens, people, signin
from engage.citizens import CitizenForm, NameForm, Way
from engage.db import now
from engage.errors import Conflict
from engage.people import Person
from engage.signin import SignInForm
from engage.web import kit
from engage.web.forms import Filled, Nothing
from engage.web.house import SESSION, actor, cookie, house, language
from engage.web.origin import origin
from engage.web.signin import inside
from engage.web.templates import query

LASTING = int(people.CITIZEN_ABSOLUTE.total_seconds())
MINE = "/citizens/me"


async def sign_in_form(request: Request) -> Response:
    return _sign_in(request, Filled(), request.query_params.get("next", ""))


async def ask(request: Request) -> Response:
    """The same answer whoever asks for whomever."""
    typed = await kit.form(request, CitizenForm)
    if typed.model is None:
        return _sign_in(request, typed, str(typed["next"]))
    name, email, onward = typed.model.name, typed.model.email, inside(typed.model.next)
    is_welcome = kit.may_write_to(request, email)
    async with kit.transaction(request) as db:
        if is_welcome:
            await citizens.ask(db, name, email, language=language(request), onward=onward)
        return kit.see_other(request, db, "/citizens/sign-in" + query({"sent": "1", "next": onward}))


# What the mail opens


async def letter(request: Request) -> Response:
    """Nothing happens before the button is pressed: programs that read mails open links too."""
    return await _letter(request, Filled())


async def enter(request: Request) -> Response:
    typed, secret, token = await kit.form(request, Nothing), house(request).settings.secret, _token(request)
    if typed.model is None:
        return await _letter(request, typed)
    try:
        async with kit.transaction(request) as db:
            proof = await citizens.by_token(db, secret, token, Way.LINK)
            await people.sign_out(db, cookie(request, SESSION))
            session = await citizens.enter(db, proof, origin(request))
    except Conflict as used:
        typed.refuse(used, kit.translator(request))
        return await _letter(request, typed)
    response = kit.redirect(request, inside(proof.onward) or MINE)
    kit.set_cookie(request, response, SESSION, session, LASTING)
    return response


# One's own page


async def mine(request: Request) -> Response:
    return await _mine(request, Filled())


async def rename(request: Request) -> Response:
    typed = await kit.form(request, NameForm)
    if typed.model is None:
        return await _mine(request, typed)
    async with kit.transaction(request) as db:
        await citizens.rename(db, actor(request), typed.model.name)
        return kit.see_other(request, db, f"{MINE}?renamed=1")


async def file(request: Request) -> Response:
    async with kit.reading(request) as db:
        kept = await citizens.kept_about(db, actor(request))
    disposition = 'attachment; filename="du-lieu-cua-toi.json"'
    return JSONResponse(kept, headers={"content-disposition": disposition, "cache-control": "no-store"})


async def erase(request: Request) -> Response:
    await kit.form(request, Nothing)
    async with kit.transaction(request) as db:
        await citizens.erase(db, actor(request))
        response = kit.see_other(request, db, "/citizens/sign-in?gone=1")
    kit.set_cookie(request, response, SESSION, "", 0)
    return response


async def sign_out(request: Request) -> Response:
    await kit.form(request, SignInForm)
    async with kit.transaction(request) as db:
        await signin.leave(db, cookie(request, SESSION), actor(request).person_id or 0, origin(request))
        response = kit.see_other(request, db, "/")
    kit.set_cookie(request, response, SESSION, "", 0)
    return response


def _token(request: Request) -> str:
    return str(request.path_params["token"])


def _sign_in(request: Request, typed: Filled[CitizenForm], next_path: str) -> Response:
    asked = request.query_params
    return kit.page(
        request,
        "citizens/sign_in.html",
        status=typed.answer_status,
        form=typed,
        next=inside(next_path),
        is_sent="sent" in asked,
        is_gone="gone" in asked,
        minutes=int(citizens.LASTS[Way.LINK].total_seconds()) // 60,
    )


async def _letter(request: Request, typed: Filled[Nothing]) -> Response:
    async with kit.reading(request) as db:
        proof = await citizens.by_token(db, house(request).settings.secret, _token(request), Way.LINK)
        person, is_open = await db.get_one(Person, proof.person_id), citizens.is_open(proof, now(db))
    response = kit.page(
        request,
        "citizens/letter.html",
        status=typed.answer_status,
        form=typed,
        token=_token(request),
        is_open=is_open,
        owner=person.name if person.verified_at else proof.name,
        email=person.email or "",
        ends_at=proof.ends_at,
    )
    response.headers["referrer-policy"] = "no-referrer"  # the address itself is the key
    return response


async def _mine(request: Request, typed: Filled[Any]) -> Response:
    who = actor(request)
    async with kit.reading(request) as db:
        person = await citizens.mine(db, who)
    if not typed.values:
        typed.values = {"name": person.name}
    return kit.page(
        request,
        "citizens/mine.html",
        status=typed.answer_status,
        form=typed,
        person=person,
        is_staff=person.kind == people.Kind.STAFF,
        is_renamed="renamed" in request.query_params,
    )
