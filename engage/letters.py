"""Mails in a folder, where a demonstration's mails land, and reading them back. Knows no reader and no noun."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Letter:
    name: str
    to: str
    subject: str
    at: datetime
    body: str


def put(folder: Path, name: str, message: Message) -> None:
    """Under a stable name, so that a mail sent twice lies there once; written beside and moved, so that none is half."""
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f".{name}"
    half.write_bytes(message.as_bytes())
    half.rename(folder / f"{name}.eml")


def remove(folder: Path, names: Sequence[str]) -> None:
    """What is not there needs no removing."""
    for name in names:
        (folder / f"{name}.eml").unlink(missing_ok=True)


def newest(folder: Path, most: int) -> list[Letter]:
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True) if folder.is_dir() else []
    return list(_read(files[:most]))


def one(folder: Path, name: str) -> Letter | None:
    file = folder / f"{name}.eml"
    if not name.replace("-", "").isalnum() or not file.is_file():
        return None
    return next(_read([file]), None)


def _read(files: list[Path]) -> Iterator[Letter]:
    for file in files:
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",))
        yield Letter(
            name=file.stem,
            to=str(message["To"]),
            subject=str(message["Subject"]),
            at=parsedate_to_datetime(str(message["Date"])),
            body=body.get_content() if body else "",
        )
