"""In by the receipt code and out again; and a new code for who lost theirs."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from engage import lost_codes, people, questions, receipts, signin
from engage.db import now
from engage.errors import Conflict, Failure, NotFound
from engage.lost_codes import LostForm
from engage.signin import TrackForm
from engage.web import guards, kit
from engage.web.forms import Filled, Nothing
from engage.web.house import CODE_SESSION, cookie, house

SHOWN = timedelta(minutes=30)


async def form(request: Request) -> Response:
    return kit.page(request, "track/open.html", form=Filled())


async def open_(request: Request) -> Response:
    typed = await kit.form(request, TrackForm)
    if typed.model is None:
        return kit.page(request, "track/open.html", status=typed.status, form=typed)
    try:
        async with kit.transaction(request) as db:
            token = await signin.with_code(db, typed.model.code)
    except Failure as failure:
        if not failure.field:
            raise
        typed.refuse(failure, kit.translator(request))
        return kit.page(request, "track/open.html", status=typed.status, form=typed)
    return _entered(request, kit.redirect(request, "/track/question"), token)


async def close(request: Request) -> Response:
    await kit.form(request, TrackForm)
    async with kit.transaction(request) as db:
        await people.sign_out(db, cookie(request, CODE_SESSION))
        response = kit.see_other(request, db, "/")
    kit.set_cookie(request, response, CODE_SESSION, "", 0)
    kit.set_cookie(request, response, guards.VISITOR, "", 0)  # with it the receipt page could be opened again
    return response


async def lost(request: Request) -> Response:
    return kit.page(request, "track/lost.html", form=Filled(), sent="sent" in request.query_params)


async def send(request: Request) -> Response:
    """The same answer whatever is known here: a form must not tell whose address belongs to an asker."""
    typed = await kit.form(request, LostForm)
    if typed.model is None:
        return kit.page(request, "track/lost.html", status=typed.status, form=typed, sent=False)
    may_write = kit.may_write_to(request, typed.model.email)
    async with kit.transaction(request) as db:
        if may_write:
            await lost_codes.ask(db, typed.model)
        return kit.see_other(request, db, "/track/lost?sent")


async def letter(request: Request) -> Response:
    """What a mail's link opens: nothing happens before the button is pressed."""
    return await _letter(request, Filled())


async def renew(request: Request) -> Response:
    typed = await kit.form(request, Nothing)
    way_id = _way_id(request)
    try:
        async with kit.transaction(request) as db:
            token = await lost_codes.renew(db, await lost_codes.one(db, way_id), _code(request))
            response = kit.see_other(request, db, f"/track/lost/{request.path_params['token']}/code")
    except Conflict as conflict:
        typed.refuse(conflict, kit.translator(request))
        return await _letter(request, typed)
    return _entered(request, response, token)


async def renewed(request: Request) -> Response:
    """The new code, for the visitor who pressed the button: it is computed again, it is stored nowhere."""
    way_id, code = _way_id(request), _code(request)
    async with kit.reading(request) as db:
        way = await lost_codes.one(db, way_id)
        question = await questions.by_code(db, code)
        if way.used_at is None or way.question_id != question.id or now(db) - way.used_at > SHOWN:
            raise NotFound()
    return _unreferred(kit.page(request, "track/renewed.html", code=code, title=question.title))


async def _letter(request: Request, typed: Filled[Nothing]) -> Response:
    way_id = _way_id(request)
    async with kit.reading(request) as db:
        way = await lost_codes.one(db, way_id)
        is_open = lost_codes.is_open(way, now(db))
    token = request.path_params["token"]
    page = kit.page(
        request, "track/way_back.html", status=typed.answer_status, form=typed, is_open=is_open, token=token
    )
    return _unreferred(page)


def _way_id(request: Request) -> int:
    return lost_codes.id_of(house(request).settings.secret, request.path_params["token"])


def _code(request: Request) -> str:
    if not request.state.visitor:
        raise NotFound()
    return receipts.code_for(house(request).settings.secret, request.state.visitor, request.path_params["token"])


def _entered(request: Request, response: Response, token: str) -> Response:
    kit.set_cookie(request, response, CODE_SESSION, token, int(people.CODE_IDLE.total_seconds()))
    return response


def _unreferred(response: Response) -> Response:
    response.headers["referrer-policy"] = "no-referrer"  # the address itself is the key
    return response
