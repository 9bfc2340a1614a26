from tests.site import Site
from tests.web.halls import over
from tests.web.people import CLEARED, COORDINATOR, UNCLEARED, People

REASON = "Khách mời họp đột xuất, xin hẹn bạn đọc buổi khác."


def test_a_dialogue_goes_from_the_idea_to_the_announcement(people: People, site: Site) -> None:
    """Nobody else sees the draft; once announced everybody does, with guests, groups and a file for their calendar."""
    editor, reader, number = people.staff(CLEARED), site.visitor(), people.dialogue()
    page, edit = f"/dialogues/{number}", f"/dialogues/{number}/edit"
    assert reader.get(page).status_code == people.staff(UNCLEARED).get(edit).status_code == 404

    assert editor.fill(f"{page}/step/announce", action="/step/announce").status_code == 422  # nobody is invited yet
    guest = {"guest_name": "Lê Văn Bình", "guest_title": "Phó Giám đốc Bảo hiểm xã hội Việt Nam"}
    assert editor.fill(edit, guest, action="/guests", button="save").is_redirect
    assert editor.fill(edit, {"groups": "Rút một lần\nLương hưu"}, action="/groups").is_redirect
    crew = {"login": f"{COORDINATOR}@engage.example", "part": "host"}
    assert editor.fill(edit, crew, action="/crew").is_redirect
    assert editor.fill(f"{page}/step/announce", action="/step/announce").is_redirect

    shown = reader.get(page).text
    assert "Lê Văn Bình" in shown
    assert "Lương hưu" in shown
    assert f'href="{page}"' in reader.get("/dialogues").text
    file = reader.get(f"{page}/calendar.ics")
    assert file.headers["content-type"].startswith("text/calendar")
    assert "DTSTART;TZID=Asia/Ho_Chi_Minh:20361203T140000" in file.text


def test_a_cancelled_dialogue_says_why(people: People, site: Site) -> None:
    page, editor = f"/dialogues/{people.announced()}", people.staff(CLEARED)
    assert editor.fill(f"{page}/step/cancel", {"reason": "vì"}, action="/step/cancel").status_code == 422
    assert editor.fill(f"{page}/step/cancel", {"reason": REASON}, action="/step/cancel").is_redirect
    assert REASON in site.visitor().get(page).text
    assert "STATUS:CANCELLED" in site.visitor().get(f"{page}/calendar.ics").text


def test_the_second_of_two_editors_is_told_and_loses_nothing(people: People) -> None:
    number, editor = people.dialogue(), people.staff(CLEARED)
    edit = f"/dialogues/{number}/edit"
    mine = editor.get(edit)
    assert editor.fill(edit, {"place": "Trụ sở Cổng thông tin"}, action="/edit").is_redirect
    late = editor.fill(mine, {"lead": "Lời dẫn tôi vừa viết"}, action="/edit")
    assert late.status_code == 409
    assert "Lời dẫn tôi vừa viết" in late.text
    assert "Trụ sở Cổng thông tin" in late.text
    assert editor.fill(late, {}, action="/edit").is_redirect


def test_a_group_with_too_long_a_name_is_given_back(people: People) -> None:
    edit, name = f"/dialogues/{people.dialogue()}/edit", "Chế độ hưu trí " * 11
    answer = people.staff(CLEARED).fill(edit, {"groups": f"Lương hưu\n{name}"}, action="/groups")
    assert answer.status_code == 422
    assert name.strip() in answer.text


def test_long_words_of_an_editor_are_taken_whole(people: People) -> None:
    """As browsers send them, ten thousand letters of Vietnamese are more than forms usually hold."""
    edit, about = f"/dialogues/{people.dialogue()}/edit", ("Những điều được đề cập ở buổi này. " * 290)[:10_000].strip()
    answer = people.staff(CLEARED).fill(edit, {"about": about}, action="/edit")
    assert answer.is_redirect, answer.status_code
    assert about in people.staff(CLEARED).get(edit).text


def test_a_part_is_given_and_taken_back(people: People) -> None:
    number, editor = people.dialogue(), people.staff(CLEARED)
    page, edit, other = f"/dialogues/{number}", f"/dialogues/{number}/edit", people.staff(UNCLEARED)
    crew = {"login": f"{UNCLEARED}@engage.example", "part": "editor"}
    assert editor.fill(edit, crew, action="/crew").is_redirect
    assert other.get(edit).status_code == 200
    assert f'href="{page}/edit"' in other.get("/dialogues/mine").text
    (row,) = people.site.rows(
        "select id from crew where dialogue_id = :id and person_id = :person",
        id=number,
        person=people.person_id(UNCLEARED),
    )
    end = people.proof(editor) | {"crew": str(row.id)}
    assert editor.post(f"{page}/crew/end", data=end).is_redirect
    assert other.get(edit).status_code == 404


def test_a_reader_of_english_is_told_in_english(people: People, site: Site) -> None:
    page = site.visitor().get(f"/en/dialogues/{people.announced()}").text
    for words in ("Guests who answer", "Add to calendar", "Begins"):
        assert words in page
    assert "Live dialogues" in site.visitor().get("/en/dialogues").text


def test_a_series_lists_its_own(people: People, site: Site) -> None:
    number, editor = people.announced(), people.staff(CLEARED)
    edit = f"/dialogues/{number}/edit"
    assert editor.fill(edit, {"new_series": "Đối thoại hằng quý"}, action="/edit").is_redirect
    shown = site.visitor().get("/series/doi-thoai-hang-quy").text
    assert f'href="/dialogues/{number}"' in shown
    assert f'href="/dialogues/{people.announced()}"' not in site.visitor().get("/series/doi-thoai-hang-quy").text
    assert site.visitor().get("/series/khong-co").status_code == 404


def test_a_reader_is_reminded_once_the_address_is_confirmed_and_leaves_by_a_link(people: People, site: Site) -> None:
    page, reader, email = f"/dialogues/{people.announced()}", site.visitor(), "nhac-toi@thu.example"
    assert f'href="{page}/follow"' in reader.get(page).text
    assert reader.fill(f"{page}/follow", {"email": ""}, action="/follow").status_code == 422
    assert reader.fill(f"{page}/follow", {"email": email}, action="/follow").is_redirect
    assert "Thư xác nhận được gửi" in reader.get(f"{page}/follow").text
    (_, letter), *_ = people.mails_to(email, at_least=1)
    way = "/follows/" + letter.partition("/follows/")[2].split()[0]
    assert site.visitor().fill(way, action="/confirm").is_redirect
    assert "Bạn sẽ được nhắc" in reader.get(f"{page}/follow").text

    assert people.staff(CLEARED).fill(f"{page}/step/cancel", {"reason": REASON}, action="/step/cancel").is_redirect
    subject, letter = people.mails_to(email, at_least=2)[-1]
    assert subject.startswith("Đã hủy")
    assert REASON in letter
    assert way in letter
    gone = site.visitor().fill(way, action="/end")
    assert gone.headers["location"] == page
    assert site.visitor().get(way).status_code == 404


def test_nobody_is_reminded_of_a_draft_or_of_what_is_over(people: People, site: Site) -> None:
    draft, cancelled = people.dialogue(), people.announced()
    editor, reader = people.staff(CLEARED), site.visitor()
    editor.fill(f"/dialogues/{cancelled}/step/cancel", {"reason": REASON}, action="/step/cancel")
    assert reader.get(f"/dialogues/{draft}/follow").status_code == 404
    assert "không còn ở phía trước" in reader.get(f"/dialogues/{cancelled}/follow").text
    late = people.proof(reader) | {"mail": "yes", "email": "tre@thu.example"}
    assert reader.post(f"/dialogues/{cancelled}/follow", data=late).status_code == 409


def test_only_the_page_of_a_dialogue_with_a_player_may_frame_it(people: People, site: Site) -> None:
    held = over(people)
    site.write("update dialogue set video_url = 'https://youtu.be/abcDEF_123' where id = :id", id=held.id)
    page, others = site.visitor().get(f"/dialogues/{held.id}"), site.visitor().get("/dialogues")
    assert 'src="https://www.youtube-nocookie.com/embed/abcDEF_123"' in page.text
    policy = page.headers["content-security-policy"]
    assert policy.endswith("; frame-src https://www.youtube-nocookie.com")
    again = site.visitor().get(f"/dialogues/{held.id}", headers={"if-none-match": page.headers["etag"]})
    assert (again.status_code, again.headers["content-security-policy"]) == (304, policy)
    assert people.staff(CLEARED).get(f"/dialogues/{held.id}").headers["content-security-policy"] == policy
    assert "frame-src" not in others.headers["content-security-policy"]


def test_the_home_page_names_what_comes_next(people: People, site: Site) -> None:
    people.announced()
    rows = site.rows(
        "select id from dialogue where stage not in ('draft', 'ended', 'published', 'cancelled')"
        " and rehearsal_of_id is null order by starts_at, id"
    )
    assert f'href="/dialogues/{rows[0].id}"' in site.visitor().get("/").text


def test_what_a_reader_has_already_is_not_sent_again_until_it_changes(people: People, site: Site) -> None:
    page, reader = f"/dialogues/{people.announced()}", site.visitor()
    first = reader.get(page)
    assert 'data-room="dialogue"' in first.text
    held = {"if-none-match": first.headers["etag"]}
    assert reader.get(page, headers=held).status_code == 304
    people.staff(CLEARED).fill(f"{page}/step/intake", action="/step/intake")
    site.wait(lambda: reader.get(page, headers=held).status_code == 200)
    assert "Gửi câu hỏi trước" in reader.get(page).text
