"""What readers and askers meet while the application is away, and that nobody has to touch nginx when it is back."""

import re
import shutil
from collections.abc import Iterator

import httpx2
import pytest

from tests.deploy.behind import SERVERS, Behind
from tests.web.people import People

KEPT = ("/", "/questions", "/en/rules")


@pytest.fixture
def away(behind: Behind, people: People) -> Iterator[Behind]:
    """Some pages were read, a form was opened, then both processes fell."""
    for path in KEPT:
        assert behind.visitor().get(path).status_code == 200
    for name in SERVERS:
        behind.kill(name)
    yield behind
    for name in SERVERS:
        behind.start_process(name)
    behind.ready()


def test_what_was_read_lives_on_with_its_styles(behind: Behind) -> None:
    front = behind.visitor().get("/")
    style = re.search(r'href="(/static/[^"]+\.css)"', front.text)
    assert style
    behind.visitor().get(style[1])
    for name in SERVERS:
        behind.kill(name)
    try:
        assert behind.visitor().get("/").text == front.text
        assert behind.visitor().get(style[1]).status_code == 200
    finally:
        for name in SERVERS:
            behind.start_process(name)
        behind.ready()


def test_whoever_has_a_cookie_is_told_and_so_is_whoever_asks_for_something_else(away: Behind) -> None:
    known = away.visitor()
    known.cookies.set("engage-visitor", "x")
    for answer in (known.get("/"), away.visitor().get("/questions/ask"), away.visitor("en").get("/agencies/none")):
        _is_the_page_of_ours(answer)


def _is_the_page_of_ours(answer: httpx2.Response) -> None:
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Trang đang tạm ngừng" in answer.text
    assert "The service is away for a moment" in answer.text
    assert "<script" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["strict-transport-security"]
    assert answer.headers["cache-control"] == "no-store"


def test_the_page_of_ours_has_its_styles(away: Behind) -> None:
    reader = away.visitor()
    style = re.search(r'href="([^"]+\.css)"', reader.get("/track").text)
    assert style
    assert reader.get(style[1]).headers["content-type"].startswith("text/css")


def test_who_sends_something_hears_that_the_text_is_still_there(behind: Behind, people: People) -> None:
    visitor = behind.visitor()
    form, typed = visitor.form("/questions/ask", action="/questions"), people.question()
    for name in SERVERS:
        behind.kill(name)
    try:
        answer = visitor.press(form, typed)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
        visitor.see("Những gì bạn viết vẫn còn trong trình duyệt này")
        visitor.see("What you wrote is still in this browser")
    finally:
        for name in SERVERS:
            behind.start_process(name)
        behind.ready()
    assert visitor.press(form, typed).is_redirect  # the same form, sent again as the page says


def test_listeners_are_sent_away_with_a_time_to_come_back(away: Behind) -> None:
    for door in ("stream", "events"):
        answer = away.visitor().get(f"/live/question/999/{door}")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")


def test_a_snapshot_is_shown_under_its_own_addresses(away: Behind) -> None:
    snapshot = away.front.snapshot
    for name, words in (("index.html", "trang đầu"), ("questions/17.html", "câu 17"), ("en/index.html", "first page")):
        (snapshot / name).parent.mkdir(parents=True, exist_ok=True)
        (snapshot / name).write_text(f"<p>{words}</p>")
    away.front.forget()
    try:
        for path, words in (("/", "trang đầu"), ("/questions/17", "câu 17"), ("/en", "first page")):
            answer = away.visitor().get(path)
            assert (answer.status_code, answer.text) == (503, f"<p>{words}</p>")
            assert answer.headers["retry-after"]
        _is_the_page_of_ours(away.visitor().get("/questions/18"))
    finally:
        shutil.rmtree(snapshot)
