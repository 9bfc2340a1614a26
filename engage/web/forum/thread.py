"""A thread, page by page: each holds the numbers that belong to it, whatever was taken down; and the versions of a post."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from engage import bookmarks, forum, remarks, threads
from engage.access import PUBLIC
from engage.authoring import may_write
from engage.bookmarks import Bookmark
from engage.db import MOST_ID
from engage.errors import NotFound
from engage.forum import CHANNEL, Thread
from engage.web import cursors, kit, load, wordings
from engage.web.forms import Nothing
from engage.web.forum import polls, shown
from engage.web.house import actor, language
from engage.web.language import localized
from engage.web.templates import query
from engage.web.views import View

BESIDE = 2  # pages shown before and after this one
KEPT = 3  # first pages kept for everybody; the depths of long threads would push out what many read


class ReadForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int = Field(default=0, ge=0, le=MOST_ID)


async def show(request: Request) -> Response:
    thread_id = request.path_params["id"]
    number = max(cursors.number(request.query_params.get("page", "")) or 1, 1)

    async def build() -> Mapping[str, Any]:
        return await _thread(request, thread_id, number)

    address = f"/forum/threads/{thread_id}{query({'page': str(number) if number > 1 else ''})}"
    channels = [f"thread:{thread_id}", CHANNEL]
    return await kit.public_page(request, "forum/thread.html", address, channels, build, keeps=number <= KEPT)


async def _thread(request: Request, thread_id: int, number: int) -> Mapping[str, Any]:
    live = await kit.live_room(request, "thread", thread_id, f"thread:{thread_id}")
    view, who = await load.view(request), actor(request)
    async with kit.reading(request) as db:
        thread, opening = await forum.seen_by(db, who, thread_id)
        last = threads.page_of(thread.top)
        if number > last:
            raise NotFound()
        section = await forum.section_of(db, thread)
        posts = await shown.page(db, view, thread, number, who)
        mine = (await bookmarks.of(db, who.person_id, [thread_id])).get(thread_id)
        poll = await polls.of(db, view, thread_id)
        question = await load.linked(db, view, thread.question_id)
    return {
        "live": live,
        "section": shown.section(view, section),
        "thread": _head(thread, opening.title),
        "posts": posts,
        "page": number,
        "is_last": number == last,
        "pages": _pages(view, thread_id, number, last),
        "mark": mine,
        "unread_to": _unread_to(mine, posts) if who.person_id is not None else 0,
        "question": question,
        "poll": poll,
        "is_opener": who.person_id is not None and who.person_id == opening.author_id,
        "may_write": may_write(who, section),
        "feed_url": localized(f"/forum/threads/{thread_id}/feed.xml", language(request)),
    }


def _head(thread: Thread, title: str) -> dict[str, Any]:
    return {
        "id": thread.key,
        "title": title,
        "many": thread.many,
        "is_pinned": thread.pinned_at is not None,
        "closed_at": thread.closed_at,
        "closed_why": thread.closed_why,
        "opened_at": thread.opened_at,
        "is_suggested": thread.suggested_at is not None,
        "is_forwarded": thread.question_id is not None,
    }


def _unread_to(mark: Bookmark | None, posts: list[dict[str, Any]]) -> int:
    """The last number on the page, where this reader has not had it before them."""
    last = int(posts[-1]["number"]) if posts else 0
    return last if last > (mark.number if mark else 0) else 0


def _pages(view: View, thread_id: int, here: int, last: int) -> list[tuple[int, str]]:
    """Numbered ways: the first, the last, and those around this one. A gap is a page of number 0."""
    if last == 1:
        return []
    near = sorted({1, last, *range(max(here - BESIDE, 1), min(here + BESIDE, last) + 1)})
    ways: list[tuple[int, str]] = []
    for before, number in zip([0, *near], near, strict=False):
        if number - before > 1:
            ways.append((0, ""))
        ways.append((number, shown.url_of(view, thread_id, (number - 1) * threads.PAGE + 1).partition("#")[0]))
    return ways


async def versions(request: Request) -> Response:
    """What a post said before its author changed it, newest first."""
    post_id = request.path_params["id"]
    view = await load.view(request)
    async with kit.reading(request) as db:
        remark = await remarks.seen_by(db, PUBLIC, post_id)
        if remark.place_id not in await threads.are_open(db, [remark.place_id]) or not remark.number:
            raise NotFound()
        worded = await wordings.of(db, remark)
        titles = await forum.titles(db, [remark.place_id])
    return kit.page(
        request,
        "forum/revisions.html",
        title=titles.get(remark.place_id, ""),
        post=shown.post(view, remark, {}),
        versions=worded,
    )


async def read(request: Request) -> Response:
    """How far somebody has read. A script presses the button once the page was shown."""
    form, thread_id, who = await kit.form(request, ReadForm), request.path_params["id"], actor(request)
    async with kit.transaction(request) as db:
        thread, _ = await forum.seen_by(db, PUBLIC, thread_id)
        if who.person_id is None:
            raise NotFound()
        number = min(form.model.number if form.model else 0, thread.top)
        await bookmarks.reach(db, who.person_id, thread_id, number)
        return kit.see_other(request, db, shown.path_of(thread_id, number))


async def follow(request: Request) -> Response:
    """Followed threads stand on the forum's first page, with what one has not read. Pressed again it is over."""
    await kit.form(request, Nothing)
    thread_id, who = request.path_params["id"], actor(request)
    async with kit.transaction(request) as db:
        thread, _ = await forum.seen_by(db, PUBLIC, thread_id)
        if who.person_id is None:
            raise NotFound()
        mark = (await bookmarks.of(db, who.person_id, [thread_id])).get(thread_id)
        await bookmarks.follow(db, who.person_id, thread_id, thread.top, on=not (mark and mark.follows))
        return kit.see_other(request, db, f"/forum/threads/{thread_id}")
