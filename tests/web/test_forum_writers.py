"""Who writes in the forum: guests with a code from a mail, where a section takes them; what a thread's author asks an agency."""

import re

from engage import follows
from engage.settings import DEMONSTRATION_SECRET
from tests.site import Site
from tests.web import talks
from tests.web.people import ADMINISTRATOR, CLEARED, OTHER_COORDINATOR, People

TYPED = {
    "title": "Hồ sơ trực tuyến ở phường tôi",
    "body": "Tôi nộp hồ sơ ở nhà, ba ngày sau nhận kết quả qua bưu điện.",
}
CODE = re.compile(r"^\s*(\d{6})\s*$", re.MULTILINE)


def test_a_guest_proves_an_address_with_a_code_and_loses_nothing(people: People, site: Site) -> None:
    guest, email, address = site.visitor(), "khach-viet@example.vn", f"/forum/{talks.SECTION}/write"
    nameless = guest.fill(address, TYPED, action="/write")
    assert nameless.status_code == 422
    assert TYPED["body"] in nameless.text
    asked = guest.fill(nameless, {"name": "Đỗ Thị Khách", "email": email}, action="/write")
    assert asked.status_code == 200
    assert TYPED["body"] in asked.text
    assert not site.rows("select id from remark where title = :title", title=TYPED["title"])
    found = CODE.search(people.mails_to(email, 1)[-1][1])
    assert found
    wrong = guest.fill(asked, {"code": "000000" if found[1] != "000000" else "111111"}, action="/write")
    assert wrong.status_code == 422
    assert TYPED["body"] in wrong.text
    sent = guest.fill(wrong, {"code": found[1]}, action="/write")
    assert sent.is_redirect, sent.text
    assert guest.get(sent.headers["location"]).status_code == 200  # signed in by the code
    (row,) = site.rows("select name from remark where title = :title", title=TYPED["title"])
    assert row.name == "Đỗ Thị Khách"


def test_another_code_may_be_asked_for_and_an_ask_that_is_none_gives_the_text_back(people: People, site: Site) -> None:
    guest, email, address = site.visitor(), "khach-hai@example.vn", f"/forum/{talks.SECTION}/write"
    asked = guest.fill(address, TYPED | {"name": "Đỗ Văn Khách", "email": email}, action="/write")
    again = guest.fill(asked, action="/write", button="yes")
    assert again.status_code == 200
    assert len(people.mails_to(email, 2)) == 2
    forged = guest.post(
        address,
        data=people.proof(guest) | TYPED | {"name": "Đỗ", "email": email, "ask": "1.x", "code": "123456"},
    )
    assert forged.status_code == 422
    assert TYPED["body"] in forged.text


def test_elsewhere_who_writes_has_signed_in_before(people: People, site: Site) -> None:
    guest, address = site.visitor(), "/forum/xay-dung-dang/write"
    page = guest.get(address)
    assert "/citizens/sign-in?next=" in page.text
    answer = guest.post(address, data=people.proof(guest) | TYPED | {"name": "Đỗ Thị Khách", "email": "a@example.vn"})
    assert answer.status_code == 422
    assert TYPED["body"] in answer.text


def test_a_thread_becomes_a_question_of_its_author_once_and_the_two_lead_to_each_other(
    people: People, site: Site
) -> None:
    author, reader = people.citizen(), site.visitor()
    thread = talks.thread(people, author)
    page = f"/forum/threads/{thread}"
    moderator = people.staff(CLEARED)
    assert moderator.fill(f"/review/threads/{thread}", button="suggest").is_redirect
    assert "Người kiểm duyệt đề nghị bạn hỏi cơ quan" in author.get(page).text
    assert "Người kiểm duyệt đề nghị" not in reader.get(page).text
    assert people.staff(OTHER_COORDINATOR).get(f"{page}/question").status_code == 404
    assert "/citizens/sign-in" in reader.get(f"{page}/question").headers["location"]
    sent = author.fill(f"{page}/question", {"consent": "yes"}, action="/questions")
    if not sent.is_redirect:  # it resembles what was asked before
        sent = author.fill(sent, action="/questions")
    assert sent.is_redirect, sent.text
    (row,) = site.rows("select question_id from thread where id = :id", id=thread)
    assert author.get(f"{page}/question").headers["location"].endswith(page)
    accepted = "select moderation from question where id = :id"
    site.wait(lambda: site.rows(accepted, id=row.question_id)[0].moderation == "accepted")
    assert f"/questions/{row.question_id}" in author.get(page).text
    site.wait(lambda: page in reader.get(f"/questions/{row.question_id}").text)


def test_an_administrator_adds_a_section_and_takes_it_out_of_use(people: People, site: Site) -> None:
    administrator, reader = people.staff(ADMINISTRATOR), site.visitor()
    row = {"name_vi": "Chuyên mục thử việc mới", "name_en": "A section to try", "place": "7", "writers": "guests"}
    taken = administrator.fill("/admin/sections/new", row | {"slug": "search"}, action="/admin/sections")
    assert taken.status_code == 422
    added = administrator.fill("/admin/sections/new", row | {"accepts_clean": "yes"}, action="/admin/sections")
    assert added.is_redirect, added.text
    slug = added.headers["location"].rpartition("/")[2]
    site.wait(lambda: row["name_vi"] in reader.get("/forum").text)
    assert reader.get(f"/forum/{slug}/write").status_code == 200
    assert administrator.fill(f"/admin/sections/{slug}", {"active": False}, action=slug).is_redirect
    site.wait(lambda: row["name_vi"] not in reader.get("/forum").text)
    assert reader.get(f"/forum/{slug}/write").status_code == 404


def test_who_leaves_by_the_link_in_a_mail_presses_a_button_first(people: People, site: Site) -> None:
    thread, follower = talks.thread(people), people.citizen()
    assert follower.fill(f"/forum/threads/{thread}", action="/follow").is_redirect
    person = site.rows("select person_id from bookmark where thread_id = :id", id=thread)[0].person_id
    anybody, address = site.visitor(), _leaving(thread, person)
    standing = "select follows from bookmark where thread_id = :id"
    assert anybody.get(address).headers["referrer-policy"] == "no-referrer"
    assert site.rows(standing, id=thread)[0].follows
    assert anybody.fill(address, action=address).is_redirect
    assert not site.rows(standing, id=thread)[0].follows
    assert anybody.get(address[:-1] + "~").status_code == 404


def _leaving(thread: int, person: int) -> str:
    return f"/forum/unfollow/{follows.token(DEMONSTRATION_SECRET, f'thread-{thread}', person)}"
