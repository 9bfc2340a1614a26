"""Threads and posts as readers see them: lines of lists, a page of a thread, and the pieces of its live room."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import remarks, threads
from engage.access import Actor, Moderation
from engage.bookmarks import Bookmark
from engage.forum import Thread
from engage.remarks import Remark, Said
from engage.sections import Section
from engage.threads import Listed
from engage.web.language import localized
from engage.web.pieces import Piece, Press
from engage.web.views import View

QUOTED = 200
LAST = 10**10


def name(number: int) -> str:
    """A post on its page: also what stands behind # in its address."""
    return f"p{number}"


def url_of(view: View, thread_id: int, number: int = 1) -> str:
    return localized(path_of(thread_id, number), view.translator.language)


def path_of(thread_id: int, number: int = 1) -> str:
    """The page of a thread on which a post stands, at that post."""
    page = threads.page_of(number)
    asked = f"?page={page}" if page > 1 else ""
    return f"/forum/threads/{thread_id}{asked}" + (f"#{name(number)}" if number > 1 else "")


def section(view: View, row: Section) -> dict[str, Any]:
    language = view.translator.language
    return {
        "slug": row.slug,
        "name": view.translator.named(row),
        "about": getattr(row, f"about_{language}"),
        "url": localized(f"/forum/{row.slug}", language),
        "is_read_first": not row.accepts_clean,
    }


def line(view: View, listed: Listed, mark: Bookmark | None = None) -> dict[str, Any]:
    """A thread in a list; `mark` is how far this reader has read it."""
    thread, opening = listed
    unread = thread.top - mark.number if mark else 0
    return {
        "id": thread.key,
        "title": opening.title,
        "url": url_of(view, thread.key),
        "name": opening.name,
        "badge": view.directory.agencies.get(opening.badge_id) if opening.badge_id else None,
        "answers": max(thread.many - 1, 0),
        "last_at": thread.last_at,
        "last_url": url_of(view, thread.key, thread.top),
        "is_pinned": thread.pinned_at is not None,
        "is_closed": thread.closed_at is not None,
        "unread": max(unread, 0),
        "unread_url": url_of(view, thread.key, thread.top - unread + 1) if unread > 0 else "",
    }


def post(view: View, remark: Remark, answered: Mapping[int, Remark]) -> dict[str, Any]:
    quoted = answered.get(remark.reply_to_id or 0)
    return {
        "id": remark.key,
        "number": remark.number or 0,
        "name": remark.name,
        "badge": view.directory.agencies.get(remark.badge_id) if remark.badge_id else None,
        "body": Markup(remark.body_html),  # noqa: S704 sanitised when stored
        "at": remark.accepted_at or remark.created_at,
        "corrected_at": remark.corrected_at,
        "url": url_of(view, remark.place_id, remark.number or 1),
        "answers": quote(view, quoted) if quoted else None,
        "answers_gone": remark.reply_to_id is not None and quoted is None,
        "is_gone": False,
    }


def quote(view: View, remark: Remark) -> dict[str, Any]:
    words = " ".join(remark.body.split())
    cut = words if len(words) <= QUOTED else words[:QUOTED].rsplit(" ", 1)[0] + "…"
    number = remark.number or 1
    return {"number": number, "name": remark.name, "words": cut, "url": url_of(view, remark.place_id, number)}


async def page(db: AsyncSession, view: View, thread: Thread, number: int, who: Actor) -> list[dict[str, Any]]:
    """The posts on a page of a thread; where one was taken down its number says so, and leads a moderator to it."""
    first, last = threads.numbers_on(number)
    rows = await remarks.numbered(db, Said.POST, thread.key, first, min(last, thread.top), who)
    by_number = {row.number: row for row in rows}
    answered = await answers(db, thread.key, rows)
    shown = []
    for at in range(first, min(last, thread.top) + 1):
        row = by_number.get(at)
        is_shown = row is not None and row.moderation == Moderation.ACCEPTED and not row.sealed
        shown.append(
            post(view, row, answered)
            if row is not None and is_shown
            else {"is_gone": True, "number": at, "id": row.key if row else None}
        )
    return shown


async def answers(db: AsyncSession, thread_id: int, rows: Sequence[Remark]) -> Mapping[int, Remark]:
    wanted = [row.reply_to_id for row in rows if row.reply_to_id is not None]
    return await threads.answered(db, thread_id, wanted) if wanted else {}


async def pieces(db: AsyncSession, press: Press, thread_id: int, ids: Sequence[int]) -> dict[int, Piece]:
    """Of these posts those that readers see, as pieces; later ones stand lower."""
    rows = [remark for remark, thread in await threads.posts(db, ids) if thread.key == thread_id]
    answered = await answers(db, thread_id, rows)
    return {
        row.key: Piece(
            name(row.number or 0),
            press.print("forum/_post.html", post=post(press.view, row, answered), thread_id=thread_id, is_closed=False),
            f"{LAST - (row.number or 0):010}",
        )
        for row in rows
    }
