"""Where a request comes from, and what a form may weigh: the promises behind limits and tokens."""

import time

import pytest
from starlette.datastructures import FormData
from starlette.requests import HTTPConnection

from engage.web import guards
from engage.web.forms import faults, readable

PROXY = ("10.0.0.0/8",)


def connection(peer: str, *headers: tuple[str, str]) -> HTTPConnection:
    raw = [(name.encode(), value.encode()) for name, value in headers]
    return HTTPConnection({"type": "http", "client": (peer, 1), "headers": raw})


@pytest.mark.parametrize(
    ("peer", "headers", "address"),
    [
        ("203.0.113.9", (), "203.0.113.9"),
        ("203.0.113.9", (("x-forwarded-for", "198.51.100.1"),), "203.0.113.9"),
        ("10.0.0.1", (("x-forwarded-for", "198.51.100.1"),), "198.51.100.1"),
        ("10.0.0.1", (("x-forwarded-for", "1.1.1.1, 198.51.100.1"),), "198.51.100.1"),
        ("10.0.0.1", (("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "198.51.100.1")), "198.51.100.1"),
        ("10.0.0.1", (("x-forwarded-for", "198.51.100.1, 10.0.0.2"),), "198.51.100.1"),
        ("::ffff:10.0.0.1", (("x-forwarded-for", "198.51.100.1"),), "198.51.100.1"),
    ],
)
def test_only_a_trusted_proxy_says_where_a_request_comes_from(
    peer: str, headers: tuple[tuple[str, str], ...], address: str
) -> None:
    assert guards.address_of(connection(peer, *headers), PROXY) == address


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("nonsense", "unknown"),
    ],
)
def test_an_ipv6_customer_is_counted_once_and_an_ipv4_one_for_itself(address: str, key: str) -> None:
    assert guards.address_key(address) == key


@pytest.mark.parametrize("origin", ["http://[", "null", "https://elsewhere.example", "http://hoidap.example.vn"])
def test_an_https_site_takes_forms_from_its_own_origin_only(origin: str) -> None:
    foreign = connection("203.0.113.9", ("origin", origin), ("host", "hoidap.example.vn"))
    assert not guards.comes_from_us(foreign, "https://hoidap.example.vn")


def test_a_form_token_is_bound_to_its_visitor_and_its_session_and_grows_old() -> None:
    token = guards.form_token("secret", "visitor", "session", 1000)
    assert guards.is_form_token("secret", "visitor", "session", token, 1000)
    assert guards.is_form_token("secret", "visitor", "session", token, 1000 + guards.TOKEN_SECONDS)
    assert not guards.is_form_token("secret", "visitor", "session", token, 1001 + guards.TOKEN_SECONDS)
    assert not guards.is_form_token("secret", "other", "session", token, 1000)
    assert not guards.is_form_token("secret", "visitor", "", token, 1000)
    assert not guards.is_form_token("other", "visitor", "session", token, 1000)


def test_a_tower_of_marks_is_refused_before_anything_sorts_it() -> None:
    tower = "a" + "\u0301\u0323" * 20_000
    before = time.process_time()
    assert faults(FormData([("title", tower)])) == "unreadable_characters"
    assert readable(tower) == "a"
    # Sorting it would take seconds; looking at it takes milliseconds. A whole second is no measure, only a wall.
    assert time.process_time() - before < 1


def test_letters_with_the_marks_of_any_writing_are_read() -> None:
    for text in ("Nguyễn", "e\u0323\u0302", "บุ๋ม", "שָׁלוֹם", "ᾳ̈́"):
        assert faults(FormData([("title", text)])) == ""
