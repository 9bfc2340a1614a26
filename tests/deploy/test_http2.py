"""The same over HTTP/2, which browsers speak with nginx and nobody else in these tests does."""

import secrets
import shutil
import subprocess

import pytest

from engage.settings import DEMONSTRATION_SECRET
from engage.web import guards
from tests.benchmarks.load import proof
from tests.deploy.behind import Behind
from tests.deploy.front import NAME

pytestmark = pytest.mark.timeout(400)
CURL = shutil.which("curl")


@pytest.fixture
def curl(behind: Behind) -> Behind:
    if CURL is None:
        pytest.skip("no curl on this machine")
    return behind


def _told(site: Behind, path: str, *words: str, version: str = "2") -> tuple[str, str]:
    """The version and the status, and the page."""
    command = [str(CURL), "--silent", "--insecure", f"--http{version}", "--noproxy", "*"]
    command += ["--write-out", "\n%{http_version} %{http_code}", *words, f"{site.url}{path}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    page, _, status = done.stdout.rpartition("\n")
    return status, page


def test_pages_are_served_under_the_name_that_was_asked_for(curl: Behind) -> None:
    status, page = _told(curl, "/rules")
    assert status == "2 200"
    assert NAME in curl.url
    assert "<h1" in page


@pytest.mark.parametrize(("path", "size"), [("/track", 70_000), ("/attachments", 22 * 1024 * 1024)])
def test_a_body_over_the_limit_is_refused_in_words(curl: Behind, path: str, size: int) -> None:
    large = curl.folder / "large"
    large.write_bytes(b"a=" + b"x" * size)
    status, page = _told(curl, path, "--data-binary", f"@{large}")
    assert status == "2 413"
    assert "Nội dung gửi vượt quá dung lượng cho phép" in page


def test_a_head_over_the_limit_is_refused(curl: Behind) -> None:
    many = [word for at in range(20) for word in ("--header", f"x-{at}: {'y' * 1000}")]
    for words in (["--header", f"long: {'x' * 6000}"], many):
        assert _told(curl, "/rules", *words)[0] in {"2 400", "0 000", "2 000"}  # hung up on: the whole line is broken
    assert _told(curl, "/rules")[0] == "2 200"


@pytest.mark.parametrize("size", [0, 300_000])
def test_what_is_sent_arrives_as_over_the_older_version(curl: Behind, size: int) -> None:
    """Also where the address is one of a reading page, and the request takes the other way."""
    large = curl.folder / "large"
    large.write_bytes(b"%PDF-" + b"x" * size)
    visitor = guards.new_visitor()
    cookie = f"__Host-{guards.VISITOR}={guards.visitor_cookie(DEMONSTRATION_SECRET, visitor)}"
    typed = {"title": "Tôi gõ dở", "files": f"@{large}", "key": secrets.token_urlsafe(18), **proof(visitor)}
    form = [word for name, value in typed.items() for word in ("--form", f"{name}={value}")]
    form += ["--header", f"origin: {curl.url}", "--cookie", cookie]
    older, newer = (_told(curl, "/questions", *form, version=version) for version in ("1.1", "2"))
    assert newer[0].removeprefix("2 ") == older[0].removeprefix("1.1 ")
    assert newer[0] == "2 422"
    assert "Tôi gõ dở" in newer[1]
