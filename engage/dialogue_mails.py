"""What mails about a dialogue say: to who follows it, and to its crew."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import crews, dialogues, follows
from engage.countdowns import WAITING
from engage.dialogues import Dialogue, Stage
from engage.notices import Kind, Notice
from engage.settings import Settings
from engage.web import words
from engage.web.language import localized
from engage.web.views import View

# What is true only as long as it is still to come.
OF_WHAT_COMES = frozenset({Kind.REMIND_ASKED, Kind.STARTS_SOON, Kind.POSTPONED})
REASONS = {Kind.POSTPONED: "dialogue.postponed", Kind.CALLED_OFF: "dialogue.cancelled"}


async def about_dialogue(db: AsyncSession, notice: Notice, view: View, settings: Settings) -> dict[str, Any] | None:
    """None when there is nothing to say any more."""
    dialogue = await dialogues.one(db, notice.thing_id)
    if notice.kind == Kind.JOINED:
        return await _to_crew(db, notice, dialogue, view, settings)
    if notice.kind in OF_WHAT_COMES and dialogue.stage not in WAITING:
        return None
    token = follows.token(settings.secret, notice.surface, notice.person_id)
    return {
        "dialogue": dialogue,
        "why": await _why(db, notice, dialogue),
        "url": _url(f"/dialogues/{dialogue.key}", view, settings),
        "leave": _url(f"/follows/{token}", view, settings),
    }


async def _to_crew(
    db: AsyncSession, notice: Notice, dialogue: Dialogue, view: View, settings: Settings
) -> dict[str, Any] | None:
    """All their parts, so that a second mail tells nothing wrong. Whoever was let go meanwhile hears nothing."""
    held = (await crews.parts_of(db, notice.person_id)).get(dialogue.key)
    if held is None or dialogue.stage == Stage.CANCELLED:
        return None
    parts = [view.translator.say(said) for part, said in words.announcing.PARTS.items() if part in held]
    return {"dialogue": dialogue, "parts": parts, "url": _url("/dialogues/mine", view, settings)}


async def _why(db: AsyncSession, notice: Notice, dialogue: Dialogue) -> str:
    """The reason that readers are given, the newest."""
    fact = REASONS.get(Kind(notice.kind))
    steps = await dialogues.steps(db, dialogue.key) if fact else []
    return next((step.reason for step in reversed(steps) if step.fact == fact), "")


def _url(path: str, view: View, settings: Settings) -> str:
    return settings.address + localized(path, view.translator.language)
