"""Who sends a request: the visitor cookie, the proof that a form was ours, the address it came from. Pure, but for randomness."""

import hashlib
import hmac
import ipaddress
import re
import secrets
from collections.abc import Iterable

from starlette.requests import HTTPConnection

VISITOR, DEVICE = "engage-visitor", "engage-device"
TOKEN_SECONDS = 12 * 3600
PASS_SECONDS = 60
MOMENT = re.compile(r"[0-9]{1,12}")


def visitor_cookie(secret: str, visitor: str) -> str:
    return f"{visitor}.{_mac(secret, 'visitor', visitor)}"


def visitor_from(secret: str, cookie: str) -> str:
    """The visitor's random id, or nothing when the cookie is not ours."""
    visitor, _, mac = cookie.partition(".")
    return visitor if visitor and _is_same(mac, _mac(secret, "visitor", visitor)) else ""


def device_cookie(secret: str, device: str, login: str) -> str:
    """Says that this browser signed in as this account before; about any other account it says nothing."""
    return f"{device}.{_mac(secret, 'device', device, login)}"


def device_from(secret: str, cookie: str, login: str) -> str:
    device, _, mac = cookie.partition(".")
    return device if device and _is_same(mac, _mac(secret, "device", device, login)) else ""


def new_visitor() -> str:
    return secrets.token_urlsafe(16)


def form_token(secret: str, visitor: str, session: str, at: int) -> str:
    """Proof that this visitor, in this session, was given a form; `at` in seconds."""
    return f"{at}.{_mac(secret, 'form', visitor, session, str(at))}"


def is_form_token(secret: str, visitor: str, session: str, token: str, at: int) -> bool:
    made, _, mac = token.partition(".")
    if not visitor or not MOMENT.fullmatch(made) or not 0 <= at - int(made) <= TOKEN_SECONDS:
        return False
    return _is_same(mac, _mac(secret, "form", visitor, session, made))


def pass_for(secret: str, key: str, at: int) -> str:
    """Lets whoever holds it fetch one attachment from the other origin, where no cookie goes; for a minute."""
    return f"{at}.{_mac(secret, 'attachment', key, str(at))}"


def is_pass(secret: str, key: str, given: str, at: int) -> bool:
    made, _, mac = given.partition(".")
    if not MOMENT.fullmatch(made) or not 0 <= at - int(made) <= PASS_SECONDS:
        return False
    return _is_same(mac, _mac(secret, "attachment", key, made))


def comes_from_us(connection: HTTPConnection, own: str) -> bool:
    """Whether an unsafe request was made by a page of ours: Fetch metadata where the browser sends it, else Origin."""
    site = connection.headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = connection.headers.get("origin")
    if origin is None:
        return True
    if own.startswith("https://"):
        return origin == own
    return origin in {own, f"http://{connection.headers.get('host')}"}


def address_of(connection: HTTPConnection, trusted: Iterable[str]) -> str:
    """The client's address; X-Forwarded-For counts only as far as the chain of trusted proxies reaches."""
    address = connection.client.host if connection.client else "unknown"
    networks = [ipaddress.ip_network(network, strict=False) for network in trusted]
    hops = [hop.strip() for hop in ",".join(connection.headers.getlist("x-forwarded-for")).split(",") if hop.strip()]
    while hops and _is_in(address, networks):
        address = hops.pop()
    return address


def address_key(address: str) -> str:
    """What an address is counted by: an IPv6 customer has a whole /64."""
    try:
        parsed = _parsed(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network(f"{parsed}/64", strict=False)) if parsed.version == 6 else str(parsed)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _is_same(given: str, ours: str) -> bool:
    """In constant time, and for any characters: `compare_digest` itself takes no others than ASCII."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), ours.encode())


def _is_in(address: str, networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    try:
        return any(_parsed(address) in network for network in networks)
    except ValueError:
        return False


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """An IPv4 address that came over an IPv6 socket is still an IPv4 address."""
    parsed = ipaddress.ip_address(address)
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, ipaddress.IPv6Address) else parsed


def _mac(secret: str, *parts: str) -> str:
    return hmac.new(secret.encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()[:32]
