"""What a dialogue did not reach, as its readers are told: how many went to which agency, and by when each answers the last."""

from collections.abc import Mapping
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import carrying, dialogues
from engage.dialogues import Dialogue
from engage.web.views import View


async def of(db: AsyncSession, view: View, dialogue: Dialogue) -> Mapping[str, Any] | None:
    """None while it is not over, and where nothing was left."""
    if dialogue.stage not in dialogues.OVER or dialogue.is_rehearsal:
        return None
    progress = await carrying.progress(db, dialogue.key)
    if not (progress.carried or progress.left):
        return None
    rows = [
        {
            "agency": view.directory.agencies.get(one.agency_id),
            "times": one.times,
            "answered": one.answered,
            "due_at": one.due_at,
        }
        for one in await carrying.by_agency(db, dialogue.key)
    ]
    return {"carried": sum(row["times"] for row in rows), "left": progress.left, "rows": rows}
