import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import httpx2
import pytest

from engage.access import Role
from engage.routes import DOORS
from engage.web.door import Door
from tests.site import Site
from tests.visitor import Visitor
from tests.web.no_page import BETWEEN, NO_PAGE
from tests.web.people import ADMINISTRATOR, AGENCY, APPROVER, CLEARED, COORDINATOR, OTHER_COORDINATOR, Asked, People

# Who may pass a door of which role, as PRODUCT's table has it; an asker is anyone who typed a receipt code.
WHO = {
    "anyone": {Role.ANYONE},
    "asker": {Role.ANYONE, Role.ASKER},
    "citizen": {Role.ANYONE, Role.CITIZEN},
    "moderator": {Role.ANYONE, Role.CITIZEN, Role.STAFF, Role.MODERATOR, Role.CREW},
    "coordinator": {Role.ANYONE, Role.CITIZEN, Role.STAFF, Role.AGENCY},
    "approver": {Role.ANYONE, Role.CITIZEN, Role.STAFF, Role.AGENCY},
    "administrator": {Role.ANYONE, Role.CITIZEN, Role.STAFF, Role.ADMINISTRATOR, Role.CREW},
}
STAFF = {"moderator": CLEARED, "coordinator": COORDINATOR, "approver": APPROVER, "administrator": ADMINISTRATOR}
READING, WRITING = ([door for door in DOORS if door.method == method] for method in ("GET", "POST"))
DESK = [door for door in DOORS if door.path.startswith("/desk/questions/")]
SHARES = [door for door in DOORS if door.path.startswith("/desk/shares/")]
THIRD_COORDINATOR = "dau-moi.btctw"
WAYS_OUT = {"/sign-out", "/track/close", "/citizens/sign-out", "/citizens/me/erase"}
# The table lets a whole agency in; inside, the verb asks for the post. A coordinator may do what an official may.
ONLY = {
    "accept": "coordinator",
    "decline": "coordinator",
    "hand": "coordinator",
    "take": "coordinator",
    "take-back": "coordinator",
    "give": "coordinator",
    "shares": "coordinator",
    "give-back": "coordinator",
    "transfer": "coordinator",
    "complexity": "coordinator",
    "clarify": "coordinator",
    "answer": "coordinator",
    "here": "coordinator",
    "approve": "approver",
    "return": "approver",
    "correct": "coordinator",
    "drop": "coordinator",
    "apart": "coordinator",
}
# Doors of an agency that only its coordinator passes.
COORDINATORS = {"/desk/people/add", "/desk/people/{id:int}", "/desk/people/{id:int}/end"}


@dataclass(frozen=True)
class Things:
    """What the addresses of doors name: a question on the agency's desk, a case that waits, accounts nobody needs."""

    question: Asked
    case: int
    account: int
    official: int
    shared: Asked
    share: int  # asked of the agency by another one
    public: Asked
    accused: Asked


@pytest.fixture(scope="module")
def things(people: People) -> Things:
    shared, share = people.shared()
    return Things(
        question=people.taken(),
        case=people.case_row(people.held()).id,
        account=people.invited(),
        official=people.invited(),
        shared=shared,
        share=share,
        public=people.accepted(),
        accused=people.accepted(),
    )


@pytest.fixture(scope="module")
def everybody(people: People) -> dict[str, Visitor]:
    people.leave_every_crew(COORDINATOR, APPROVER)
    asker = people.ask().visitor
    asker.get("/track/question")
    known = {"anyone": people.site.visitor(), "asker": asker, "citizen": people.citizen()}
    return known | {role: people.staff(who) for role, who in STAFF.items()}


@pytest.mark.parametrize("role", [role for role in WHO if role != "approver"])
@pytest.mark.parametrize("door", READING, ids=lambda door: door.path)
def test_a_reading_door_opens_for_whom_the_table_says(
    door: Door, role: str, everybody: dict[str, Visitor], things: Things, site: Site
) -> None:
    visitor, path = everybody[role], _path(door, things)
    with visitor.stream("GET", path) as answer:
        status, led_to = answer.status_code, answer.headers.get("location", "")
    if door.path in BETWEEN:
        assert (status, led_to) in {(303, "/sign-in"), (200, "")}
        return
    if door.role in WHO[role]:
        assert status == NO_PAGE.get(door.path, 200)
        assert not led_to.startswith("/sign-in")
    elif door.role is Role.ASKER:
        assert (status, led_to) == (303, "/track")
    elif door.role is Role.CITIZEN:
        assert (status, led_to) == (303, f"/citizens/sign-in?next={path}")
    elif role in {"anyone", "asker"}:
        assert (status, led_to) == (303, f"/sign-in?next={path}")
    else:
        assert status == 403


@pytest.mark.parametrize("role", WHO)
@pytest.mark.parametrize("door", WRITING, ids=lambda door: door.path)
def test_a_writing_door_opens_for_whom_the_table_says(
    door: Door, role: str, everybody: dict[str, Visitor], people: People, things: Things
) -> None:
    visitor = _somebody_to_leave(role, people) if door.path in WAYS_OUT else everybody[role]
    if door.path == "/desk/people/{id:int}/end":  # whoever is gone is missing for every test after this one
        things = replace(things, official=people.invited())
    answer = visitor.post(_path(door, things), data=people.proof(visitor))
    if door.role not in WHO[role]:
        ways_in = {Role.ASKER: (303, "/track"), Role.CITIZEN: (303, "/citizens/sign-in")}
        turned = ways_in.get(door.role, (403, ""))
        assert (answer.status_code, answer.headers.get("location", "")) == turned
    elif door.path in COORDINATORS and role == "approver":
        assert answer.status_code in {403, 404}, answer.text
    elif door not in [*DESK, *SHARES] or ONLY.get(door.path.rpartition("/")[2], role) == role:
        assert answer.status_code in {303, 409, 422, NO_PAGE.get(door.path)}, answer.text
    else:
        assert answer.status_code in {403, 422}, answer.text


@pytest.mark.parametrize("door", DESK, ids=lambda door: f"{door.method} {door.path}")
def test_another_agencys_question_is_missing_like_one_that_never_was(
    door: Door, people: People, things: Things
) -> None:
    stranger, verb = people.staff(OTHER_COORDINATOR), door.path.partition("{id:int}")[2]
    proof = people.proof(stranger) if door.method == "POST" else None
    foreign, missing = (
        stranger.request(door.method, f"/desk/questions/{number}{verb}", data=proof)
        for number in (things.question.id, 999_999)
    )
    assert foreign.status_code == missing.status_code == 404
    assert _without(foreign, things.question.id) == _without(missing, 999_999)
    assert foreign.headers.keys() == missing.headers.keys()


@pytest.mark.parametrize("door", SHARES, ids=lambda door: f"{door.method} {door.path}")
def test_a_part_asked_of_others_is_missing_like_one_that_never_was(door: Door, people: People, things: Things) -> None:
    """The lead cannot give what it asked for; who was asked cannot withdraw it; a third agency finds nothing at all."""
    verb = door.path.partition("{id:int}")[2]
    lead = verb in {"/withdraw", "/name"}
    for stranger in (people.staff(COORDINATOR if lead else OTHER_COORDINATOR), people.staff(THIRD_COORDINATOR)):
        proof = people.proof(stranger) if door.method == "POST" else None
        foreign, missing = (
            stranger.request(door.method, f"/desk/shares/{number}{verb}", data=proof)
            for number in (things.share, 999_999)
        )
        assert foreign.status_code == missing.status_code == 404
    assert people.staff(THIRD_COORDINATOR).get("/desk?tab=shares").status_code == 200
    people.staff(THIRD_COORDINATOR).not_see(things.shared.title)


def test_who_may_not_give_a_part_finds_no_form_for_it(people: People, things: Things) -> None:
    for who, is_there in ((APPROVER, False), (COORDINATOR, True)):
        page = people.staff(who).get(f"/desk/shares/{things.share}")
        assert [f'/{act}"' in page.text for act in ("give", "decline")] == [is_there, is_there], who


def test_another_agencys_questions_are_in_no_list_of_mine(people: People, things: Things) -> None:
    stranger = people.staff(OTHER_COORDINATOR)
    for tab in ("offered", "working", "approval", "answered", "shares"):
        assert stranger.get(f"/desk?agency={AGENCY}&tab={tab}").status_code == 200
        stranger.not_see(things.question.title)


Forgery = tuple[Callable[[dict[str, str], dict[str, str]], dict[str, str]], dict[str, str]]
FORGERIES: dict[str, Forgery] = {
    "no token": (lambda mine, _: {"key": mine["key"]}, {}),
    "a damaged token": (lambda mine, _: {**mine, "csrf": mine["csrf"][:-1] + "~"}, {}),
    "another visitor's token": (lambda _, other: other, {}),
    "a foreign origin": (lambda mine, _: mine, {"origin": "https://elsewhere.example", "sec-fetch-site": "none"}),
    "an origin without a name": (lambda mine, _: mine, {"origin": "null", "sec-fetch-site": "none"}),
    "a foreign page": (lambda mine, _: mine, {"sec-fetch-site": "cross-site"}),
    "a neighbour's page": (lambda mine, _: mine, {"sec-fetch-site": "same-site"}),
}


@pytest.mark.parametrize(
    "door", [door for door in WRITING if door.path not in BETWEEN and not door.embed], ids=lambda door: door.path
)
def test_no_door_takes_a_form_that_is_not_ours(
    door: Door, everybody: dict[str, Visitor], people: People, things: Things, site: Site
) -> None:
    allowed = next(role for role in WHO if door.role in WHO[role])
    visitor, path = everybody[allowed], _path(door, things)
    mine, others = people.proof(visitor), people.proof(site.visitor())
    before = _state(site)
    for name, (forged, headers) in FORGERIES.items():
        answer = visitor.post(path, data=people.question() | forged(mine, others), headers=headers)
        assert answer.status_code in {403, 422, NO_PAGE.get(door.path)}, name
        assert answer.headers["content-type"].startswith("text/html"), name
    assert _state(site) == before


def _state(site: Site) -> list[Any]:
    """What any of the forged forms would change."""
    tables = ("question", "person", "sign_in", "kept", "reason", "answer", "assignment")
    counted = ", ".join(f"(select count(*) from {table})" for table in tables)
    claims = "(select count(*) from moderation_case where claimed_by is not null)"
    return list(site.rows(f"select {counted}, {claims}")[0])


def _path(door: Door, things: Things) -> str:
    named = {
        "/review/cases/": things.case,
        "/admin/accounts/": things.account,
        "/desk/people/": things.official,
        "/desk/shares/": things.share,
        "/desk/absences/": 999_999,
        "/dialogues/": 999_999,
        **dict.fromkeys(("/forum/", "/review/threads/", "/review/posts/"), 999_999),
        "/feedback/campaigns/": 999_999,
        "/admin/campaigns/": 999_999,
    }
    number = next((number for start, number in named.items() if door.path.startswith(start)), things.question.id)
    if door.path.startswith("/review/questions/"):  # what a moderator does there changes what an agency's tests need
        number = things.accused.id if door.path.endswith("/seal") else things.public.id
    values = {
        "id:int": str(number),
        "question:int": "0",
        "kind": "question",
        "slug": _slug(door.path),
        "noun:noun": "topics",
        "name": "none",
        "step": "none",
        "key": "none",
        "kid": "none",
        "door": "track",
        "token": "1.x",
    }
    values |= {"release": "any", "path:path": "mark.svg", "poll:int": "0"}
    return re.sub(r"\{(.+?)\}", lambda found: values[found[1]], door.path)


def _slug(path: str) -> str:
    if path.startswith("/forum/"):
        return "chuyen-doi-so"
    return "bao-hiem-xa-hoi" if "topics" in path or "noun" in path else AGENCY


def _without(answer: httpx2.Response, number: int) -> str:
    return answer.text.replace(f"/questions/{number}", "/questions/…")


def _somebody_to_leave(role: str, people: People) -> Visitor:
    """Whoever signs out is gone, so it may not be one of those that all tests share."""
    if role == "asker":
        return people.ask().visitor
    if role == "citizen":
        return people.citizen()
    return people.site.staff(f"{STAFF[role]}@engage.example") if role in STAFF else people.site.visitor()
