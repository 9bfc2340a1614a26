"""What readers reported of a text, as a case's page shows it: how often, for which reasons, in which words. Never who."""

from collections import Counter
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import flagging, flags
from engage.surfaces import SURFACES
from engage.web.views import View
from moderation.cases import Case

MOST_SAID = 30


async def shown(db: AsyncSession, view: View, case: Case) -> dict[str, Any] | None:
    """None once it is decided: what was said then has been answered."""
    made = await flags.waiting(db, case.surface, case.thing_id)
    if case.decided_at is not None or not made:
        return None
    wording = flagging.wording_of(await SURFACES[case.surface].one(db, case.thing_id))
    names = {row.code: view.translator.named(row) for row in await flags.every_reason(db)}
    times = Counter(flag.reason for flag in made)
    return {
        "times": len(made),
        "reasons": [{"words": names.get(code, code), "times": count} for code, count in times.most_common()],
        "said": [
            {"words": flag.words, "reason": names.get(flag.reason, flag.reason), "at": flag.made_at}
            for flag in made
            if flag.words
        ][:MOST_SAID],
        "earlier": sum(flag.wording != wording for flag in made),
    }
