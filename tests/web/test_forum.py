"""Promises of the forum as people meet it: read without a script, written at once, taken down everywhere."""

from engage.web.forum.shown import name
from tests.site import Site
from tests.web import talks
from tests.web.people import CLEARED, COORDINATOR, OTHER_COORDINATOR, People

ACCUSING = "Tôi tố cáo ông Nguyễn Văn A, chủ tịch xã, đã nhận hối lộ của người dân và chiếm đoạt tiền hỗ trợ."


def test_a_thread_is_opened_answered_and_read_by_anybody(people: People, site: Site) -> None:
    thread = talks.thread(people)
    talks.posted(people, thread, people.staff(OTHER_COORDINATOR), to=1, body="Ở xã tôi cũng nộp được qua mạng.")
    reader = site.visitor()
    reader.get(f"/forum/threads/{thread}")
    reader.see("Ở xã tôi cũng nộp được qua mạng.")
    reader.see("bài 1")  # what it answers
    assert "set-cookie" not in reader.get(f"/forum/{talks.SECTION}").headers
    assert f"/forum/threads/{thread}" in reader.get("/forum").text
    assert f"/forum/threads/{thread}" in reader.get("/forum/feed.xml").text
    assert f"/forum/threads/{thread}" in reader.get("/forum/search?q=nop duoc qua mang").text
    assert reader.get(f"/forum/threads/{thread}?page=2").status_code == 404


def test_who_is_not_signed_in_is_shown_the_way_in_and_keeps_what_they_typed(people: People, site: Site) -> None:
    reader, address = site.visitor(), f"/forum/{talks.SECTION}/write"
    page = reader.get(address)
    assert f"/citizens/sign-in?next=%2Fforum%2F{talks.SECTION}%2Fwrite" in page.text
    typed = {"title": "Một chủ đề đủ dài để gửi", "body": "Điều tôi muốn nói."}
    answer = reader.post(address, data=people.proof(reader) | typed)
    assert answer.status_code == 422
    assert "Điều tôi muốn nói." in answer.text
    assert not site.rows("select id from remark where title = :title", title=typed["title"])


def test_what_may_be_a_denunciation_is_given_back_and_nothing_is_stored(people: People, site: Site) -> None:
    thread, writer = talks.thread(people), people.staff(COORDINATOR)
    answer = writer.fill(f"/forum/threads/{thread}/reply", {"body": ACCUSING}, action="/reply")
    assert answer.status_code == 422
    assert ACCUSING in answer.text
    assert not site.rows("select id from remark where body = :body", body=ACCUSING)
    led = writer.fill(answer, {"body": ACCUSING}, action="/reply", button="denunciation")
    assert led.headers["location"] == "/questions/denunciation"
    writer.fill(answer, {"body": ACCUSING}, action="/reply", button="post")
    (row,) = site.rows("select moderation, sealed from remark where body = :body", body=ACCUSING)
    assert (row.moderation, bool(row.sealed)) == ("held", True)


def test_an_author_edits_and_readers_can_read_what_it_said_before(people: People, site: Site) -> None:
    thread, writer = talks.thread(people), people.staff(COORDINATOR)
    post = talks.posted(people, thread, body="Chiều thứ Tư bộ phận một cửa vắng người.")
    edited = writer.fill(f"/forum/posts/{post}", {"body": "Sáng thứ Sáu bộ phận một cửa vắng người."}, action="/edit")
    assert edited.is_redirect, edited.text
    reader = site.visitor()
    assert "Sáng thứ Sáu" in reader.get(f"/forum/threads/{thread}").text
    assert "Chiều thứ Tư" in reader.get(f"/forum/posts/{post}/revisions").text
    bad = writer.fill(f"/forum/posts/{post}", {"body": "Gọi tôi số 0912 345 678 nhé."}, action="/edit")
    assert bad.status_code == 422
    assert "0912 345 678" in bad.text
    assert "0912 345 678" not in reader.get(f"/forum/threads/{thread}").text
    assert people.staff(OTHER_COORDINATOR).get(f"/forum/posts/{post}").status_code == 404


def test_a_post_taken_back_leaves_its_number_and_nothing_else(people: People, site: Site) -> None:
    thread, writer, reader = talks.thread(people), people.staff(COORDINATOR), site.visitor()
    post = talks.posted(people, thread, body="Điều này tôi rút lại sau.")
    assert writer.fill(f"/forum/posts/{post}", action="/withdraw").is_redirect
    page = reader.get(f"/forum/threads/{thread}")
    assert "Điều này tôi rút lại" not in page.text
    assert f'id="{name(2)}"' in page.text
    assert reader.get(f"/forum/posts/{post}/revisions").status_code == 404


def test_a_moderator_takes_a_post_down_with_a_reason_and_puts_it_back(people: People, site: Site) -> None:
    thread, moderator, reader = talks.thread(people), people.staff(CLEARED), site.visitor()
    post = talks.posted(people, thread, body="Quả bầu quả bí kể chuyện.")
    page = f"/review/posts/{post}"
    assert moderator.fill(page, {"reason": ""}, action="/hide").status_code == 422
    assert moderator.fill(page, {"reason": "unclear"}, action="/hide").is_redirect
    for address in (f"/forum/threads/{thread}", "/forum/search?q=qua bau qua bi", "/forum"):
        assert "Quả bầu quả bí" not in reader.get(address).text
    assert "Quả bầu quả bí" not in people.staff(COORDINATOR).get(f"/forum/threads/{thread}").text
    assert people.staff(COORDINATOR).get(f"/forum/posts/{post}").status_code == 200  # its author reads why
    assert moderator.fill(page, action="/restore").is_redirect
    assert "Quả bầu quả bí" in reader.get(f"/forum/threads/{thread}").text


def test_without_what_opens_it_nothing_of_a_thread_is_found(people: People, site: Site) -> None:
    thread, moderator, reader = talks.thread(people), people.staff(CLEARED), site.visitor()
    post = talks.posted(people, thread, body="Tre già măng mọc ở bản làng.")
    opening = site.rows("select id from remark where place_id = :id and number = 1", id=thread)[0].id
    moderator.fill(f"/review/posts/{opening}", {"reason": "unclear"}, action="/hide")
    for address in (f"/forum/threads/{thread}", f"/forum/threads/{thread}/reply", f"/forum/posts/{post}/revisions"):
        assert reader.get(address).status_code == 404, address
    assert "măng mọc" not in reader.get("/forum/search?q=tre gia mang moc").text
    assert reader.get(f"/live/thread/{thread}/events?after=0").status_code == 404


def test_a_closed_thread_says_why_and_takes_no_more(people: People, site: Site) -> None:
    thread, moderator, reader = talks.thread(people), people.staff(CLEARED), site.visitor()
    form = people.staff(COORDINATOR).form(f"/forum/threads/{thread}/reply", action="/reply")
    why = "Chủ đề đã bàn xong, xem bài 1."
    assert moderator.fill(f"/review/threads/{thread}", {"why": why}, button="close").is_redirect
    assert why in reader.get(f"/forum/threads/{thread}").text
    late = people.staff(COORDINATOR).press(form, {"body": "Tôi đang viết dở thì đóng."})
    assert late.status_code == 422
    assert "Tôi đang viết dở thì đóng." in late.text
    assert moderator.fill(f"/review/threads/{thread}", button="reopen").is_redirect
    assert why not in reader.get(f"/forum/threads/{thread}").text


def test_a_pinned_thread_stands_above_newer_ones_until_it_is_let_go(people: People, site: Site) -> None:
    older, newer = talks.thread(people), talks.thread(people)
    moderator, reader = people.staff(CLEARED), site.visitor()

    def stands_first() -> bool:
        page = reader.get(f"/forum/{talks.SECTION}").text
        return page.index(f'/forum/threads/{older}"') < page.index(f'/forum/threads/{newer}"')

    assert not stands_first()
    assert moderator.fill(f"/review/threads/{older}", button="pin").is_redirect
    assert stands_first()
    assert moderator.fill(f"/review/threads/{older}", button="unpin").is_redirect
    assert not stands_first()


def test_a_reply_quotes_what_it_answers_and_not_what_was_taken_down(people: People, site: Site) -> None:
    thread, reader = talks.thread(people), site.visitor()
    answered = talks.posted(people, thread, body="Xã tôi mở thêm một buổi tối thứ Năm cho người đi làm.")
    talks.posted(people, thread, to=2, body="Buổi tối ấy có phải lấy số trước không?")
    assert reader.get(f"/forum/threads/{thread}").text.count("một buổi tối thứ Năm") == 2
    hidden = people.staff(CLEARED).fill(f"/review/posts/{answered}", {"reason": "out_of_scope"}, action="/hide")
    assert hidden.is_redirect
    assert "một buổi tối thứ Năm" not in reader.get(f"/forum/threads/{thread}").text


def test_what_one_has_not_read_is_marked_until_it_is(people: People) -> None:
    thread, reader = talks.thread(people), people.staff(OTHER_COORDINATOR)
    assert reader.fill(f"/forum/threads/{thread}", action="/follow").is_redirect
    assert "bài chưa đọc" not in reader.get(f"/forum/{talks.SECTION}").text
    talks.posted(people, thread)
    assert "1 bài chưa đọc" in reader.get("/forum").text
    assert reader.fill(f"/forum/threads/{thread}", action="/read").is_redirect
    assert "bài chưa đọc" not in reader.get("/forum").text


def test_an_agency_speaks_with_its_badge_and_nobody_else_does(people: People, site: Site) -> None:
    thread, writer, reader = talks.thread(people), people.staff(COORDINATOR), site.visitor()
    page = writer.form(f"/forum/threads/{thread}/reply", action="/reply")
    mine = site.rows("select agency_id from membership where person_id = :id", id=people.person_id(COORDINATOR))[
        0
    ].agency_id
    refused = people.staff(OTHER_COORDINATOR).post(
        f"/forum/threads/{thread}/reply",
        data=people.proof(people.staff(OTHER_COORDINATOR)) | {"body": "Chúng tôi đã ghi nhận.", "badge": str(mine)},
    )
    assert refused.status_code == 422
    assert writer.press(page, {"body": "Cơ quan đã ghi nhận góp ý.", "badge": str(mine)}).is_redirect
    site.wait(lambda: 'class="seal"' in reader.get(f"/forum/threads/{thread}").text)
