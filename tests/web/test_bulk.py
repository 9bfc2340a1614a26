"""Many at once, over HTTP, and all of it taken back with one button: what others did with it meanwhile stays, and is named."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.site import Site
from tests.visitor import Visitor
from tests.web.people import (
    ADMINISTRATOR,
    CLEARED,
    COORDINATOR,
    OFFICIAL,
    SECOND_OFFICIAL,
    UNCLEARED,
    Asked,
    People,
)
from tests.web.test_desk import id_of, many

LINK = " Xem thêm ở https://noi-khac.example nhé."


def _rows(people: People, *asked: Asked) -> list[tuple[str, int | None, str]]:
    rows = [people.question_row(one) for one in asked]
    return [(row.assignment, row.official_id, row.complexity) for row in rows]


def _undo(visitor: Visitor, told: httpx2.Response) -> httpx2.Response:
    return visitor.go(visitor.fill(visitor.go(told), action="/desk/many/undo"))


# An agency's desk


def test_a_whole_handing_is_taken_back_even_what_it_accepted(people: People) -> None:
    new, taken, coordinator = people.accepted(), people.taken(), people.staff(COORDINATOR)
    before = _rows(people, new, taken)
    told = many(coordinator, people, "hand", new, taken, official=id_of(people.site, OFFICIAL))
    assert [row[0] for row in _rows(people, new, taken)] == ["accepted", "accepted"]
    _undo(coordinator, told)
    coordinator.see("Đã hoàn tác: 2 câu trở lại như trước.")
    coordinator.not_see("chưa làm được")
    assert _rows(people, new, taken) == before
    people.staff(OFFICIAL).get("/desk")
    people.staff(OFFICIAL).not_see(new.title)


def test_whoever_had_it_before_has_it_again(people: People) -> None:
    asked, coordinator = people.taken(), people.staff(COORDINATOR)
    first, second = (id_of(people.site, one) for one in (OFFICIAL, SECOND_OFFICIAL))
    assert many(coordinator, people, "hand", asked, official=first).is_redirect
    _undo(coordinator, many(coordinator, people, "hand", asked, official=second))
    assert people.question_row(asked).official_id == int(first)


def test_what_moved_on_meanwhile_stays_and_is_named_with_its_reason(people: People) -> None:
    drafted, handed, gone, fine = (people.accepted() for _ in range(4))
    coordinator, them = people.staff(COORDINATOR), (OFFICIAL, SECOND_OFFICIAL)
    first, second = (id_of(people.site, one) for one in them)
    told = many(coordinator, people, "hand", drafted, handed, gone, fine, official=first)
    people.write(drafted, who=OFFICIAL)
    assert coordinator.fill(handed.desk, {"official": second}, action="/hand").is_redirect
    assert coordinator.fill(gone.desk, {"reason": "Không thuộc ngành."}, action="/give-back").is_redirect
    _undo(coordinator, told)
    for said in (
        "Đã hoàn tác: 1 câu trở lại như trước.",
        "3 câu chưa làm được",
        "đã có người bắt đầu soạn",
        "đã sang bước khác",
        "không còn ở đơn vị",
    ):
        coordinator.see(said)
    assert _rows(people, drafted, handed, fine) == [
        ("accepted", int(first), "simple"),
        ("accepted", int(second), "simple"),
        ("offered", None, "simple"),
    ]


@pytest.mark.parametrize(("act", "typed"), [("accept", {}), ("complexity", {"complexity": "complex"})])
def test_accepting_and_complexity_are_taken_back_with_their_dates(
    people: People, act: str, typed: dict[str, str]
) -> None:
    asked, coordinator = [people.accepted(), people.accepted()], people.staff(COORDINATOR)
    before = [people.question_row(one) for one in asked]
    _undo(coordinator, many(coordinator, people, act, *asked, **typed))
    after = [people.question_row(one) for one in asked]
    for name in ("assignment", "complexity", "answer_due_at", "answer_days", "official_id"):
        assert [getattr(row, name) for row in after] == [getattr(row, name) for row in before], name


def test_an_official_takes_back_what_they_took(people: People) -> None:
    asked, official = people.taken(), people.staff(OFFICIAL)
    told = official.go(many(official, people, "take", asked))
    official.see("Đã nhận làm 1 câu.")
    official.go(official.fill(told, action="/desk/many/undo"))
    assert people.question_row(asked).official_id is None


def test_it_is_taken_back_once_by_who_did_it_and_not_for_ever(site: Site, people: People) -> None:
    asked, coordinator = people.taken(), people.staff(COORDINATOR)
    told = coordinator.go(many(coordinator, people, "complexity", asked, complexity="complex"))
    form = coordinator.form(told, action="/desk/many/undo")
    (batch,) = [value for name, value in form.pairs if name == "batch"]
    official = people.staff(OFFICIAL)
    assert official.post("/desk/many/undo", data=people.proof(official) | {"batch": batch}).status_code == 404
    first = coordinator.press(form)
    assert coordinator.post_again(first).headers["location"] == first.headers["location"]
    again = coordinator.post("/desk/many/undo", data=people.proof(coordinator) | {"batch": batch})
    assert again.status_code == 409
    coordinator.see("Việc này đã được hoàn tác rồi.")
    told = coordinator.go(many(coordinator, people, "complexity", asked, complexity="complex"))
    late = coordinator.form(told, action="/desk/many/undo")
    site.write("update batch set at = '2026-01-01 00:00:00+00' where person_id = :id", id=int(id_of(site, COORDINATOR)))
    assert coordinator.press(late).status_code == 409
    coordinator.see("Đã quá 15 phút")
    coordinator.get(str(told.url))
    coordinator.not_see("Hoàn tác")


# The moderator's desk


@pytest.fixture
def with_undo(site: Site, people: People) -> Iterator[None]:
    """Decisions wait a minute, as they do outside of tests; whoever changes a rule has every process read them anew."""
    _wait_for(site, people, 60)
    yield
    _wait_for(site, people, 0)


def _wait_for(site: Site, people: People, seconds: int) -> None:
    page = "/admin/policies/question"
    assert people.staff(ADMINISTRATOR).fill(page, {"undo_seconds": str(seconds)}, action=page).is_redirect


def _decided(people: People, *asked: Asked, decision: str = "accept") -> httpx2.Response:
    moderator = people.staff(CLEARED)
    cases = [f"{(row := people.case_row(one)).id}:{row.version}" for one in asked]
    return moderator.post(
        "/review/bulk", data=people.proof(moderator) | {"cases": cases, "decision": decision, "reason": "unclear"}
    )


@pytest.mark.usefixtures("with_undo")
@pytest.mark.parametrize("decision", ["accept", "refuse", "return"])
def test_a_whole_selection_of_decisions_is_taken_back_and_waits_for_anybody(people: People, decision: str) -> None:
    asked, moderator = [people.held(more=LINK) for _ in range(3)], people.staff(CLEARED)
    told = _decided(people, *asked, decision=decision)
    assert [people.case_row(one).state for one in asked] == ["decided"] * 3
    undone = moderator.fill(told, action="/review/bulk/undo")
    moderator.see("Đã hoàn tác: 3. Các mục này trở lại hàng chờ.")
    assert undone.status_code == 200
    rows = [people.case_row(one) for one in asked]
    assert [(row.state, row.decision, row.claimed_by) for row in rows] == [("open", None, None)] * 3
    assert {people.question_row(one).moderation for one in asked} == {"held"}
    people.claim(asked[0], UNCLEARED)
    people.release(UNCLEARED)


@pytest.mark.usefixtures("with_undo")
def test_what_can_no_longer_be_undone_is_named_and_the_rest_is_undone(people: People) -> None:
    late, changed, fine = (people.held(more=LINK) for _ in range(3))
    moderator = people.staff(CLEARED)
    told = _decided(people, late, changed, fine)
    people.site.write(
        "update moderation_case set undo_until = null where thing_id = :id and surface = 'question'", id=late.id
    )
    anew = {"title": changed.title, "body": f"{'Tôi nói thêm cho rõ trường hợp của mình. ' * 3}{LINK}"}
    assert changed.visitor.fill("/track/question/correct", anew, action="/correct").is_redirect
    moderator.fill(told, action="/review/bulk/undo")
    for said in (
        "Đã hoàn tác: 1.",
        "Chưa làm được: 2.",
        "Đã quá thời gian hoàn tác",
        "Người hỏi vừa sửa câu hỏi",
    ):
        moderator.see(said)
    assert people.case_row(fine).state == "open"
