"""Frozen settings from the environment. Knows every name it accepts, and refuses to start on nonsense."""

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

PREFIX = "ENGAGE_"
MEGABYTE = 1024 * 1024
DEMONSTRATION_SECRET = "demonstration-only-secret-never-in-production"  # noqa: S105 it opens nothing but a demonstration

# Of a demonstration, for the footer.
SITE = {
    "owner": "Cơ quan chủ quản minh họa",
    "address": "Số 1 đường Minh Họa, Hà Nội",
    "contact": "024 0000 0000, lien-he@engage.example",
    "responsible": "Nguyễn Văn Minh Họa",
    "licence": "Giấy phép minh họa số 00/GP-MH",
}


class SettingsRefused(Exception):
    """One line per thing that is wrong, ready to print."""


class Settings(BaseModel):
    """Every field is the variable ENGAGE_<NAME>; the description is its documentation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["demonstration", "production"] = Field(
        "demonstration", description="demonstration: seeded, open, mails in a folder. production: strict."
    )
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=1, le=65535, description="port to listen on")
    data_dir: Path = Field(Path("var"), description="folder for the SQLite file and the mail folder")
    database_url: str = Field(
        "", description="postgresql+asyncpg://… or sqlite+aiosqlite:///…; empty: a SQLite file in data_dir"
    )
    redis_url: str = Field("", description="redis://…; empty: everything in one process")
    secret: str = Field(
        DEMONSTRATION_SECRET, repr=False, description="at least 32 random characters; signs tokens and codes"
    )
    public_url: str = Field("", description="address readers use, such as https://hoidap.example.vn")
    allowed_hosts: tuple[str, ...] = Field(
        ("127.0.0.1", "localhost", "[::1]"), description="Host names accepted, separated by commas"
    )
    trusted_proxies: tuple[str, ...] = Field(
        (), description="addresses or networks whose X-Forwarded-For is believed, separated by commas"
    )
    mail_url: str = Field("", description="smtp://user:password@host:port; empty: mails land in data_dir/mail")
    mail_from: str = Field("Tương tác <khong-tra-loi@engage.example>", description="sender of every mail")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="least level logged")
    workers: int = Field(1, ge=1, le=64, description="server processes; more than one needs redis_url")
    pool_size: int = Field(10, ge=1, le=200, description="PostgreSQL connections per process")
    metrics_token: str = Field(
        "", repr=False, description="bearer token of /metrics and /readyz details; empty: loopback only"
    )

    site_owner: str = Field("", description="footer: the body that owns the portal; production needs it")
    site_address: str = Field("", description="footer: where the owner is; production needs it")
    site_contact: str = Field("", description="footer: telephone and mail address of the owner; production needs it")
    site_responsible: str = Field("", description="footer: who is responsible for the content; production needs it")
    site_licence: str = Field("", description="footer: number, date and issuer of the licence; production needs it")

    attachments_url: str = Field(
        "",
        repr=False,
        description="s3://key:secret@bucket/prefix?endpoint=https://…&region=…; empty: files lie in data_dir/attachments",
    )
    attachments_origin: str = Field(
        "", description="another origin that hands out attachments, such as https://tep.example.vn; empty: this one"
    )
    attachment_mb: int = Field(10, ge=1, le=100, description="megabytes one attached file may have")
    form_mb: int = Field(20, ge=1, le=200, description="megabytes all files of one form may have together")
    clamd: str = Field(
        "", description="virus scanner, host:port or the path of a socket; files it has not passed are shown to nobody"
    )

    @field_validator("allowed_hosts", "trusted_proxies", mode="before")
    @classmethod
    def _commas(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            ipaddress.ip_network(network, strict=False)
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if value and not value.startswith(("postgresql+asyncpg://", "sqlite+aiosqlite:///")):
            raise ValueError("must start with postgresql+asyncpg:// or sqlite+aiosqlite:///")
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str) -> str:
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must start with redis://, rediss:// or unix://")
        return value

    @field_validator("mail_url")
    @classmethod
    def _mail(cls, value: str) -> str:
        if value and not value.startswith(("smtp://", "smtps://")):
            raise ValueError("must start with smtp:// or smtps://")
        return value

    @field_validator("attachments_url")
    @classmethod
    def _attachments(cls, value: str) -> str:
        if value and not (value.startswith("s3://") and urlsplit(value).hostname):
            raise ValueError("must look like s3://bucket?endpoint=https://…")
        return value

    @field_validator("clamd")
    @classmethod
    def _clamd(cls, value: str) -> str:
        if value and not value.startswith("/") and not value.rpartition(":")[2].isdecimal():
            raise ValueError("must be host:port, or the path of a socket")
        return value

    @field_validator("public_url", "attachments_origin")
    @classmethod
    def _public(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}):
            raise ValueError("must be an address like https://hoidap.example.vn, without a path")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _together(self) -> Self:
        problems = [
            *self._one_machine_problems(),
            *(self._production_problems() if self.is_production else ()),
        ]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _one_machine_problems(self) -> list[str]:
        problems = []
        if not self.is_production and self.secret == DEMONSTRATION_SECRET and not _is_loopback(self.host):
            problems.append(
                "a demonstration with the built-in secret listens on this machine only: see mode, host, secret"
            )
        if self.attachments_origin and self.attachments_origin == self.address:
            problems.append("attachments_origin must be another origin than public_url")
        if self.workers > 1 and not self.redis_url:
            problems.append("several processes (workers) need redis_url: limits and live hints are shared there")
        if self.workers > 1 and self.is_sqlite:
            problems.append("several processes (workers) need PostgreSQL in database_url")
        return problems

    def _production_problems(self) -> list[str]:
        rules = (
            (
                self.secret == DEMONSTRATION_SECRET or len(self.secret) < 32,
                "secret must be 32 random characters",
            ),
            (len(set(self.secret)) < 12, "secret is too regular"),
            (not self.public_url.startswith("https://"), "public_url must start with https://"),
            ("*" in "".join(self.allowed_hosts), "allowed_hosts must name hosts, not *"),
            (self.log_level == "debug", "log_level debug is not for production"),
            (
                bool(self.attachments_origin) and not self.attachments_origin.startswith("https://"),
                "attachments_origin must start with https://",
            ),
            (not self.mail_url, "mail_url is needed: askers wait for mail"),
            (not self.metrics_token, "metrics_token is needed: behind a proxy everybody comes from this machine"),
            (
                not all(self.site.values()),
                "site_owner, site_address, site_contact, site_responsible and site_licence are needed: the footer names them",
            ),
            (
                any(network.endswith("/0") for network in self.trusted_proxies),
                "trusted_proxies must not name everybody",
            ),
        )
        return [words for broken, words in rules if broken]

    @property
    def is_production(self) -> bool:
        return self.mode == "production"

    @property
    def site(self) -> dict[str, str]:
        """Who stands behind these pages. A demonstration has somebody invented."""
        told = {name: str(getattr(self, f"site_{name}")) for name in SITE}
        return told if self.is_production else {name: told[name] or invented for name, invented in SITE.items()}

    @property
    def is_sqlite(self) -> bool:
        return self.database.startswith("sqlite")

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'engage.sqlite3'}"

    @property
    def mail_folder(self) -> Path:
        return self.data_dir / "mail"

    @property
    def every_host(self) -> tuple[str, ...]:
        files = urlsplit(self.attachments_origin).hostname
        return (*self.allowed_hosts, files) if files else self.allowed_hosts

    @property
    def form_bytes(self) -> int:
        """Of a form with files: what they may have together, and the words around them."""
        return self.form_mb * MEGABYTE + 256 * 1024

    @property
    def address(self) -> str:
        return self.public_url or f"http://{self.host}:{self.port}"


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment. A name that is no setting is refused: a typing error must not go unnoticed."""
    found = os.environ if environment is None else environment
    given = {name: value for name, value in found.items() if name.startswith(PREFIX)}
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    strangers = sorted(name for name in given if name not in known and not name.startswith(f"{PREFIX}TEST_"))
    if strangers:
        raise SettingsRefused(f"{', '.join(strangers)}: no such setting (engage check-settings lists them)")
    values = {name.removeprefix(PREFIX).lower(): value for name, value in given.items() if name in known}
    try:
        return Settings.model_validate(values)
    except ValidationError as wrong:
        lines = (f"{PREFIX}{'_'.join(map(str, e['loc'])).upper() or '…'}: {e['msg']}" for e in wrong.errors())
        raise SettingsRefused("\n".join(lines)) from None


def documented() -> list[tuple[str, str, str]]:
    """(variable, default, what it does) of every setting, for the README and `engage check-settings`."""
    return [
        (PREFIX + name.upper(), "" if name == "secret" else _shown(field.default), field.description or "")
        for name, field in Settings.model_fields.items()
    ]


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")


def _shown(default: object) -> str:
    return ",".join(map(str, default)) if isinstance(default, tuple) else str(default)
