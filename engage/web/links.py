"""A link in a mail sets a password: asking for one, the page it opens, and the button that uses it."""

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from engage import accounts, links, people, staff
from engage.ask import Line
from engage.db import now
from engage.errors import Failure, Refused
from engage.people import is_email
from engage.web import kit
from engage.web.forms import Filled
from engage.web.house import house


class ForgotForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    email: Line = Field(default="", max_length=254)


class PasswordForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    password: str = Field(default="", max_length=200)


async def forgot(request: Request) -> Response:
    return _forgot(request, Filled())


async def ask(request: Request) -> Response:
    """The same answer whoever asks for whomever."""
    typed = await kit.form(request, ForgotForm)
    if typed.model is None:
        return _forgot(request, typed)
    email = typed.model.email.lower()
    if not is_email(email):
        typed.refuse(Refused("email_wrong", field="email"), kit.translator(request))
        return _forgot(request, typed)
    is_welcome = kit.may_write_to(request, email)
    async with kit.transaction(request) as db:
        if is_welcome:
            await accounts.forgot(db, email)
        return kit.see_other(request, db, "/sign-in/forgot?sent=1")


async def form(request: Request) -> Response:
    return await _form(request, Filled())


async def set_password(request: Request) -> Response:
    typed, secret = await kit.form(request, PasswordForm), house(request).settings.secret
    if typed.model is None:
        return await _form(request, typed)
    try:
        async with kit.reading(request) as db:  # a forged link is missing, however good the password is
            await links.one(db, secret, request.path_params["token"])
        staff.must_be_strong(typed.model.password)
        hashed = await people.hashed(typed.model.password)
        async with kit.transaction(request) as db:
            link = await links.one(db, secret, request.path_params["token"])
            await accounts.set_password(db, link, hashed)
            return kit.see_other(request, db, "/sign-in?set=1")
    except Failure as failure:
        if failure.status == 404:
            raise
        typed.refuse(failure, kit.translator(request))
        return await _form(request, typed)


def _forgot(request: Request, typed: Filled[ForgotForm]) -> Response:
    is_sent = "sent" in request.query_params
    return kit.page(request, "accounts/forgot.html", status=typed.answer_status, form=typed, is_sent=is_sent)


async def _form(request: Request, typed: Filled[PasswordForm]) -> Response:
    async with kit.reading(request) as db:
        link = await links.one(db, house(request).settings.secret, request.path_params["token"])
        person, is_open = await db.get(people.Person, link.person_id), links.is_open(link, now(db))
    response = kit.page(
        request,
        "accounts/link.html",
        status=typed.answer_status,
        form=typed,
        token=request.path_params["token"],
        is_open=is_open,
        is_invitation=link.purpose == links.Purpose.INVITE,
        owner=person.name if person else "",
        ends_at=link.ends_at,
        least=staff.LEAST_PASSWORD,
    )
    response.headers["referrer-policy"] = "no-referrer"  # the address itself is the key
    return response
