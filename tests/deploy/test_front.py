"""What nginx lets in, turns away, and keeps to itself."""

import asyncio
import re
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from engage.access import Role
from engage.routes import DOORS
from tests.deploy import files, raw
from tests.deploy.behind import Behind
from tests.deploy.front import FILES_NAME, NAME, trusting
from tests.processes import HOST, family
from tests.site import ROOM
from tests.visitor import Visitor
from tests.web.people import People

pytestmark = pytest.mark.timeout(400)  # processes start slowly on a busy machine
NEIGHBOUR, FLOODING = "127.0.0.2", "127.0.0.3"
FLOOD, LINES = 800, 5  # more than may come at once from one address
OPEN = [door.path for door in DOORS if door.method == "GET" and door.role is Role.ANYONE and "{" not in door.path]
TOO_LARGE = "Nội dung gửi vượt quá dung lượng cho phép"


# Who is spoken to


def test_plain_http_leads_to_https_and_says_nothing_else(behind: Behind) -> None:
    for method in ("GET", "POST"):
        answer = httpx2.request(method, f"http://localhost:{behind.front.plain_port}/track?code=1", trust_env=False)
        assert (answer.status_code, answer.headers["location"]) == (308, "https://localhost/track?code=1")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_is_spoken_as_it_is_today(behind: Behind, version: ssl.TLSVersion) -> None:
    context = trusting()
    context.minimum_version = context.maximum_version = version
    assert httpx2.get(behind.url, verify=context, trust_env=False).status_code == 200


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_tls_is_not_spoken_as_it_was(behind: Behind) -> None:
    context = trusting()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(httpx2.TransportError):
        httpx2.get(behind.url, verify=context, trust_env=False)


def test_nobody_of_another_name_lives_here(behind: Behind) -> None:
    for url in (behind.url, f"http://localhost:{behind.front.plain_port}"):
        with pytest.raises(httpx2.TransportError):  # hung up on, without a word
            httpx2.get(url, headers={"host": "elsewhere.example"}, verify=trusting(), trust_env=False)
    with pytest.raises(httpx2.TransportError):  # not even a certificate is shown
        behind.visitor().get("/", extensions={"sni_hostname": "elsewhere.example"})


@pytest.mark.parametrize(
    "path", ["/metrics", "/en/metrics", "//metrics", "/%6detrics", "/a/../metrics", "/readyz", "/healthz", "/en/readyz"]
)
def test_the_machine_room_is_not_for_the_public(behind: Behind, path: str) -> None:
    before = behind.rendered("/metrics")
    answer = raw.read(asyncio.run(raw.said(behind.front, raw.get(behind.front, path))))
    assert answer.status == 404
    assert behind.rendered("/metrics") == before


def test_attachments_have_a_host_of_their_own_that_has_nothing_else(behind: Behind) -> None:
    def there(path: str) -> httpx2.Response:
        headers = {"host": f"{FILES_NAME}:{behind.front.port}"}
        return behind.visitor().get(f"{behind.url}{path}", headers=headers, extensions={"sni_hostname": FILES_NAME})

    assert there("/attachments/none").headers["x-request-id"]
    for path in ("/", "/questions", "/metrics", "/attachments"):
        answer = there(path)
        assert (answer.status_code, "x-request-id" in answer.headers) == (404, False)


# How much and how long


@pytest.mark.parametrize(
    ("what", "status"),
    [("one field of 6 KB", 400), ("a head of 20 KB", 400), ("a path of 6 KB", 414), ("a head that never ends", 400)],
)
def test_a_head_over_16_kb_is_refused(behind: Behind, what: str, status: int) -> None:
    front = behind.front
    sent = {
        "one field of 6 KB": raw.get(front, "/", long="x" * 6000),
        "a head of 20 KB": raw.get(front, "/", **{f"x_{at}": "y" * 1000 for at in range(20)}),
        "a path of 6 KB": raw.get(front, "/" + "x" * 6000),
        "a head that never ends": b"GET / HTTP/1.1\r\nX: " + b"y" * 70_000,
    }[what]
    assert raw.read(asyncio.run(raw.said(front, sent))).status == status


def test_heads_without_end_leave_nothing_behind(behind: Behind) -> None:
    front = behind.front
    endless = b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000

    def flood() -> int:
        asyncio.run(raw.at_once(front, [endless] * 50))
        return sum(map(_memory, family(front.process.pid)))

    before = flood()
    assert max(flood() for _ in range(4)) < before + 4096


def test_who_does_not_finish_a_head_is_let_go(behind: Behind) -> None:
    async def patience(sent: bytes | None) -> float:
        began = time.monotonic()
        if sent is None:  # not even TLS
            reader, writer = await asyncio.open_connection(HOST, behind.front.port)
        else:
            reader, writer = await raw.opened(behind.front)
            writer.write(sent)
        await raw.rest(reader)
        writer.close()
        return time.monotonic() - began

    async def all_of_them() -> list[float]:
        half = raw.get(behind.front, "/live/questions/0/socket", upgrade="websocket")[:-2]
        return await asyncio.gather(*map(patience, (None, b"", b"GET / HT", half)))

    waited = asyncio.run(all_of_them())
    assert all(8 < seconds < 15 for seconds in waited), waited


def test_a_body_over_the_limit_is_refused_in_words(behind: Behind, people: People) -> None:
    visitor = behind.visitor()
    proof = people.proof(visitor)
    assert visitor.post("/track", data={"code": "x" * 70_000}).status_code == 413
    visitor.see(TOO_LARGE)
    visitor.see("What you sent is too large")
    files = [("files", ("a.pdf", b"%PDF-" + b"x" * (22 * 1024 * 1024)))]
    assert visitor.post("/attachments", data=proof, files=files).status_code == 413
    visitor.see(TOO_LARGE)
    # What only a form with files may be is judged by the application, which knows what form it is.
    assert visitor.post("/questions", data={"body": "x" * 70_000} | proof).status_code == 413
    assert "x-request-id" in (visitor.seen or httpx2.Response(200)).headers


def test_a_form_with_files_gets_through(behind: Behind, people: People) -> None:
    picture = (Path(__file__).parents[2] / "docs" / "images" / "home.png").read_bytes()
    assert len(picture) > 64 * 1024
    assert people.ask(files=[("anh.png", picture)]).code


# Who is counted


@pytest.fixture
def few(behind: Behind) -> Iterator[None]:
    """Three tries a minute for an address; both processes read the row again within two seconds."""
    behind.write("update limit_rule set per_address = '3/minute' where door = 'track'")
    yield
    behind.write("update limit_rule set per_address = :room where door = 'track'", room=ROOM)


@pytest.mark.usefixtures("few")
def test_who_names_another_address_is_counted_by_the_own_one(behind: Behind) -> None:
    def tries(visitor: Visitor) -> int:
        """Each time by somebody else, if that were believed."""
        visitor.headers["x-forwarded-for"] = Visitor(behind.url).address
        return visitor.fill("/track", {"code": "HD-0000-0000-0000-0"}, action="/track").status_code

    behind.wait(lambda: tries(behind.visitor()) == 429)
    transport = httpx2.HTTPTransport(verify=False, local_address=NEIGHBOUR, trust_env=False)
    with Visitor(behind.url, transport=transport) as neighbour:
        assert tries(neighbour) != 429
    assert tries(behind.visitor()) == 429


def test_a_flood_from_one_address_is_turned_away_in_words_and_its_neighbour_is_not(behind: Behind) -> None:
    flood = raw.request("HEAD", "/rules", {"host": f"{NAME}:{behind.front.port}"}) * FLOOD
    last = raw.get(behind.front, "/rules")

    async def flooded() -> list[bytes]:
        lines = [raw.said(behind.front, flood + last, local_addr=(FLOODING, 0)) for _ in range(LINES)]
        return await asyncio.gather(*lines)

    came = asyncio.run(flooded())
    assert b" 429 " in b"".join(came)
    assert any("Quá nhiều yêu cầu cùng lúc" in one.decode(errors="replace") for one in came)
    assert raw.read(asyncio.run(raw.said(behind.front, last, local_addr=(NEIGHBOUR, 0)))).status == 200


# What is told to whom


def test_what_is_logged_names_nobody_and_no_secret(behind: Behind, people: People) -> None:
    asked = people.accepted()
    visitor = asked.visitor
    key = visitor.get(asked.sent.headers["location"]).url.path.rpartition("/")[2]
    for path in ("/track/lost/CANARY-token", "/links/CANARY-token", "/follows/CANARY-token", "/attachments/CANARY"):
        visitor.get(path)
        visitor.get(f"/en{path}")
    visitor.get("/questions/search?q=CANARY", headers={"referer": f"{behind.url}/?CANARY", "user-agent": "CANARY"})
    visitor.fill("/track", {"code": asked.code}, action="/track")
    assert raw.read(asyncio.run(raw.said(behind.front, b"GET /?CANARY HTTP/1.1\r\nhost: a b\r\n\r\n"))).status == 400
    logs = behind.front.logs
    assert "GET /track/lost/* " in logs
    for secret in ("CANARY", asked.code, key, asked.email, HOST + " ", *visitor.cookies.values()):
        assert secret not in logs


def test_only_pages_for_everybody_are_compressed(behind: Behind) -> None:
    reader = behind.visitor()
    assert reader.get("/rules").headers["content-encoding"] == "gzip"
    form = reader.get("/questions/ask")  # holds a token, and answers with what was typed
    assert "content-encoding" not in form.headers
    assert reader.cookies
    assert "content-encoding" not in reader.get("/rules").headers


@pytest.mark.parametrize("path", [*OPEN, "/agencies/bo-y-te", "/topics/bao-hiem-y-te", "/questions/999999"])
def test_what_everybody_may_read_is_kept_and_nothing_else(behind: Behind, path: str) -> None:
    """A new page that says `no-cache` belongs into the list in engage.conf; a page that does not, never."""
    answer = behind.visitor().get(path)
    is_listed = "reading.conf" in files.location(path)
    assert is_listed == (answer.headers.get("cache-control") == "no-cache" or path == "/questions/999999")
    assert re.search(r"\bcookie\b", answer.headers.get("vary", "")) or not is_listed or answer.status_code == 404


def _memory(pid: int) -> int:
    """Kilobytes."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) if found else 0
