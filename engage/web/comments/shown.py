"""Comments as readers see them: the same in a portal's page, on our own, and in the pieces of their live room."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import discussions
from engage.access import PUBLIC, Moderation, visible
from engage.comments import SURFACE
from engage.discussions import ANSWERS, Line
from engage.remarks import Remark
from engage.web import words
from engage.web.pieces import Piece, Press
from engage.web.views import View, paragraphs

LAST = 10**10


def name(remark_id: int) -> str:
    """A comment on its page: also what stands behind # in its address."""
    return f"comment-{remark_id}"


def path_of(remark: Remark) -> str:
    """Our page on which it stands among what answers the same, at that comment."""
    return f"/comments/{remark.reply_to_id or remark.key}/answers#{name(remark.key)}"


def no_proof() -> Markup:
    """In place of a form's proof: one that stands on a portal's page is shown on ours, and confirmed there."""
    return Markup("")


def comment(view: View, remark: Remark, answers: Sequence[Remark] = (), many: int = 0) -> dict[str, Any]:
    root = remark.reply_to_id or remark.key
    return {
        "id": remark.key,
        "number": remark.number or 0,
        "name": remark.name,
        "badge": view.directory.agencies.get(remark.badge_id) if remark.badge_id else None,
        "body": Markup(remark.body_html),  # noqa: S704 sanitised when stored
        "at": remark.accepted_at or remark.created_at,
        "corrected_at": remark.corrected_at,
        "version": remark.version,
        "useful": remark.useful,
        "is_picked": remark.picked_at is not None,
        "reply_to": remark.reply_to_id,
        "article_id": remark.place_id,
        "path": f"/comments/{root}/answers",
        "is_gone": remark.moderation != Moderation.ACCEPTED or remark.sealed,
        "answers": [comment(view, one) for one in answers],
        "more": max(many - ANSWERS, 0),
    }


def lines(view: View, found: Sequence[Line]) -> list[dict[str, Any]]:
    """Where a comment is gone and its replies are not, its place says so."""
    return [
        comment(view, line.remark, line.answers, line.many)
        if line.remark is not None
        else {"id": line.id, "is_gone": True, "answers": [comment(view, one) for one in line.answers], "more": 0}
        for line in found
    ]


async def pieces(db: AsyncSession, press: Press, article_id: int, ids: Sequence[int]) -> dict[int, Piece]:
    """Of these comments those that readers see; what answers nothing comes with its first replies."""
    here = Remark.surface == SURFACE, Remark.place_id == article_id, visible(Remark, PUBLIC)
    rows = (await db.exec(select(Remark).where(col(Remark.id).in_(ids), *here))).all()
    roots = [row.key for row in rows if row.reply_to_id is None]
    below = {line.id: line for line in await discussions.lines(db, roots, PUBLIC)}
    found = {}
    for row in rows:
        line = below.get(row.key)
        shown = comment(press.view, row, line.answers if line else (), line.many if line else 0)
        html = press.print("comments/_comment.html", comment=shown, is_embedded=True, guard=no_proof, is_closed=False)
        found[row.key] = Piece(name(row.key), html, f"{row.line or 0:010}")
    return found


def standing(view: View, remark: Remark) -> dict[str, Any]:
    """Where one's own comment stands, in words."""
    said, tone, icon = words.commenting.STANDS[Moderation.HELD if remark.sealed else remark.moderation]
    return {
        "id": remark.key,
        "article_id": remark.place_id,
        "at": remark.created_at,
        "body": paragraphs(remark.body),
        "version": remark.version,
        "state": Moderation.HELD.value if remark.sealed else remark.moderation,
        "said": view.translator.say(said),
        "tone": tone,
        "icon_name": icon,
        "is_waiting": remark.moderation == Moderation.RECEIVED,
        "is_shown": remark.moderation == Moderation.ACCEPTED and not remark.sealed,
        "path": path_of(remark),
    }
