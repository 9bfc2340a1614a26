"""On the smallest phone, with a script and without: an asker answers the agency, and has somebody else look at the answer."""

import pytest
from playwright.sync_api import Page, expect

from engage.web.language import localized
from tests.browser import acts, look, stories
from tests.browser.conftest import Open, Shot
from tests.browser.stories import COLLEAGUE, MODERATOR, Told
from tests.browser.walk import Walk
from tests.forms import Value
from tests.site import Site

ANSWER = "Tôi nghỉ từ tháng sáu, công ty có giấy xác nhận."
PAUSED = (
    "Trong lúc chờ bạn, thời hạn trả lời tạm dừng; quá ngày này cơ quan trả lời theo những gì đã biết. "
    "Chỉ cơ quan và ban biên tập đọc phần bổ sung."
)
REPLY = "Cơ quan sẽ trả lời riêng cho trường hợp công ty đã giải thể."
WORDS = "Tôi hỏi về công ty đã giải thể, câu trả lời nói về công ty đang hoạt động."


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_an_asker_answers_the_agency(javascript: bool, page: Open, site: Site) -> None:
    told = stories.asked_for_more(site)
    opened = page("/track", width=look.PHONE, javascript=javascript, expected=("status of 422",))
    acts.track(opened, told.code)
    form = opened.locator("form[action$='/clarification']")
    form.locator("button").click()
    opened.locator("#answer-error").wait_for()
    form.locator("textarea").fill(ANSWER)
    form.locator("button").click()
    opened.get_by_text("Trao đổi riêng").wait_for()
    assert opened.get_by_text(ANSWER).count() == 1
    assert not opened.locator("form[action$='/clarification']").count()
    assert not look.sticking_out(opened)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_an_asker_has_somebody_else_look(javascript: bool, page: Open, site: Site) -> None:
    told = stories.answered(site)
    opened = page("/track", width=look.PHONE, javascript=javascript, expected=("status of 422",))
    acts.track(opened, told.code)
    opened.locator("#second-look summary").click()
    form = opened.locator("form[action$='/second-look']")
    form.locator("textarea").fill("Sai.")
    form.locator("button").click()
    opened.locator("[data-errors]").wait_for()
    assert form.locator("textarea").input_value() == "Sai."
    form.locator("textarea").fill(WORDS)
    form.locator("button").click()
    opened.get_by_text("Bạn đề nghị xem xét lại câu trả lời").wait_for()
    assert not opened.locator("form[action$='/second-look']").count()
    assert not look.sticking_out(opened)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_asker_waits_answers_rates_and_has_somebody_else_look(
    language: str, page: Open, site: Site, shot: Shot
) -> None:
    """From the code to the second look; the asker's phone is the smallest there is."""
    told, walk = stories.let_out(site), Walk(page, shot, language)
    asker = walk.open("/track", width=look.PHONE)
    acts.track(asker, told.code)
    walk.sees(asker, walk.said("Câu hỏi của bạn đang được xử lý"))
    expect(asker.locator(".lead time")).to_have_count(1)
    before = asker.locator(".lead").inner_text()
    _asked_for_more(walk, site, asker, told)
    _answers(walk, asker)
    expect(asker.locator(".lead")).to_have_text(before)  # not a day was lost by asking within the day
    stories.press(stories.staff(site, stories.OFFICIAL), stories.desk(told), "answer", stories.ANSWER, button="send")
    stories.publish(site, told)
    asker.locator("[data-fresh] button").click()
    walk.sees(asker, walk.said("Câu hỏi của bạn đã được trả lời"))
    _rates(walk, asker)
    _objects(walk, asker)
    _looked_at_by_somebody_else(walk, site, told)
    asker.reload()
    walk.sees(asker, REPLY)
    walk.keep(asker, "looked-at-again")
    assert not look.sticking_out(asker)


def _asked_for_more(walk: Walk, site: Site, asker: Page, told: Told) -> None:
    words: dict[str, Value] = {"words": "Bạn nghỉ việc từ tháng nào?"}
    stories.press(stories.staff(site, stories.OFFICIAL), stories.desk(told), "clarify", words)
    asker.locator("[data-fresh] button").click()  # the open page says that there is news
    walk.sees(asker, walk.said("Cơ quan chờ bạn bổ sung"), "Bạn nghỉ việc từ tháng nào?")
    walk.sees(asker, walk.said(PAUSED))
    expect(asker.locator(".lead")).to_have_count(0)  # no date is promised meanwhile
    walk.keep(asker, "asked-for-more")
    assert not look.sticking_out(asker)


def _answers(walk: Walk, asker: Page) -> None:
    form = asker.locator("form[action$='/clarification']")
    form.locator("textarea").fill(ANSWER)
    form.locator("button").click()
    walk.sees(asker, walk.said("Câu hỏi của bạn đang được xử lý"), ANSWER)
    walk.keep(asker, "clock-goes-on")


def _rates(walk: Walk, asker: Page) -> None:
    form = asker.locator("form[action$='/rating']")
    form.locator("[value=no]").check()
    form.locator("select").select_option("off_point")
    form.locator("button").click()
    walk.sees(asker, walk.said("Bạn đã đánh giá:"))
    walk.keep(asker, "rated")


def _objects(walk: Walk, asker: Page) -> None:
    asker.locator("#second-look summary").click()
    form = asker.locator("form[action$='/second-look']")
    form.locator("textarea").fill(WORDS)
    form.locator("button").click()
    walk.sees(asker, walk.said("Bạn đề nghị xem xét lại câu trả lời"), WORDS)
    walk.keep(asker, "objected")


def _looked_at_by_somebody_else(walk: Walk, site: Site, told: Told) -> None:
    """Not by whoever let the question in."""
    page = f"/review/second-looks/{stories.newest(site, 'second_look', told)}"
    first = walk.seated(stories.staff(site, MODERATOR), page)
    walk.sees(first, WORDS, walk.said("Bạn đã quyết định về câu hỏi này trước đây, nên người khác xem xét lại."))
    expect(first.locator("form[action*='/second-looks/'] button[name=decision]")).to_have_count(0)
    other = walk.seated(stories.staff(site, COLLEAGUE), page)
    other.locator("#words").fill(REPLY)
    walk.keep(other, "second-look")
    acts.press(other, other.locator("button[value=send_back]"))
    other.goto(localized(page, walk.language))
    walk.sees(other, walk.said("Đã gửi lại cơ quan để trả lời lại, hạn"))
