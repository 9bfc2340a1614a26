"""Guests who write: a code in a mail proves their address, while their text stays in the form; it signs them in."""

from typing import Any, Protocol

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import citizens
from engage.citizens import CitizenForm, Way
from engage.errors import NotFound, Refused
from engage.people import Person
from engage.web import kit
from engage.web.citizens import LASTING
from engage.web.forms import Filled, filled
from engage.web.house import SESSION, house, language
from engage.web.origin import origin


class Introduced(Protocol):
    """A form beside what is written: who it is, and the code that was sent. `ask` names the mail."""

    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def ask(self) -> str: ...
    @property
    def code(self) -> str: ...


async def send_code(request: Request, typed: Filled[Any], form: Introduced) -> None:
    """The form comes back with a field for the code, or with what is wrong about the name or the address."""
    who = filled(CitizenForm, {"name": form.name, "email": form.email}, kit.translator(request))
    if who.model is None:
        typed.errors |= who.errors
        return
    if not kit.may_write_to(request, who.model.email):
        raise Refused("embed_mails_enough", field="code" if form.ask else "email")
    async with kit.transaction(request) as db:
        proof = await citizens.ask(db, who.model.name, who.model.email, way=Way.CODE, language=language(request))
    token = citizens.token_of(house(request).settings.secret, proof)
    typed.values = {**typed.values, "ask": token, "code": "", "again": ""}


async def prove(request: Request, form: Introduced) -> Person:
    kit.must_be_ours(request)
    mine = house(request)
    try:
        return await citizens.enter_code(mine.store, mine.settings.secret, form.ask, form.code)
    except NotFound:  # no mail of ours: what was typed comes back all the same
        raise Refused("citizen_code_over", field="code") from None


async def sign_in(request: Request, db: AsyncSession, guest: Person, response: Response) -> None:
    kit.set_cookie(request, response, SESSION, await citizens.begin(db, guest, origin(request)), LASTING)
