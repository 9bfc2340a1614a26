"""Ways that somebody new to a page looks for: from a list to one answer, out of an agency, back from an act, to a mail."""

from tests.site import Site
from tests.web.people import (
    CLEARED,
    COORDINATOR,
    OFFICIAL,
    SECOND_OFFICIAL,
    UNCLEARED,
    People,
)
from tests.web.test_desk import id_of, many


def test_an_official_ticks_several_questions_on_the_list_and_answers_them_together(people: People) -> None:
    first, second = people.taken(), people.taken()
    for who in (COORDINATOR, OFFICIAL):
        desk = people.staff(who)
        page = desk.get("/desk?tab=working&official=&q=")
        desk.see("Trả lời chung…")
        assert "/desk/answers/together" in page.text
        ticked = {"ids": [str(first.id), str(second.id)], "at": "1", "complexity": "simple"}
        chosen = desk.post("/desk/answers/together", data=people.proof(desk) | ticked)
        assert chosen.status_code == 200, chosen.text
        desk.see("Câu nào là câu chính?")
        desk.see(first.title)
        desk.see(second.title)


def test_whoever_refused_sees_an_appeal_as_what_it_is_and_no_way_to_take_it(people: People) -> None:
    asked = people.held()
    people.refuse(asked, UNCLEARED)
    asked.visitor.fill("/track/question", {"words": "Câu hỏi này rất cần cho tôi."}, action="/appeal")
    (case,) = people.site.rows("select id from moderation_case where thing_id = :id and state = 'open'", id=asked.id)
    first, other = people.staff(UNCLEARED), people.staff(CLEARED)
    page = first.get(f"/review/cases/{case.id}")
    first.see("Bạn đã từ chối câu hỏi này lần đầu")
    first.see("Xin xem xét lại · chờ người khác")
    assert f"/review/cases/{case.id}/claim" not in page.text
    refused = first.post(f"/review/cases/{case.id}/claim", data=people.proof(first))
    assert refused.status_code == 422
    first.see("nên người khác quyết định")
    first.not_see("Mã lỗi")
    assert f"/review/cases/{case.id}/claim" in other.get(f"/review/cases/{case.id}").text
    other.see("Xin xem xét lại")


def test_an_error_at_a_desk_leads_back_to_the_desk(people: People) -> None:
    desk = people.staff(COORDINATOR)
    page = desk.get("/desk/questions/999999999")
    assert page.status_code == 404
    assert 'href="/desk"' in page.text
    desk.not_see("Xem các câu hỏi")


def test_asking_for_mail_without_an_address_is_an_error_and_one_click_is_not(people: People, site: Site) -> None:
    asked, reader = people.accepted(), site.visitor()
    reader.get(asked.page)
    reader.see("Bạn là người đầu tiên quan tâm.")
    wrong = reader.fill(f"{asked.page}/follow", {"email": ""}, action="/follow", button="Nhận thư")
    assert wrong.status_code == 422
    reader.see("Ghi địa chỉ thư để chúng tôi báo khi có trả lời.")
    assert reader.fill(f"{asked.page}/follow", action="/follow", button="Tôi cũng quan tâm").is_redirect
    reader.get(asked.page)
    reader.see("1 người cùng quan tâm")


def test_what_an_official_has_in_hand_is_listed_before_they_leave_and_nobodys_afterwards(people: People) -> None:
    leaving, asked, coordinator = people.invited(), people.taken(), people.staff(COORDINATOR)
    handed = many(coordinator, people, "hand", asked, official=str(leaving))
    assert handed.is_redirect
    coordinator.get(f"/desk/people/{leaving}")
    coordinator.see("1 câu đang làm")
    coordinator.see(asked.title)
    ended = coordinator.fill(f"/desk/people/{leaving}", action="/end")
    coordinator.go(ended)
    coordinator.see("1 câu của người thôi việc về lại “chưa giao ai”")
    coordinator.see(asked.title)
    coordinator.get(asked.desk)
    coordinator.see("Người làm trước đã thôi việc.")
    people.site.wait(lambda: "thôi nhiệm vụ trả lời" in people.mails_to(f"{COORDINATOR}@engage.example", 1)[-1][1])


def test_a_successor_has_what_somebody_who_leaves_had(people: People) -> None:
    leaving, asked, coordinator = people.invited(), people.taken(), people.staff(COORDINATOR)
    assert many(coordinator, people, "hand", asked, official=str(leaving)).is_redirect
    successor = id_of(people.site, SECOND_OFFICIAL)
    ended = coordinator.fill(f"/desk/people/{leaving}", {"successor": successor}, action="/end")
    coordinator.go(ended)
    coordinator.see("Đã giao 1 câu.")
    assert str(people.question_row(asked).official_id) == successor
