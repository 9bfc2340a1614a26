"""A dialogue's desks over HTTP: each for its part alone, one question on stage, one writer a reply, words only a guest lets out."""

import re

import pytest

from tests.site import Site
from tests.web.on_air import GUEST, HOSTS, SCRIBES, Hall, begin, opened, post, reply_of, stage, words
from tests.web.people import CLEARED, People


@pytest.fixture(scope="module")
def hall(people: People, site: Site) -> Hall:
    return opened(people, site)


def test_each_desk_is_missing_for_whom_it_is_not(hall: Hall, people: People) -> None:
    mine = {"host": HOSTS[0], "scribe": SCRIBES[0], "guest": GUEST}
    for desk, who in mine.items():
        for other in mine:
            assert people.staff(who).get(hall.at(other)).status_code == (200 if other == desk else 404), (who, other)
    assert people.staff(CLEARED).get(hall.at("host")).status_code == 404


def test_of_two_hosts_who_press_at_once_the_second_is_told_who_was_first(
    hall: Hall, people: People, site: Site
) -> None:
    first, second, _ = hall.questions
    there = stage(people, hall, HOSTS[0], first)
    assert there.is_redirect, there.text
    late = stage(people, hall, HOSTS[1], second)
    assert late.status_code == 409
    assert "vừa đưa một câu hỏi khác lên hình" in late.text
    screen = site.visitor().get(hall.at("screen"))
    title = site.rows("select title from question where id = :id", id=first)[0].title
    assert title in screen.text
    assert '"' in screen.headers["etag"]  # kept for all walls until something happens in the room
    hidden = {"reason": "unclear", "words": ""}
    assert people.staff(CLEARED).fill(f"/review/questions/{first}", hidden, action="/hide").is_redirect
    assert title not in site.visitor().get(hall.at("screen")).text


def test_a_reply_has_one_writer_until_another_takes_it_over(hall: Hall, people: People, site: Site) -> None:
    question = hall.questions[1]
    assert post(people, hall, SCRIBES[0], "replies/begin", begin(hall, question)).is_redirect
    assert "đang soạn câu trả lời này" in post(people, hall, SCRIBES[1], "replies/begin", begin(hall, question)).text
    seen = people.staff(SCRIBES[1]).get(f"{hall.at('scribe')}?question={question}&guest={hall.guest}")
    assert "Nhận lại để viết tiếp" in seen.text
    reply = reply_of(site, question)
    saved = post(people, hall, SCRIBES[0], "replies", words(reply, 0, "Từ tháng sau.", "autosave"))
    assert saved.json()["version"] == 1
    assert post(people, hall, SCRIBES[1], "replies/begin", {**begin(hall, question), "take": "yes"}).is_redirect
    late = post(people, hall, SCRIBES[0], "replies", words(reply, 1, "Từ tháng này.", "autosave"))
    assert late.status_code == 409
    assert "Từ tháng sau." in late.json()["theirs"]
    shown = post(people, hall, SCRIBES[0], "replies", words(reply, 0, "Lời của tôi còn đây.", "save"))
    assert shown.status_code == 409
    assert "Lời của tôi còn đây." in shown.text


def test_only_the_guest_lets_words_out(hall: Hall, people: People, site: Site) -> None:
    question = hall.questions[2]
    assert post(people, hall, SCRIBES[0], "replies/begin", begin(hall, question)).is_redirect
    reply = reply_of(site, question)
    pressed = post(people, hall, SCRIBES[0], "replies", words(reply, 0, "Có, từ tháng sau.", "release"))
    assert pressed.status_code == 403
    saved = post(people, hall, SCRIBES[0], "replies", words(reply, 0, "Có, từ tháng sau.", "autosave"))
    assert saved.json()["version"] == 1
    # The page saved by itself while the button was pressed: the form still bears the version before.
    handed = post(people, hall, SCRIBES[0], "replies", words(reply, 0, "Có, từ tháng sau.", "hand_up"))
    assert handed.is_redirect, handed.text
    assert "Có, từ tháng sau." in people.staff(GUEST).get(hall.at("guest")).text
    out = post(people, hall, GUEST, "guest/reply", {"reply": str(reply), "version": "1", "act": "release"})
    assert out.is_redirect, out.text
    assert site.rows("select state from reply where id = :id", id=reply)[0].state == "released"
    assert "Đính chính" in people.staff(SCRIBES[1]).get(hall.at("scribe")).text


def test_a_guest_answers_by_speaking_and_scribes_see_that_it_is_theirs_to_type(
    hall: Hall, people: People, site: Site
) -> None:
    question = hall.questions[1]
    spoken = {"question": str(question), "guest": str(hall.guest)}
    assert post(people, hall, GUEST, "guest/speak", spoken).is_redirect
    asked = f"{hall.at('scribe')}?question={question}&guest={hall.guest}"
    assert "Lê Văn Bình trả lời bằng lời, thư ký ghi." in people.staff(SCRIBES[0]).get(asked).text
    assert post(people, hall, SCRIBES[0], "guest/speak", spoken).status_code == 404
    another = spoken | {"guest": str(hall.second_guest)}
    assert post(people, hall, GUEST, "guest/speak", another).status_code in {403, 404}
    row = site.rows(
        "select id from reply where guest_id = :of and question_id = :id", of=hall.second_guest, id=question
    )
    assert not row


def test_one_answer_is_split_among_guests(hall: Hall, people: People, site: Site) -> None:
    question = hall.questions[1]
    theirs = {**begin(hall, question), "guest": str(hall.second_guest)}
    begun = post(people, hall, SCRIBES[1], "replies/begin", theirs)
    page = people.staff(SCRIBES[1]).go(begun)
    assert "Lời của Phạm Thu Hà" in page.text
    assert f"question={question}&amp;guest={hall.guest}" in page.text
    rows = site.rows("select guest_id from reply where question_id = :id", id=question)
    assert {row.guest_id for row in rows} >= {hall.second_guest}


def test_the_hosts_message_and_a_pause_without_a_reason(hall: Hall, people: People, site: Site) -> None:
    assert post(people, hall, HOSTS[0], "host/message", {"message": "Còn mười phút."}).is_redirect
    assert "Còn mười phút." in site.visitor().get(hall.at("screen")).text
    refused = post(people, hall, HOSTS[0], "host/course", {"act": "pause", "reason": "x", "ends_at": ""})
    assert refused.status_code == 422
    assert "Viết lý do để bạn đọc biết" in refused.text
    assert post(people, hall, HOSTS[0], "host/timer", {"seconds": "60"}).is_redirect


def test_whoever_works_in_dialogues_alone_is_led_to_them(site: Site) -> None:
    assert site.staff("mc@engage.example").get("/sign-in/done").headers["location"] == "/dialogues/mine"


def test_what_waits_comes_under_the_headings_of_groups_or_guests(people: People, site: Site) -> None:
    hall, host = opened(people, site), people.staff(HOSTS[0])
    first, second, third = hall.questions
    (group,) = site.rows("select id from topic_group where dialogue_id = :id", id=hall.id)
    site.write("update turn set group_id = :group where question_id = :id", group=group.id, id=third)
    site.write("update turn set guest_id = null where question_id = :id", id=first)
    site.write("update turn set guest_id = :guest where question_id = :id", guest=hall.second_guest, id=second)
    section = re.compile(r'<h3 class="section">([^<]+)</h3>|id="body-(\d+)"')

    def listed(query: str) -> list[str]:
        page = host.get(f"{hall.at('host')}?{query}")
        assert page.status_code == 200, query
        return [name or number for name, number in section.findall(page.text)]

    ids = [str(one) for one in hall.questions]
    assert listed("order=group") == ["Lương hưu", ids[2], "Chưa có nhóm", ids[0], ids[1]]
    assert listed("order=guest") == ["Lê Văn Bình", ids[2], "Phạm Thu Hà", ids[1], "Chưa giao khách mời", ids[0]]
    assert listed(f"order=guest&guest={hall.second_guest}") == ["Phạm Thu Hà", ids[1]]
    turn = site.rows("select id, people from turn where question_id = :id", id=third)[0]
    behind = f"{group.id}-{turn.people}-{turn.id}"
    assert listed(f"order=group&after={behind}") == ["Chưa có nhóm", ids[0], ids[1]]
    for nonsense in ("order=group&after=1-2", "order=votes&after=1-2-3", "order=guest&after=9-9-9-9", "order=topic"):
        listed(nonsense)
