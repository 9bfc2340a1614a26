"""Promises of limits through the doors: what was stored counts, what was refused hardly does, nothing typed is lost."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest
from starlette.requests import HTTPConnection

from engage.app import REFRESH_SECONDS
from engage.web import guards
from tests.forms import Value
from tests.site import ROOM, Site
from tests.visitor import Visitor, new_address, words
from tests.web.people import ADMINISTRATOR, People

LIMITS = ("per_caller", "per_address", "overall")


def _count(site: Site, title: Value) -> int:
    return int(site.rows("select count(*) as n from question where title = :title", title=title)[0].n)


@contextmanager
def _limited(people: People, door: str, **lower: str) -> Iterator[None]:
    """An administrator lowers limits while the service runs; the other processes follow within their refresh."""
    rows = dict.fromkeys(LIMITS, ROOM)
    administrator = people.staff(ADMINISTRATOR)
    try:
        assert administrator.fill(f"/admin/limits/{door}", rows | lower, action=f"/limits/{door}").is_redirect
        if people.site.kind == "postgres":  # the process that did not save it sees it at its next refresh
            time.sleep(2 * REFRESH_SECONDS)
        yield
    finally:
        assert administrator.fill(f"/admin/limits/{door}", rows, action=f"/limits/{door}").is_redirect


def test_asking_too_often_keeps_the_text_and_names_how_often_and_the_time(site: Site, people: People) -> None:
    with _limited(people, "ask", per_caller="2/10minutes"):
        visitor, form = site.visitor(), people.question()
        people.ask(visitor), people.ask(visitor)
        opened = visitor.form("/questions/ask", action="/questions")
        met = visitor.press(opened, form)
        assert met.status_code == 429
        visitor.see("Bạn đã gửi 2 câu trong 10 phút. Gửi tiếp được từ")
        assert 0 < int(met.headers["retry-after"]) <= 600
        typed = dict(visitor.form(met, action="/questions").pairs)
        assert (typed["title"], typed["body"]) == (form["title"], form["body"])
        assert _count(site, form["title"]) == 0
        people.ask()  # nobody else is held up
    site.wait(lambda: visitor.press(opened, form).is_redirect)


def test_a_form_that_was_refused_is_mended_as_often_as_it_takes(site: Site, people: People) -> None:
    with _limited(people, "ask", per_caller="2/10minutes"):
        visitor, form = site.visitor(), people.question()
        opened = visitor.form("/questions/ask", action="/questions")
        refused = [visitor.press(opened, {**form, "consent": False}).status_code for _ in range(8)]
        assert refused == [422] * 8
        assert visitor.press(opened, form).is_redirect


def test_the_twin_of_the_last_one_that_fits_leads_to_its_receipt(site: Site, people: People) -> None:
    with _limited(people, "ask", per_caller="1/10minutes"):
        asked = people.ask()
        again = asked.visitor.post_again(asked.sent)
        assert (again.status_code, again.headers["location"]) == (303, asked.sent.headers["location"])


def test_whoever_only_tries_meets_a_limit_too(site: Site, people: People) -> None:
    visitor, form = site.visitor(), people.question()
    opened = visitor.form("/questions/ask", action="/questions")
    with _limited(people, "ask_try", per_caller="2/10minutes"):
        site.wait(lambda: _refused(visitor.press(opened, {**form, "consent": False})))
        visitor.see("Bạn gửi hơi nhanh. Gửi tiếp được từ")


def test_a_day_is_told_in_hours_and_what_is_free_tomorrow_names_the_day(site: Site, people: People) -> None:
    with _limited(people, "ask", per_caller="1/day"):
        visitor = people.ask().visitor
        assert visitor.fill("/questions/ask", people.question(), action="/questions").status_code == 429
        visitor.see("Bạn đã gửi 1 câu trong 24 giờ.")
        assert re.search(r"Gửi tiếp được từ \d\d:\d\d, \d\d/\d\d/\d{4}\.", words(visitor.seen))


def test_a_limit_counts_whoever_comes_from_one_address(site: Site, people: People) -> None:
    address = new_address()

    def somebody_there(address: str = address) -> Visitor:
        visitor = site.visitor()
        visitor.headers["x-forwarded-for"] = (
            f"{new_address()}, {address}"  # what stands before our proxy's word is hearsay
        )
        return visitor

    with _limited(people, "track", per_address="3/10minutes"):
        site.wait(lambda: _refused(somebody_there().post("/track", data={"code": "x"})))
        elsewhere = somebody_there(new_address())
        assert elsewhere.post("/track", data={"code": "x"}).status_code == 403


@pytest.mark.parametrize(
    "text",
    [
        "",
        "many",
        "5",
        "5/fortnight",
        "-1/minute",
        "5/minute;",
        "0/minute",
        "5/99999999999999minutes",
        "9999999999/second",
        "٥/minute",
    ],
)
def test_a_limit_that_cannot_be_read_is_never_saved(site: Site, people: People, text: str) -> None:
    refused = people.staff(ADMINISTRATOR).fill("/admin/limits/leave", {"per_caller": text}, action="/limits/leave")
    assert refused.status_code == 422
    (row,) = site.rows("select per_caller from limit_rule where door = 'leave'")
    assert row.per_caller == ROOM


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "192.0.2.66, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, 127.0.0.1", "198.51.100.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("203.0.113.9", "127.0.0.1, 127.0.0.1", "203.0.113.9"),
    ],
)
def test_an_address_counts_only_from_a_proxy_of_ours(peer: str, forwarded: str, address: str) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    connection = HTTPConnection({"type": "http", "client": (peer, 1), "headers": headers})
    assert guards.address_of(connection, ("127.0.0.1",)) == address


def _refused(answer: httpx2.Response) -> httpx2.Response | None:
    return answer if answer.status_code == 429 else None
