"""The desk's left side: what waits, narrowed and counted, who else is here, and the decision that can still be taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from engage import archive, dialogues, people, presence, questions, queues, review, seals, surfaces
from engage.access import Actor
from engage.db import now
from engage.deadlines import is_overdue
from engage.errors import NotFound
from engage.web import cursors, kit, load, words
from engage.web.forms import Nothing
from engage.web.house import actor
from engage.web.language import localized
from engage.web.review import wanted
from engage.web.templates import query
from engage.web.views import View
from moderation import entries, queue, undoing
from moderation.cases import Case
from moderation.kinds import BITS, KINDS

TRAY = 50
DESK = "review"
NOT_IN_BULK = BITS["denunciation"] | BITS["flagged"]


async def here(request: Request) -> Response:
    """The page says that its reader is still there, and gets the tray as it is now."""
    await kit.form(request, Nothing)
    async with kit.transaction(request) as db:
        await presence.note(db, DESK, actor(request).person_id or 0)
        return kit.see_other(request, db, "/review/tray" + query(_address(request)))


async def show(request: Request) -> Response:
    """The list alone, for a page that is open already."""
    view = await load.view(request)
    live = await room(request)
    async with kit.reading(request) as db:
        context = await of(db, request, view, _current(request))
    return kit.page(request, "review/_waiting.html", live=live, **context)


async def room(request: Request) -> Mapping[str, Any]:
    return await kit.live_room(request, DESK, 0, review.CHANNEL)


async def of(db: AsyncSession, request: Request, view: View, current: int | None) -> dict[str, Any]:
    """Everything the tray shows of waiting cases."""
    who, at = actor(request), now(db)
    asked = wanted.asked(request)
    wheres = wanted.wanted(request, view).wheres(at)
    found = await queue.waiting(db, who.may_unseal, TRAY + 1, wanted.after(request), wheres)
    shown = found[:TRAY]
    counts = await queues.tally(db, who.may_unseal, at)
    return {
        "tray": await _items(db, view, shown, who, current, wanted.kept(request)),
        "count": counts["all"],
        "unrouted_count": await archive.count_unrouted(db),
        "most_counted": queues.MOST_COUNTED,
        "counted_all": counts["all"] < queues.MOST_COUNTED,
        "chips": _chips(view, asked, counts, who),
        "asked": asked,
        "kept": wanted.kept(request),
        "topics": view.directory.choices["topics"],
        "next_url": _next_url(view, asked, shown[-1]) if len(found) > TRAY else None,
        "first_url": localized("/review", view.translator.language) + wanted.kept(request)
        if wanted.after(request)
        else None,
        **await _dialogue(db, who, cursors.number(asked.get("dialogue", ""))),
        "others": await _others(db, who.person_id or 0, at),
        "undo": await _undo(db, view, who.person_id or 0, at),
    }


async def sealed(db: AsyncSession, request: Request, view: View, current: int | None) -> dict[str, Any]:
    """Sealed cases that were decided: what became of them."""
    who = actor(request)
    found = await seals.decided(db, TRAY) if who.may_unseal else []
    return {"tray": await _items(db, view, found, who, current, ""), "count": len(found)}


def _address(request: Request) -> dict[str, str]:
    current = request.query_params.get("current", "")
    more = {"after": request.query_params.get("after", ""), "current": current if current.isdecimal() else ""}
    return {**wanted.asked(request), **{name: value[:40] for name, value in more.items() if value}}


def _current(request: Request) -> int | None:
    typed = request.query_params.get("current", "")
    return int(typed) if typed.isdecimal() and len(typed) <= 10 else None


async def _items(
    db: AsyncSession, view: View, cases: Sequence[Case], who: Actor, current: int | None, kept: str
) -> list[dict[str, Any]]:
    names = await people.names(db, [case.claimed_by for case in cases])
    titles = await surfaces.titles(db, [(case.surface, case.thing_id) for case in cases])
    kinds = await archive.kinds(db, [case.thing_id for case in cases if case.surface == questions.FEEDBACK])
    along, at = await entries.others(db, cases), now(db)
    return [
        {
            "id": case.id,
            "version": case.version,
            "url": localized(f"/review/cases/{case.id}", view.translator.language) + kept,
            "title": view.translator.say(words.SEALED_TITLE)
            if case.sealed
            else titles.get((case.surface, case.thing_id), ""),
            **_kind(view, case, kinds),
            "waited": view.waited(case.opened_at, at),
            "late": is_overdue(case.due_at, at),
            "taken_by": holder_of(case, names, who.person_id or 0, at),
            "mine": case.holder(at) is not None and case.claimed_by == who.person_id,
            "in_bulk": not case.sealed and not case.kinds & NOT_IN_BULK and case.barred != who.person_id,
            "along": along.get(case.id or 0, 0),
            "is_appeal": case.barred is not None,
            "is_barred": case.barred == who.person_id,
            "current": case.id == current,
        }
        for case in cases
    ]


def _kind(view: View, case: Case, kinds: Mapping[int, Any]) -> dict[str, Any]:
    """What the text is, which of feedback is its kind."""
    if case.surface == questions.FEEDBACK and case.thing_id in kinds:
        return {"surface": "", **view.kind(kinds[case.thing_id])}
    return {"surface": view.translator.say(words.SURFACES[case.surface]), "kind": ""}


def holder_of(case: Case, names: Mapping[int, str], mine: int, at: datetime) -> str | None:
    """The colleague who has the case open now."""
    holder = case.holder(at)
    return names.get(holder[0]) if holder is not None and holder[0] != mine else None


def _chips(view: View, asked: dict[str, str], counts: dict[str, int], who: Actor) -> list[dict[str, Any]]:
    """One a kind of finding, then late and sealed; pressing a chosen one lets go of it."""
    say, root = view.translator.say, localized("/review", view.translator.language)
    pairs = [("kind", kind) for kind in KINDS] + [("late", "1")] + ([("sealed", "1")] if who.may_unseal else [])
    chips = []
    for name, value in pairs:
        code, is_on = value if name == "kind" else name, asked.get(name) == value
        url = root + wanted.without(asked, **{name: "" if is_on else value})
        chips.append({"words": say(words.moderating.FILTERS[code]), "count": counts[code], "on": is_on, "url": url})
    return [chip for chip in chips if chip["count"] or chip["on"]]


def _next_url(view: View, asked: dict[str, str], last: Case) -> str:
    place = cursors.written((last.opened_at, last.id or 0))
    return localized("/review", view.translator.language) + wanted.without(asked, after=place)


async def _dialogue(db: AsyncSession, who: Actor, dialogue_id: int | None) -> dict[str, Any]:
    """The one the desk is narrowed to, when the moderator may see it."""
    if dialogue_id is None:
        return {"dialogue": None}
    try:
        found = await dialogues.seen_by(db, who, dialogue_id)
    except NotFound:
        return {"dialogue": None}
    return {"dialogue": found, "state": words.hosting.STAGES[found.stage]}


async def _others(db: AsyncSession, mine: int, at: datetime) -> list[dict[str, Any]]:
    """Colleagues seen within a minute, and whether they have a case open."""
    ids = await presence.others(db, DESK, mine)
    names, held = await people.names(db, ids), await queue.held_by(db, ids, at)
    return [{"name": names.get(person_id, ""), "case": held.get(person_id)} for person_id in ids]


async def _undo(db: AsyncSession, view: View, mine: int, at: datetime) -> dict[str, Any] | None:
    case = await undoing.last_of(db, mine, at)
    if case is None or case.undo_until is None:
        return None
    about = case.surface, case.thing_id
    title = (await surfaces.titles(db, [about])).get(about, "")
    return {
        "id": case.id,
        "words": view.translator.say(words.moderating.DONE[case.decision or ""]),
        "title": view.translator.say(words.SEALED_TITLE) if case.sealed else title,
        "seconds": max(int((case.undo_until - at).total_seconds()), 1),
    }
