"""What sending a question has in common, to the portal or to a dialogue: what gives the text back, and what is kept of it."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import people, receipts, review
from engage.ask import LEAST_BODY, MOST_BODY, MOST_TITLE, Ask
from engage.errors import Refused
from engage.intake import Submitted
from engage.questions import SURFACE
from engage.web import kit
from engage.web.forms import Filled
from engage.web.house import CODE_SESSION, house
from engage.web.origin import note_posted
from moderation.screening import Submission, Verdict

DENUNCIATION_HINT, ASKED_BEFORE = "denunciation_hint", "asked_before"


def key_of(request: Request, ask: Ask) -> str:
    """Of this very submission. Whoever fills the trap is no reader."""
    key = kit.form_key(request)
    if ask.website or not key:
        raise Refused("trap" if ask.website else "stale_form")
    return key


def code_of(request: Request, key: str) -> str:
    return receipts.code_for(house(request).settings.secret, request.state.visitor, key)


async def judged(db: AsyncSession, ask: Ask, *, least: int = LEAST_BODY, surface: str = SURFACE) -> Verdict:
    verdict = await review.examine(db, surface, Submission(ask.title, ask.body), least=least)
    if verdict.outcome == "denunciation" and ask.judged != "question":
        raise Refused(DENUNCIATION_HINT)
    return verdict


async def is_hinted(request: Request, form: Filled[Any], surface: str, *fields: str) -> bool:
    """Asked before a file is kept: of what may be a denunciation nothing is, not even until the form comes back."""
    if form["judged"] == "question":
        return False
    told = "\n".join(str(form[name]) for name in fields)
    text = Submission(str(form["title"])[:MOST_TITLE], told[:MOST_BODY])
    async with kit.reading(request) as db:
        return (await review.examine(db, surface, text)).outcome == "denunciation"


async def received(
    request: Request, db: AsyncSession, sent: Submitted, verdict: Verdict, key: str, *, surface: str = SURFACE
) -> Response:
    """Held when a person must look first; its asker is led to the receipt, and may open it from here for a while."""
    await review.look_at(db, surface, sent.id, verdict)
    await note_posted(request, db, sent.author_id, sent.id)
    token = await people.sign_in(db, sent.author_id, only=f"{SURFACE}:{sent.id}")
    response = kit.see_other(request, db, f"/questions/sent/{key}")
    kit.set_cookie(request, response, CODE_SESSION, token, int(people.CODE_IDLE.total_seconds()))
    return response
