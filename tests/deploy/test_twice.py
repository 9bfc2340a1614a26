"""What nginx sends a second time, and what never: shown with two servers that take a request and say nothing."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest

from tests.deploy.front import NGINX, Front, front, trusting
from tests.processes import HOST

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


class Upstream:
    """Notes the first line of what arrives; then answers, or hangs up."""

    def __init__(self, answer: bytes = b"") -> None:
        self.arrived: list[str] = []
        self._answer = answer
        self._listening = socket.create_server((HOST, 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            with line:
                self.arrived.append(line.recv(65536).decode().partition(" HTTP")[0])
                line.sendall(self._answer)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    if NGINX is None:
        pytest.skip("no nginx on this machine (apt-get install nginx)")
    with ExitStack() as stack:
        yield stack


def _before(stack: ExitStack, folder: Path, first: Upstream, second: Upstream, *, refuses: bool = False) -> Front:
    stack.callback(second.close)
    if refuses:
        first.close()
    else:
        stack.callback(first.close)
    return stack.enter_context(front(folder / "nginx", [first.port, second.port]))


def _request(there: Front, method: str, path: str) -> httpx2.Response:
    content = b"body=x" if method == "POST" else None
    return httpx2.request(method, f"{there.url}{path}", content=content, verify=trusting(), trust_env=False)


@pytest.mark.parametrize(("method", "times"), [("POST", 1), ("GET", 2)])
@pytest.mark.parametrize("path", ["/questions", "/track", "/attachments", "/questions/17/follow"])
def test_what_writes_is_never_repeated_once_it_may_have_arrived(
    stack: ExitStack, tmp_path: Path, method: str, times: int, path: str
) -> None:
    silent = Upstream(), Upstream()
    there = _before(stack, tmp_path, *silent)
    answer = _request(there, method, path)
    assert silent[0].arrived + silent[1].arrived == [f"{method} {path}"] * times
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_server_that_refuses_at_once_is_passed_over(stack: ExitStack, tmp_path: Path, method: str) -> None:
    there = _before(stack, tmp_path, gone := Upstream(), second := Upstream(OK), refuses=True)
    for _ in range(4):
        assert _request(there, method, "/track").status_code == 200
    assert second.arrived == [f"{method} /track"] * 4
    assert not gone.arrived
