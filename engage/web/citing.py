"""Cited documents as a page shows them: each with a warning when it is not in force, and what replaced it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import citations, documents
from engage.db import now
from engage.deadlines import here
from engage.documents import Known, State
from engage.web import words
from engage.web.templates import day
from engage.web.views import View


async def shown(
    db: AsyncSession, view: View, cited: Iterable[Mapping[str, Any]], as_of: date | None
) -> list[dict[str, Any]]:
    """Looked at on the day the answer names, and today: a law that has ended since is no news to hide."""
    on = citations.looked_at_on(as_of, here(now(db)))
    known = await documents.known(db)
    return [{**row, **_state(view, known.get(documents.key_of(row["number"])), on)} for row in cited if row["number"]]


def _state(view: View, document: Known | None, on: date) -> dict[str, Any]:
    state = document.on(on) if document else State.IN_FORCE
    if document is None or state is State.IN_FORCE:
        return {"warning": "", "successor": None}
    said = words.answering.STANDING[state]
    edge = document.ends if state is State.ENDED else document.begins
    return {
        "warning": view.translator.say(said, day=day(edge) if edge else ""),
        "successor": document.successor if state is State.ENDED else None,
    }
