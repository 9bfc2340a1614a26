"""The two template environments, one per language, and the filters pages use. Knows no handler."""

import hashlib
import mimetypes
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from engage.deadlines import HERE
from engage.web import naming
from engage.web.language import LANGUAGES, Translator
from engage.web.pages import Fragments

CHECKOUT = Path(__file__).parents[2] / "templates"
INSTALLED = Path(__file__).parents[1] / "templates"


def folder() -> Path:
    """Beside the packages in a checkout, inside the package when installed."""
    return CHECKOUT if CHECKOUT.is_dir() else INSTALLED


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    media_type: str


class Templates:
    """Pages in both languages. `release` changes when any template or asset does: caches are keyed by it."""

    def __init__(self, root: Path, home: str = "") -> None:
        """`home`: where we are, for what is shown on pages of others."""
        self._home = home
        self.assets = _assets(root / "static")
        self.release = _digest(b"".join(path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()))
        self.translators = {language: Translator(language, root / "locale") for language in LANGUAGES}
        self._environments = {language: self._environment(root, language) for language in LANGUAGES}

    def get(self, name: str, language: str) -> Template:
        return self._environments[language].get_template(name)

    def asset(self, name: str) -> str:
        """One release for all, so that a stylesheet's relative addresses stay within it."""
        return f"/static/{self.release}/{name}"

    def _environment(self, root: Path, language: str) -> Environment:
        translator = self.translators[language]
        environment = Environment(
            loader=FileSystemLoader(root),
            autoescape=True,  # for every name: a mail without HTML says so itself
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
            auto_reload=False,
        )
        environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
            translator.gettext, translator.ngettext, newstyle=True, pgettext=translator.pgettext
        )
        filters: dict[str, Callable[..., Any]] = {
            "day": day,
            "moment": moment,
            "clock": clock,
            "iso": iso,
            "number": lambda n: number(n, language),
            "named": translator.named,
            "said": translator.say,
            "initials": initials,
            "options": lambda rows, chosen: Choices(rows).options(translator, chosen),
        }
        environment.filters |= filters
        environment.globals |= {
            "lang": language,
            "asset": self.asset,
            "home": self._home,
            "fragment": Fragments().kept,
            "about": lambda kind: naming.speaking(naming.about(translator, kind)),
        }
        return environment


class Choices(tuple[Any, ...]):
    """Rows that many pages offer as options. What is written of them in a language is kept with them."""

    _written: dict[str, str]

    def __new__(cls, rows: Iterable[Any]) -> Self:
        if isinstance(rows, cls):
            return rows
        made = super().__new__(cls, rows)
        made._written = {}
        return made

    def options(self, translator: Translator, chosen: str) -> Markup:
        written = self._written.get(translator.language)
        if written is None:
            lines = (Markup('\n<option value="{}">{}</option>').format(row.slug, translator.named(row)) for row in self)
            written = self._written[translator.language] = str(Markup().join(lines))
        value = f'value="{escape(chosen)}"'
        return Markup(written.replace(value, f"{value} selected", 1) if chosen else written)  # noqa: S704 escaped above


def local(at: datetime) -> datetime:
    return at.astimezone(HERE)


def day(at: date) -> str:
    return (local(at) if isinstance(at, datetime) else at).strftime("%d/%m/%Y")


def clock(at: datetime) -> str:
    return local(at).strftime("%H:%M")


def moment(at: datetime) -> str:
    return local(at).strftime("%H:%M, %d/%m/%Y")


def iso(at: date) -> str:
    return local(at).isoformat(timespec="seconds") if isinstance(at, datetime) else at.isoformat()


@lru_cache(maxsize=5_000)
def number(n: int, language: str) -> str:
    return format_decimal(n, locale=language)


def initials(name: str) -> str:
    """The last two parts of a Vietnamese name: Phạm Thu Hà → TH."""
    return "".join(part[0] for part in name.split()[-2:]).upper()


def query(pairs: Mapping[str, Any]) -> str:
    """`?a=b`, without what is empty; nothing when all is."""
    said = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in pairs.items() if value not in {"", None})
    return f"?{said}" if said else ""


def _assets(static: Path) -> dict[str, Asset]:
    files = (path for path in static.rglob("*") if path.is_file())
    return {str(path.relative_to(static)): Asset(path.read_bytes(), _media_type(path)) for path in files}


def _media_type(path: Path) -> str:
    return "font/woff2" if path.suffix == ".woff2" else mimetypes.guess_type(path)[0] or "application/octet-stream"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
