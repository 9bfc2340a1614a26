"""Promises of due dates over HTTP: extended by those who may, explained on both sides, and counted on a calendar one can edit."""

import pytest

from tests.forms import Value
from tests.web.people import ADMINISTRATOR, AGENCY_NAME, APPROVER, CLEARED, COORDINATOR, OFFICIAL, People

REASON = "Cần lấy số liệu của bảo hiểm xã hội các tỉnh."
HEAD = "date,kind,name_vi,name_en,certainty"
IMPORT = "/admin/calendar/import"


def _imported(people: People, text: str, button: str = "preview") -> None:
    administrator = people.staff(ADMINISTRATOR)
    administrator.fill(IMPORT, {"csv": text}, action="/import", button=button)


# Extensions


def test_an_extension_is_read_by_everybody_and_mailed_to_the_asker(people: People) -> None:
    asked = people.taken()
    form: dict[str, Value] = {"days": "4", "reason": REASON}
    assert people.staff(COORDINATOR).fill(asked.desk, form, action="/extend").is_redirect
    for visitor, page in ((people.staff(COORDINATOR), asked.desk), (people.site.visitor(), asked.page)):
        visitor.get(page)
        visitor.see(f"{AGENCY_NAME} gia hạn thêm 4 ngày làm việc. Lý do: {REASON}")
        visitor.see(f"{AGENCY_NAME} gia hạn trả lời")
    asked.visitor.go(asked.visitor.fill("/track", {"code": asked.code}, action="/track"))
    asked.visitor.see(f"Lý do: {REASON}")
    mails = people.mails_to(asked.email, at_least=3)
    assert f"{AGENCY_NAME} xin thêm thời gian trả lời câu hỏi của bạn" in [subject for subject, _ in mails]
    assert any(f"Lý do: {REASON}" in text for _, text in mails)
    people.staff(COORDINATOR).get(asked.desk)
    people.staff(COORDINATOR).not_see("Gia hạn…")  # once is all there is


@pytest.mark.parametrize(
    ("days", "reason", "said"),
    [
        ("99", REASON, "Ghi số ngày làm việc từ 1 đến 10."),
        ("0", REASON, "Ghi số ngày làm việc từ 1 đến 10."),
        ("năm", REASON, "Không đọc được giá trị này"),
        ("3", "Bận.", "Ghi lý do gia hạn, ít nhất 10 ký tự."),
    ],
)
def test_what_is_refused_is_said_and_what_was_typed_stays(people: People, days: str, reason: str, said: str) -> None:
    asked, coordinator = people.taken(), people.staff(COORDINATOR)
    answer = coordinator.fill(asked.desk, {"days": days, "reason": reason}, action="/extend")
    assert answer.status_code == 422
    coordinator.see(said)
    assert f'value="{days}"' in answer.text
    assert reason in answer.text


def test_who_only_drafts_finds_no_form_to_extend(people: People) -> None:
    asked = people.taken()
    people.staff(OFFICIAL).get(asked.desk)
    people.staff(OFFICIAL).not_see("Gia hạn…")


def test_the_desk_says_until_when_to_accept_and_until_when_to_approve(people: People) -> None:
    offered, sent = people.accepted(), people.in_approval()
    people.staff(COORDINATOR).get(offered.desk)
    people.staff(COORDINATOR).see("Cơ quan có 2 ngày làm việc để nhận xử lý hoặc chuyển đi")
    people.staff(APPROVER).get(sent.desk)
    people.staff(APPROVER).see("Lãnh đạo có 2 ngày làm việc để duyệt")


# The calendar


def test_a_day_is_added_changed_and_removed(people: People) -> None:
    administrator = people.staff(ADMINISTRATOR)
    day = {
        "day": "05/05/2031",
        "kind": "holiday",
        "name_vi": "Ngày thử",
        "name_en": "Trial day",
        "certainty": "projected",
    }
    page = administrator.get("/admin/calendar")
    assert administrator.post("/admin/calendar", data={**people.proof(administrator), **day}).status_code == 303
    administrator.get("/admin/calendar?year=2031")
    administrator.see("05/05/2031 Ngày thử")
    changed = {**day, "day": "2031-05-05", "name_vi": "Ngày đổi tên"}
    administrator.go(administrator.post("/admin/calendar", data={**people.proof(administrator), **changed}))
    administrator.see("Ngày đổi tên")
    removed = {**people.proof(administrator), "day": "2031-05-05"}
    assert administrator.post("/admin/calendar/remove", data=removed).status_code == 303
    administrator.get("/admin/calendar?year=2031")
    administrator.not_see("Ngày đổi tên")
    assert page.status_code == 200
    administrator.get("/admin/audit?kind=calendar.changed")
    administrator.see("Sửa lịch ngày nghỉ")


def test_a_day_that_is_none_is_refused_beside_the_form_that_keeps_it(people: People) -> None:
    administrator = people.staff(ADMINISTRATOR)
    typed = {"day": "31/02/2031", "kind": "holiday", "name_vi": "Ngày thử", "name_en": "", "certainty": "official"}
    answer = administrator.post("/admin/calendar", data={**people.proof(administrator), **typed})
    assert answer.status_code == 422
    administrator.see("Ghi ngày dạng 02/09/2026 hoặc 2026-09-02.")
    administrator.see("Ghi tên ngày bằng cả tiếng Việt và tiếng Anh.")
    assert 'value="31/02/2031"' in answer.text


def test_an_import_says_what_it_would_do_before_anything_is_written(people: People) -> None:
    administrator, text = people.staff(ADMINISTRATOR), f"{HEAD}\n2035-01-01,holiday,Tết Dương lịch,New Year,official"
    _imported(people, text)
    administrator.see("Thêm 1")
    assert administrator.seen is not None
    preview = administrator.seen
    administrator.get("/admin/calendar?year=2035")
    administrator.not_see("01/01/2035")
    assert administrator.fill(preview, action="/import", button="write").is_redirect
    administrator.get("/admin/calendar?year=2035")
    administrator.see("01/01/2035 Tết Dương lịch")
    _imported(people, text)
    administrator.see("Lịch trong tệp giống hệt lịch đang dùng.")


def test_a_calendar_that_changed_after_the_preview_is_shown_again(people: People) -> None:
    administrator = people.staff(ADMINISTRATOR)
    _imported(people, f"{HEAD}\n2036-01-01,holiday,Tết Dương lịch,New Year,official")
    preview = administrator.seen
    assert preview is not None
    day = {
        "day": "01/02/2036",
        "kind": "holiday",
        "name_vi": "Xen vào",
        "name_en": "Meanwhile",
        "certainty": "official",
    }
    assert administrator.post("/admin/calendar", data={**people.proof(administrator), **day}).status_code == 303
    assert administrator.fill(preview, action="/import", button="write").status_code == 422
    administrator.see("Lịch vừa được người khác sửa")
    administrator.see("Xen vào")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("2037-01-01,holiday,Táº¿t,Tet,official", "Dòng 2: Chữ Việt bị lỗi."),
        ("2037-13-01,holiday,Tết,Tet,official", "Dòng 2: Ghi ngày dạng"),
        ("2037-01-01,feast,Tết,Tet,official", "Dòng 2: Loại ngày là"),
        ("2037-01-01,holiday,Tết,Tet,official\n" * 2, "Dòng 3: Ngày này đã có ở một dòng trước."),
        ("x\n" * 3_000, "Tệp có quá 1000 dòng."),
    ],
)
def test_a_bad_file_is_told_line_by_line_and_writes_nothing(people: People, lines: str, said: str) -> None:
    administrator = people.staff(ADMINISTRATOR)
    _imported(people, f"{HEAD}\n{lines}")
    administrator.see(said)
    administrator.not_see("Ghi vào lịch")
    assert administrator.seen is not None
    assert lines.split("\n")[0] in administrator.seen.text
    sent = {**people.proof(administrator), "csv": f"{HEAD}\n{lines}", "act": "write"}
    assert administrator.post(IMPORT, data=sent).status_code == 422


def test_a_file_in_another_encoding_and_one_too_large_are_refused_in_words(people: People) -> None:
    administrator = people.staff(ADMINISTRATOR)
    proof = "&".join(f"{name}={value}" for name, value in people.proof(administrator).items())
    typed = {"content-type": "application/x-www-form-urlencoded"}
    garbled = administrator.post(IMPORT, content=f"{proof}&act=preview&csv=T%E1%BAt".encode(), headers=typed)
    assert garbled.status_code == 400
    administrator.see("Có ký tự không đọc được")
    large = f"{HEAD}\n" + "2037-01-01,holiday,Tết,Tet,official\n" * 60_000
    assert administrator.post(IMPORT, data={**people.proof(administrator), "csv": large}).status_code == 413
    administrator.see("Bảng lớn hơn 2 MB")


# Days and hours


def test_days_are_edited_between_1_and_250_and_the_rules_show_them(people: People) -> None:
    administrator, page = people.staff(ADMINISTRATOR), "/admin/terms/question.handed_over.simple"
    for days, status in (("0", 422), ("251", 422), ("6", 303)):
        assert administrator.fill(page, {"days": days}, action="simple").status_code == status
    reader = people.site.visitor()
    people.site.wait(lambda: 'ít nhất</td><td class="n">6<' in reader.get("/rules").text)
    administrator.get(page)
    administrator.see("Hoàn tác lần sửa cuối")
    assert administrator.fill(page, action="/undo").is_redirect
    people.site.wait(lambda: 'ít nhất</td><td class="n">5<' in reader.get("/rules").text)


def test_hours_end_after_they_begin(people: People) -> None:
    administrator, page = people.staff(ADMINISTRATOR), "/admin/hours/agencies"
    answer = administrator.fill(page, {"opens": "18:00", "closes": "17:30"}, action="agencies")
    assert answer.status_code == 422
    administrator.see("Giờ bắt đầu phải trước giờ kết thúc.")
    assert 'value="18:00"' in answer.text


def test_an_unknown_step_is_missing(people: People) -> None:
    administrator = people.staff(ADMINISTRATOR)
    for page in ("/admin/terms/question.sleep.simple", "/admin/terms/new", "/admin/terms/simple"):
        assert administrator.get(page).status_code == 404
    assert administrator.post("/admin/terms", data={**people.proof(administrator), "days": "3"}).status_code == 404


# The portal desk


def test_the_portal_desk_sees_what_no_agency_moved(people: People) -> None:
    asked = people.taken()
    people.site.write(
        "update question set answer_due_at = '2026-01-05 10:00:00.000000', chase_at = '2026-01-05 10:00:00.000000' where id = :id",
        id=asked.id,
    )
    moderator = people.staff(CLEARED)
    people.site.wait(lambda: asked.title in moderator.get("/review/overdue").text)
    moderator.see(AGENCY_NAME)
    moderator.see("Báo lãnh đạo, cấp trên")
