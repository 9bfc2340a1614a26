"""The pages of feedback and of campaigns, their editors' too: they fit, read aloud, and name no error."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import acts, stories
from tests.browser.conftest import Shot
from tests.browser.stories import ADMINISTRATOR, COORDINATOR, MODERATOR
from tests.browser.tour import Stop, Tour
from tests.forms import Value
from tests.site import Site
from tests.web.people import People

SUMMARY = (
    "Đã **tiếp thu** ý kiến về bớt giấy tờ:\n\n- Bỏ hai loại giấy xác nhận\n- Trả kết quả qua bưu điện\n\n"
    "Phần còn lại được giải trình trong văn bản gửi các xã."
)
REPORT: dict[str, Value] = {
    "title": "Nắp cống trước cổng trường vỡ đã ba tuần, trẻ em đi lại nguy hiểm",
    "place": "cổng trường tiểu học số 2, phường Láng",
    "time": "từ đầu tháng",
    "body": "Nắp cống vỡ một nửa, buổi tối không có đèn. Phụ huynh đã kê tạm tấm gỗ nhưng xe máy đi qua vẫn bị sập bánh.",
    "province": "ha-noi",
    "name": "Vũ Thị Hằng Nga",
    "email": "hang-nga@thu.example",
    "consent": True,
}
ANOTHER: dict[str, Value] = {
    "title": "Xe tải đổ trộm đất đá xuống bờ kênh, nước tràn vào ruộng lúa",
    "body": "Ba đêm liền xe tải đổ đất đá xuống bờ kênh thủy lợi, dòng chảy hẹp lại và nước tràn vào ruộng đang trổ bông.",
}


def _send(page: Page, _: Any = None) -> None:
    acts.press(page, page.locator("form.asking .send button"))


def _hinted(page: Page, _: Any) -> None:
    acts.fill(page, {**REPORT, "title": "Chủ tịch xã nhận hối lộ để cấp đất", "body": acts.ACCUSATION})
    _send(page)


def _sent(page: Page, _: Any) -> None:
    """In each language something else: what resembles an earlier report is not sent at the first press."""
    language = page.locator("html").get_attribute("lang")
    acts.fill(page, REPORT if language == "vi" else {**REPORT, **ANOTHER})
    _send(page)


STOPS = {
    "feedback": Stop("/feedback"),
    "feedback-narrowed": Stop("/feedback?kind=proposal&stage=all&topic=sinh-hoat-chi-bo"),
    "feedback-none": Stop("/feedback/search?q=xyzzy"),
    "feedback-found": Stop("/feedback/search?q=chi+bo"),
    "feedback-answered": Stop("/feedback/{answered}"),
    "feedback-open": Stop("/feedback/{working}"),
    "feedback-new": Stop("/feedback/new"),
    "feedback-proposal": Stop("/feedback/new?kind=proposal"),
    "feedback-contribution": Stop("/feedback/new?campaign={open}"),
    "feedback-empty": Stop("/feedback/new", act=_send, status=422),
    "feedback-hint": Stop("/feedback/new", act=_hinted, status=422),
    "feedback-sent": Stop("/feedback/new", act=_sent),
    "campaign-open": Stop("/feedback/campaigns/{open}"),
    "campaign-soon": Stop("/feedback/campaigns/{soon}"),
    "campaign-closed": Stop("/feedback/campaigns/{closed}"),
    "campaigns": Stop("/admin/campaigns", ADMINISTRATOR),
    "campaign-new": Stop("/admin/campaigns/new", ADMINISTRATOR),
    "campaign-new-empty": Stop(
        "/admin/campaigns/new",
        ADMINISTRATOR,
        lambda page, _: acts.press(page, page.locator("main .btn.ink")),
        status=422,
    ),
    "campaign-draft": Stop("/admin/campaigns/{draft}", ADMINISTRATOR),
    "campaign-edit": Stop("/admin/campaigns/{open}", ADMINISTRATOR),
    "campaign-correct": Stop("/admin/campaigns/{closed}", ADMINISTRATOR),
    "desk-feedback": Stop("/desk?tab=offered&kind=report", COORDINATOR),
    "review-feedback": Stop("/review?surface=feedback", MODERATOR),
}


@pytest.fixture(scope="module")
def numbers(site: Site) -> dict[str, int]:
    """Of the demonstration, and of campaigns opened here."""
    people, editor = People(site), stories.staff(site, ADMINISTRATOR)
    begun = {name: people.campaign() for name in ("draft", "open", "closed")}
    begun["soon"] = people.campaign(opens_at="01/12/2036 08:00")
    for name in ("open", "closed", "soon"):
        assert editor.fill(f"/admin/campaigns/{begun[name]}", action="/open").is_redirect
    assert editor.fill(f"/admin/campaigns/{begun['closed']}", {"summary": SUMMARY}, action="/close").is_redirect
    again: dict[str, Value] = {"summary": SUMMARY.replace("hai loại", "ba loại")}
    assert editor.fill(f"/admin/campaigns/{begun['closed']}", again, action="/summary").is_redirect
    return {**begun, **{name: _one(site, named) for name, named in (("answered", "published"), ("working", "none"))}}


def _one(site: Site, answer: str) -> int:
    found = site.rows(
        "select id from question where kind <> 'question' and moderation = 'accepted' and not restricted"
        " and answer = :answer order by id",
        answer=answer,
    )
    return int(found[0][0])


@pytest.fixture(scope="module")
def tour(browser: Browser, site: Site) -> Iterator[Tour]:
    tour = Tour(browser, site)
    yield tour
    tour.end()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", STOPS)
def test_a_page_of_feedback_fits_reads_aloud_and_names_no_error(
    name: str, language: str, tour: Tour, numbers: dict[str, int], shot: Shot
) -> None:
    tour.look_at(STOPS[name], name, language, numbers, shot)
