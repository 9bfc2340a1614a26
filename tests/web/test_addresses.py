import re
import time
from urllib.parse import quote

import pytest

from engage.access import Role
from engage.routes import DOORS
from engage.web import guards
from engage.web.door import Door
from tests.site import Site
from tests.visitor import Visitor
from tests.web.people import ADMINISTRATOR, AGENCY, CLEARED, COORDINATOR, People

NUMBERED = [door for door in DOORS if "{id:int}" in door.path]
NAMED = [door for door in DOORS if re.search(r"\{(slug|name|key|kid|door|token|path:path)\}", door.path)]
BETWEEN = {"/sign-in/code", "/sign-in/enrol"}  # they lead to the beginning of signing in
PUBLIC = [
    door
    for door in DOORS
    if door.method == "GET" and door.role is Role.ANYONE and "{" not in door.path and door.path not in BETWEEN
]
NUMBERS = ("0", "2147483647", "2147483648", "9223372036854775808", "9" * 60, "9" * 5_000)
NAMES = (
    "%00",
    "a%00b",
    "%ff%fe",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e",
    "'%20or%201=1--",
    "%F0%9F%99%8F",
    "a" * 3_000,
    "{{7*7}}",
)
QUERIES = (
    "%00",
    "%ff",
    "%ed%a0%80",
    "'%22*()%20OR%20NEAR(%20%5C",
    "9" * 400,
    "%E2%80%AE%E2%80%8B",
    "<script>",
    "a" * 3_000,
)
ASKED = (
    "topic",
    "agency",
    "province",
    "stage",
    "from",
    "to",
    "after",
    "before",
    "order",
    "q",
    "page",
    "next",
    "tab",
    "question",
)


def _who(door: Door, people: People) -> Visitor:
    staff = {
        Role.MODERATOR: CLEARED,
        Role.AGENCY: COORDINATOR,
        Role.ADMINISTRATOR: ADMINISTRATOR,
        Role.STAFF: CLEARED,
        Role.CREW: CLEARED,
    }
    if door.role is Role.CITIZEN:
        return people.citizen()
    return people.staff(staff[door.role]) if door.role in staff else people.site.visitor()


@pytest.mark.parametrize("door", NUMBERED, ids=lambda door: f"{door.method} {door.path}")
def test_a_number_that_names_nothing_is_missing(door: Door, people: People) -> None:
    visitor = _who(door, people)
    told = {"reason": "Đúng việc của nơi ấy.", "other": AGENCY}
    body = people.proof(visitor) | told if door.method == "POST" else None
    for number in NUMBERS:
        path = door.path.replace("{id:int}", number).replace("{kind}", "question")
        path = path.replace("{question:int}", number).replace("{poll:int}", number)
        # Letting go of what one does not hold is no error; only a number too large for an id is missing.
        expected = 303 if path.endswith("/release") and number in {"0", "2147483647"} else 404
        assert visitor.request(door.method, path, data=body).status_code == expected, number[:30]


@pytest.mark.parametrize("door", NAMED, ids=lambda door: f"{door.method} {door.path}")
def test_a_name_that_names_nothing_is_missing(door: Door, people: People) -> None:
    visitor = _who(door, people)
    limits = dict.fromkeys(("per_caller", "per_address", "overall"), "9/minute")
    body = people.proof(visitor) | limits if door.method == "POST" else None
    for name in NAMES:
        path = re.sub(r"\{[a-z]+(:path)?\}", name, door.path.replace("{noun:noun}", "topics"))
        assert visitor.request(door.method, path, data=body).status_code == 404, name[:30]


@pytest.mark.parametrize("door", PUBLIC, ids=lambda door: door.path)
def test_no_query_breaks_a_public_page(door: Door, site: Site) -> None:
    reader = site.visitor()
    for value in QUERIES:
        asked = "&".join(f"{name}={value}" for name in ASKED)
        answer = reader.get(f"{door.path}?{asked}")
        assert answer.status_code in {200, 404, 431}, value[:30]  # 431: what no browser sends is not even read
        assert "<script>&" not in answer.text


def test_a_damaged_place_in_a_list_starts_from_the_top(site: Site) -> None:
    reader = site.visitor()
    top = reader.get("/questions").text
    for after in ("x", "1", "-", "1-", "--", "٣-٣", "1-2147483648", f"1-{'9' * 30}", f"{'9' * 30}-1", "9" * 17 + "-1"):
        answer = reader.get(f"/questions?after={quote(after)}")
        assert answer.status_code == 200, after
        assert answer.text.count('<li id="question-') in {0, top.count('<li id="question-')}, after


def test_a_damaged_cookie_is_no_cookie(site: Site, people: People) -> None:
    broken = ("", "x", "x.", ".x", "é.é", "x.é", "a.b.c", "%00", "x" * 3_000, '"', "=;=")
    for value in broken:
        cookies = "; ".join(f"{name}={value}" for name in (guards.VISITOR, "engage", "engage-code"))
        headers = {b"cookie": cookies.encode("latin-1")}
        reader = site.visitor()
        assert reader.get("/questions/ask", headers=headers).status_code == 200, value
        assert reader.get("/review", headers=headers).headers["location"] == "/sign-in?next=/review", value
        sent = reader.post("/questions", data=people.question() | {"csrf": "1.1"}, headers=headers)
        assert sent.status_code == 403, value


def test_a_damaged_token_gives_the_form_back(site: Site, people: People) -> None:
    visitor = site.visitor()
    proof, now = people.proof(visitor), int(time.time())
    for token in (
        "",
        ".",
        "x",
        f"{now}",
        f"{now}.",
        f"{now}.é",
        f"{now}.\ud83d",
        "٣.٣",
        "9" * 6_000 + ".x",
        f"{now + 60}.x",
    ):
        form = people.question() | {"csrf": token, "key": proof["key"]}
        body = "&".join(f"{quote(name)}={quote(str(value), errors='replace')}" for name, value in form.items())
        sent = visitor.post("/questions", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
        assert sent.status_code in {400, 403}, token[:30]
        assert str(form["title"]) in sent.text, token[:30]


def test_a_missing_page_links_only_to_ourselves(site: Site) -> None:
    reader = site.visitor()
    for path in ("/en//elsewhere.example/x", "//elsewhere.example/x", "/en///elsewhere.example"):
        page = reader.get(site.url + path)
        assert page.status_code == 404
        assert '"//elsewhere' not in page.text, path
        assert '"///elsewhere' not in page.text, path


def test_signing_in_leads_nowhere_else(site: Site) -> None:
    for path in (
        "https://elsewhere.example",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "/\t/x",
    ):
        visitor = site.visitor()
        page = visitor.get(f"/sign-in?next={quote(path)}")
        form = {"email": f"{CLEARED}@engage.example", "password": "xin-chao-2026", "next": path}
        answer = visitor.fill(page, form, action="/sign-in")
        assert answer.headers["location"] == "/sign-in/done", path


def test_a_method_no_door_has_is_refused_in_words(site: Site) -> None:
    reader = site.visitor()
    for method in ("PUT", "DELETE", "PATCH", "POST"):
        answer = reader.request(method, "/agencies")
        assert answer.status_code == 405
        reader.see("Không làm được theo cách này")
