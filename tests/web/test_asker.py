"""Journeys of an asker after asking, with a receipt code and without a script: correct, clarify, rate, look again, leave."""

import json

from tests.site import Site
from tests.web.askers import ask_for_more
from tests.web.people import (
    ADMINISTRATOR,
    CLEARED,
    OFFICIAL,
    PHONE_IN_THE_TEXT,
    RECEIPT,
    UNCLEARED,
    Asked,
    People,
)

PAGE = "/track/question"
WORDS = {"words": "Câu trả lời nói về việc khác, không phải việc tôi hỏi."}


def test_a_refused_question_is_corrected_once_with_the_reason_in_sight(people: People) -> None:
    asked = people.held()
    people.refuse(asked, reason="unclear")
    asker = asked.visitor
    asker.get(PAGE)
    asker.see("Bạn sửa và gửi lại được một lần.")
    wrong = asker.fill(f"{PAGE}/correct", {"body": "Ngắn quá."}, action="/correct")
    assert wrong.status_code == 422
    asker.see("Chưa rõ điều muốn hỏi")
    asker.see("Ngắn quá.")
    first, second = (asker.form(f"{PAGE}/correct", action="/correct") for _ in range(2))
    longer = {"body": f"{people.question()['body']} Nay tôi viết rõ hơn."}
    assert asker.press(first, longer).is_redirect
    again = asker.press(second, {"body": f"{people.question()['body']} Bản ở thẻ khác."})
    assert again.status_code == 409
    asker.see("Mỗi câu hỏi chỉ sửa được một lần")
    asker.see("Bản ở thẻ khác.")
    asker.get(PAGE)
    asker.see("Nay tôi viết rõ hơn.")
    asker.see("Xem bản gốc bạn đã gửi")
    assert people.question_row(asked).moderation == "held"


def test_a_correction_that_accuses_somebody_comes_back_unsaved(people: People) -> None:
    asked = people.held()
    people.refuse(asked)
    accusing = {"body": "Tôi tố cáo ông Nguyễn Văn A, chủ tịch xã, đã nhận hối lộ và chiếm đoạt tiền của dân nghèo."}
    back = asked.visitor.fill(f"{PAGE}/correct", accusing, action="/correct")
    assert back.status_code == 422
    asked.visitor.see("Đây có phải là tố cáo không?")
    away = asked.visitor.fill(back, accusing, action="/correct", button="denunciation")
    assert away.headers["location"] == "/questions/denunciation"
    assert people.question_row(asked).corrected_at is None


def test_an_agency_asks_the_asker_answers_and_the_official_is_told(people: People) -> None:
    asked = people.taken()
    ask_for_more(people, asked)
    asker, official = asked.visitor, people.staff(OFFICIAL)
    asker.get(PAGE)
    asker.see("Bạn nghỉ việc từ tháng nào?")
    people.site.visitor().get(asked.page)
    reader = people.site.visitor()
    reader.get(asked.page)
    reader.see("Yêu cầu bổ sung")
    reader.not_see("Bạn nghỉ việc từ tháng nào?")
    empty = asker.fill(PAGE, {"answer": ""}, action="/clarification")
    assert empty.status_code == 422
    asker.see("Viết điều cơ quan cần biết.")
    sent = asker.fill(empty, {"answer": f"Từ tháng sáu.{PHONE_IN_THE_TEXT}"}, action="/clarification")
    assert sent.is_redirect
    assert asker.post_again(sent).headers["location"] == sent.headers["location"]
    official.get(asked.desk)
    official.see("Từ tháng sáu.")
    reader.get(asked.page)
    reader.not_see("Từ tháng sáu.")
    mailed = people.mails_to(asked.email, at_least=3)
    assert any("bổ sung" in subject for subject, _ in mailed)
    assert not any("tháng nào" in text for _, text in mailed)


def test_an_asker_rates_and_has_somebody_else_look_again(people: People) -> None:
    asked = people.answered()
    asker, desk = asked.visitor, people.staff(UNCLEARED)
    assert asker.fill(PAGE, {"verdict": "no", "why": "unclear"}, action="/rating").is_redirect
    asker.get(PAGE)
    asker.see("Bạn đã đánh giá:")
    short = asker.fill(PAGE, {"words": "Sai."}, action="/second-look")
    assert short.status_code == 422
    assert asker.fill(short, WORDS, action="/second-look").is_redirect
    (look,) = people.site.rows("select id from second_look where question_id = :id", id=asked.id)
    page = f"/review/second-looks/{look.id}"
    desk.get("/review/second-looks")
    desk.see(asked.title)
    decided = desk.fill(page, {"words": "Cơ quan trả lời lại đúng trường hợp."}, action=page, button="send_back")
    assert decided.is_redirect, decided.text
    asker.get(PAGE)
    asker.see("Cơ quan trả lời lại đúng trường hợp.")
    people.staff(OFFICIAL).get(asked.desk)
    people.staff(OFFICIAL).see("Ban biên tập đề nghị trả lời lại")
    people.site.visitor().get(asked.page)


def test_an_appeal_is_shut_to_the_first_decider_in_words(people: People) -> None:
    asked = people.held()
    people.refuse(asked, CLEARED)
    assert asked.visitor.fill(PAGE, WORDS, action="/appeal").is_redirect
    (case,) = people.site.rows(
        "select id from moderation_case where thing_id = :id and barred is not null", id=asked.id
    )
    first = people.staff(CLEARED)
    barred = first.post(
        f"/review/cases/{case.id}/decision", data=people.proof(first) | {"version": "1", "decision": "accept"}
    )
    assert barred.status_code == 422
    first.see("người khác quyết định khi người hỏi xin xem xét lại")
    second = people.staff(UNCLEARED)
    assert second.fill(f"/review/cases/{case.id}", action="/claim").is_redirect
    assert people.accept(f"/review/cases/{case.id}", UNCLEARED).is_redirect
    people.release(UNCLEARED)
    people.site.wait(lambda: people.question_row(asked).moderation == "accepted")


def test_withdrawing_asks_once_and_takes_the_question_off_every_page(people: People) -> None:
    asked = people.taken()
    asker = asked.visitor
    asker.get(f"{PAGE}/withdraw")
    asker.see("Rút rồi thì không đặt lại được")
    assert asker.fill(f"{PAGE}/withdraw", {"why": "Tôi đã rõ."}, action="/withdraw").is_redirect
    asker.get(PAGE)
    asker.see("Bạn đã rút câu hỏi này")
    assert people.site.visitor().get(asked.page).status_code == 404
    assert people.staff(OFFICIAL).get(asked.desk).status_code == 404
    answered = people.answered()
    answered.visitor.get(f"{PAGE}/withdraw")
    answered.visitor.see("không rút được nữa")


def test_a_follow_up_is_a_question_with_a_code_of_its_own(people: People) -> None:
    asked = people.answered()
    form = {name: value for name, value in people.question().items() if name in {"title", "body"}}
    sent = asked.visitor.fill(PAGE, form, action="/follow-up")
    code = RECEIPT.search(asked.visitor.go(sent).text)
    assert code
    assert code[0] != asked.code
    (row,) = people.site.rows("select * from question where title = :title", title=form["title"])
    assert row.follows_on_id == asked.id
    asked.visitor.get(PAGE)
    asked.visitor.see("Hỏi tiếp từ")
    people.site.wait(
        lambda: people.site.rows("select 1 from question where id = :id and moderation = 'accepted'", id=row.id)
    )
    reader = people.site.visitor()
    reader.get(asked.page)
    reader.see(str(form["title"]))


def test_a_lost_code_comes_back_by_mail_and_tells_strangers_nothing(people: People, site: Site) -> None:
    asked, stranger = people.held(), site.visitor()
    for email in (asked.email, "khong-co@example.vn"):
        sent = stranger.fill("/track/lost", {"email": email, "about": asked.title}, action="/track/lost")
        assert sent.headers["location"] == "/track/lost?sent"
    (_, letter) = people.mails_to(asked.email, at_least=2)[-1]
    assert asked.title not in letter
    link = "/track/lost/" + letter.partition("/track/lost/")[2].split()[0]
    owner = site.visitor()
    renewed = owner.fill(link, action=link)
    code = RECEIPT.search(owner.go(renewed).text)
    assert code
    assert stranger.get(f"{link}/code").status_code == 404
    stranger.get(link)
    stranger.see("đã dùng hoặc đã quá 24 giờ")
    assert asked.visitor.get(PAGE).headers["location"] == "/track"
    assert site.visitor().fill("/track", {"code": asked.code}, action="/track").status_code == 422
    assert site.visitor().fill("/track", {"code": code[0]}, action="/track").is_redirect


def test_my_data_are_shown_whole_corrected_at_once_and_erased_on_request(people: People, site: Site) -> None:
    asked = people.held(name="Nguyễn Thị Chim Yến")
    asker, administrator = asked.visitor, people.staff(ADMINISTRATOR)
    kept = json.loads(asker.get(f"{PAGE}/data.json").text)
    assert (kept["person"]["email"], kept["question"]["title"]) == (asked.email, asked.title)
    new = {"name": "Nguyễn Thị Yến", "email": "yen@example.vn", "phone": ""}
    assert asker.fill(f"{PAGE}/data", new, action="/contact").is_redirect
    asker.get(f"{PAGE}/data")
    asker.see("yen@example.vn")
    assert asker.fill(f"{PAGE}/data", {"wish": "erase"}, action="/request").is_redirect
    (row,) = site.rows("select id from data_request where question_id = :id", id=asked.id)
    page = f"/admin/data-requests/{row.id}"
    assert administrator.fill(page, {"hold": "Tòa án đang yêu cầu."}, action="/hold").is_redirect
    reply = {"reply": "Đã xóa theo đề nghị của bạn."}
    assert administrator.fill(page, reply, action=page, button="erase").status_code == 422
    assert administrator.fill(page, {"hold": ""}, action="/hold").is_redirect
    letters = site.rows("select id from notice where person_id = :id", id=people.question_row(asked).author_id)
    site.wait(lambda: all((site.folder / "mail" / f"notice-{one.id}.eml").exists() for one in letters))
    assert administrator.fill(page, reply, action=page, button="erase").is_redirect
    assert not any((site.folder / "mail" / f"notice-{one.id}.eml").exists() for one in letters)
    assert asker.get(PAGE).headers["location"] == "/track"
    assert people.question_row(asked).title != asked.title


def test_a_strangers_address_is_changed_to_only_so_often_and_what_was_typed_stays(people: People) -> None:
    asker, page = people.held().visitor, f"{PAGE}/data"

    def change(email: str) -> str:
        answer = asker.fill(page, {"name": "Nguyễn Thị Hoa", "email": email, "phone": ""}, action="/contact")
        return "" if answer.is_redirect else answer.text

    for times in range(6):
        assert not change("hang-xom@thu.example")
        assert not change(f"hoa-{times}@thu.example")
    assert 'value="hang-xom@thu.example"' in change("hang-xom@thu.example")
    assert "hang-xom@thu.example" not in asker.get(f"{page}.json").text


def test_another_receipts_session_opens_nothing_of_mine(people: People) -> None:
    mine, other = people.answered(), people.held()
    other.visitor.get(PAGE)
    other.visitor.not_see(mine.title)
    _cannot(people, other, mine)


def _cannot(people: People, other: Asked, mine: Asked) -> None:
    """The private page names no question: what is sent there is about one's own."""
    answer = other.visitor.post(f"{PAGE}/rating", data=people.proof(other.visitor) | {"verdict": "yes"})
    assert answer.status_code == 409
    assert not people.site.rows("select 1 from rating where question_id = :id", id=mine.id)
    assert (
        people.site.visitor().post(f"{PAGE}/rating", data=people.proof(people.site.visitor())).headers["location"]
        == "/track"
    )
