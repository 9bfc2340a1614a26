"""Feedback over HTTP: sent by kind, read by everybody or by few, answered with an outcome; and the campaigns that ask for it."""

from typing import Any

import httpx2
import pytest

from tests import papers
from tests.visitor import Visitor
from tests.web.people import ADMINISTRATOR, APPROVER, CLEARED, COORDINATOR, OFFICIAL, OTHER_COORDINATOR, Asked, People

BODY = "Đèn đường trên tuyến này đã hỏng từ đầu tháng, buổi tối rất tối và nhiều người qua lại. Mong sớm được sửa chữa, lần"


def filled(people: People, kind: str, **values: Any) -> dict[str, Any]:
    form = people.question()
    number = form["email"].partition("@")[0].rpartition("-")[2]
    told = {"title": f"Đèn đường hỏng đã lâu, trường hợp thứ {number} trong xã", "body": f"{BODY} thứ {number}."}
    by_kind = {
        "report": {"place": "Ngõ 12, phường Láng", "time": "từ đầu tháng 11"},
        "proposal": {"situation": "Cả ngõ chỉ còn hai bóng sáng."},
        "contribution": {},
    }[kind]
    kept = {name: form[name] for name in ("topic", "province", "name", "email", "consent")}
    return {**kept, **told, **by_kind, **values}


def send(people: People, kind: str, **values: Any) -> Asked:
    visitor, form = people.site.visitor(), filled(people, kind, **values)
    sent = visitor.fill(f"/feedback/new?kind={kind}", form, action="/feedback/new")
    if "twins-head" in sent.text:  # what earlier tests have sent says much the same
        sent = visitor.fill(sent, action="/feedback/new", button="yes")
    assert sent.is_redirect, sent.text
    return people.asked(visitor, sent, form)


def let_in(people: People, kind: str, **values: Any) -> Asked:
    asked = send(people, kind, **values)
    people.site.wait(lambda: people.question_row(asked).moderation == "accepted")
    return asked


@pytest.mark.parametrize(("named", "words"), [("report", "Nơi xảy ra: Ngõ 12"), ("proposal", "Hiện trạng: Cả ngõ")])
def test_feedback_is_sent_by_kind_and_read_at_an_address_of_its_own(people: People, named: str, words: str) -> None:
    asked, reader = let_in(people, named), people.site.visitor()
    moved = reader.get(f"/questions/{asked.id}")
    assert moved.headers["location"] == f"/feedback/{asked.id}"
    page = reader.get(f"/feedback/{asked.id}").text
    assert asked.title in page
    assert words in page
    assert asked.title in reader.get(f"/feedback?kind={named}").text
    assert asked.title not in reader.get("/questions?stage=all").text
    assert reader.get(f"/feedback/{people.accepted().id}").status_code == 308


def test_what_a_kind_asks_for_is_missed_in_words_and_nothing_typed_is_lost(people: People) -> None:
    form = filled(people, "report", place="", time="")
    back = people.site.visitor().fill("/feedback/new?kind=report", form, action="/feedback/new")
    assert back.status_code == 422
    assert "Cho biết việc xảy ra ở đâu." in back.text
    assert form["body"] in back.text


def test_restricted_feedback_is_for_its_author_the_desk_and_its_agency(people: People) -> None:
    asked, reader = let_in(people, "proposal", readers="restricted"), people.site.visitor()
    for path in (f"/feedback/{asked.id}", f"/questions/{asked.id}", f"/questions/{asked.id}/follow"):
        assert reader.get(path).status_code == 404, path
        assert people.staff(OTHER_COORDINATOR).get(path).status_code == 404, path
    for path in ("/feedback", "/feedback/search?q=den+duong+hong", "/questions/search?q=den+duong+hong", "/feed.xml"):
        assert asked.title not in reader.get(path).text, path
    assert people.staff(COORDINATOR).get(asked.desk).status_code == 200
    assert people.staff(OTHER_COORDINATOR).get(asked.desk).status_code == 404
    own = asked.visitor.get("/track/question").text
    assert asked.title in own
    assert f"/feedback/{asked.id}" not in own


def test_whoever_sent_it_reads_of_their_own_kind(people: People) -> None:
    asked = let_in(people, "proposal", readers="restricted")
    own = asked.visitor.get("/track/question").text.partition("<main")[2].partition("</main>")[0]
    assert "Kiến nghị của bạn" in own
    assert "Đã gửi kiến nghị" in own
    assert "Chỉ người gửi và cơ quan đọc" in own
    assert "câu hỏi" not in own.lower()
    subject, said = people.mails_to(asked.email, 1)[0]
    assert "kiến nghị" in f"{subject} {said}".lower()
    assert "câu hỏi" not in f"{subject} {said}".lower()


def test_an_agency_sees_the_kind_in_its_list_and_narrows_by_it(people: People) -> None:
    asked = let_in(people, "report", readers="restricted")
    desk = people.staff(COORDINATOR)
    found = desk.get("/desk?tab=offered&kind=report").text
    assert asked.title in found
    assert "Chỉ người gửi và cơ quan đọc" in found
    assert asked.title not in desk.get("/desk?tab=offered&kind=proposal").text


def test_much_the_same_is_shown_before_it_is_sent_again(people: People) -> None:
    asked = let_in(people, "report")
    form, visitor = filled(people, "report", title=asked.title), people.site.visitor()
    back = visitor.fill("/feedback/new?kind=report", form, action="/feedback/new")
    assert back.status_code == 422
    assert "Có thể việc này đã có người gửi" in back.text
    assert form["body"] in back.text
    assert visitor.fill(back, action="/feedback/new", button="yes").is_redirect


def test_a_file_comes_with_it_to_its_agency(people: People) -> None:
    visitor, form = people.site.visitor(), filled(people, "report", readers="restricted")
    page = visitor.form("/feedback/new?kind=report", action="/feedback/new")
    sent = visitor.enclose(page, [("den-hong.pdf", papers.pdf())], form)
    asked = people.asked(visitor, sent, form)
    people.site.wait(lambda: people.question_row(asked).moderation == "accepted")
    assert "den-hong.pdf" in people.staff(COORDINATOR).get(asked.desk).text


def test_the_list_follows_live_and_has_a_feed_of_its_own(people: People) -> None:
    seen, hidden = let_in(people, "report"), let_in(people, "report", readers="restricted")
    reader = people.site.visitor()
    assert 'data-room="feedback"' in reader.get("/feedback").text
    told = reader.get("/live/feedback/0/snapshot.json").text
    assert f"question-{seen.id}" in told
    assert f"question-{hidden.id}" not in told
    assert f"question-{seen.id}" not in reader.get("/live/questions/0/snapshot.json").text
    assert reader.get("/feedback/feed.xml").headers["content-type"].startswith("application/atom+xml")


def test_an_answer_says_what_came_of_it(people: People) -> None:
    asked = let_in(people, "proposal")
    assert people.staff(COORDINATOR).fill(asked.desk, action="/accept").is_redirect
    without = people.staff(OFFICIAL).fill(asked.desk, ANSWERED, action="/answer", button="send")
    assert without.status_code == 422
    assert "Chọn kết quả" in without.text
    people.write(asked, button="send", outcome="partly")
    assert people.staff(APPROVER).fill(asked.desk, action="/approve").is_redirect
    assert "Tiếp thu một phần" in people.site.visitor().get(f"/feedback/{asked.id}").text
    assert asked.title in people.site.visitor().get("/feedback/feed.xml").text
    assert asked.title not in people.site.visitor().get("/feed.xml").text
    assert "Tiếp thu một phần" in asked.visitor.get("/track/question").text


def opened(people: People, **values: str) -> int:
    campaign_id = people.campaign(**values)
    page = f"/admin/campaigns/{campaign_id}"
    assert people.staff(ADMINISTRATOR).fill(page, action="/open").is_redirect
    return campaign_id


def test_a_campaign_takes_contributions_and_is_closed_with_a_summary(people: People) -> None:
    reader, campaign_id = people.site.visitor(), opened(people)
    page = f"/feedback/campaigns/{campaign_id}"
    assert "Gửi góp ý" in reader.get(page).text
    asked = let_in(people, "contribution", campaign=str(campaign_id))
    assert asked.title in reader.get(f"/feedback?campaign={campaign_id}").text
    late, form = people.site.visitor(), filled(people, "contribution", campaign=str(campaign_id))
    before = late.form(f"/feedback/new?campaign={campaign_id}", action="/feedback/new")
    close = f"/admin/campaigns/{campaign_id}"
    short = people.staff(ADMINISTRATOR).fill(close, {"summary": "Đã tiếp thu."}, action="/close")
    assert short.status_code == 422
    said = "Đã **tiếp thu** ý kiến về giảm giấy tờ, sẽ sửa quy trình trong quý tới và giải trình phần còn lại."
    assert people.staff(ADMINISTRATOR).fill(close, {"summary": said}, action="/close").is_redirect
    assert "<strong>tiếp thu</strong>" in reader.get(page).text
    again = {"summary": said.replace("quý tới", "tháng tới")}
    assert people.staff(ADMINISTRATOR).fill(close, again, action="/summary").is_redirect
    told = reader.get(page).text
    assert "tháng tới" in told.partition("<details")[0]
    assert "quý tới" in told.partition("<details")[2]
    back = late.press(before, form)
    assert back.status_code == 422
    assert "đã hết hạn nhận" in back.text
    assert form["body"] in back.text


def test_a_draft_is_its_editors_alone(people: People) -> None:
    campaign_id = people.campaign()
    for who in (people.site.visitor(), people.staff(CLEARED)):
        assert who.get(f"/feedback/campaigns/{campaign_id}").status_code == 404
    assert str(campaign_id) not in _offered(people.site.visitor())


def _offered(visitor: Visitor) -> str:
    page: httpx2.Response = visitor.get("/feedback/new?kind=contribution")
    return page.text.partition('id="campaign"')[2].partition("</select>")[0]


ANSWERED: dict[str, Any] = {
    "short": "Tuyến đèn này được sửa trong tháng 12, kinh phí đã bố trí.",
    "full": "Sở đã kiểm tra tuyến đèn và giao đơn vị quản lý sửa chữa xong trước ngày 15 tháng 12.",
    "as_of": "20/11/2026",
    "signatory": "Trịnh Thị Ánh Nguyệt",
    "signatory_title": "Phó Giám đốc",
}
