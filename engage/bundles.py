"""One file that holds many: members one after another, their sums last. It bears its name only when all of it is on the disk.

A gzipped tar, so that any machine can look inside. Knows names and bytes, not what they are for.
"""

import gzip
import hashlib
import io
import json
import os
import re
import tarfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from engage import storage

HEAD, SUMS = "backup.json", "sums.json"
PREFIX = ".engage-"
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*){0,3}")
CHUNK = 1 << 20
LEVEL = 3  # a third of the size for a fifth of the work that the last tenth would cost


class Broken(Exception):
    """A file that is no whole backup; the words say why."""


@dataclass
class Writer:
    """`folder` is for what must lie on the disk before it is added; it goes when the file is whole."""

    folder: Path
    _tar: tarfile.TarFile
    sums: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, path: Path) -> None:
        """A file as it is now: what is appended meanwhile stays out."""
        with path.open("rb") as opened:
            info = tarfile.TarInfo(name)
            found = os.fstat(opened.fileno())
            info.size, info.mtime, info.mode = found.st_size, int(found.st_mtime), 0o600
            self._put(info, opened)

    def note(self, name: str, said: Any) -> None:
        written = json.dumps(said, ensure_ascii=False, indent=1).encode()
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = len(written), int(time.time()), 0o600
        self._put(info, io.BytesIO(written))

    def _put(self, info: tarfile.TarInfo, content: IO[bytes]) -> None:
        hashed = _Hashed(content)
        self._tar.addfile(info, hashed)
        self.sums[info.name] = hashed.sum


class _Hashed:
    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        some = self._content.read(size)
        self._hash.update(some)
        return some

    @property
    def sum(self) -> str:
        return self._hash.hexdigest()


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """Whatever happens inside, afterwards the whole file is there under its name, or nothing is."""
    if path.exists():
        raise FileExistsError(f"{path} exists already")
    with TemporaryDirectory(prefix=PREFIX, dir=path.parent) as place:
        part = Path(place) / "whole"
        with part.open("xb") as raw:
            part.chmod(0o600)  # contacts and password hashes are in it
            with gzip.GzipFile("", "wb", LEVEL, raw) as packed, tarfile.open(fileobj=packed, mode="w|") as tar:
                writer = Writer(Path(place), tar)
                yield writer
                writer.note(SUMS, dict(writer.sums))
            raw.flush()
            os.fsync(raw.fileno())
        read(part)
        part.rename(path)
        storage.settle(path.parent)


def read(path: Path, into: Path | None = None) -> dict[str, Any]:
    """What its head says, once all of it was read and every sum is right; unpacked into a folder when one is given."""
    try:
        return _read(path, into)
    except (tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile, ValueError, KeyError) as wrong:
        raise Broken(f"{path} is damaged or no backup: {wrong}") from wrong


def _read(path: Path, into: Path | None) -> dict[str, Any]:
    found: dict[str, str] = {}
    noted: dict[str, Any] = {}
    with gzip.open(path) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if content is None or not NAME.fullmatch(member.name) or member.name in found:
                raise Broken(f"{path} holds {member.name!r}, which no backup does")
            hashed = _Hashed(content)
            if member.name in {HEAD, SUMS}:
                noted[member.name] = json.loads(hashed.read())
            else:
                _unpack(hashed, into and into / member.name, member.mtime)
            found[member.name] = hashed.sum
        # To the end, so that a cut or changed tail is noticed.
        while packed.read(CHUNK):
            pass
    del found[SUMS]
    if found != noted[SUMS]:
        wrong = sorted(name for name in found.keys() | noted[SUMS].keys() if found.get(name) != noted[SUMS].get(name))
        raise Broken(f"{path} is damaged: {', '.join(wrong[:5])}")
    head: dict[str, Any] = noted[HEAD]
    return head


def _unpack(content: _Hashed, path: Path | None, at: float) -> None:
    if path is None:
        while content.read(CHUNK):
            pass
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as written:
        while some := content.read(CHUNK):
            written.write(some)
    os.utime(path, (at, at))
