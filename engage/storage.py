"""Where the bytes of attachments lie: a folder by default, any S3 by setting. Knows keys and bytes, no row and no name."""

import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from anyio import to_thread

from engage.errors import NotFound, Unavailable
from engage.settings import Settings

PATIENCE = "20s"


class Storage(Protocol):
    async def put(self, key: str, content: bytes) -> None: ...

    async def get(self, key: str) -> bytes:
        """Raises NotFound."""

    async def delete(self, key: str) -> None:
        """What is not there is deleted already."""

    async def before(self, moment: datetime) -> Sequence[str]:
        """Keys of what was put before that moment."""


def of(settings: Settings) -> Storage:
    if settings.attachments_url:
        return bucket(settings.attachments_url)
    return Folder(settings.data_dir / "attachments")


class Folder:
    """One file a key. It appears under its name only when all of it is on the disk."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, key: str, content: bytes) -> None:
        try:
            await to_thread.run_sync(self._put, key, content)
        except OSError as full:
            raise Unavailable() from full

    async def get(self, key: str) -> bytes:
        try:
            return await to_thread.run_sync(self._path(key).read_bytes)
        except FileNotFoundError:
            raise NotFound() from None

    async def delete(self, key: str) -> None:
        path = self._path(key)
        await to_thread.run_sync(lambda: path.unlink(missing_ok=True))

    async def before(self, moment: datetime) -> Sequence[str]:
        return await to_thread.run_sync(self._before, moment.timestamp())

    def _put(self, key: str, content: bytes) -> None:
        path = self._path(key)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with part.open("wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        part.rename(path)
        settle(path.parent)

    def _before(self, moment: float) -> list[str]:
        found = []
        for path in self._root.glob("??/*"):
            with suppress(FileNotFoundError):  # taken away meanwhile
                if path.stat().st_mtime < moment:
                    found.append(path.name)
        return found

    def _path(self, key: str) -> Path:
        return self._root / key[:2] / key


def bucket(url: str) -> "Bucket":
    """`s3://key:secret@bucket/prefix?endpoint=…&region=…`; without a key, the usual AWS_… variables are read."""
    from obstore.store import S3Store

    parts = urlsplit(url)
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    given: dict[str, Any] = {"endpoint": asked.get("endpoint"), "region": asked.get("region", "us-east-1")}
    if parts.username:
        given |= {"access_key_id": unquote(parts.username), "secret_access_key": unquote(parts.password or "")}
    is_plain = str(given["endpoint"]).startswith("http://")
    store = S3Store(
        parts.hostname or "",
        prefix=parts.path.strip("/") or None,
        client_options={"timeout": PATIENCE, "allow_http": is_plain},
        retry_config={"max_retries": 2},
        **{name: value for name, value in given.items() if value},
    )
    return Bucket(store)


class Bucket:
    """Any store that obstore speaks to."""

    def __init__(self, store: Any) -> None:
        self._store = store

    async def put(self, key: str, content: bytes) -> None:
        await _reached(self._store.put_async(key, content))

    async def get(self, key: str) -> bytes:
        found = await _reached(self._store.get_async(key))
        return bytes(await _reached(found.bytes_async()))

    async def delete(self, key: str) -> None:
        with suppress(NotFound):
            await _reached(self._store.delete_async(key))

    async def before(self, moment: datetime) -> Sequence[str]:
        found = []
        async for some in self._store.list():
            found += [str(one["path"]) for one in some if one["last_modified"].astimezone(UTC) < moment]
        return found


async def _reached(asked: Any) -> Any:
    """What cannot be reached is a 503 in words, like a database that is away."""
    from obstore.exceptions import BaseError
    from obstore.exceptions import NotFoundError as Missing

    try:
        return await asked
    except (Missing, FileNotFoundError):
        raise NotFound() from None
    except (BaseError, OSError) as away:
        raise Unavailable() from away


def settle(folder: Path) -> None:
    """A new name is on the disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
