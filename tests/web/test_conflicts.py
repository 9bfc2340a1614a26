from collections.abc import Mapping
from typing import Any

import httpx2
import pytest

from tests.forms import Value
from tests.site import Site
from tests.visitor import Visitor
from tests.web.people import (
    ANSWER,
    APPROVER,
    CLEARED,
    COORDINATOR,
    OFFICIAL,
    OTHER_AGENCY,
    SECOND_OFFICIAL,
    UNCLEARED,
    Asked,
    People,
)

FIRST = "Lê Khánh Vy"  # the cleared moderator
ACCEPT: Mapping[str, Value] = {"agency": "other", "other": OTHER_AGENCY}
MINE = "Bản của tôi, viết cùng lúc với người khác và còn thiếu một đoạn."
THEIRS = "Bản của đồng nghiệp, lưu trước, đủ cả căn cứ và cách làm từng bước."


# Two moderators


def _both_open(people: People, asked: Asked) -> tuple[Visitor, str, httpx2.Response]:
    """The second moderator has the case on the screen; then the lease runs out and the first takes it."""
    slow, page = people.staff(UNCLEARED), people.claim(asked, UNCLEARED)
    opened = slow.get(page)
    people.release(UNCLEARED)
    people.claim(asked, CLEARED)
    return slow, page, opened


def _decided(question: Any) -> dict[str, Any]:
    """All of it but when the worker looks next whom to remind: that moves by itself."""
    return {name: value for name, value in question._mapping.items() if name != "chase_at"}


@pytest.mark.parametrize(
    ("first", "decision", "said"),
    [
        pytest.param(ACCEPT, "accept", "đã nhận mục này lúc", id="accept"),
        pytest.param({"reason": "unclear"}, "refuse", "đã từ chối mục này lúc", id="refuse"),
    ],
)
def test_the_second_decision_learns_who_decided_and_how(
    people: People, first: Mapping[str, Value], decision: str, said: str
) -> None:
    asked = people.held()
    slow, page, opened = _both_open(people, asked)
    if decision == "accept":
        assert people.accept(page, **first).is_redirect
    else:
        assert people.staff(CLEARED).fill(page, first, action="/decision", button=decision).is_redirect
    people.release()
    before = (people.case_row(asked), _decided(people.question_row(asked)))
    lost = slow.fill(opened, {"reason": "insulting", "words": MINE}, action="/decision", button="refuse")
    assert lost.status_code == 409
    slow.see(f"{FIRST} {said}")
    slow.see("Quyết định của bạn chưa được ghi.")
    assert (people.case_row(asked), _decided(people.question_row(asked))) == before


def test_a_case_a_colleague_holds_cannot_be_decided_by_another(people: People) -> None:
    asked = people.held()
    slow, _, opened = _both_open(people, asked)
    lost = slow.fill(opened, ACCEPT, action="/decision", button="accept")
    assert lost.status_code == 409
    slow.see(f"{FIRST} đang giữ mục này đến")
    assert people.question_row(asked).moderation == "held"
    people.release()


def test_a_case_a_colleague_holds_is_read_but_not_taken(people: People) -> None:
    asked = people.held()
    page = people.claim(asked, CLEARED)
    other = people.staff(UNCLEARED)
    proof = people.proof(other)
    other.get(page)
    other.see(f"{FIRST} đang mở mục này. Bạn đọc được, chưa quyết định được.")
    assert "/decision" not in str(other.seen and other.seen.text)
    assert other.post(f"{page}/claim", data=proof).status_code == 409
    other.see(f"{FIRST} đang giữ mục này đến")
    people.release()


def test_a_lease_that_ran_out_leaves_the_case_to_a_colleague(site: Site, people: People) -> None:
    asked = people.held()
    people.claim(asked, CLEARED)
    site.write("update moderation_case set claimed_until = '2026-01-01 00:00:00+00' where thing_id = :id", id=asked.id)
    page = people.claim(asked, UNCLEARED)
    assert people.accept(page, UNCLEARED, **ACCEPT).is_redirect
    people.release(UNCLEARED)
    assert people.question_row(asked).moderation == "accepted"


def test_a_decision_goes_to_the_version_that_was_read(site: Site, people: People) -> None:
    asked, moderator = people.held(), people.staff(CLEARED)
    opened = moderator.get(people.claim(asked))
    site.write("update moderation_case set version = version + 1 where thing_id = :id", id=asked.id)
    lost = moderator.fill(opened, {"reason": "unclear", "words": MINE}, action="/decision", button="refuse")
    assert lost.status_code == 409
    moderator.see("Đọc bản mới rồi quyết định.")
    kept = moderator.form(lost, "words", action="/decision", button="refuse")
    assert kept.pairs[-1] == ("words", MINE)  # and what was typed is still there
    people.release()


# Two officials


def test_who_opens_a_draft_sees_who_else_has_it_open_and_they_see_it_live(site: Site, people: People) -> None:
    asked = people.taken()
    official, colleague, approver = people.staff(OFFICIAL), people.staff(SECOND_OFFICIAL), people.staff(APPROVER)
    official.get(asked.desk)
    official.not_see("đang mở bản nháp này")
    colleague.get(asked.desk)  # without a script: at load
    colleague.see("Đỗ Minh Tuấn đang mở bản nháp này.")
    told = official.post(f"{asked.desk}/here", data=people.proof(official))  # as the open page's script says
    assert told.status_code == 200
    official.see("Lường Văn Chiến đang mở bản nháp này.")
    approver.get(asked.desk)
    approver.not_see("đang mở bản nháp này")
    assert approver.post(f"{asked.desk}/here", data=people.proof(approver)).status_code == 403
    site.write("update presence set seen_at = '2026-01-01 00:00:00+00' where desk = :desk", desk=f"draft:{asked.id}")
    official.post(f"{asked.desk}/here", data=people.proof(official))
    official.not_see("đang mở bản nháp này")


def test_two_drafts_meet_and_neither_is_lost(people: People) -> None:
    asked = people.taken()
    official, colleague = people.staff(OFFICIAL), people.staff(SECOND_OFFICIAL)
    opened = official.get(asked.desk)
    assert colleague.fill(asked.desk, {**ANSWER, "full": THEIRS}, action="/answer", button="save").is_redirect
    lost = official.fill(opened, {**ANSWER, "full": MINE}, action="/answer", button="save")
    assert lost.status_code == 409
    official.see("Lường Văn Chiến vừa lưu bản khác lúc")
    official.see(THEIRS)
    assert dict(official.form(lost, action="/answer").pairs)["full"] == MINE
    assert _stored(people, asked) == THEIRS
    official.get(asked.desk)  # whoever wants to write over it opens it anew
    assert official.fill(asked.desk, {"full": MINE}, action="/answer", button="save").is_redirect


def test_what_a_colleague_just_sent_for_approval_is_not_written_over(people: People) -> None:
    asked = people.taken()
    official = people.staff(OFFICIAL)
    opened = official.get(asked.desk)
    people.write(asked, who=SECOND_OFFICIAL, button="send", full=THEIRS)
    for button in ("save", "send"):
        lost = official.fill(opened, {**ANSWER, "full": MINE}, action="/answer", button=button)
        assert lost.status_code == 409
        official.see("Câu trả lời đã sang bước khác. Bản của bạn chưa được lưu")
        official.see(THEIRS)
        official.see("Bản của bạn, chưa được lưu")
        official.see(MINE)
    assert _stored(people, asked) == THEIRS


def test_an_answer_is_approved_once(people: People) -> None:
    asked, approver = people.in_approval(), people.staff(APPROVER)
    first, second = approver.get(asked.desk), approver.get(asked.desk)
    assert approver.fill(first, action="/approve").is_redirect
    assert approver.fill(second, action="/approve").status_code == 409
    approver.see("Câu trả lời đã sang bước khác.")
    (row,) = people.site.rows(
        "select count(*) as n from revision where kind = 'answer' and thing_id in"
        " (select id from answer where question_id = :id)",
        id=asked.id,
    )
    assert row.n == 1


def test_what_was_returned_and_written_anew_is_not_approved_unread(people: People) -> None:
    asked, approver = people.in_approval(), people.staff(APPROVER)
    opened = approver.get(asked.desk)
    assert approver.fill(asked.desk, {"note": "Ghi rõ điều luật."}, action="/return").is_redirect
    people.write(asked, button="send", full=THEIRS)
    assert approver.fill(opened, action="/approve").status_code == 409
    approver.see("Đỗ Minh Tuấn vừa lưu bản khác lúc")
    assert people.question_row(asked).answer == "in_approval"


def test_whoever_wrote_a_line_does_not_approve_it(site: Site, people: People) -> None:
    asked = people.taken()
    people.write(asked, who=OFFICIAL)
    people.write(asked, who=SECOND_OFFICIAL, button="send")
    both = "insert into membership (person_id, agency_id, post) select person_id, agency_id, 'approver' from membership"
    of = " where person_id = (select id from person where login = :login)"
    site.write(both + of, login=f"{OFFICIAL}@engage.example")
    try:
        author = people.staff(OFFICIAL)
        page = author.get(asked.desk)
        author.see("Người soạn không tự duyệt câu trả lời của mình.")
        assert "/approve" not in page.text
        refused = author.post(f"{asked.desk}/approve", data=people.proof(author) | {"version": "2"})
        assert refused.status_code == 422
        assert people.question_row(asked).answer == "in_approval"
    finally:
        site.write("delete from membership" + of + " and post = 'approver'", login=f"{OFFICIAL}@engage.example")
    assert people.staff(APPROVER).fill(asked.desk, action="/approve").is_redirect


# Two desks


def test_a_question_that_was_transferred_meanwhile_is_gone_from_the_desk(people: People) -> None:
    asked, official = people.taken(), people.staff(OFFICIAL)
    opened = official.get(asked.desk)
    sent = {"agency": OTHER_AGENCY, "reason": "Việc của cơ quan khác.", "sure": "yes"}
    assert people.staff(COORDINATOR).fill(asked.desk, sent, action="/transfer").is_redirect
    assert official.fill(opened, ANSWER, action="/answer", button="save").status_code == 404
    assert not people.site.rows("select 1 from answer where question_id = :id", id=asked.id)


def test_only_one_of_two_coordinators_accepts(people: People) -> None:
    asked, coordinator = people.accepted(), people.staff(COORDINATOR)
    opened = coordinator.get(asked.desk)  # as a colleague has it open, too
    assert coordinator.fill(asked.desk, action="/accept").is_redirect
    assert coordinator.fill(opened, action="/accept").status_code == 409
    coordinator.see("Mục này vừa được người khác xử lý. Việc của bạn chưa được ghi.")


def test_a_question_nobody_has_let_out_is_routed_to_no_agency(people: People) -> None:
    asked, moderator = people.held(), people.staff(CLEARED)
    told = {"other": OTHER_AGENCY, "reason": "Đúng việc của nơi ấy."}
    answer = moderator.post(f"/review/questions/{asked.id}/route", data=people.proof(moderator) | told)
    assert answer.status_code == 409
    row = people.question_row(asked)
    assert (row.moderation, row.assignment, row.agency_id) == ("held", "unassigned", None)


def _stored(people: People, asked: Asked) -> str:
    (row,) = people.site.rows('select "full" from answer where question_id = :id', id=asked.id)
    return str(row.full)
