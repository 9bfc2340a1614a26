"""Polls in a browser: chosen in the room by keyboard, kept when the network goes, opened and closed in all rooms at once."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from engage.dialogues import Stage
from tests.browser import acts, look, stories
from tests.browser.conftest import Open, Shot
from tests.site import Site
from tests.web import halls
from tests.web.people import People

CHOICES = ["Trên mạng", "Tại trụ sở cơ quan", "Qua nơi làm việc"]
RECORDED = "Đã ghi lựa chọn của bạn."


@dataclass
class Room:
    people: People
    site: Site
    path: str

    def hold(self, asked: str, *, several: bool = False) -> int:
        """Written at the desk, and opened."""
        typed = {"edited": "", "words": asked, "choices": "\n".join(CHOICES)} | ({"several": "yes"} if several else {})
        self._post("", typed)
        (made,) = self.site.rows("select max(id) as id from poll")
        self.press(made.id, "open")
        return int(made.id)

    def press(self, poll: int, act: str, **more: str) -> None:
        self._post("/act", {"poll": str(poll), "act": act} | more)

    def crowd(self, poll: int, number: int) -> None:
        for one in range(number):
            reader = self.site.visitor()
            form = reader.form(f"{self.path}/polls/{poll}", action="/mark")
            options = dict(enumerate(row.id for row in self.site.rows(_CHOICES, id=poll)))
            assert reader.press(form, {"choice": str(options[one % 2])}).is_redirect

    def _post(self, door: str, typed: dict[str, str]) -> None:
        host = stories.staff(self.site, stories.COORDINATOR)
        assert host.post(f"{self.path}/host/polls{door}", data=self.people.proof(host) | typed).is_redirect


_CHOICES = "select id from poll_choice where poll_id = :id order by place"


@pytest.fixture
def room(site: Site) -> Room:
    people = People(site)
    return Room(people, site, f"/dialogues/{halls.at(people, Stage.LIVE)}")


def follow(page: Open, room: Room, *, width: int = 1280, expected: tuple[str, ...] = ()) -> Page:
    reader = page(room.path, width=width, expected=expected)
    expect(reader.locator("html[data-live=socket]")).to_be_attached()
    return reader


def poll_of(reader: Page, number: int) -> Locator:
    return reader.locator(f'section[aria-labelledby="poll-{number}"]')


def test_a_poll_opens_and_closes_in_every_open_room_at_once(page: Open, room: Room) -> None:
    reader, phone = follow(page, room), follow(page, room, width=look.PHONE)
    poll = room.hold("Bạn làm thủ tục bằng cách nào?")
    for one in (reader, phone):
        expect(one.get_by_role("radio")).to_have_count(3)
        expect(one.locator("[data-fresh]")).to_be_hidden()
        expect(poll_of(one, poll).get_by_role("link", name="Chọn và gửi")).to_be_hidden()
    room.crowd(poll, 10)
    expect(poll_of(reader, poll)).not_to_contain_text("%")
    room.press(poll, "close")
    for one in (reader, phone):
        expect(poll_of(one, poll)).to_contain_text("10 người tham gia. Phần trăm tính trên số người này.")
        expect(poll_of(one, poll).locator("li").first).to_contain_text("50%")
    assert not look.violations(phone)
    assert not look.sticking_out(phone)


def test_a_reader_chooses_by_keyboard_and_the_room_remembers_it(page: Open, room: Room) -> None:
    poll = room.hold("Bạn làm thủ tục bằng cách nào?")
    reader = follow(page, room)
    reader.get_by_role("radio").first.focus()
    reader.keyboard.press("Space")
    reader.keyboard.press("ArrowDown")
    reader.keyboard.press("Enter")
    expect(poll_of(reader, poll).get_by_role("status")).to_contain_text(RECORDED)
    assert reader.url.endswith(room.path)
    (row,) = room.site.rows("select choice_id from poll_mark where poll_id = :id", id=poll)
    assert row.choice_id == room.site.rows(_CHOICES, id=poll)[1].id
    reader.reload()
    expect(reader.get_by_role("radio", name=CHOICES[1])).to_be_checked()
    expect(poll_of(reader, poll).get_by_role("status")).to_contain_text(RECORDED)
    reader.get_by_role("radio", name=CHOICES[0]).check()
    reader.get_by_role("button", name="Gửi lựa chọn").click()
    expect(poll_of(reader, poll).get_by_role("status")).to_contain_text(RECORDED)
    (row,) = room.site.rows("select choice_id from poll_mark where poll_id = :id", id=poll)
    assert row.choice_id == room.site.rows(_CHOICES, id=poll)[0].id


def test_what_is_ticked_and_the_focus_stay_when_another_poll_opens(page: Open, room: Room) -> None:
    first = room.hold("Bạn làm thủ tục ở đâu?", several=True)
    reader = follow(page, room)
    reader.get_by_role("checkbox", name=CHOICES[2]).focus()
    reader.keyboard.press("Space")
    second = room.hold("Bạn mất bao lâu?")
    expect(poll_of(reader, second)).to_be_visible()
    ticked = poll_of(reader, first).get_by_role("checkbox", name=CHOICES[2])
    expect(ticked).to_be_checked()
    expect(ticked).to_be_focused()


def test_nothing_is_lost_when_the_network_goes(page: Open, room: Room) -> None:
    poll = room.hold("Bạn làm thủ tục bằng cách nào?")
    reader = follow(page, room, expected=("ERR_INTERNET_DISCONNECTED",))
    send = reader.get_by_role("button", name="Gửi lựa chọn")
    send.click()
    expect(poll_of(reader, poll).get_by_role("status")).to_have_text("Bạn chưa chọn mục nào.")
    reader.get_by_role("radio", name=CHOICES[1]).check()
    reader.context.set_offline(True)
    send.click()
    expect(poll_of(reader, poll).get_by_role("status")).to_contain_text("Chưa gửi được.")
    expect(reader.get_by_role("radio", name=CHOICES[1])).to_be_checked()
    reader.context.set_offline(False)
    send.click()
    expect(poll_of(reader, poll).get_by_role("status")).to_contain_text(RECORDED)


def test_without_a_script_the_way_leads_to_the_poll_and_back(page: Open, room: Room) -> None:
    poll = room.hold("Bạn làm thủ tục bằng cách nào?")
    reader = page(room.path, width=look.PHONE, javascript=False)
    reader.get_by_role("link", name="Chọn và gửi").click()
    assert reader.url.endswith(f"{room.path}/polls/{poll}")
    reader.get_by_role("radio", name=CHOICES[1]).check()
    reader.get_by_role("button", name="Gửi lựa chọn").click()
    expect(reader.locator("main")).to_contain_text(RECORDED)
    reader.get_by_role("link", name="Về phòng đối thoại").click()
    assert reader.url.endswith(room.path)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_with_a_poll_fits_and_reads_aloud(page: Open, room: Room, shot: Shot, language: str) -> None:
    closed = room.hold(
        "Bạn làm thủ tục bằng cách nào, và vì sao bạn chọn cách ấy chứ không chọn cách khác?", several=True
    )
    room.crowd(closed, 11)
    room.press(closed, "close")
    room.press(closed, "show")
    gone, is_open = room.hold("Hỏi nhầm?"), room.hold("Bạn nộp hồ sơ ở đâu?")
    room.press(gone, "withdraw", why="Thiếu một lựa chọn.")
    prefix = "" if language == "vi" else "/en"
    pages = {"room": "", "open": f"/polls/{is_open}", "closed": f"/polls/{closed}", "gone": f"/polls/{gone}"}
    for name, path in (pages | {"screen": "/screen", "host": "/host"}).items():
        one = page(language=language)
        if name == "host":
            acts.lend(one, stories.staff(room.site, stories.COORDINATOR))
        one.goto(f"{prefix}{room.path}{path}")
        for width, scheme in ((look.PHONE, "light"), (look.DESKTOP, "dark")):
            one.set_viewport_size({"width": width, "height": 900})
            one.emulate_media(color_scheme="light" if scheme == "light" else "dark")
            assert not look.sticking_out(one), (name, width)
            assert not look.too_small(one, look.THUMB if width == look.PHONE else look.THUMB_ON_DESKS), (name, width)
            assert not look.violations(one), (name, width)
            shot(one, f"poll-{name}-{language}-{width}-{scheme}")
        assert not look.skipped(look.headings(one)), name
