"""What mails about posts, comments and threads say: why one was not shown or is gone, what is new, what a moderator suggests."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import bookmarks, follows, forum, remarks, threads
from engage.access import PUBLIC, Moderation
from engage.errors import NotFound
from engage.notices import Kind, Notice
from engage.remarks import Said
from engage.settings import Settings
from engage.web.forum import own, shown
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


async def about_thread(db: AsyncSession, notice: Notice, view: View, settings: Settings) -> dict[str, Any] | None:
    """None where readers do not see the thread any more, where it was read, left or made a question meanwhile."""
    try:
        thread, opening = await forum.seen_by(db, PUBLIC, notice.thing_id)
    except NotFound:
        return None
    language, told = view.translator.language, {"title": opening.title}
    if notice.kind == Kind.SUGGESTED:
        path = localized(f"/forum/threads/{thread.key}/question", language)
        return None if thread.question_id else {**told, "url": settings.address + path}
    mark = (await bookmarks.of(db, notice.person_id, [thread.key])).get(thread.key)
    many, first = await threads.count_after(db, thread.key, mark.number) if mark and mark.follows else (0, 0)
    if not many:
        return None
    token = follows.token(settings.secret, f"{forum.TABLE}-{thread.key}", notice.person_id)
    return {
        **told,
        "many": many,
        "url": settings.address + shown.url_of(view, thread.key, first),
        "leave": settings.address + localized(f"/forum/unfollow/{token}", language),
    }
