from tests.site import Site
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
    number = people.dialogue()
    page, edit, editor = f"/dialogues/{number}", f"/dialogues/{number}/edit", people.staff(CLEARED)
    editor.fill(edit, {"guest_name": "Phạm Thu Hà", "guest_title": "Vụ trưởng"}, action="/guests", button="save")
    editor.fill(edit, {"groups": "Khám chữa bệnh"}, action="/groups")
    editor.fill(f"{page}/step/announce", action="/step/announce")
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
