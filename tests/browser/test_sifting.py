"""Sifting in a browser: on a phone and on a desk, by day and by night, by keyboard alone, and without a script."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import acts, look
from tests.browser.conftest import Open, Shot
from tests.site import Site
from tests.web import halls
from tests.web.halls import Asked
from tests.web.people import COORDINATOR, People

TITLES = (
    *("Rút bảo hiểm xã hội một lần sau bao lâu thì nhận tiền?",) * 3,
    "Lương hưu tăng từ tháng nào trong năm nay?",
    "Con tôi học lớp một ở trường nào khi chuyển chỗ ở?",
)


@pytest.fixture(scope="module")
def hall(site: Site) -> Asked:
    return halls.asked(People(site), TITLES)


def at_desk(page: Open, path: str, **more: bool) -> Page:
    mine = page("/sign-in", **more)  # type: ignore[arg-type]  # javascript alone
    acts.sign_in(mine, f"{COORDINATOR}@engage.example")
    mine.goto(path)
    return mine


def test_every_page_fits_and_reads_aloud(page: Open, hall: Asked, shot: Shot) -> None:
    base = f"/dialogues/{hall.id}"
    chosen = "&".join(f"ids={one}" for one in hall.question_ids)
    mine = at_desk(page, f"{base}/sift")
    for name, path in {
        "list": f"{base}/sift?order=cluster",
        "preview": f"{base}/sift/preview?act=queue&{chosen}",
        "merge": f"{base}/sift/preview?act=merge&{chosen}",
        "clusters": f"{base}/clusters",
        "nothing": f"{base}/sift?q=khongcogi",
    }.items():
        for width, scheme in ((look.PHONE, "light"), (look.DESKTOP, "dark"), (look.DESKTOP, "light")):
            mine.set_viewport_size({"width": width, "height": 900})
            mine.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
            mine.goto(path)
            assert not look.sticking_out(mine), (name, width)
            assert not look.too_small(mine, look.THUMB if width == look.PHONE else look.THUMB_ON_DESKS), (name, width)
            shot(mine, f"sift-{name}-{width}-{scheme}")
        assert not look.skipped(look.headings(mine)), name
        assert not look.violations(mine), name
        assert not look.faint(mine), name


def test_questions_are_queued_by_keyboard_alone(page: Open, hall: Asked) -> None:
    mine = at_desk(page, f"/dialogues/{hall.id}/sift")
    for _ in range(2):
        mine.keyboard.press("j")
        mine.keyboard.press("x")
    expect(mine.locator("[data-picked-count]")).to_contain_text("2")
    mine.locator("button[value=queue]").press("Enter")
    expect(mine.locator(".lead")).to_contain_text("2 câu sẽ vào cuối hàng chờ")
    mine.keyboard.press("d")
    expect(mine.get_by_role("status")).to_contain_text("Đã xếp hàng 2 câu.")
    mine.keyboard.press("u")
    expect(mine.get_by_role("status")).to_contain_text("Đã hoàn tác: 2 câu")


def test_a_cluster_is_merged_without_a_script(page: Open, hall: Asked) -> None:
    mine = at_desk(page, f"/dialogues/{hall.id}/clusters", javascript=False)
    mine.get_by_role("button", name="Gộp cả cụm").click()
    expect(mine.get_by_role("status")).to_contain_text("Đã gộp 2 câu.")
    mine.get_by_role("button", name="Hoàn tác").click()
    expect(mine.get_by_role("status")).to_contain_text("Đã hoàn tác: 2 câu")
