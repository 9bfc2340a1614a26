"""Addresses of portals, as browsers name them in `Origin`: scheme, host and port, exactly. And those that look like each other."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from engage.errors import Refused
from moderation.text import skeleton

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
PORTS = {"https": 443, "http": 80}
MOST_LETTERS = 253
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*")


def origin_of(typed: str) -> str:
    """As a browser will say it. Raises Refused in words for whatever is none."""
    if "*" in typed:
        raise Refused("site_origin_wildcard", field="origins", origin=typed)
    try:
        parts, port = urlsplit(typed), urlsplit(typed).port
        host = (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError):
        raise Refused("site_origin_wrong", field="origins", origin=typed) from None
    if parts.scheme not in PORTS:
        raise Refused("site_origin_wrong", field="origins", origin=typed)
    if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username is not None:
        raise Refused("site_origin_path", field="origins", origin=typed)
    is_host = host in LOOPBACK or ("." in host and len(host) <= MOST_LETTERS and _HOST.fullmatch(host))
    if not is_host or typed != "".join(typed.split()):
        raise Refused("site_origin_wrong", field="origins", origin=typed)
    if parts.scheme == "http" and host not in LOOPBACK:
        raise Refused("site_origin_http", field="origins", origin=typed)
    named = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{named}" + (f":{port}" if port not in (None, PORTS[parts.scheme]) else "")


def likenesses(origins: Iterable[str], known: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs that an eye takes for one another (UTS #39), though browsers do not."""
    seen = {origin: _seen(origin) for origin in {*origins, *known}}
    return [
        (one, other)
        for one in sorted({*origins})
        for other in sorted({*known} - {one})
        if seen[one] == seen[other] and _host(one) != _host(other)
    ]


def _seen(origin: str) -> str:
    return skeleton(_readable(_host(origin)))


def _host(origin: str) -> str:
    return urlsplit(origin).hostname or ""


def _readable(host: str) -> str:
    try:
        return host.encode().decode("idna")
    except UnicodeError:
        return host
