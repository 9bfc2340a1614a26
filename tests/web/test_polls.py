"""Polls over HTTP: readers choose without a script, nobody sees figures before their time, the host runs them from the desk."""

import re
from dataclasses import dataclass

import pytest

from engage.dialogues import Stage
from tests.site import Site
from tests.visitor import Visitor, words
from tests.web import halls
from tests.web.people import APPROVER, CLEARED, COORDINATOR, OFFICIAL, People

CHOICES = ["Trên mạng", "Tại trụ sở", "Qua nơi làm việc"]
RECORDED = "Đã ghi lựa chọn của bạn."


@dataclass
class Poll:
    """One that the host wrote, in a dialogue that is on air."""

    people: People
    room: str
    id: int
    words: str

    @property
    def page(self) -> str:
        return f"{self.room}/polls/{self.id}"

    def press(self, act: str, who: str = COORDINATOR, **more: str) -> str:
        host = self.people.staff(who)
        typed = self.people.proof(host) | {"poll": str(self.id), "act": act} | more
        answer = host.post(f"{self.room}/host/polls/act", data=typed)
        return "" if answer.is_redirect else words(answer)

    def choose(self, reader: Visitor, *choices: str) -> str:
        """Without a script: the page of the poll, its form, and what comes back."""
        form = reader.form(self.page, action="/mark")
        ids = {words_: value for value, words_ in _offered(reader)}
        answer = reader.press(form, {"choice": [ids[one] for one in choices]})
        return words(reader.go(answer) if answer.is_redirect else answer)


def _offered(reader: Visitor) -> list[tuple[str, str]]:
    assert reader.seen is not None
    return re.findall(r'name="choice" value="(\d+)"[^>]*><span>([^<]*)</span>', reader.seen.text)


@pytest.fixture(scope="module")
def room(people: People) -> str:
    return f"/dialogues/{halls.at(people, Stage.LIVE)}"


@pytest.fixture
def draft(people: People, site: Site, room: str) -> Poll:
    return prepared(people, site, room)


@pytest.fixture
def poll(draft: Poll) -> Poll:
    assert draft.press("open") == ""
    return draft


def prepared(people: People, site: Site, room: str, *, several: bool = False) -> Poll:
    host = people.staff(COORDINATOR)
    (last,) = site.rows("select coalesce(max(id), 0) as id from poll")
    asked = f"Bạn làm thủ tục bằng cách nào, lần {last.id + 1}?"
    typed = {"edited": "", "words": asked, "choices": "\n".join(CHOICES)} | ({"several": "yes"} if several else {})
    assert host.post(f"{room}/host/polls", data=people.proof(host) | typed).is_redirect
    (made,) = site.rows("select id from poll where words = :words", words=asked)
    return Poll(people, room, made.id, asked)


def test_a_draft_is_seen_by_its_host_alone(draft: Poll, site: Site) -> None:
    assert draft.words in words(draft.people.staff(COORDINATOR).get(f"{draft.room}/host"))
    reader = site.visitor()
    assert draft.words not in words(reader.get(draft.room))
    assert reader.get(draft.page).status_code == 404
    assert draft.press("open") == ""
    assert draft.words in words(reader.get(draft.room))


def test_a_reader_without_a_script_chooses_changes_and_is_told(poll: Poll, site: Site) -> None:
    reader = site.visitor()
    page = reader.get(poll.room)
    assert "set-cookie" not in page.headers
    assert f'href="{poll.page}"' in page.text
    assert RECORDED not in words(reader.get(poll.page))
    assert RECORDED in poll.choose(reader, "Tại trụ sở")
    assert RECORDED in poll.choose(reader, "Trên mạng")
    assert reader.seen is not None
    assert len(re.findall(r" checked><span>Trên mạng", reader.seen.text)) == 1
    assert [row.n for row in site.rows("select count(*) as n from poll_mark where poll_id = :id", id=poll.id)] == [1]


def test_nothing_chosen_and_too_much_chosen_are_said_in_words(poll: Poll, site: Site) -> None:
    reader = site.visitor()
    assert "Bạn chưa chọn mục nào." in poll.choose(reader)
    form = reader.form(poll.page, action="/mark")
    typed = {**dict(form.pairs), "choice": [value for value, _ in _offered(reader)]}
    answer = reader.post(f"{poll.page}/mark", data=typed)
    assert answer.status_code == 422
    assert "Chỉ chọn được một mục." in words(answer)


def test_several_may_be_chosen_where_the_host_said_so(people: People, site: Site, room: str) -> None:
    poll = prepared(people, site, room, several=True)
    assert poll.press("open") == ""
    assert RECORDED in poll.choose(site.visitor(), "Trên mạng", "Qua nơi làm việc")


def test_figures_come_when_it_is_closed_and_ten_took_part(people: People, site: Site, poll: Poll, room: str) -> None:
    other = prepared(people, site, room)
    assert other.press("open") == ""
    assert RECORDED in other.choose(site.visitor(), "Trên mạng")
    for number in range(10):
        assert RECORDED in poll.choose(site.visitor(), "Trên mạng" if number < 7 else "Tại trụ sở")
    reader, host = site.visitor(), people.staff(COORDINATOR)
    for page in (reader.get(poll.page), reader.get(room), host.get(f"{room}/host"), reader.get(f"{room}/screen")):
        assert "70%" not in page.text
    assert poll.press("close") == other.press("close") == ""
    for page in (reader.get(poll.page), reader.get(room), host.get(f"{room}/host")):
        assert "70%" in words(page)
    assert "10 người tham gia. Phần trăm tính trên số người này." in words(reader.get(poll.page))
    assert "Ít hơn 10 người tham gia nên không nêu kết quả." in words(reader.get(other.page))
    assert "100%" not in words(reader.get(other.page))
    assert "70%" in reader.get(f"{room}/snapshot.json").text


def test_who_comes_too_late_is_told_and_sees_what_came_of_it(poll: Poll, site: Site) -> None:
    reader = site.visitor()
    form = reader.form(poll.page, action="/mark")
    first = _offered(reader)[0][0]
    assert poll.press("close") == ""
    answer = reader.press(form, {"choice": [first]})
    assert answer.status_code == 422
    assert "Cuộc thăm dò đã đóng. Lựa chọn của bạn chưa được ghi." in words(answer)


def test_one_that_was_wrong_goes_with_a_reason_that_readers_see(poll: Poll, site: Site) -> None:
    refused = poll.press("withdraw", why="")
    assert "Viết lý do rút lại để bạn đọc biết" in refused
    assert poll.press("withdraw", why="Thiếu một lựa chọn.") == ""
    reader = site.visitor()
    for page in (reader.get(poll.room), reader.get(poll.page)):
        assert "Lý do: Thiếu một lựa chọn." in words(page)
    assert "Trên mạng" in words(reader.get(poll.page))


def test_the_host_mends_a_poll_until_somebody_has_chosen(poll: Poll, site: Site) -> None:
    host = poll.people.staff(COORDINATOR)
    editing = host.get(f"{poll.room}/host?poll={poll.id}")
    assert "Sửa thăm dò" in words(editing)
    mended = {"edited": str(poll.id), "words": f"{poll.words} Sửa", "choices": "Có\nKhông"}
    assert host.post(f"{poll.room}/host/polls", data=poll.people.proof(host) | mended).is_redirect
    reader = site.visitor()
    assert RECORDED in poll.choose(reader, "Có")
    late = host.post(f"{poll.room}/host/polls", data=poll.people.proof(host) | mended | {"words": "Chữ tôi vừa gõ"})
    assert late.status_code == 422
    assert "Đã có người chọn nên không sửa được nữa." in words(late)
    assert "Chữ tôi vừa gõ" in late.text


def test_what_was_typed_wrong_is_kept(people: People, room: str) -> None:
    host = people.staff(COORDINATOR)
    typed = {"edited": "", "words": "Chỉ một lựa chọn?", "choices": "Có", "several": "yes"}
    answer = host.post(f"{room}/host/polls", data=people.proof(host) | typed)
    assert answer.status_code == 422
    assert "Cần từ 2 đến 10 lựa chọn khác nhau" in words(answer)
    assert "Chỉ một lựa chọn?" in answer.text


def test_the_hall_sees_the_poll_that_the_host_puts_there(poll: Poll, site: Site) -> None:
    screen = f"{poll.room}/screen"
    assert poll.press("show") == ""
    shown = words(site.visitor().get(screen))
    assert poll.words in shown
    assert "Quét mã, mở phòng đối thoại rồi chọn." in shown
    assert poll.press("hide") == ""
    assert poll.words not in words(site.visitor().get(screen))


def test_a_burst_from_one_address_waits_for_an_editor(poll: Poll, site: Site) -> None:
    first = poll.people.staff(COORDINATOR)
    reader = site.visitor()
    poll.choose(reader, "Trên mạng")
    site.write("update poll_mark set standing = 'quarantined' where poll_id = :id", id=poll.id)
    desk = words(first.get(f"{poll.room}/host"))
    assert "chọn dồn dập từ một nơi, đang để riêng, chưa tính" in desk
    answer = first.post(
        f"{poll.room}/host/polls/act", data=poll.people.proof(first) | {"poll": str(poll.id), "act": "count"}
    )
    assert answer.status_code == 403
    assert poll.press("count", CLEARED) == ""
    assert [row.standing for row in site.rows("select standing from poll_mark where poll_id = :id", id=poll.id)] == [
        "counted"
    ]
    assert RECORDED in words(reader.get(poll.page))


def test_whoever_does_not_lead_finds_no_poll_to_press(poll: Poll) -> None:
    for who in (OFFICIAL, APPROVER):
        stranger = poll.people.staff(who)
        typed = poll.people.proof(stranger) | {"poll": str(poll.id), "act": "close"}
        assert stranger.post(f"{poll.room}/host/polls/act", data=typed).status_code == 404


def test_a_poll_of_another_dialogue_is_missing(people: People, poll: Poll, site: Site) -> None:
    elsewhere = f"/dialogues/{halls.at(people, Stage.LIVE)}/polls/{poll.id}"
    reader = site.visitor()
    assert reader.get(elsewhere).status_code == 404
    assert reader.post(f"{elsewhere}/mark", data=people.proof(reader) | {"choice": "1"}).status_code == 404
