"""Vietnamese and English: the language is in the path (`/…`, `/en/…`), never in a cookie. Knows no page."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from starlette.types import ASGIApp, Receive, Scope, Send

LANGUAGES = ("vi", "en")
PREFIX = "/en"


class Language:
    """Takes the language off the path, so that every door is named once."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            path = scope["path"]
            is_english = path == PREFIX or path.startswith(f"{PREFIX}/")
            scope["language"] = "en" if is_english else "vi"
            if is_english:
                scope["path"] = path.removeprefix(PREFIX) or "/"
        await self.app(scope, receive, send)


def localized(path: str, language: str) -> str:
    """A path of ours in a language."""
    return path if language == "vi" else PREFIX + (path if path != "/" else "")


def other_than(language: str) -> str:
    return "vi" if language == "en" else "en"


@cache
def catalogue(folder: Path) -> Mapping[str, str]:
    """Vietnamese → English, from templates/locale/en/*.po. Vietnamese itself needs none: it is what the templates say."""
    entries: dict[str, str] = {}
    for path in sorted((folder / "en").glob("*.po")):
        with path.open("rb") as lines:
            entries |= dict(_entries(read_po(lines, locale="en")))
    return entries


def _entries(found: Catalog) -> Iterator[tuple[str, str]]:
    for message in found:
        if isinstance(message.id, tuple) and isinstance(message.string, tuple):
            (one, many), said = message.id, message.string
            yield one, said[0]
            yield f"{many}\0many", said[-1]
        elif message.id:
            yield _named(str(message.id), message.context), str(message.string)


def _named(said: str, context: str | None) -> str:
    """As gettext keeps what means something else in one place than in another."""
    return f"{context}\4{said}" if context else said


class Translator:
    """Says a Vietnamese sentence in one language, with its figures."""

    def __init__(self, language: str, folder: Path) -> None:
        self.language = language
        self._entries: Mapping[str, str] = catalogue(folder) if language == "en" else {}

    def gettext(self, said: str) -> str:
        return self._entries.get(said) or said

    def pgettext(self, context: str, said: str) -> str:
        """What English says in two ways: the name of a surface is not the name of a kind."""
        return self._entries.get(_named(said, context)) or self.gettext(said)

    def ngettext(self, one: str, many: str, n: int) -> str:
        if self.language == "vi":
            return many
        return self.gettext(one) if n == 1 else self._entries.get(f"{many}\0many") or many

    def say(self, said: str, **figures: Any) -> str:
        return self.gettext(said) % figures if figures else self.gettext(said)

    @property
    def named(self) -> Callable[[Any], str]:
        """The name of a row that has one in both languages."""
        field = "name_en" if self.language == "en" else "name_vi"
        return lambda row: str(getattr(row, field)) if row is not None else ""
