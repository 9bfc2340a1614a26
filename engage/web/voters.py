"""Who votes, and from where, whichever way they come: a signed-in person, else the visitor who has our cookie; never an address."""

from starlette.requests import HTTPConnection

from engage import votes
from engage.access import Actor
from engage.questions import SURFACE
from engage.votes import Ballot
from engage.web import guards, pace
from engage.web.house import cookie, house


def voter_of(connection: HTTPConnection, who: Actor) -> str:
    """Empty for somebody who has neither."""
    person_id = who.person_id if who.person_id is not None else who.opened_by
    if person_id is not None:
        return votes.of_person(person_id)
    visitor = guards.visitor_from(house(connection).settings.secret, cookie(connection, guards.VISITOR))
    return votes.of_visitor(visitor) if visitor else ""


def ballot(connection: HTTPConnection, who: Actor, question_id: int, *, on: bool) -> Ballot:
    mine, voter = house(connection), voter_of(connection, who)
    address = guards.address_key(pace.address(connection))
    source = (
        "" if voter.startswith(votes.PERSON) else votes.source_of(mine.settings.secret, address, mine.store.clock())
    )
    return Ballot(SURFACE, question_id, voter, on, source)
