"""Signing in and out, for staff."""

from starlette.requests import Request
from starlette.responses import Response

from engage import people, signin, staff
from engage.errors import Failure, Refused, TooMany
from engage.signin import SignInForm
from engage.web import kit, load
from engage.web.forms import Filled
from engage.web.house import SESSION, actor, cookie, house


async def form(request: Request) -> Response:
    return await _form(request, Filled(), request.query_params.get("next", ""))


async def sign_in(request: Request) -> Response:
    typed = await kit.form(request, SignInForm)
    if typed.model is None:
        return await _form(request, typed, str(typed["next"]))
    try:
        if house(request).settings.is_production and typed.model.password == people.DEMONSTRATION_PASSWORD:
            raise Refused("sign_in_wrong")
        token = await signin.with_password(house(request).store, typed.model, before=cookie(request, SESSION))
    except (Refused, TooMany) as failure:
        return await _refused(request, typed, failure)
    response = kit.redirect(request, _inside(typed.model.next) or "/sign-in/done")
    kit.set_cookie(request, response, SESSION, token, None)
    return response


async def done(request: Request) -> Response:
    """To the desk this person works at."""
    who = actor(request)
    if who.is_moderator:
        return kit.redirect(request, "/review")
    return kit.redirect(request, "/desk" if who.posts else "/admin/limits")


async def sign_out(request: Request) -> Response:
    await kit.form(request, SignInForm)
    async with kit.transaction(request) as db:
        await people.sign_out(db, cookie(request, SESSION))
        response = kit.see_other(request, db, "/")
    kit.set_cookie(request, response, SESSION, "", 0)
    return response


async def _refused(request: Request, typed: Filled[SignInForm], failure: Failure) -> Response:
    typed.refuse(failure, kit.translator(request))
    return await _form(request, typed, str(typed["next"]))


async def _form(request: Request, typed: Filled[SignInForm], next_path: str) -> Response:
    mine = house(request)
    accounts: list[tuple[str, str, str]] = []
    if not mine.settings.is_production:
        view = await load.view(request)
        async with kit.reading(request) as db:
            every = await staff.every(db)
        accounts = [(view.posts(member), member.person.name, member.person.login or "") for member in every]
    return kit.page(
        request,
        "sign_in.html",
        status=typed.answer_status,
        form=typed,
        next=_inside(next_path),
        accounts=accounts,
        demo_password=people.DEMONSTRATION_PASSWORD if accounts else "",
    )


def _inside(path: str) -> str:
    """Only a path of ours: never an address that leads elsewhere after signing in."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_ours else ""
