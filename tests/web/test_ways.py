"""Ways that somebody new to a page looks for: from a list to one answer, out of an agency, back from an act, to a mail."""

from tests.site import Site
from tests.web.people import (
    AGENCY_NAME,
    ANSWER,
    APPROVER,
    CLEARED,
    COORDINATOR,
    OFFICIAL,
    OTHER_AGENCY,
    OTHER_AGENCY_NAME,
    OTHER_COORDINATOR,
    PHONE_IN_THE_TEXT,
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
    reader.see("Chưa có ai khác hỏi câu này.")
    wrong = reader.fill(f"{asked.page}/follow", {"email": ""}, action="/follow", button="Nhận thư")
    assert wrong.status_code == 422
    reader.see("Ghi địa chỉ thư để chúng tôi báo khi có trả lời.")
    reader.go(reader.fill(f"{asked.page}/follow", action="/follow", button="Theo dõi"))
    reader.see("1 người đang theo dõi")


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
    told = "select kind from notice where person_id = :id order by id desc limit 1"  # a line of the day's digest
    assert people.site.rows(told, id=int(id_of(people.site, COORDINATOR)))[0].kind == "official_left"


def test_a_successor_has_what_somebody_who_leaves_had(people: People) -> None:
    leaving, asked, coordinator = people.invited(), people.taken(), people.staff(COORDINATOR)
    assert many(coordinator, people, "hand", asked, official=str(leaving)).is_redirect
    successor = id_of(people.site, SECOND_OFFICIAL)
    ended = coordinator.fill(f"/desk/people/{leaving}", {"successor": successor}, action="/end")
    coordinator.go(ended)
    coordinator.see("Đã cho thôi việc; 1 câu đang làm sang người bạn chọn.")
    assert str(people.question_row(asked).official_id) == successor


def test_a_desk_says_what_became_of_a_question_that_left_it(people: People) -> None:
    asked, coordinator = people.accepted(), people.staff(COORDINATOR)
    passed = {"agency": OTHER_AGENCY, "reason": "Việc này thuộc Bộ Y tế.", "sure": "yes"}
    sent = coordinator.post(f"{asked.desk}/transfer", data=people.proof(coordinator) | passed)
    coordinator.go(sent)
    coordinator.see(f"Đã chuyển tới {OTHER_AGENCY_NAME}. Nơi ấy không nhận thì câu hỏi trở lại đơn vị bạn")
    other = people.staff(OTHER_COORDINATOR)
    other.go(other.fill(asked.desk, {"decline_reason": "Không thuộc Bộ Y tế."}, action="/decline"))
    other.see(f"Đã trả câu hỏi về {AGENCY_NAME} kèm lý do")
    back = {"reason": "Không thuộc bảo hiểm xã hội.", "to": "desk"}
    coordinator.go(coordinator.post(f"{asked.desk}/transfer", data=people.proof(coordinator) | back))
    coordinator.see("Đã trả lại ban biên tập để chọn cơ quan khác.")
    people.staff("can-bo.byt").get(f"/desk?done=sent.{people.accepted().id}")
    people.staff("can-bo.byt").not_see("Đã chuyển tới")


def test_sending_for_approval_and_marking_as_outdated_say_that_it_is_done(people: People) -> None:
    asked, official, coordinator = people.taken(), people.staff(OFFICIAL), people.staff(COORDINATOR)
    official.go(official.fill(asked.desk, ANSWER, action="/answer", button="send"))
    official.see("Đã gửi lãnh đạo duyệt.")
    approver = people.staff(APPROVER)
    approver.go(approver.fill(asked.desk, action="/approve"))
    approver.see("Đã duyệt; câu trả lời hiện công khai.")
    mark = {"outdated_on": "25/11/2026", "outdated_reason": "Nghị định mới có hiệu lực."}
    coordinator.go(coordinator.fill(asked.desk, mark, action="/outdated"))
    coordinator.see("Đã đánh dấu không còn phù hợp; người hỏi và người theo dõi được báo.")
    gone = {"outdated_on": "", "outdated_reason": ""}
    coordinator.go(coordinator.fill(asked.desk, gone, action="/outdated"))
    coordinator.see("Đã bỏ dấu “không còn phù hợp”.")


def test_returning_a_draft_and_extending_say_that_it_is_done(people: People) -> None:
    asked, approver, coordinator = people.in_approval(), people.staff(APPROVER), people.staff(COORDINATOR)
    approver.go(approver.fill(asked.desk, {"note": "Nêu rõ điều khoản áp dụng."}, action="/return"))
    approver.see("Đã trả để sửa kèm ý kiến của bạn.")
    more = {"days": "3", "reason": "Cần xác minh thêm tại địa phương."}
    coordinator.go(coordinator.fill(asked.desk, more, action="/extend"))
    coordinator.see("Đã gia hạn; người hỏi được báo lý do và hạn mới.")


def test_an_asker_corrects_what_is_public_until_an_agency_takes_it_up(people: People) -> None:
    asked = people.accepted()
    asked.visitor.get("/track/question")
    asked.visitor.see("một lần, trước khi cơ quan nhận xử lý")
    page = asked.visitor.get("/track/question/correct")
    private = asked.visitor.fill(
        page, {"body": f"Nội dung sửa lại cho rõ hơn trước.{PHONE_IN_THE_TEXT}"}, action="/correct"
    )
    assert private.status_code == 422
    asked.visitor.see("bản cũ vẫn giữ nguyên")
    body = f"Tôi ghi nhầm nơi đóng ở câu trước, nay sửa lại cho đúng: Hà Nội và Nghệ An, câu số {asked.id}."
    assert asked.visitor.fill(private, {"body": body}, action="/correct").is_redirect
    asked.visitor.get(asked.page)
    asked.visitor.see(body)


def test_an_answer_that_was_sent_back_is_on_the_desk_with_its_date_and_the_page_says_so(people: People) -> None:
    asked, coordinator, desk = people.answered(), people.staff(COORDINATOR), people.staff(CLEARED)
    words = {"words": "Câu trả lời nói về việc khác, không phải việc tôi hỏi."}
    assert asked.visitor.fill("/track/question", words, action="/second-look").is_redirect
    (look,) = people.site.rows("select id from second_look where question_id = :id", id=asked.id)
    decided = desk.fill(f"/review/second-looks/{look.id}", words, action=f"/second-looks/{look.id}", button="send_back")
    assert decided.is_redirect, decided.text
    coordinator.get(asked.desk)
    coordinator.see("Trả lời lại:")
    coordinator.see("Cơ quan có")
    reader = people.site.visitor()
    reader.get(asked.page)
    reader.see("Đang xem xét lại.")
