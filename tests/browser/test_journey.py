"""One question on its way from its asker to its answer, walked in a browser by everybody it meets. Each step leaves a picture."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import Locator, Page, expect

from engage.web.language import localized
from tests.browser import acts, stories
from tests.browser.conftest import Open, Shot
from tests.browser.walk import Walk
from tests.forms import Value
from tests.site import Site


@pytest.mark.parametrize(("language", "javascript"), [("vi", True), ("en", True), ("vi", False)])
def test_a_question_travels_from_its_asker_to_its_answer(
    language: str, javascript: bool, page: Open, site: Site, shot: Shot
) -> None:
    walk, question = Walk(page, shot, language, javascript), stories.ask_form(held=True)
    code = _asked(walk, question)
    question_id = stories.id_of(site, str(question["title"]))
    _reviewed(walk, question)
    stories.let_go(site)
    _taken(walk, question)
    _drafted(walk, question)
    _approved(walk, question)
    _read(walk, question_id, question)
    _mailed(walk, site, question)
    _tracked(walk, code)


def _asked(walk: Walk, question: Mapping[str, Value]) -> str:
    page = walk.open("/")
    walk.keep(page, "home")
    page.locator("main a.main").first.click()
    acts.fill(page, question)
    walk.keep(page, "ask")
    acts.send(page)
    expect(page.locator("h1")).to_have_text(walk.said("Đã nhận câu hỏi của bạn"))
    code = page.locator("#code").inner_text()
    assert stories.CODE.fullmatch(code)
    walk.sees(page, walk.said("Đang kiểm duyệt"), str(question["title"]))
    assert page.locator("[data-copy]").is_visible() == walk.javascript  # only a script can copy
    walk.keep(page, "receipt")
    page.locator("main a.main").click()
    walk.sees(page, walk.said("Đang kiểm duyệt"), walk.said("Chưa hiện công khai"))
    walk.keep(page, "waiting")
    return code


def _reviewed(walk: Walk, question: Mapping[str, Value]) -> None:
    page = walk.staff(stories.MODERATOR, "/review")
    walk.keep(page, "queue")
    page.locator(".tray a", has_text=str(question["title"])).click()
    acts.claim(page)
    walk.sees(page, walk.said("Giữ lại"), str(question["name"]))
    expect(page.locator(".exam mark")).to_contain_text(stories.PHONE)
    expect(page.locator(".finds")).to_contain_text(walk.said("Số điện thoại"))
    walk.keep(page, "case")
    page.locator(f"[name=agency][value={stories.AGENCY}]").check()
    page.locator("#decide button[value=redact]:not([formaction])").click()
    expect(page.locator(".tray a", has_text=str(question["title"]))).to_have_count(0)
    walk.keep(page, "accepted")


def _taken(walk: Walk, question: Mapping[str, Value]) -> None:
    page = walk.staff(stories.COORDINATOR, "/desk")
    _row(page, question).click()
    walk.sees(page, walk.said("Mới giao"), walk.topic)
    walk.keep(page, "offered")
    page.locator("form[action$='/accept'] button").click()
    walk.sees(page, walk.said("Đang xử lý"))
    walk.keep(page, "taken")


def _drafted(walk: Walk, question: Mapping[str, Value]) -> None:
    page = walk.staff(stories.OFFICIAL, "/desk")
    page.locator("a[href*='official=nobody']").click()  # an official's desk opens with their own
    _row(page, question).click()
    acts.preview(page)
    expect(page.locator(".answer .short")).to_contain_text(str(stories.ANSWER["short"]))
    walk.keep(page, "preview")
    acts.write_answer(page, {}, "send")
    expect(page.locator("[name=act]")).to_have_count(0)
    walk.sees(page, walk.said("Chờ duyệt"))
    walk.keep(page, "sent-for-approval")


def _approved(walk: Walk, question: Mapping[str, Value]) -> None:
    page = walk.staff(stories.APPROVER, "/desk")
    _tab(page, "approval").click()
    _row(page, question).click()
    expect(page.locator(".cites")).to_contain_text("41/2024/QH15")
    walk.keep(page, "approval")
    page.locator("form[action$='/approve'] button").click()
    walk.sees(page, walk.said("Đã trả lời"))
    walk.keep(page, "published")


def _read(walk: Walk, question_id: int, question: Mapping[str, Value]) -> None:
    page = walk.open("/questions")
    page.locator("main h3 a", has_text=str(question["title"])).click()
    page.wait_for_url(f"**/questions/{question_id}")
    walk.sees(page, walk.said("Trả lời chính thức"), str(stories.ANSWER["short"]), str(stories.ANSWER["signatory"]))
    walk.sees(page, walk.said("Đúng tại thời điểm"), "20/11/2026")
    law = page.locator(".cites a")
    expect(law).to_have_attribute("href", "https://vbpl.vn/")
    expect(law).to_contain_text("41/2024/QH15")
    assert str(question["email"]) not in page.content()
    walk.keep(page, "public")


def _mailed(walk: Walk, site: Site, question: Mapping[str, Value]) -> None:
    subject = walk.said("%(agency)s đã trả lời câu hỏi của bạn", agency=walk.agency)
    site.wait(lambda: [m for m in site.mails() if m["to"] == question["email"] and m["subject"] == subject])
    page = walk.staff(stories.APPROVER, "/outbox")
    page.locator("tr", has_text=str(question["email"])).locator("a", has_text=subject).click()
    walk.sees(page, str(question["title"]), localized("/questions/", walk.language))
    walk.keep(page, "mail")


def _tracked(walk: Walk, code: str) -> None:
    page = walk.open("/track")
    acts.track(page, code.lower().replace("-", " "))  # as people copy it from paper
    expect(page.locator("h1")).to_have_text(walk.said("Câu hỏi của bạn đã được trả lời"))
    steps = page.locator(".line > li")
    expect(steps).to_have_count(6)
    expect(steps.last).to_contain_text(walk.said("%(agency)s đã trả lời", agency=walk.agency))
    walk.keep(page, "tracked")
    page.locator("form[action$='/track/close'] button").click()
    page.goto(localized("/track/question", walk.language))
    assert page.url.endswith("/track"), page.url
    walk.keep(page, "closed")


def _row(page: Page, question: Mapping[str, Value]) -> Locator:
    return page.locator("td a", has_text=str(question["title"]))


def _tab(page: Page, tab: str) -> Locator:
    return page.locator(f".tabs a[href*='tab={tab}']")
