import re
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from engage import storage
from engage.errors import NotFound, Unavailable
from engage.settings import load
from engage.storage import Bucket, Folder, Storage

pytestmark = pytest.mark.anyio
KEY, OTHER = "kU3-_x" * 7, "9Zq" * 14
SOON = timedelta(minutes=5)
LISTED = '<?xml version="1.0"?><ListBucketResult><Name>b</Name><IsTruncated>false</IsTruncated>{}</ListBucketResult>'
ENTRY = "<Contents><Key>{}</Key><LastModified>{}</LastModified><ETag>x</ETag><Size>{}</Size></Contents>"


class FakeS3(ThreadingHTTPServer):
    """Objects by path, as any S3 keeps them. `is_away`: answers nobody."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.objects: dict[str, bytes] = {}
        self.is_away = False


class Answering(BaseHTTPRequestHandler):
    server: FakeS3

    def do_PUT(self) -> None:
        self.server.objects[urlsplit(self.path).path] = self.rfile.read(int(self.headers["content-length"]))
        self._say(200, b"")

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if "list-type" in self.path:
            at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            keys = [ENTRY.format(name.removeprefix("/b/"), at, 1) for name in self.server.objects]
            return self._say(200, LISTED.format("".join(keys)).encode())
        return self._say(200, self.server.objects[path]) if path in self.server.objects else self._say(404, b"")

    def do_POST(self) -> None:
        """Deleting, several at once."""
        asked = self.rfile.read(int(self.headers["content-length"])).decode()
        keys = re.findall(r"<Key>(.*?)</Key>", asked)
        for key in keys:
            self.server.objects.pop(f"/b/{key}", None)
        gone = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        self._say(200, f"<DeleteResult>{gone}</DeleteResult>".encode())

    def log_message(self, *_: object) -> None:
        return

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(403 if self.server.is_away else status)
        self.send_header("content-length", str(len(body)))
        self.send_header("etag", '"x"')
        self.send_header("last-modified", "Thu, 26 Nov 2026 02:00:00 GMT")
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving() -> Iterator[FakeS3]:
    server = FakeS3()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def files(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


def bucket_at(server: FakeS3, prefix: str = "") -> Bucket:
    return storage.bucket(f"s3://key:sec%2Fret@b{prefix}?endpoint=http://127.0.0.1:{server.server_port}&region=vn")


@pytest.fixture(params=["folder", "memory", "s3"])
async def kept(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Storage]:
    if request.param == "folder":
        yield Folder(tmp_path / "attachments")
    elif request.param == "memory":
        from obstore.store import MemoryStore

        yield Bucket(MemoryStore())
    else:
        with serving() as server:
            yield bucket_at(server)


async def test_what_is_put_is_got_until_it_is_deleted(kept: Storage) -> None:
    content = bytes(range(256)) * 3_000
    await kept.put(KEY, content)
    await kept.put(OTHER, b"other")
    assert await kept.get(KEY) == content
    await kept.delete(KEY)
    await kept.delete(KEY)
    with pytest.raises(NotFound):
        await kept.get(KEY)
    assert await kept.get(OTHER) == b"other"


async def test_keys_are_told_by_their_age(kept: Storage) -> None:
    await kept.put(KEY, b"x")
    now = datetime.now(UTC)
    assert list(await kept.before(now + SOON)) == [KEY]
    assert list(await kept.before(now - SOON)) == []


async def test_a_key_is_its_name_below_a_prefix_too() -> None:
    with serving() as server:
        kept = bucket_at(server, "/tep/2026")
        await kept.put(KEY, b"x")
        assert list(server.objects) == [f"/b/tep/2026/{KEY}"]


async def test_a_store_that_says_no_is_a_failure_in_words() -> None:
    with serving() as server:
        kept = bucket_at(server)
        server.is_away = True
        for asked in (kept.put(KEY, b"x"), kept.get(KEY), kept.delete(KEY)):
            with pytest.raises(Unavailable):
                await asked


async def test_a_file_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    kept = Folder(tmp_path)
    await kept.put(KEY, b"x")
    assert files(tmp_path) == [KEY]


async def test_a_full_disk_is_a_failure_in_words(tmp_path: Path) -> None:
    (tmp_path / "attachments").write_text("a file where the folder should be")
    with pytest.raises(Unavailable):
        await Folder(tmp_path / "attachments").put(KEY, b"x")


def test_the_setting_chooses_the_store(tmp_path: Path) -> None:
    assert isinstance(storage.of(load({"ENGAGE_DATA_DIR": str(tmp_path)})), Folder)
    url = "s3://k:s@bucket?endpoint=https://s3.example.vn"
    assert isinstance(storage.of(load({"ENGAGE_ATTACHMENTS_URL": url})), Bucket)
