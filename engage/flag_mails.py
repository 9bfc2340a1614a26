"""What mails about flags say: what a moderator decided. No word of the text: it may be gone, and nobody quotes it in a mail."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage.flags import Flag, State
from engage.notices import Notice
from engage.settings import Settings
from engage.web import words
from engage.web.language import localized
from engage.web.templates import moment, query
from engage.web.views import View


async def about_flag(db: AsyncSession, notice: Notice, view: View, settings: Settings) -> dict[str, Any] | None:
    """None when it was forgotten by now."""
    flag = await db.get(Flag, notice.thing_id)
    if flag is None or flag.person_id is None:
        return None
    path = "/flags/new" + query({"thing": flag.surface, "id": str(flag.thing_id)})
    return {
        "at": moment(flag.made_at),
        "said": view.translator.say(words.flagging.STANDS[flag.state]),
        "url": settings.address + localized(path, view.translator.language) if flag.state == State.DISMISSED else "",
    }
