"""The polls as the host's desk shows them: all of them, what may be done with each, and the form in which one is written."""

from collections.abc import Mapping
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request

from engage import dialogues, marking, polling
from engage.access import may_edit
from engage.dialogues import Dialogue
from engage.polls import Poll, State
from engage.votes import Standing
from engage.web import cursors
from engage.web.dialogues import polled
from engage.web.forms import Filled
from engage.web.house import actor
from engage.web.views import View


async def shown(
    request: Request, db: AsyncSession, view: View, dialogue: Dialogue, form: Filled[Any]
) -> dict[str, Any]:
    held = await polling.of(db, dialogue)
    ids = [poll.key for poll in held]
    took_part, aside = await marking.voters(db, ids), await marking.voters(db, ids, Standing.QUARANTINED)
    told = [
        one
        | {
            "on_screen": poll.on_screen,
            "took_part": took_part[poll.key],
            "aside": aside[poll.key],
            "can_edit": await _can_edit(db, poll),
        }
        for poll, one in zip(held, await polled.of(db, view, dialogue, held), strict=True)
    ]
    edited = _edited(request, form, told)
    return {
        "polls": told,
        "edited": edited,
        "typed": _typed(form, edited),
        "can_open": dialogue.stage in polling.ROOM,
        "can_make": dialogue.stage not in dialogues.OVER and len(held) < polling.MOST_POLLS,
        "may_judge": actor(request).is_moderator or may_edit(actor(request), dialogue.key),
    }


async def _can_edit(db: AsyncSession, poll: Poll) -> bool:
    return poll.state in {State.DRAFT, State.OPEN} and not await marking.is_marked(db, poll.key)


def _edited(request: Request, form: Filled[Any], told: list[dict[str, Any]]) -> dict[str, Any] | None:
    """As the address says, or the form that was refused."""
    named = form["edited"] if "choices" in form.values else request.query_params.get("poll", "")
    return next((one for one in told if one["can_edit"] and one["id"] == cursors.number(str(named))), None)


def _typed(form: Filled[Any], edited: dict[str, Any] | None) -> Mapping[str, Any]:
    if "choices" in form.values:
        return {"words": form["words"], "choices": form["choices"], "several": form["several"]}
    if edited is None:
        return {"words": "", "choices": "", "several": False}
    choices = "\n".join(one["words"] for one in edited["choices"])
    return {"words": edited["words"], "choices": choices, "several": edited["several"]}
