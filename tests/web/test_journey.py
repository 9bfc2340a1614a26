import re
from html import escape

import httpx2
import pytest

from engage.web.language import catalogue
from engage.web.templates import folder
from tests.site import Site
from tests.visitor import Visitor
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
    Asked,
    People,
)

REASON = "Việc này thuộc phạm vi của cơ quan khác."


def test_a_question_travels_from_its_asker_to_its_answer(site: Site, people: People) -> None:
    asked = people.ask()
    asked.visitor.see(asked.code)
    asked.visitor.see("Tin về từng bước sẽ được gửi tới thư điện tử của bạn")
    site.wait(lambda: people.question_row(asked).moderation == "accepted")
    asked.visitor.get("/track/question")
    asked.visitor.see("Được tiếp nhận theo quy tắc đã công bố")
    asked.visitor.see(f"Chuyển tới {AGENCY_NAME}")

    coordinator, official, approver = (people.staff(who) for who in (COORDINATOR, OFFICIAL, APPROVER))
    coordinator.get(asked.desk)
    coordinator.see("phụ trách lĩnh vực Bảo hiểm xã hội")  # why it came here, in words
    coordinator.go(coordinator.fill(asked.desk, action="/accept"))
    coordinator.see("nhận xử lý")

    official.go(official.fill(asked.desk, {**ANSWER, "short": "Có, được cộng."}, action="/answer", button="save"))
    official.fill(asked.desk, {"short": "Có, được cộng nối."}, action="/answer", button="preview")
    official.see("Xem thử, chưa công bố")
    official.see("Có, được cộng nối.")
    assert people.staff(OFFICIAL).form(asked.desk, action="/answer").pairs  # a preview leaves the draft as it was saved
    official.see("Có, được cộng.")
    assert official.fill(asked.desk, action="/answer", button="send").is_redirect

    approver.go(approver.fill(asked.desk, {"note": "Ghi rõ điều luật."}, action="/return"))
    official.get(asked.desk)
    official.see("Ghi rõ điều luật.")
    assert official.fill(asked.desk, ANSWER, action="/answer", button="send").is_redirect
    assert approver.fill(asked.desk, action="/approve").is_redirect

    _everybody_reads_the_answer(site, site.visitor(), asked)
    _the_asker_was_told(people, asked)
    _the_code_shows_every_step(site.visitor(), asked)


def _everybody_reads_the_answer(site: Site, reader: Visitor, asked: Asked) -> None:
    page = reader.get(asked.page)
    assert page.status_code == 200
    for said in (asked.title, str(ANSWER["short"]), "41/2024/QH15", "Luật Bảo hiểm xã hội", "Điều 33", AGENCY_NAME):
        reader.see(said)
    reader.see("Đúng tại thời điểm 20/11/2026")
    reader.see("Trịnh Thị Ánh Nguyệt")
    assert 'href="https://vanban.chinhphu.vn/"' in page.text
    site.wait(lambda: asked.title in reader.get("/questions").text)


def _the_asker_was_told(people: People, asked: Asked) -> None:
    mails = people.mails_to(asked.email, at_least=3)
    subjects = [subject for subject, _ in mails]
    assert subjects == [
        "Đã nhận câu hỏi của bạn",
        f"Câu hỏi của bạn đã được chuyển tới {AGENCY_NAME}",
        f"{AGENCY_NAME} đã trả lời câu hỏi của bạn",
    ]
    assert all(asked.title in text for _, text in mails[1:])  # the first may be written before anybody let it out
    assert not any(asked.code in text for _, text in mails)
    assert f"{people.site.url}{asked.page}\n" in mails[-1][1]


def _the_code_shows_every_step(elsewhere: Visitor, asked: Asked) -> None:
    elsewhere.go(elsewhere.fill("/track", {"code": asked.code.lower().replace("-", " ")}, action="/track"))
    steps = [
        "Đã gửi câu hỏi",
        "tiếp nhận theo quy tắc",
        f"Chuyển tới {AGENCY_NAME}",
        f"{AGENCY_NAME} nhận xử lý",
        "đã trả lời",
    ]
    for step in [*steps, str(ANSWER["short"])]:
        elsewhere.see(step)


def test_the_moderator_takes_the_next_case_and_sends_it_elsewhere(site: Site, people: People) -> None:
    asked = people.held()
    assert people.question_row(asked).moderation == "held"
    site.write("update moderation_case set opened_at = '2020-01-01 00:00:00+00' where thing_id = :id", id=asked.id)
    moderator = people.staff(CLEARED)
    case = moderator.go(moderator.fill("/review", action="/review/next"))
    moderator.see(asked.title)
    moderator.see("Số điện thoại")
    assert '<mark class="warn">0912 345 678' in case.text

    choice = {"agency": "other", "other": OTHER_AGENCY}
    moderator.go(people.accept(case, **choice))
    people.release()
    assert people.question_row(asked).moderation == "accepted"
    other = people.staff(OTHER_COORDINATOR)
    assert other.get(asked.desk).status_code == 200
    assert people.staff(COORDINATOR).get(asked.desk).status_code == 404
    asked.visitor.get("/track/question")
    asked.visitor.see(f"Chuyển tới {OTHER_AGENCY_NAME}")


def test_a_refusal_tells_its_reason_and_the_moderators_own_words(people: People) -> None:
    asked, own = people.held(), "Mời ông gửi riêng từng việc để được trả lời sớm."
    moderator, case = people.staff(CLEARED), people.claim(asked)
    refusal = {"reason": "unclear", "words": own}
    assert moderator.fill(case, refusal, action="/decision", button="refuse").is_redirect
    people.release()

    asked.visitor.get("/track/question")
    for said in ("Câu hỏi của bạn không được tiếp nhận", "Chưa rõ điều muốn hỏi", own, "Không được tiếp nhận"):
        asked.visitor.see(said)
    _, (subject, text) = people.mails_to(asked.email, at_least=2)
    assert subject == "Câu hỏi của bạn không được tiếp nhận"
    assert "Lý do: Chưa rõ điều muốn hỏi" in text
    assert own in text
    assert "/track" in text


def test_without_own_words_the_reasons_own_are_sent(people: People) -> None:
    asked, moderator = people.held(), people.staff(CLEARED)
    assert moderator.fill(people.claim(asked), {"reason": "unclear"}, action="/decision", button="refuse").is_redirect
    people.release()
    asked.visitor.get("/track/question")
    asked.visitor.see("Chúng tôi chưa hiểu bạn muốn hỏi điều gì")


def test_what_an_agency_gives_back_the_desk_routes_anew(people: People) -> None:
    asked, moderator = people.accepted(), people.staff(CLEARED)
    given = people.staff(COORDINATOR).fill(asked.desk, {"reason": REASON}, action="/give-back")
    assert given.is_redirect
    assert people.staff(COORDINATOR).get(asked.desk).status_code == 404

    moderator.get("/review?tab=unrouted")
    moderator.see(asked.title)
    page = moderator.get(f"/review?tab=unrouted&question={asked.id}")
    moderator.see(REASON)
    choice = {"agency": "other", "other": OTHER_AGENCY, "reason": "Đúng việc khám chữa bệnh."}
    assert moderator.fill(page, choice, action="/route").is_redirect
    people.staff(OTHER_COORDINATOR).get(asked.desk)
    people.staff(OTHER_COORDINATOR).see("Đúng việc khám chữa bệnh.")
    asked.visitor.get("/track/question")
    asked.visitor.see(f"{AGENCY_NAME} trả lại ban biên tập")
    asked.visitor.see(f"Chuyển tới {OTHER_AGENCY_NAME}")


def test_the_asker_sees_the_path_of_a_transfer(people: People) -> None:
    asked, due = people.accepted(), "Hạn là 10 ngày làm việc"
    sent = people.staff(COORDINATOR).fill(
        asked.desk, {"agency": OTHER_AGENCY, "reason": REASON, "sure": "yes"}, action="/transfer"
    )
    assert sent.is_redirect
    people.staff(OTHER_COORDINATOR).get(asked.desk)
    people.staff(OTHER_COORDINATOR).see(f"từ {AGENCY_NAME}")
    people.staff(OTHER_COORDINATOR).see(REASON)
    asked.visitor.get("/track/question")
    for said in (f"{AGENCY_NAME} chuyển tiếp cho {OTHER_AGENCY_NAME}", REASON, due):
        asked.visitor.see(said)
    subject, text = people.mails_to(asked.email, at_least=3)[-1]
    assert subject == f"Câu hỏi của bạn được chuyển tới {OTHER_AGENCY_NAME}"
    assert REASON in text


def test_a_question_asked_without_mail_comes_back_by_its_code_only(people: People, site: Site) -> None:
    asked = people.ask(email="", phone="0912345678")
    asked.visitor.see("mã này là cách duy nhất để xem lại câu hỏi")
    elsewhere = site.visitor()
    elsewhere.go(elsewhere.fill("/track", {"code": asked.code}, action="/track"))
    elsewhere.see(asked.title)
    closed = elsewhere.fill("/track/question", action="/track/close")
    assert closed.is_redirect
    assert elsewhere.get("/track/question").headers["location"] == "/track"


@pytest.mark.parametrize(
    "country",
    [pytest.param("", id="no country"), pytest.param("Nhật Bản", id="a country")],
)
def test_whoever_asks_from_abroad_names_the_country(people: People, site: Site, country: str) -> None:
    visitor, form = site.visitor(), people.question(province="abroad", country=country)
    sent = visitor.fill("/questions/ask", form, action="/questions")
    if country:
        asked = people.asked(visitor, sent, form)
        assert people.question_row(asked).country == country
    else:
        visitor.see("Ghi tên nước bạn đang ở.")


VIETNAMESE = [said for said, english in catalogue(folder() / "locale").items() if said != english and "%(" not in said]
# The way to the other language is named in that language.
SWITCH = re.compile(r'<a [^>]*\bhreflang="vi".*?</a>', re.DOTALL)


def _left(page: httpx2.Response) -> list[str]:
    """What we say ourselves and still stands there in Vietnamese; what people wrote stays as they wrote it."""
    assert page.status_code == 200
    assert '<html lang="en">' in page.text
    ours = SWITCH.sub(" ", page.text)
    return [said for said in VIETNAMESE if f">{escape(said)}<" in ours]


def test_the_whole_way_speaks_english_to_who_came_in_english(people: People, site: Site) -> None:
    vietnamese, visitor = site.visitor().get("/questions").text, site.visitor("en")
    assert any(f">{said}<" in vietnamese for said in VIETNAMESE)  # so it would be noticed
    asked = people.ask(visitor)
    assert asked.sent.headers["location"].startswith("/en/questions/sent/")
    assert not _left(visitor.go(asked.sent))
    site.wait(lambda: people.question_row(asked).moderation == "accepted")
    coordinator, official, approver, moderator = (
        site.staff(f"{who}@engage.example", "en") for who in (COORDINATOR, OFFICIAL, APPROVER, CLEARED)
    )
    assert not _left(moderator.get("/review")) + _left(moderator.get("/review?tab=unrouted"))
    assert not _left(coordinator.get(asked.desk))
    assert not _left(coordinator.go(coordinator.fill(asked.desk, action="/accept")))
    assert not _left(official.fill(asked.desk, ANSWER, action="/answer", button="preview"))
    assert official.fill(asked.desk, ANSWER, action="/answer", button="send").is_redirect
    assert not _left(approver.go(approver.fill(asked.desk, action="/approve")))
    for page in ("/track/question", asked.page):
        assert not _left(visitor.get(page))
        visitor.see("Viet Nam Social Security")
    _the_mails_are_english(site, people, asked)


def _the_mails_are_english(site: Site, people: People, asked: Asked) -> None:
    mails = people.mails_to(asked.email, at_least=3)
    for subject, text in mails:
        assert "câu hỏi" not in subject.lower()
        assert not [said for said in VIETNAMESE if said in text.splitlines()]
    assert "Viet Nam Social Security" in mails[1][0]
    assert f"{site.url}/en{asked.page}\n" in mails[-1][1]
