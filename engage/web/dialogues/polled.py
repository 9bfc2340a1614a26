"""Polls as their readers see them, the same for all of them: what may be chosen, what came of it, why one was withdrawn."""

from collections.abc import Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import marking, polling
from engage.dialogues import Dialogue
from engage.marking import Result
from engage.polls import Poll
from engage.web.language import localized
from engage.web.views import Stage, View
from engage.web.words.polling import STATES


async def shown(db: AsyncSession, view: View, dialogue: Dialogue) -> list[dict[str, Any]]:
    return await of(db, view, dialogue, await polling.public(db, dialogue))


async def on_screen(db: AsyncSession, view: View, dialogue: Dialogue) -> dict[str, Any] | None:
    chosen = [poll for poll in await polling.public(db, dialogue) if poll.on_screen]
    return next(iter(await of(db, view, dialogue, chosen)), None)


async def of(db: AsyncSession, view: View, dialogue: Dialogue, held: Sequence[Poll]) -> list[dict[str, Any]]:
    return [poll(view, path(dialogue.key, result.poll.key), result) for result in await marking.results(db, held)]


def poll(view: View, address: str, result: Result) -> dict[str, Any]:
    """Of a dialogue, or of a thread of the forum."""
    said, tone, icon = STATES[result.poll.state]
    return {
        "id": result.poll.key,
        "url": localized(address, view.translator.language),
        "words": result.poll.words,
        "several": result.poll.several,
        "state": result.poll.state,
        "stage": Stage(result.poll.state, view.translator.say(said), tone, icon),
        "reason": result.poll.reason,
        "closes_at": result.poll.closes_at,
        "voters": result.voters,
        "choices": [{"id": one.key, "words": one.words} | _figures(result, one.key) for one in result.choices],
    }


def path(dialogue_id: int, poll_id: int) -> str:
    return f"/dialogues/{dialogue_id}/polls/{poll_id}"


def _figures(result: Result, choice_id: int) -> dict[str, int]:
    """In percent of those who took part, rounded."""
    if result.times is None or not result.voters:
        return {}
    times = result.times.get(choice_id, 0)
    return {"times": times, "percent": round(100 * times / result.voters)}
