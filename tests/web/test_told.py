"""Acts that leave their page say what they came to, and the way back; what cannot be taken back is asked once before."""

from tests.visitor import Visitor
from tests.web.people import ADMINISTRATOR, AGENCY, CLEARED, COORDINATOR, OFFICIAL, OTHER_COORDINATOR, People
from tests.web.test_accounts import email_of
from tests.web.test_desk import many

PART = "Mức hưởng theo Điều 30 của Luật Bảo hiểm xã hội."
BY_MISTAKE = {"reason": "Che nhầm đoạn không phải thông tin riêng."}


def folded(visitor: Visitor, path: str, words: str) -> str:
    """What an act says before it is done: in a part of the page that is shut until one opens it."""
    page = visitor.get(path).text
    before, _, after = page.partition(words)
    assert after, f"{words} is not on {path}"
    assert before.rpartition("<details")[2].partition(">")[0].find("open") < 0
    return after.partition("</details>")[0]


def test_giving_declining_and_withdrawing_a_part_say_that_it_is_done(people: People) -> None:
    (_, first), (_, second), (asked, third) = people.shared(), people.shared(), people.shared()
    helper, lead = people.staff(OFFICIAL), people.staff(OTHER_COORDINATOR)
    given = helper.fill(f"/desk/shares/{first}", {"part": PART}, action="/give")
    helper.go(given)
    helper.see("Sửa lại được cho đến khi câu trả lời được gửi duyệt.")
    helper.go(helper.fill(f"/desk/shares/{second}", {"reason": "Không thuộc đơn vị chúng tôi."}, action="/decline"))
    helper.see("Đã báo không phối hợp được; cơ quan chủ trì đọc được lý do.")
    lead.go(lead.fill(asked.desk, action=f"/shares/{third}/withdraw"))
    lead.see("Đã thôi nhờ. Cần lại thì gửi lời nhờ mới.")
    stranger = people.staff("can-bo.bgddt")
    stranger.get(f"/desk?done=part_given.{first}")
    stranger.not_see("Đã gửi ý kiến cho cơ quan chủ trì.")


def test_covering_and_uncovering_say_that_it_is_done_and_name_the_way_back(people: People) -> None:
    asked, desk = people.accepted(), people.staff(CLEARED)
    page = f"/review/questions/{asked.id}"
    desk.get(f"{page}?done=covered.0")
    desk.not_see("Đã che trên trang công khai")
    words = people.question_row(asked).body.split()[0]
    desk.go(desk.fill(page, {"cover": words}, action="/cover"))
    desk.see("Đã che trên trang công khai; bản gốc vẫn giữ.")
    desk.go(desk.fill(f"{page}/original", BY_MISTAKE, action="/uncover"))
    desk.see("Đã bỏ che; những chữ ấy hiện lại với mọi người.")
    desk.not_see("Đã che trên trang công khai")


def test_a_coordinator_reads_what_follows_before_an_officials_work_ends_and_that_it_has(people: People) -> None:
    leaving, idle, coordinator = people.invited(), people.invited(), people.staff(COORDINATOR)
    assert many(coordinator, people, "hand", people.taken(), official=str(leaving)).is_redirect
    said = folded(coordinator, f"/desk/people/{leaving}", "Thôi việc ở cơ quan này…")
    assert "1 câu đang làm sang người bạn chọn" in said
    assert "muốn mở lại phải nhờ quản trị viên" in said
    coordinator.go(coordinator.fill(f"/desk/people/{idle}", action="/end"))
    coordinator.see("Đã cho thôi việc ở cơ quan; người ấy không có câu nào đang làm.")


def test_an_administrator_reads_what_follows_before_an_account_ends_and_that_it_has(people: People) -> None:
    leaving, administrator = people.invited(), people.staff(ADMINISTRATOR)
    assert many(people.staff(COORDINATOR), people, "hand", people.taken(), official=str(leaving)).is_redirect
    page = f"/admin/accounts/{leaving}"
    administrator.get(f"{page}?done=ended.3")
    administrator.not_see("Đã kết thúc tài khoản")
    said = folded(administrator, page, "Kết thúc tài khoản…")
    assert "1 câu đang làm về lại “chưa giao ai”" in said
    assert "Đăng xuất ngay ở 0 nơi đang đăng nhập" in said
    administrator.go(administrator.fill(page, action="/end"))
    administrator.see("Đã kết thúc tài khoản; 1 câu đang làm về lại “chưa giao ai”.")
    administrator.see("Mở lại tài khoản")
    assert email_of(people.site, leaving)


def test_an_administrator_reads_what_follows_before_a_topic_or_an_agency_ends_and_that_it_has(people: People) -> None:
    administrator = people.staff(ADMINISTRATOR)
    for noun, words, act, form, done in (
        ("topics", "Ngừng dùng lĩnh vực này…", "/retire", {}, "Đã ngừng dùng lĩnh vực; 0 câu"),
        ("agencies", "Gộp cơ quan…", "/merge", {"reason": "Sáp nhập theo nghị quyết."}, "Đã gộp cơ quan; 0 câu"),
    ):
        old, new = (added(people, noun, name) for name in (f"Cũ {noun}", f"Mới {noun}"))
        page = f"/admin/{noun}/{old}"
        assert "và chuyển 0 câu" in folded(administrator, page, words)
        again = administrator.fill(page, {"successor": "", **form}, action=act)
        assert again.status_code == 422
        assert "<details open" in again.text.replace(' class="before"', "")
        administrator.go(administrator.fill(page, {"successor": new, **form}, action=act))
        administrator.see(done)
        administrator.see("Đã ngừng dùng. Kế tiếp là")


def added(people: People, noun: str, name: str) -> str:
    """A row of the directory that nothing hangs on yet."""
    more = {"topics": {"field": "cong", "agency": AGENCY}, "agencies": {"level": "central", "kind": "ministry"}}
    typed = {"name_vi": name, "name_en": name, **more[noun]}
    sent = people.staff(ADMINISTRATOR).fill(f"/admin/{noun}/new", typed, action=f"/admin/{noun}")
    assert sent.is_redirect, sent.text
    return str(sent.headers["location"]).rpartition("/")[2]
