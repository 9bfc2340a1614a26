"""A dialogue's desks in a browser: hands on the keyboard only, the network cut, and how each looks on a phone and in the dark."""

import pytest
from playwright.sync_api import Page, expect

from engage.web.language import localized
from tests.browser import acts, look, stories
from tests.browser.conftest import Open, Shot
from tests.browser.keys import choose, tab, tab_to, tab_until
from tests.site import Site
from tests.web import on_air
from tests.web.on_air import GUEST, HOSTS, SCRIBES, Hall
from tests.web.people import People

DESKS = {"host": HOSTS[0], "scribe": SCRIBES[0], "guest": GUEST, "screen": ""}
PATIENCE = 30_000


@pytest.fixture(scope="module")
def people(site: Site) -> People:
    return People(site)


@pytest.fixture
def hall(people: People, site: Site) -> Hall:
    return on_air.opened(people, site)


def seated(page: Open, site: Site, hall: Hall, desk: str, who: str, *, language: str = "vi", **how: object) -> Page:
    opened = page(language=language, **how)  # type: ignore[arg-type]  # widths and schemes
    if who:
        acts.lend(opened, stories.staff(site, f"{who}@engage.example"))
    opened.goto(localized(hall.at(desk), language))
    return opened


def floors(site: Site, hall: Hall) -> list[str]:
    rows = site.rows("select floor from turn where dialogue_id = :id order by id", id=hall.id)
    return [str(row.floor) for row in rows]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_host_works_by_keyboard_alone(language: str, page: Open, site: Site, hall: Hall) -> None:
    desk = seated(page, site, hall, "host", HOSTS[0], language=language, expected=("422",))
    desk.keyboard.press("?")
    expect(desk.locator("dialog[open] [data-keys-pressed] kbd").first).to_be_visible()
    desk.keyboard.press("Escape")
    for _ in range(2):  # the first of what waits goes into the queue
        with desk.expect_navigation():
            desk.keyboard.press("q")
    with desk.expect_navigation():
        desk.keyboard.press("n")
    assert floors(site, hall) == ["on_stage", "queued", "waiting"]
    with desk.expect_navigation():
        desk.keyboard.press("1")
    assert floors(site, hall) == ["queued", "on_stage", "waiting"]
    desk.keyboard.press("m")
    desk.keyboard.type("Còn mười phút.")
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    with desk.expect_navigation():
        desk.keyboard.press("t")
    expect(desk.locator("[data-part=timer] [data-timer]")).to_be_visible()
    with desk.expect_navigation():
        desk.keyboard.press("c")
    _by_tab(desk, site, hall)


def _by_tab(desk: Page, site: Site, hall: Hall) -> None:
    """What has no key of its own: the order, whom a question is handed to, another end."""
    desk.keyboard.press("o")
    choose(desk, "newest")
    tab_until(desk, "element => element.matches('form.filters button')")
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    assert "order=newest" in desk.url
    tab_to(desk, f"hand-{hall.questions[2]}")
    choose(desk, str(hall.second_guest))
    tab(desk)
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    (row,) = site.rows("select guest_id from turn where question_id = :id", id=hall.questions[2])
    assert row.guest_id == hall.second_guest
    desk.keyboard.press("p")
    desk.keyboard.type("Khách mời cần thêm giờ.")
    desk.keyboard.press("Shift+Tab")
    tab_until(desk, "element => element.value === 'extend'")
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    expect(desk.locator("#reason")).to_have_value(
        "Khách mời cần thêm giờ."
    )  # no hour was given: what was typed is kept
    (row,) = site.rows("select message from dialogue where id = :id", id=hall.id)
    assert row.message == "Còn mười phút."


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_scribe_works_by_keyboard_alone(language: str, page: Open, site: Site, people: People, hall: Hall) -> None:
    on_air.stage(people, hall, HOSTS[0], hall.questions[0])
    desk = seated(page, site, hall, "scribe", SCRIBES[0], language=language)
    for key in "aw":
        with desk.expect_navigation():
            desk.keyboard.press(key)
    desk.keyboard.press("t")
    desk.keyboard.type("Có, từ tháng sau.")
    desk.wait_for_function("() => document.querySelector('[data-autosaved]').textContent", timeout=PATIENCE)
    tab_until(desk, "element => element.value === 'hand_up'")
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    (row,) = site.rows("select state, draft from reply where question_id = :id", id=hall.questions[0])
    assert (row.state, row.draft) == ("handed_up", "Có, từ tháng sau.")


def test_what_a_scribe_types_while_the_network_is_cut_is_saved_when_it_is_back(
    page: Open, site: Site, people: People, hall: Hall
) -> None:
    reply, desk = _typing(page, site, people, hall)
    desk.context.set_offline(True)
    desk.locator("#text").fill("Viết khi mất mạng.")
    expect(desk.locator("[data-autosaved]")).to_contain_text("Mất kết nối", timeout=PATIENCE)
    desk.context.set_offline(False)
    expect(desk.locator("[data-autosaved]")).to_contain_text("Đã lưu", timeout=PATIENCE)
    (row,) = site.rows("select draft from reply where id = :id", id=reply)
    assert row.draft == "Viết khi mất mạng."


def test_the_scribes_network_cut_for_two_minutes_costs_no_word(
    page: Open, site: Site, people: People, hall: Hall
) -> None:
    """That is longer than a draft is one writer's alone. The desk says that it is cut off; back again, it catches up."""
    reply, desk = _typing(page, site, people, hall, has_clock=True)
    desk.context.set_offline(True)
    desk.locator("#text").fill("Viết trong hai phút mất mạng.")
    for _ in range(8):
        desk.clock.run_for(15_000)
        desk.wait_for_timeout(50)  # what is real needs real time
    expect(desk.locator("[data-autosaved]")).to_contain_text("Mất kết nối")
    expect(desk.locator("[data-line]")).to_contain_text("Mất kết nối từ")
    site.write("update reply set held_until = written_at where id = :id", id=reply)
    assert on_air.stage(people, hall, HOSTS[0], hall.questions[1]).is_redirect
    desk.context.set_offline(False)
    for _ in range(40):
        desk.clock.run_for(1_000)
        desk.wait_for_timeout(50)
        if "Đã lưu" in desk.locator("[data-autosaved]").inner_text():
            break
    expect(desk.locator("[data-autosaved]")).to_contain_text("Đã lưu")
    (title,) = site.rows("select title from question where id = :id", id=hall.questions[1])
    expect(desk.locator("[data-part=on-stage]")).to_contain_text(title.title)
    (row,) = site.rows("select draft from reply where id = :id", id=reply)
    assert row.draft == "Viết trong hai phút mất mạng."


def test_what_another_wrote_meanwhile_is_shown_beside_it(page: Open, site: Site, people: People, hall: Hall) -> None:
    reply, desk = _typing(page, site, people, hall)
    desk.context.set_offline(True)
    desk.locator("#text").fill("Viết khi mất mạng.")
    expect(desk.locator("[data-autosaved]")).to_contain_text("Mất kết nối", timeout=PATIENCE)
    taken = {**on_air.begin(hall, hall.questions[0]), "take": "yes"}
    assert on_air.post(people, hall, SCRIBES[1], "replies/begin", taken).is_redirect
    theirs = on_air.words(reply, 0, "Lời của người khác.", "save")
    assert on_air.post(people, hall, SCRIBES[1], "replies", theirs).is_redirect
    desk.context.set_offline(False)
    expect(desk.locator("[data-theirs]")).to_contain_text("Lời của người khác.", timeout=PATIENCE)
    expect(desk.locator("#text")).to_have_value("Viết khi mất mạng.")


def _typing(page: Open, site: Site, people: People, hall: Hall, *, has_clock: bool = False) -> tuple[int, Page]:
    assert on_air.post(people, hall, SCRIBES[0], "replies/begin", on_air.begin(hall, hall.questions[0])).is_redirect
    expected = ("ERR_INTERNET_DISCONNECTED", "409", "WebSocket", "ERR_")
    desk = page(expected=expected)
    acts.lend(desk, people.staff(SCRIBES[0]))
    if has_clock:
        desk.clock.install()
    desk.goto(f"{hall.at('scribe')}?question={hall.questions[0]}&guest={hall.guest}")
    return on_air.reply_of(site, hall.questions[0]), desk


@pytest.mark.parametrize("desk", DESKS)
def test_a_desk_fits_a_phone_and_reads_aloud(
    desk: str, page: Open, shot: Shot, site: Site, people: People, hall: Hall
) -> None:
    first, second, _ = hall.questions
    for question, act in ((second, "queue"), (first, "stage")):
        typed = {"question": str(question), "act": act, "instead_of": ""}
        assert on_air.post(people, hall, HOSTS[0], "host/turn", typed).is_redirect
    assert on_air.post(
        people, hall, HOSTS[0], "host/message", {"message": "Còn mười phút, mời bạn hỏi ngắn."}
    ).is_redirect
    assert on_air.post(people, hall, SCRIBES[0], "replies/begin", on_air.begin(hall, first)).is_redirect
    act = "hand_up" if desk == "guest" else "save"
    typed = on_air.words(on_air.reply_of(site, first), 0, "Có. Từ tháng sau bạn nhận theo mức mới.", act)
    assert on_air.post(people, hall, SCRIBES[0], "replies", typed).is_redirect
    for width, scheme in ((look.PHONE, "light"), (look.DESKTOP, "light"), (look.DESKTOP, "dark"), (look.PHONE, "dark")):
        opened = seated(page, site, hall, desk, DESKS[desk], width=width, scheme=scheme)
        if desk == "scribe":
            opened.goto(f"{hall.at(desk)}?question={first}&guest={hall.guest}")
        shot(opened, f"hall-{desk}-{width}-{scheme}")
        assert not look.sticking_out(opened), (width, scheme)
        assert not look.violations(opened), (width, scheme)
        assert not look.skipped(look.headings(opened))
        if desk != "screen" and width == look.PHONE:
            assert not look.too_small(opened, look.THUMB)
