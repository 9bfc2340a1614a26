"""What a portal signed: a JSON Web Token, read with the one key and the one algorithm that its portal registered.

The token itself chooses nothing but which key is meant. Knows no row and no person.
"""

import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import OctKey, OKPKey
from pydantic_core import PydanticCustomError

from engage.ask import of_a_person, one_line
from engage.errors import Refused

MOST_LETTERS = 4096
LEEWAY, LONGEST = 30, 300  # seconds a portal's clock may be wrong, and a token may live
MOST_ID_LETTERS, MOST_SUBJECT = 80, 200


class Algorithm(StrEnum):
    HS256 = "HS256"
    EDDSA = "EdDSA"


# How headers may name it: since RFC 9864 the second is called by its curve.
NAMED: Mapping[Algorithm, tuple[str, ...]] = {Algorithm.HS256: ("HS256",), Algorithm.EDDSA: ("EdDSA", "Ed25519")}


@dataclass(frozen=True, slots=True)
class Key:
    """`material` is the shared secret, or the public key as PEM or JWK."""

    algorithm: Algorithm
    material: str


@dataclass(frozen=True, slots=True)
class Claims:
    """Who writes, as the portal says."""

    subject: str
    name: str
    id: str
    ends_at: float


def key_id(token: str) -> str:
    """Which key a token says it was signed with; nothing is believed yet."""
    if len(token) > MOST_LETTERS or not token.isascii():
        raise Refused("embed_token_unreadable")
    try:
        headers = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError):
        raise Refused("embed_token_unreadable") from None
    kid, algorithm = headers.get("kid"), headers.get("alg")
    if not any(algorithm in names for names in NAMED.values()):
        raise Refused("embed_token_algorithm")
    if not isinstance(kid, str) or not kid:
        raise Refused("embed_token_key")
    return kid


def claims(token: str, key: Key, *, audience: str, issuer: str, at: datetime) -> Claims:
    """Signed by that key, for us, by them, now, and for a short time."""
    said = _payload(token, key)
    if said.get("aud") not in (audience, [audience]):
        raise Refused("embed_token_audience")
    if said.get("iss") != issuer:
        raise Refused("embed_token_issuer")
    _must_be_now(said, at.timestamp())
    return Claims(
        subject=_text(said, "sub", MOST_SUBJECT),
        name=_name(said),
        id=_text(said, "jti", MOST_ID_LETTERS),
        ends_at=said["exp"] + LEEWAY,
    )


def public_key(text: str) -> str:
    """A public key as a portal's editor pastes it. Raises Refused for any other, and for one that should have stayed a secret."""
    try:
        key = OKPKey.import_key(json.loads(text) if text.lstrip().startswith("{") else text)
    except (JoseError, ValueError, TypeError, KeyError):
        raise Refused("site_key_unreadable", field="public") from None
    if key.is_private:
        raise Refused("site_key_private", field="public")
    if key.curve_name != "Ed25519":
        raise Refused("site_key_unreadable", field="public")
    return key.as_pem(private=False).decode()


def _payload(token: str, key: Key) -> dict[str, Any]:
    """The key is made for its algorithm, and no other is tried: a public key never serves as a secret."""
    made = (OctKey if key.algorithm is Algorithm.HS256 else OKPKey).import_key(key.material)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)  # of the name "EdDSA", which portals' libraries still use
            found = jws.deserialize_compact(token, made, algorithms=list(NAMED[key.algorithm]))
        said = json.loads(found.payload, object_pairs_hook=_once, parse_constant=_never)
    except (JoseError, ValueError, RecursionError) as wrong:
        is_shape = isinstance(wrong, (ValueError, RecursionError)) and not isinstance(wrong, JoseError)
        raise Refused("embed_token_unreadable" if is_shape else "embed_token_signature") from None
    if not isinstance(said, dict):
        raise Refused("embed_token_unreadable")
    return said


def _must_be_now(said: Mapping[str, Any], at: float) -> None:
    begins, made, ends = (_moment(said, name) for name in ("nbf", "iat", "exp"))
    if made is None or ends is None:
        raise Refused("embed_token_claim", claim="iat" if made is None else "exp")
    if ends + LEEWAY <= at:
        raise Refused("embed_token_expired")
    if max(made, begins or made) > at + LEEWAY:
        raise Refused("embed_token_early")
    if ends - made > LONGEST:
        raise Refused("embed_token_long")


def _moment(said: Mapping[str, Any], claim: str) -> float | None:
    value = said.get(claim)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e11:
        raise Refused("embed_token_claim", claim=claim)
    return float(value)


def _text(said: Mapping[str, Any], claim: str, most: int) -> str:
    value = said.get(claim)
    if not isinstance(value, str) or not 1 <= len(value) <= most or not value.isprintable():
        raise Refused("embed_token_claim", claim=claim)
    return value


def _name(said: Mapping[str, Any]) -> str:
    """A name that looks like an office's is refused, whoever signed it."""
    try:
        return of_a_person(str(one_line(_text(said, "name", MOST_SUBJECT))))
    except PydanticCustomError:
        raise Refused("embed_token_claim", claim="name") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name twice")
    return dict(pairs)


def _never(constant: str) -> None:
    raise ValueError(constant)
