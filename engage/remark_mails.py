"""What mails about posts and comments say: why one was not shown, or is not shown any more."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import remarks
from engage.access import Moderation
from engage.notices import Notice
from engage.remarks import Said
from engage.settings import Settings
from engage.web.forum import own
from engage.web.language import localized
from engage.web.views import View

GONE = frozenset({Moderation.REFUSED, Moderation.HIDDEN})


async def about_remark(db: AsyncSession, notice: Notice, view: View, settings: Settings) -> dict[str, Any] | None:
    """No word of the post: its author reads it on the page. None when it stands otherwise by now."""
    remark, language = await remarks.one(db, notice.thing_id), view.translator.language
    if remark.sealed or remark.moderation not in GONE:
        return None
    why = await own.why(db, remark, language) or {"reason": "", "words": ""}
    is_comment = remark.surface == Said.COMMENT
    path = f"/comments/{remark.key}" if is_comment else f"/forum/posts/{remark.key}"
    return {**why, "is_comment": is_comment, "url": settings.address + localized(path, language)}
