"""Signing in and out, for staff: the password, then the code where one is asked for."""

from starlette.requests import Request
from starlette.responses import Response

from engage import people, signin, staff
from engage.errors import Failure, NotFound, Refused, TooMany
from engage.signin import CodeForm, SignInForm, Step
from engage.web import guards, kit, load
from engage.web.forms import Filled
from engage.web.house import SESSION, actor, cookie, house
from engage.web.origin import origin
from engage.web.templates import query

YEAR = 365 * 24 * 3600
PAGES = {Step.CODE: "/sign-in/code", Step.ENROL: "/sign-in/enrol"}


async def form(request: Request) -> Response:
    return await _form(request, Filled(), request.query_params.get("next", ""))


async def sign_in(request: Request) -> Response:
    typed = await kit.form(request, SignInForm)
    if typed.model is None:
        return await _form(request, typed, str(typed["next"]))
    settings, login = house(request).settings, typed.model.email.lower()
    try:
        if settings.is_production and typed.model.password == people.DEMONSTRATION_PASSWORD:
            raise Refused("sign_in_wrong")
        entry = await signin.with_password(
            house(request).store,
            typed.model,
            origin=origin(request, login),
            before=cookie(request, SESSION),
            needs_factor=settings.is_production,
        )
    except (Refused, TooMany) as failure:
        typed.refuse(failure, kit.translator(request))
        return await _form(request, typed, str(typed["next"]))
    if entry.step is None:
        return arrived(request, entry.token, login, typed.model.next)
    response = kit.redirect(request, PAGES[entry.step] + query({"next": inside(typed.model.next)}))
    kit.set_cookie(request, response, SESSION, entry.token, None)
    return response


async def code(request: Request) -> Response:
    return await _code(request, Filled(), request.query_params.get("next", ""))


async def enter_code(request: Request) -> Response:
    typed, mine, half = await kit.form(request, CodeForm), house(request), cookie(request, SESSION)
    if typed.model is None:
        return await _code(request, typed, str(typed["next"]))
    try:
        async with kit.reading(request) as db:
            login = (await signin.at_step(db, half, Step.CODE)).login or ""
        token = await signin.with_factor(
            mine.store, mine.settings.secret, half, typed.model, origin=origin(request, login)
        )
    except NotFound:
        return kit.redirect(request, "/sign-in")
    except (Refused, TooMany) as failure:
        typed.refuse(failure, kit.translator(request))
        return await _code(request, typed, str(typed["next"]))
    return arrived(request, token, login, typed.model.next)


async def done(request: Request) -> Response:
    """To the desk this person works at."""
    who = actor(request)
    if who.is_moderator:
        return kit.redirect(request, "/review")
    if who.posts:
        return kit.redirect(request, "/desk")
    return kit.redirect(request, "/admin" if who.is_administrator else "/dialogues/mine")


async def sign_out(request: Request) -> Response:
    await kit.form(request, SignInForm)
    async with kit.transaction(request) as db:
        await signin.leave(db, cookie(request, SESSION), actor(request).person_id or 0, origin(request))
        response = kit.see_other(request, db, "/")
    kit.set_cookie(request, response, SESSION, "", 0)
    return response


def arrived(request: Request, token: str, login: str, next_path: str) -> Response:
    """In: with a session, and a browser that is known from now on."""
    response = kit.redirect(request, inside(next_path) or "/sign-in/done")
    let_in(request, response, token, login)
    return response


def let_in(request: Request, response: Response, token: str, login: str) -> None:
    secret = house(request).settings.secret
    device = origin(request, login).device or guards.new_visitor()
    kit.set_cookie(request, response, SESSION, token, None)
    kit.set_cookie(request, response, guards.DEVICE, guards.device_cookie(secret, device, login), YEAR)


def inside(path: str) -> str:
    """Only a path of ours: never an address that leads elsewhere after signing in."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_ours else ""


async def _code(request: Request, typed: Filled[CodeForm], next_path: str) -> Response:
    try:
        async with kit.reading(request) as db:
            await signin.at_step(db, cookie(request, SESSION), Step.CODE)
    except Failure:
        return kit.redirect(request, "/sign-in" + query({"next": inside(next_path)}))
    return kit.page(request, "accounts/code.html", status=typed.answer_status, form=typed, next=inside(next_path))


async def _form(request: Request, typed: Filled[SignInForm], next_path: str) -> Response:
    mine = house(request)
    accounts: list[tuple[str, str, str]] = []
    if not mine.settings.is_production:
        view = await load.view(request)
        async with kit.reading(request) as db:
            every = await staff.every(db)
        accounts = [
            (view.posts(member), member.person.name, member.person.login or "")
            for member in every
            if member.person.password and member.person.ended_at is None
        ]
    return kit.page(
        request,
        "sign_in.html",
        status=typed.answer_status,
        form=typed,
        next=inside(next_path),
        is_set="set" in request.query_params,
        accounts=accounts,
        demo_password=people.DEMONSTRATION_PASSWORD if accounts else "",
    )
