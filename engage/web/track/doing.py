"""What an asker does on the private page: one verb each. What is refused is said there, with everything typed kept."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import acts, appeals, ratings, second_looks, withdrawals
from engage.acts import Act
from engage.appeals import AppealForm
from engage.errors import Conflict, Refused
from engage.questions import Question
from engage.ratings import RatingForm
from engage.second_looks import LookForm
from engage.web import kit, load
from engage.web.forms import Filled, Nothing
from engage.web.origin import note_posted
from engage.web.track.page import opened, page, refuse
from engage.withdrawals import WithdrawForm

PAGE = "/track/question"
Verb = Callable[[AsyncSession, Question], Awaitable[None]]


async def rate(request: Request) -> Response:
    form = await kit.form(request, RatingForm)
    return await _act(request, form, Act.RATE, lambda db, one: ratings.rate(db, one, RatingForm(**form.values)))


async def look_again(request: Request) -> Response:
    form = await kit.form(request, LookForm)
    return await _act(
        request, form, Act.LOOK_AGAIN, lambda db, one: second_looks.ask(db, one, LookForm(**form.values).words)
    )


async def appeal(request: Request) -> Response:
    form = await kit.form(request, AppealForm)
    return await _act(
        request, form, Act.APPEAL, lambda db, one: appeals.appeal(db, one, AppealForm(**form.values).words)
    )


async def hide_name(request: Request) -> Response:
    form = await kit.form(request, Nothing)
    return await _act(request, form, Act.HIDE_NAME, withdrawals.hide_name)


async def ask_to_withdraw(request: Request) -> Response:
    return await _withdrawing(request, Filled())


async def withdraw(request: Request) -> Response:
    form = await kit.form(request, WithdrawForm)
    if form.model is None:
        return await _withdrawing(request, form)
    why = form.model.why
    try:
        async with kit.transaction(request) as db:
            question = await opened(request, db)
            await withdrawals.withdraw(db, question, why=why)
            if why:
                await note_posted(request, db, question.author_id, question.key)
            return kit.see_other(request, db, PAGE)
    except (Refused, Conflict) as failure:
        await refuse(request, form, failure)
        return await _withdrawing(request, form)


async def _withdrawing(request: Request, form: Filled[WithdrawForm]) -> Response:
    """Asked once: what is taken back cannot be put back."""
    view = await load.view(request)
    async with kit.reading(request) as db:
        question = await opened(request, db)
        shown = view.question(question, await load.author_of(db, question), for_desk=True)
        open_acts = (await acts.standing(db, question)).acts
    return kit.page(
        request, "track/withdraw.html", status=form.answer_status, form=form, question=shown, acts=open_acts
    )


async def _act(request: Request, form: Filled[Any], act: Act, verb: Verb) -> Response:
    if form.model is None:
        return await page(request, form, act)
    try:
        async with kit.transaction(request) as db:
            question = await opened(request, db)
            await verb(db, question)
            if form["words"]:
                await note_posted(request, db, question.author_id, question.key)
            return kit.see_other(request, db, PAGE)
    except (Refused, Conflict) as failure:
        await refuse(request, form, failure)
        return await page(request, form, act)
