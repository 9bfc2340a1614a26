"""The list on an agency's desk: its tabs with their counts, its filters, a page of rows, and what a selection came to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request

from engage import (
    absences,
    access,
    archive,
    assignments,
    batches,
    deadlines,
    desks,
    officials,
    people,
    ratings,
    translations,
)
from engage.absences import Absence
from engage.access import Actor
from engage.agencies import Agency, Post
from engage.db import MOST_ID, now
from engage.errors import NotFound
from engage.questions import SURFACE, Question
from engage.web import cursors, load, words
from engage.web.desk_filters import MINE, NOBODY, Chosen, wanted
from engage.web.language import localized
from engage.web.templates import day
from engage.web.views import View, desk_stage

ROWS = 50
MOST_LOST = 60


async def listing(
    request: Request, db: AsyncSession, view: View, who: Actor, agency: Agency, found: Chosen, current: int | None
) -> dict[str, Any]:
    """Everything the left pane shows."""
    agency_id = agency.id or 0
    staff = await officials.of_agency(db, agency_id)
    mine = await desks.mine(db, who, agency_id)
    absent = await absences.away(db, agency_id)
    names = {one.id: one.name for one in staff}
    is_shares = found.tab == "shares"
    rows = [] if is_shares else await _rows(db, view, who, agency_id, found, mine)
    shown, more = rows[:ROWS], rows[ROWS:]
    english = [] if more or found.tab != "approval" else await _translations(db, view, who, agency_id, found, mine)
    names |= await people.names(db, [row.official_id for row in shown if row.official_id not in names])
    return {
        "chosen": found,
        "counts": await _counts(db, who, agency_id, found, mine),
        "most_counted": desks.MOST_COUNTED,
        "rows": [await _row(db, view, row, found, names, absent, current) for row in shown] + english,
        "parts": await _parts(db, view, agency_id, found) if is_shares else [],
        "next_url": _next(view, found, shown) if more else None,
        "first_url": found.path("/desk", view.translator.language, after="") if found.after else None,
        "staff": staff,
        "absent": [_away(absence, names) for absence in absent.values()],
        "whose": (MINE, NOBODY),
        "kinds": [(code, view.translator.say(said)) for code, said in words.contributing.KINDS.items()],
        "topics_all": view.directory.choices["topics"],
        "may_hand": access.holds(who, agency_id, Post.COORDINATOR),
        "may_pick": access.holds(who, agency_id, Post.COORDINATOR, Post.OFFICIAL)
        and found.tab in {"offered", "working"},
        "satisfaction": await load.satisfaction(db, view, agency_id) if found.tab == "answered" else None,
        "least_rated": ratings.LEAST_TOTAL,
        "outcome": await outcome(request, db, view, who),
        "seen_at": seen_at(now(db)),
    }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the act just done came to: in words, what it did not reach and why, and the batch that can be taken back."""

    done: str
    lost: Sequence[Mapping[str, str]] = ()
    undo: int | None = None


def seen_at(at: datetime) -> int:
    """When a page was made, for a form that must notice what colleagues did since."""
    return int(at.timestamp() * 1_000_000)


async def outcome(request: Request, db: AsyncSession, view: View, who: Actor) -> Outcome | None:
    """What the last selection came to, from the address that its form led to."""
    act, _, number = request.query_params.get("done", "").partition(".")
    if not number.isdecimal() or len(number) > 9:
        return None
    if act in words.assigning.PARTS:
        is_ours = await desks.has_part(db, who, int(number))
        return Outcome(view.translator.say(words.assigning.PARTS[act])) if is_ours else None
    if act in {"sent", *words.answering.DONE}:
        return await _of_one(db, view, who, act, int(number))
    if act not in words.assigning.DONE or len(number) > 4:
        return None
    lost = dict(_lost(request.query_params.get("lost", "")))
    titles = await archive.titles(db, await desks.on_desk(db, who, list(lost)))
    say = view.translator.say
    told = words.assigning.LOST
    return Outcome(
        done=say(words.assigning.DONE[act], n=int(number)) if int(number) else "",
        lost=[
            {"title": titles.get(one, ""), "why": say(told.get(reason, told["moved_on"]))}
            for one, reason in lost.items()
        ],
        undo=await _undoable(request, db, who),
    )


async def _undoable(request: Request, db: AsyncSession, who: Actor) -> int | None:
    """The act just done, while it can be taken back."""
    typed = request.query_params.get("batch", "")
    if not typed.isdecimal() or len(typed) >= 10:
        return None
    try:
        batch = await batches.one(db, who, int(typed))
    except NotFound:
        return None
    return batch.id if batches.can_be_undone(batch, now(db)) else None


async def _of_one(db: AsyncSession, view: View, who: Actor, act: str, question_id: int) -> Outcome | None:
    """What one act came to, and what can be undone of it; to who has, or had, the question on a desk."""
    say = view.translator.say
    if act != "sent":
        is_here = bool(await desks.on_desk(db, who, [question_id]))
        return Outcome(say(words.answering.DONE[act])) if is_here else None
    turns = await assignments.turns_of(db, SURFACE, question_id)
    ours = [
        place
        for place, turn in enumerate(turns)
        if turn.agency_id in who.posts and turn.outcome in words.assigning.SENT
    ]
    if not ours:
        return None
    left, after = turns[ours[-1]], turns[ours[-1] + 1 :]
    agency = view.directory.agencies.get(after[0].agency_id) if after else None
    return Outcome(say(words.assigning.SENT[left.outcome or ""], agency=view.translator.named(agency)))


def _lost(typed: str) -> list[tuple[int, str]]:
    pairs = [one.partition(".") for one in typed.split("-")[:MOST_LOST]]
    return [
        (int(number), reason)
        for number, _, reason in pairs
        if number.isdecimal() and len(number) < 10 and int(number) <= MOST_ID
    ]


async def _rows(
    db: AsyncSession, view: View, who: Actor, agency_id: int, found: Chosen, mine: frozenset[int]
) -> Sequence[Question]:
    after = cursors.read(found.after) if found.after else None
    return await desks.listed(db, who, agency_id, wanted(found, view, mine), ROWS + 1, after)


async def _counts(
    db: AsyncSession, who: Actor, agency_id: int, found: Chosen, mine: frozenset[int]
) -> Mapping[str, int]:
    """A translation waits for the same people as an answer does."""
    counts = await desks.counts(db, who, agency_id, found.tab, mine)
    return {**counts, "approval": counts["approval"] + await translations.count_waiting(db, who, agency_id)}


async def _translations(
    db: AsyncSession, view: View, who: Actor, agency_id: int, found: Chosen, mine: frozenset[int]
) -> list[dict[str, Any]]:
    """After the last answer that waits, for a translation has no due date."""
    said, tone, icon = words.assigning.TRANSLATION
    return [
        {
            "id": question.id,
            "url": localized(f"/translations/{question.id}", view.translator.language),
            "title": question.title,
            **view.kind(question),
            "stage": {"words": view.translator.say(said), "tone": tone, "icon": icon},
            "due": None,
            "answered_at": None,
            "sent_at": row.written_at,
            "official": "",
            "away": None,
            "current": False,
        }
        for question, row in await translations.waiting(db, who, agency_id, wanted(found, view, mine), ROWS)
    ]


def _next(view: View, found: Chosen, shown: Sequence[Question]) -> str:
    place = cursors.written(desks.place_of(shown[-1], found.tab))
    return found.path("/desk", view.translator.language, after=place)


async def _row(
    db: AsyncSession,
    view: View,
    row: Question,
    found: Chosen,
    names: dict[int, str],
    absent: Any,
    current: int | None,
) -> dict[str, Any]:
    away = absent.get(row.official_id)
    return {
        "id": row.id,
        "url": found.path(f"/desk/questions/{row.id}", view.translator.language),
        "title": row.title,
        **view.kind(row),
        "stage": view.stage(desk_stage(row)),
        "due": view.due(await load.owed(db, row)),
        "answered_at": row.published_at,
        "sent_at": None,
        "official": names.get(row.official_id or 0, ""),
        "away": _away(away, names) if away else None,
        "current": row.id == current,
    }


def _away(absence: Absence, names: dict[int, str]) -> dict[str, str]:
    return {
        "name": names.get(absence.person_id, ""),
        "until": day(absence.ends_on),
        "stand_in": names.get(absence.stand_in_id, ""),
    }


async def _parts(db: AsyncSession, view: View, agency_id: int, found: Chosen) -> list[dict[str, Any]]:
    calendar = await deadlines.calendar(db)
    return [
        {
            "url": found.path(f"/desk/shares/{share.id}", view.translator.language),
            "question_id": question.id,
            "title": question.title,
            **view.kind(question),
            "lead": view.directory.agencies[share.lead_id],
            "state": share_state(view, share.state, ours=True),
            "due": view.due(deadlines.explained(calendar, share.asked_at, 0, share.due_at, now(db))),
            "is_open": share.state == access.Shared.ASKED,
        }
        for share, question in await desks.parts(db, agency_id, ROWS)
    ]


def share_state(view: View, state: str, *, ours: bool = False) -> dict[str, str]:
    told = {**words.assigning.SHARE_STATES, **(words.assigning.OUR_SHARE_STATES if ours else {})}
    said, tone, icon = told[state]
    return {"words": view.translator.say(said), "tone": tone, "icon": icon}
