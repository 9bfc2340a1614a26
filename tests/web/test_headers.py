import re
from http.cookies import Morsel, SimpleCookie

import httpx2
import pytest
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from engage.access import Role
from engage.routes import DOORS
from engage.web.frame import HEADERS, Frame
from tests.site import Site
from tests.web.people import CLEARED, People

PLAIN = [door.path for door in DOORS if door.method == "GET" and door.role is Role.ANYONE and "{" not in door.path]
WITH_FORMS = {
    "/citizens/sign-in",
    "/feedback/new",
    "/questions/ask",
    "/track",
    "/track/lost",
    "/sign-in",
    "/sign-in/forgot",
}
LED_AWAY = {"/sign-in/code", "/sign-in/enrol"}  # whoever has not typed the password yet
VIETNAMESE = re.compile("[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)
REQUEST_ID = re.compile(r"[0-9a-f]{16}")


def _is_guarded(answer: httpx2.Response) -> None:
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value, (name, answer.status_code, answer.url)
    assert REQUEST_ID.fullmatch(answer.headers["x-request-id"])
    assert "server" not in answer.headers


@pytest.mark.parametrize("path", PLAIN)
def test_every_page_is_guarded(site: Site, path: str) -> None:
    answer = site.visitor().get(path)
    assert answer.status_code in ({303} if path in LED_AWAY else {200, 404})
    _is_guarded(answer)


def test_every_error_is_guarded(site: Site, people: People) -> None:
    visitor, moderator = site.visitor(), people.staff(CLEARED)
    proof, ask = people.proof(visitor), people.question()
    errors = {
        303: visitor.get("/review"),
        304: visitor.get("/questions", headers={"if-none-match": visitor.get("/questions").headers["etag"]}),
        400: visitor.get("/", headers={"host": "elsewhere.example"}),
        403: moderator.get("/desk"),
        404: visitor.get("/nowhere"),
        405: visitor.put("/questions"),
        413: visitor.post("/questions", data={"body": "x" * 70_000}),
        422: visitor.post("/questions", data=proof),
    }
    assert {status: answer.status_code for status, answer in errors.items()} == {status: status for status in errors}
    for answer in (*errors.values(), visitor.post("/questions", data=proof | ask), visitor.get("/live/none/1/events")):
        _is_guarded(answer)


@pytest.mark.anyio
async def test_an_error_nobody_expected_is_guarded_too() -> None:
    async def breaks(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("a secret")

    async def said(request: object, trouble: Exception) -> Response:
        return PlainTextResponse("sorry", status_code=500)

    frame = Frame(breaks, is_https=True, on_trouble=said)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(frame), base_url="http://test") as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.text) == (500, "sorry")
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    _is_guarded(answer)


def test_the_policy_allows_nothing_inline_and_nobody_else(site: Site) -> None:
    policy = site.visitor().get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    for never in ("unsafe", "nonce", "*", "http:"):
        assert never not in policy


@pytest.mark.parametrize("path", [*PLAIN, "/questions/1", "/agencies/bo-y-te", "/nowhere"])
def test_no_page_needs_what_the_policy_forbids(site: Site, path: str) -> None:
    page = site.visitor().get(path)
    assert not re.search(r"<style|<[^>]+\sstyle=|<[^>]+\son\w+=|javascript:", page.text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page.text))
    elsewhere = re.findall(r'(?:src|<link[^>]+stylesheet[^>]+href)="(https?:)', page.text)
    assert not elsewhere


# Cookies


@pytest.mark.parametrize(
    "path", [*[path for path in PLAIN if path not in WITH_FORMS], "/questions/1", "/agencies/bo-y-te"]
)
def test_whoever_only_reads_gets_no_cookie(site: Site, path: str) -> None:
    reader = site.visitor()
    assert "set-cookie" not in reader.get(path).headers
    assert "set-cookie" not in reader.get(f"{path}?lang=en").headers


def test_a_cookie_is_out_of_reach_of_scripts_and_of_other_sites(site: Site, people: People) -> None:
    visitor = site.visitor()
    given = [*_cookies(visitor.get("/questions/ask")), *_cookies(people.ask(visitor).sent)]
    form = {"email": f"{CLEARED}@engage.example", "password": "xin-chao-2026"}
    given += _cookies(visitor.fill("/sign-in", form, action="/sign-in"))
    assert {cookie.key for cookie in given} == {"engage-visitor", "engage-code", "engage", "engage-device"}
    for cookie in given:
        assert cookie["httponly"]
        assert cookie["samesite"] == "lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]
    (session,) = (cookie for cookie in given if cookie.key == "engage")
    assert not session["max-age"]
    assert len(session.value) >= 43  # 256 bits
    assert not site.rows("select 1 from sign_in where token = :token", token=session.value)


def _cookies(answer: httpx2.Response) -> list[Morsel[str]]:
    return [morsel for said in answer.headers.get_list("set-cookie") for morsel in SimpleCookie(said).values()]


def test_signing_in_begins_a_new_session_and_signing_out_ends_it(site: Site) -> None:
    visitor = site.staff(f"{CLEARED}@engage.example")
    first = visitor.cookies["engage"]
    assert visitor.fill("/review", action="/sign-out").is_redirect
    assert visitor.get("/review").headers["location"].startswith("/sign-in")
    stolen = site.visitor()
    stolen.cookies.set("engage", first)
    assert stolen.get("/review").headers["location"].startswith("/sign-in")


# Languages


def test_the_language_comes_from_the_address_alone(site: Site) -> None:
    reader = site.visitor()
    pushed = {"accept-language": "en", "cookie": "lang=en; language=en"}
    assert '<html lang="vi">' in reader.get("/questions?lang=en", headers=pushed).text
    assert '<html lang="en">' in reader.get("/en/questions", headers={"accept-language": "vi"}).text
    assert "vary" not in reader.get("/en").headers or "accept-language" not in reader.get("/en").headers["vary"]
    english = site.visitor("en")
    english.get("/questions")
    assert '<html lang="vi">' in site.visitor().get("/questions").text


@pytest.mark.parametrize(
    "path", ["/questions/ask", "/track", "/sign-in?next=/", "/questions/denunciation", "/privacy", "/nowhere"]
)
def test_an_english_page_speaks_english(site: Site, path: str) -> None:
    """Names of places and people stay; what we say ourselves has no Vietnamese letter left in it."""
    page = site.visitor("en").get(path)
    ours = re.sub(
        r"<(option|li|script|svg)\b.*?</\1>|lang=\"vi\".*?</a>|<aside.*?</aside>|<span lang=\"vi\">.*?</span>",
        " ",
        page.text,
        flags=re.S,
    )
    left = VIETNAMESE.search(re.sub(r"<[^>]+>", " ", ours))
    assert not left, ours[max(left.start() - 100, 0) : left.end() + 100]


@pytest.mark.parametrize("path", ["/", "/questions", "/questions/1", "/questions/ask?topic=thue", "/agencies/bo-y-te"])
def test_every_page_leads_to_itself_in_the_other_language(site: Site, path: str) -> None:
    vietnamese, english = site.visitor(), site.visitor("en")
    other = english.get(path)
    there = vietnamese.get(path).text
    address = str(other.url).removeprefix(site.url)
    assert f'href="{address}"' in there.replace("&amp;", "&")
    assert f'href="{path}"' in other.text.replace("&amp;", "&")


# Machine room


def test_health_is_public_and_details_are_not(site: Site) -> None:
    outside, inside = site.visitor(), httpx2.Client(base_url=site.url, trust_env=False)
    assert outside.get("/healthz").text == inside.get("/healthz").text == "ok"
    assert outside.get("/readyz").json() == {"ready": True}
    assert inside.get("/readyz").json().keys() > {"ready", "migrated"}
    assert outside.get("/metrics").status_code == 404
    assert "engage_answers_total" in inside.get("/metrics").text
    inside.close()


def test_a_measurement_names_routes_and_no_path(site: Site) -> None:
    site.visitor().get("/questions/1")
    measured = httpx2.get(f"{site.url}/metrics", trust_env=False).text
    routes = set(re.findall(r'route="([^"]+)"', measured))
    assert "/questions/{id:int}" in routes
    assert routes <= {door.path for door in DOORS} | {"none"}


def test_what_never_changes_is_kept_for_ever(site: Site) -> None:
    reader = site.visitor()
    addresses = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', reader.get("/").text))
    assert len(addresses) > 8
    for address in addresses:
        answer = reader.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        _is_guarded(answer)
    old = re.sub(r"/static/\w+/", "/static/0123456789ab/", sorted(addresses)[0])
    assert reader.get(old).headers["cache-control"] == "no-cache"


def test_each_request_has_an_id_that_the_log_knows(site: Site) -> None:
    ids = [site.visitor().get("/questions").headers["x-request-id"] for _ in range(3)]
    assert len(set(ids)) == 3
    said = site.wait(lambda: all(one in site.log(lines=0) for one in ids))
    assert said


def test_nothing_of_one_readers_address_gets_into_the_page_of_all(site: Site, people: People) -> None:
    """A page that is kept is rendered once, for whoever happens to come first."""
    asked = people.answered()
    for path in ("/", "/questions?topic=thue", "/agencies/bo-y-te", asked.page, "/rules", "/feed.xml"):
        stray = f"{path}{'&' if '?' in path else '?'}utm_source=stray-word"
        for _ in range(2):
            assert "stray-word" not in site.visitor().get(stray).text, path
