"""On the smallest phone, with a script and without: an asker answers the agency, and has somebody else look at the answer."""

import pytest

from tests.browser import acts, look, stories
from tests.browser.conftest import Open
from tests.site import Site

ANSWER = "Tôi nghỉ từ tháng sáu, công ty có giấy xác nhận."
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
