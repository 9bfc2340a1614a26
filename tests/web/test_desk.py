"""An agency's day over HTTP: the list keeps its filters, many at once tells what became of each, parts go to and fro."""

import re
from datetime import date, timedelta

import httpx2
import pytest

from tests.forms import Value
from tests.site import Site
from tests.visitor import Visitor
from tests.web.people import (
    AGENCY,
    AGENCY_NAME,
    ANSWER,
    COORDINATOR,
    OFFICIAL,
    OTHER_AGENCY,
    OTHER_AGENCY_NAME,
    OTHER_COORDINATOR,
    SECOND_OFFICIAL,
    Asked,
    People,
)

NAMES = {OFFICIAL: "Đỗ Minh Tuấn", SECOND_OFFICIAL: "Lường Văn Chiến", "can-bo.byt": ""}
PART = "Mức hưởng là 80 phần trăm theo Điều 22 của Luật, áp dụng từ 01/07/2025."


def id_of(site: Site, who: str) -> str:
    return str(site.rows("select id from person where login = :login", login=f"{who}@engage.example")[0].id)


def many(visitor: Visitor, people: People, act: str, *asked: Asked, **typed: str) -> httpx2.Response:
    values = {"act": act, "at": "3999999999999999", "ids": [str(one.id) for one in asked], **typed}
    return visitor.post("/desk/many", data=people.proof(visitor) | values)


def test_the_coordinator_hands_on_the_official_finds_it_under_mine_and_the_list_says_whose_it_is(
    people: People,
) -> None:
    asked, coordinator, official = people.accepted(), people.staff(COORDINATOR), people.staff(OFFICIAL)
    sent = coordinator.fill(asked.desk, {"official": id_of(people.site, OFFICIAL)}, action="/hand")
    coordinator.go(sent)
    coordinator.see(f"Người làm: {NAMES[OFFICIAL]}")
    official.get("/desk")
    official.see(asked.title)
    people.staff(SECOND_OFFICIAL).get("/desk")
    people.staff(SECOND_OFFICIAL).not_see(asked.title)
    asked.visitor.get("/track/question")
    asked.visitor.not_see(NAMES[OFFICIAL])


def test_a_page_opened_before_a_colleague_handed_it_on_is_told_who_has_it(people: People) -> None:
    asked, coordinator = people.taken(), people.staff(COORDINATOR)
    opened = coordinator.get(asked.desk)
    first = {"official": id_of(people.site, OFFICIAL)}
    assert coordinator.fill(asked.desk, first, action="/hand").is_redirect
    late = coordinator.fill(opened, {"official": id_of(people.site, SECOND_OFFICIAL)}, action="/hand")
    assert late.status_code == 409
    coordinator.see(f"{NAMES[OFFICIAL]} vừa được giao câu này sau khi bạn mở trang")


def test_many_are_done_each_on_its_own_and_what_was_not_done_says_why(people: People) -> None:
    first, second, gone, sent = people.accepted(), people.accepted(), people.accepted(), people.in_approval()
    coordinator = people.staff(COORDINATOR)
    assert coordinator.fill(gone.desk, {"reason": "Không thuộc ngành."}, action="/give-back").is_redirect
    answer = many(coordinator, people, "hand", first, second, gone, sent, official=id_of(people.site, OFFICIAL))
    coordinator.go(answer)
    for said in (
        "Đã giao 2 câu",
        "2 câu chưa làm được",
        "không còn ở đơn vị",
        "đang chờ duyệt hoặc đã đăng",
        sent.title,
    ):
        coordinator.see(said)
    again = coordinator.post_again(answer)
    assert again.headers["location"] == answer.headers["location"]
    rows = people.site.rows("select id, official_id, assignment from question where official_id is not null")
    assert {first.id, second.id} <= {row.id for row in rows if row.assignment == "accepted"}


def test_many_without_a_choice_or_a_person_keep_what_was_ticked(people: People) -> None:
    asked, coordinator = people.taken(), people.staff(COORDINATOR)
    assert many(coordinator, people, "hand").status_code == 422
    coordinator.see("Chưa chọn câu nào")
    answer = many(coordinator, people, "hand", asked, official="")
    assert answer.status_code == 422
    coordinator.see("Chọn một người trong danh sách")


def test_an_official_accepts_nothing_for_the_agency_but_takes_what_nobody_has(people: People) -> None:
    asked, official = people.taken(), people.staff(OFFICIAL)
    official.go(many(official, people, "complexity", asked, complexity="complex"))
    official.see("bạn không có quyền làm việc này")
    assert many(official, people, "take", asked).is_redirect
    official.get("/desk")
    official.see(asked.title)


def test_the_list_keeps_its_filters_through_opening_acting_and_going_back(people: People) -> None:
    asked, coordinator = people.accepted(), people.staff(COORDINATOR)
    coordinator.get(f"/desk?agency={AGENCY}&tab=offered&q=hai+noi&due=later")
    link = re.search(rf'href="(/desk/questions/{asked.id}\?[^"]+)"', coordinator.seen.text if coordinator.seen else "")
    assert link
    path = link[1].replace("&amp;", "&")
    page = coordinator.get(path)
    form = coordinator.form(page, action="/accept")
    proof = dict(form.pairs)
    done = coordinator.post(form.action, data=proof, headers={"referer": str(page.url)})
    assert done.headers["location"] == path


@pytest.mark.parametrize(
    "query",
    [
        "tab=x&due=x&official=x&topic=x&after=x",
        "official=99999999999999999999",
        "q=%00&tab=working",
        "q='%22*",
        "done=x",
    ],
)
def test_a_damaged_filter_narrows_nothing_and_breaks_nothing(people: People, query: str) -> None:
    assert people.staff(COORDINATOR).get(f"/desk?{query}").status_code == 200
    assert people.staff(OFFICIAL).get(f"/desk?tab=answered&{query}").status_code == 200


def test_words_find_a_question_without_tone_marks_and_an_empty_list_says_what_to_do(people: People) -> None:
    coordinator = people.staff(COORDINATOR)
    asked = people.taken(title="Thai sản của lao động thời vụ tính từ tháng nào, xin chỉ giúp?")
    coordinator.get("/desk?tab=working&q=thai+san+thoi+vu")
    coordinator.see(asked.title)
    coordinator.get("/desk?tab=working&q=khongcotunay")
    coordinator.see("Không có câu nào khớp với điều đang lọc")
    coordinator.see("Xem mọi câu ở bước này")


def test_passing_on_in_a_circle_is_warned_of_and_may_go_to_the_portal_desk_instead(people: People) -> None:
    asked, sender, receiver = people.accepted(), people.staff(COORDINATOR), people.staff(OTHER_COORDINATOR)
    there = {"agency": OTHER_AGENCY, "reason": "Việc này thuộc Bộ Y tế.", "sure": "yes"}
    assert sender.fill(asked.desk, there, action="/transfer").is_redirect
    back: dict[str, Value] = {"agency": AGENCY, "reason": "Bộ không quản lý việc chi trả."}
    warned = receiver.fill(asked.desk, back, action="/transfer")
    assert warned.status_code == 422
    receiver.see(f"{AGENCY_NAME} đã từng có câu hỏi này")
    form = receiver.form(warned, action="/transfer")
    assert ("reason", "Bộ không quản lý việc chi trả.") in form.pairs
    assert receiver.press(form, button="desk").is_redirect
    assert people.question_row(asked).assignment == "unassigned"
    people.staff("kiem-duyet-1").get("/review?tab=unrouted")
    people.staff("kiem-duyet-1").see("đã qua 2 lượt giao")


def test_what_was_passed_on_is_declined_and_everybody_reads_why(people: People) -> None:
    asked, sender, receiver = people.accepted(), people.staff(COORDINATOR), people.staff(OTHER_COORDINATOR)
    there = {"agency": OTHER_AGENCY, "reason": "Việc này thuộc Bộ Y tế.", "sure": "yes"}
    assert sender.fill(asked.desk, there, action="/transfer").is_redirect
    assert receiver.fill(asked.desk, {"decline_reason": " "}, action="/decline").status_code == 422
    said = {"decline_reason": "Bộ không quản lý việc chi trả."}
    assert receiver.fill(asked.desk, said, action="/decline").is_redirect
    for reader, path in ((asked.visitor, "/track/question"), (people.site.visitor(), asked.page), (sender, asked.desk)):
        reader.get(path)
        reader.see(f"{OTHER_AGENCY_NAME} không nhận, câu hỏi trở lại {AGENCY_NAME}")
        reader.see("Bộ không quản lý việc chi trả.")


def test_a_part_goes_from_the_asked_agency_to_the_lead_and_its_name_to_the_asker(people: People) -> None:
    asked, lead = people.taken(), people.staff(COORDINATOR)
    wanted: dict[str, Value] = {"agencies": [OTHER_AGENCY, ""], "note": "Nhờ cho biết mức hưởng.", "days": "2"}
    lead.go(lead.fill(asked.desk, wanted, action="/shares"))
    lead.see("Chờ ý kiến")
    helper = people.staff("can-bo.byt")
    helper.get("/desk?tab=shares")
    helper.see(asked.title)
    (row,) = people.site.rows("select id from share where thing_id = :id", id=asked.id)
    share = f"/desk/shares/{row.id}"
    assert helper.fill(share, {"part": "ngắn"}, action="/give").status_code == 422
    assert helper.fill(share, {"part": PART}, action="/give").is_redirect
    assert helper.get(asked.desk).status_code == 404
    lead.get(asked.desk)
    lead.see(PART)
    assert lead.fill(asked.desk, action="/name").is_redirect
    assert people.site.rows("select named from share where id = :id", id=row.id)[0].named
    asked.visitor.get("/track/question")
    asked.visitor.see(f"{OTHER_AGENCY_NAME} cùng phối hợp trả lời")
    asked.visitor.not_see(PART)
    reader = people.site.visitor()
    reader.get(asked.page)
    reader.not_see("Nhờ cho biết mức hưởng")
    told = "select person_id from notice where kind = 'share_asked' and thing_id = :id"  # a line of the day's digest
    assert [one.person_id for one in people.site.rows(told, id=asked.id)] == [people.person_id(OTHER_COORDINATOR)]


def test_texts_of_somebody_away_go_to_the_stand_in_and_the_desk_says_until_when(people: People) -> None:
    coordinator, today = people.staff(COORDINATOR), date.today()
    days = {"starts": f"{today - timedelta(days=1):%d/%m/%Y}", "ends": f"{today + timedelta(days=3):%d/%m/%Y}"}
    who: dict[str, Value] = {"person": id_of(people.site, OFFICIAL), "stand_in": id_of(people.site, SECOND_OFFICIAL)}
    page = f"/desk/people?agency={AGENCY}"
    wrong = coordinator.fill(page, {**who, **days, "ends": "31/02/2027"}, action="/absences")
    assert wrong.status_code == 422
    assert ("ends", "31/02/2027") in coordinator.form(wrong, action="/absences").pairs
    coordinator.go(coordinator.fill(page, {**who, **days}, action="/absences"))
    coordinator.see(f"{NAMES[OFFICIAL]} vắng")
    asked = people.taken()
    coordinator.go(coordinator.fill(asked.desk, {"official": id_of(people.site, OFFICIAL)}, action="/hand"))
    coordinator.see(f"Người làm: {NAMES[SECOND_OFFICIAL]}")
    coordinator.see(f"{NAMES[OFFICIAL]} vắng đến {days['ends']}, {NAMES[SECOND_OFFICIAL]} thay")
    coordinator.get(page)
    assert coordinator.fill(page, action="/end").is_redirect
    coordinator.get(page)
    coordinator.see("Không ai vắng")


def test_another_official_continues_a_draft_where_the_first_left_off(people: People) -> None:
    asked = people.taken()
    people.write(asked, who=OFFICIAL)
    second = people.staff(SECOND_OFFICIAL)
    form = second.form(asked.desk, action="/answer")
    assert ("short", str(ANSWER["short"])) in form.pairs
    assert second.press(form, button="save").is_redirect
