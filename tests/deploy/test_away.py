"""What readers and askers meet while the application is away, and that nobody has to touch nginx when it is back."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from tests.deploy.behind import SERVERS, Behind
from tests.forms import Form
from tests.visitor import Visitor
from tests.web.people import People

pytestmark = pytest.mark.timeout(400)  # processes start slowly on a busy machine
STYLE = re.compile(r'href="([^"]+\.css)"')


@dataclass(frozen=True)
class Outage:
    """Both processes have fallen, after a page was read and a form was filled in."""

    site: Behind
    page: httpx2.Response
    style: str
    visitor: Visitor
    form: Form
    typed: dict[str, Any]


@pytest.fixture(scope="module")
def outage(whole: Behind, people: People) -> Iterator[Outage]:
    visitor, page = whole.visitor(), whole.visitor().get("/")
    found = STYLE.search(page.text)
    assert found
    whole.visitor().get(found[1])
    form = visitor.form("/questions/ask", action="/questions")
    for name in SERVERS:
        whole.kill(name)
    yield Outage(whole, page, found[1], visitor, form, people.question())
    _back(whole)


def _back(site: Behind) -> None:
    for name in SERVERS:
        if site.processes[name].poll() is not None:
            site.start_process(name)
    site.ready()


def _is_the_page_of_ours(answer: httpx2.Response) -> None:
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Trang đang tạm ngừng" in answer.text
    assert "The service is away for a moment" in answer.text
    assert "<script" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["strict-transport-security"]
    assert answer.headers["cache-control"] == "no-store"


def test_what_was_read_lives_on_with_its_styles(outage: Outage) -> None:
    for _ in range(2):
        assert outage.site.visitor().get("/").text == outage.page.text
        assert outage.site.visitor().get(outage.style).status_code == 200


def test_whoever_has_a_cookie_is_told_and_so_is_whoever_asks_for_something_else(outage: Outage) -> None:
    site = outage.site
    for answer in (outage.visitor.get("/"), site.visitor().get("/track"), site.visitor("en").get("/agencies/none")):
        _is_the_page_of_ours(answer)


def test_the_page_of_ours_has_its_styles(outage: Outage) -> None:
    found = STYLE.search(outage.site.visitor().get("/track").text)
    assert found
    assert outage.site.visitor().get(found[1]).headers["content-type"].startswith("text/css")


def test_who_sends_something_hears_that_the_text_is_still_there(outage: Outage) -> None:
    answer = outage.visitor.press(outage.form, outage.typed)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    outage.visitor.see("Những gì bạn viết vẫn còn trong trình duyệt này")
    outage.visitor.see("What you wrote is still in this browser")


def test_listeners_are_sent_away_with_a_time_to_come_back(outage: Outage) -> None:
    for door in ("stream", "events"):
        answer = outage.site.visitor().get(f"/live/question/999/{door}")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")


@pytest.fixture
def snapshot(outage: Outage) -> Iterator[Visitor]:
    """A reader, and what `engage snapshot` left: a file for each address, its styles in a folder of their own."""
    folder = outage.site.front.snapshot
    for name in (
        "index.html",
        "en.html",
        "questions.html",
        "questions/17.html",
        "en/questions/17.html",
        "snapshot/a.css",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    yield outage.site.visitor()
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/questions/17", "questions/17.html"),
        ("/en/questions/17", "en/questions/17.html"),
        ("/questions?page=2", "questions.html"),
        ("/questions/18", "index.html"),
        ("/track", "index.html"),
        ("/en/track", "en.html"),
    ],
)
def test_a_snapshot_is_shown_under_its_own_addresses(snapshot: Visitor, path: str, name: str) -> None:
    snapshot.cookies.set("some", "cookie")  # nothing that was kept stands before it
    answer = snapshot.get(path)
    assert (answer.status_code, answer.text, answer.headers["retry-after"]) == (503, name, "10")


def test_the_links_of_a_snapshot_lead_to_the_addresses_of_its_pages(snapshot: Visitor) -> None:
    for name, address in (
        ("index", "/"),
        ("en", "/en"),
        ("questions/17", "/questions/17"),
        ("en/agencies/bo-y-te", "/en/agencies/bo-y-te"),
    ):
        answer = snapshot.get(f"{str(snapshot.base_url).rstrip('/')}/{name}.html")
        assert (answer.status_code, answer.headers["location"]) == (302, address)
    for elsewhere in (
        "/evil.example/x",
        "%5Cevil.example/x",
        "%09/evil.example/x",
        "x%0dSet-Cookie:a=b",
        "%2F%2Fevil.example",
    ):
        answer = snapshot.get(f"{str(snapshot.base_url).rstrip('/')}/{elsewhere}.html")
        assert not answer.is_redirect, elsewhere
        assert "set-cookie" not in answer.headers, elsewhere
    style = snapshot.get("/snapshot/a.css")
    assert (style.status_code, style.headers["cache-control"]) == (200, "public, max-age=600")


def test_when_it_is_back_everything_goes_on_and_the_same_form_arrives(outage: Outage) -> None:
    _back(outage.site)
    assert outage.visitor.get("/").status_code == 200
    assert outage.site.visitor().get("/track").status_code == 200
    assert outage.visitor.press(outage.form, outage.typed).is_redirect


def test_while_the_database_is_away_the_application_speaks_for_itself(behind: Behind, people: People) -> None:
    visitor, typed = behind.visitor(), people.question()
    form, page = visitor.form("/questions/ask", action="/questions"), behind.visitor().get("/").text
    behind.database_server.kill()
    try:
        assert behind.visitor().get("/").text == page  # what was read lives on
        for answer in (behind.visitor().get("/questions/999"), visitor.press(form, typed)):
            assert (answer.status_code, bool(answer.headers["retry-after"])) == (503, True)
            assert "Tạm thời chưa phục vụ được" in answer.text
    finally:
        behind.database_server.start()
    behind.wait(lambda: visitor.press(form, typed).is_redirect)
