"""Who votes, and from where, whichever way they come: a signed-in person, else the visitor who has our cookie; never an address."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from starlette.requests import HTTPConnection

from engage import marking, votes, voting
from engage.access import Actor, Role
from engage.db import MOST_ID, Clock
from engage.marking import Mark
from engage.questions import SURFACE
from engage.votes import Ballot
from engage.web import guards, pace
from engage.web.house import cookie, house
from engage.web.seating import Seat
from live.ballots import Ballots
from live.socket import Vote
from live.viewers import Viewer

STAFF = ("moderator", "official")  # what a viewer is told to be (`live`)


def voter_of(connection: HTTPConnection, who: Actor) -> str:
    """Empty for somebody who has neither."""
    person_id = who.person_id if who.person_id is not None else who.opened_by
    if person_id is not None:
        return votes.of_person(person_id)
    visitor = guards.visitor_from(house(connection).settings.secret, cookie(connection, guards.VISITOR))
    return votes.of_visitor(visitor) if visitor else ""


def by_form(connection: HTTPConnection, who: Actor, question_id: int, *, on: bool) -> Ballot:
    mine, voter = house(connection), voter_of(connection, who)
    source = _source(who.has(Role.STAFF), pace.address(connection), mine.settings.secret, mine.store.clock())
    return Ballot(SURFACE, question_id, voter, on, source)


def by_poll(connection: HTTPConnection, who: Actor, poll_id: int, choices: Iterable[int]) -> Mark:
    mine, voter = house(connection), voter_of(connection, who)
    source = _source(who.has(Role.STAFF), pace.address(connection), mine.settings.secret, mine.store.clock())
    return Mark(poll_id, marking.voter_of(mine.settings.secret, poll_id, voter), frozenset(choices), source)


def of_comment(connection: HTTPConnection, who: Actor) -> tuple[str, str]:
    """Who finds a comment useful, and from where."""
    mine = house(connection)
    source = _source(who.has(Role.STAFF), pace.address(connection), mine.settings.secret, mine.store.clock())
    return voter_of(connection, who), source


def by_socket(ballots: Ballots[Ballot], secret: str, clock: Clock) -> Vote:
    """How a viewer votes: on the question whose room it is in, or on any in the room of a dialogue or of them all."""

    async def vote(viewer: Viewer, question_id: int, on: bool) -> str | None:
        if not viewer.holder:
            return "no_visitor"
        seat = cast(Seat, viewer.seat)
        if seat.kind not in ("question", "questions", "dialogue") or (
            seat.kind == "question" and seat.id != question_id
        ):
            return "not_here"
        if not 0 < question_id <= MOST_ID:  # no column holds it, and it would take the others' votes down with it
            return voting.NOWHERE
        source = _source(viewer.role in STAFF, viewer.address, secret, clock())
        return await ballots.cast(Ballot(SURFACE, question_id, viewer.holder, on, source))

    return vote


def _source(is_staff: bool, address: str, secret: str, at: datetime) -> str:
    """Staff are known to be one person each. Receipt codes are not, and mail addresses neither: anybody may have ten."""
    if is_staff:
        return ""
    return votes.source_of(secret, guards.address_key(address), at)
