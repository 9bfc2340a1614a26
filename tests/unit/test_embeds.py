"""A portal's token is spent once for a bearer; every other token is refused in words."""

import base64
import hashlib
import hmac
import json
import warnings
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import OctKey, OKPKey

from engage import embeds, sites
from engage.errors import Refused
from engage.site_forms import NewSiteForm, SiteForm
from engage.sites import Portal
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
SECRET, ORIGIN, ISSUER = "secret", "https://cong.example.vn", "https://cong.example.vn"
PAIR = OKPKey.generate_key("Ed25519")
PUBLIC = PAIR.as_pem(private=False).decode()
Said = dict[str, Any]


class Signing:
    """A portal with a shared secret and a pair, and its clock."""

    def __init__(self, portal: Portal, at: float) -> None:
        self.portal, self.at = portal, at
        self.shared = next(key for key in portal.keys.values() if key.algorithm == "HS256")
        self.paired = next(key for key in portal.keys.values() if key.algorithm == "EdDSA")

    @property
    def secret(self) -> OctKey:
        return OctKey.import_key(sites.signing(SECRET, self.shared).material)

    def claims(self, **changes: Any) -> Said:
        honest = {"iss": ISSUER, "aud": "cong", "sub": "u-17", "name": "Trần Thị Hoa", "jti": "one"}
        whole = {**honest, "iat": self.at, "exp": self.at + 240, **changes}
        return {name: value for name, value in whole.items() if value is not None}

    def hs256(self, payload: Said | bytes | None = None, **header: Any) -> str:
        return self.sign({"alg": "HS256", "kid": self.shared.kid, **header}, payload, self.secret)

    def eddsa(self, payload: Said | bytes | None = None, **header: Any) -> str:
        return self.sign({"alg": "EdDSA", "kid": self.paired.kid, **header}, payload, PAIR)

    def sign(self, header: Said, payload: Said | bytes | None, key: Any) -> str:
        payload = self.claims() if payload is None else payload
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)
            return jws.serialize_compact(header, body, key, algorithms=["HS256", "HS512", "EdDSA", "Ed25519"])


def _raw(header: Said, payload: Said, signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), json.dumps(payload).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def _swapped(good: str, payload: Said) -> str:
    head, _, signature = good.split(".")
    return f"{head}.{_raw({}, payload).split('.')[1]}.{signature}"


GOOD: dict[str, Callable[[Signing], str]] = {
    "a shared secret": lambda it: it.hs256(),
    "a pair": lambda it: it.eddsa(),
    "a pair, by its newer name": lambda it: it.eddsa(alg="Ed25519"),
    "one audience in a list": lambda it: it.hs256(it.claims(aud=["cong"])),
    "a clock 25 seconds ahead": lambda it: it.hs256(it.claims(iat=it.at + 25, nbf=it.at + 25)),
    "a clock behind, just over": lambda it: it.hs256(it.claims(iat=it.at - 300, exp=it.at - 25)),
}
BAD: dict[str, tuple[str, Callable[[Signing], str]]] = {
    "nothing": ("embed_token_unreadable", lambda it: ""),
    "noise": ("embed_token_unreadable", lambda it: "a.b.c"),
    "not ASCII": ("embed_token_unreadable", lambda it: "é.é.é"),
    "too long": ("embed_token_unreadable", lambda it: it.hs256() + "x" * 5000),
    "encrypted": ("embed_token_unreadable", lambda it: "a.b.c.d.e"),
    "unsigned": ("embed_token_algorithm", lambda it: _raw({"alg": "none", "kid": it.shared.kid}, it.claims())),
    "unsigned, in capitals": ("embed_token_algorithm", lambda it: _raw({"alg": "NONE"}, it.claims())),
    "another algorithm": (
        "embed_token_algorithm",
        lambda it: it.sign({"alg": "HS512", "kid": it.shared.kid}, None, it.secret),
    ),
    "no algorithm": ("embed_token_unreadable", lambda it: _raw({"kid": it.shared.kid}, it.claims())),
    "no key named": ("embed_token_key", lambda it: it.sign({"alg": "HS256"}, None, it.secret)),
    "an unknown key": ("embed_token_key", lambda it: it.hs256(kid="000000000000")),
    "a key that is no text": ("embed_token_key", lambda it: _raw({"alg": "HS256", "kid": 7}, it.claims(), b"x")),
    "a public key as a secret": (
        "embed_token_signature",
        lambda it: _confused(it),
    ),
    "a secret's algorithm on a pair's key": (
        "embed_token_signature",
        lambda it: it.sign({"alg": "HS256", "kid": it.paired.kid}, None, it.secret),
    ),
    "a pair's algorithm on a secret's key": (
        "embed_token_signature",
        lambda it: it.eddsa(kid=it.shared.kid),
    ),
    "another secret": ("embed_token_signature", lambda it: it.sign(_hs(it), None, OctKey.import_key("z" * 43))),
    "another payload": ("embed_token_signature", lambda it: _swapped(it.hs256(), it.claims(sub="u-18"))),
    "no signature": ("embed_token_signature", lambda it: it.hs256().rpartition(".")[0] + "."),
    "a critical header": (
        "embed_token_signature",
        lambda it: _raw({**_hs(it), "crit": ["x"], "x": 1}, it.claims(), b"y"),
    ),
    "another audience": ("embed_token_audience", lambda it: it.hs256(it.claims(aud="khac"))),
    "several audiences": ("embed_token_audience", lambda it: it.hs256(it.claims(aud=["cong", "khac"]))),
    "no audience": ("embed_token_audience", lambda it: it.hs256(it.claims(aud=None))),
    "another issuer": ("embed_token_issuer", lambda it: it.hs256(it.claims(iss="https://khac.example.vn"))),
    "expired": ("embed_token_expired", lambda it: it.hs256(it.claims(iat=it.at - 300, exp=it.at - 31))),
    "from a clock ahead": ("embed_token_early", lambda it: it.hs256(it.claims(iat=it.at + 31))),
    "not yet": ("embed_token_early", lambda it: it.hs256(it.claims(nbf=it.at + 31))),
    "for too long": ("embed_token_long", lambda it: it.hs256(it.claims(exp=it.at + 301))),
    "without an end": ("embed_token_claim", lambda it: it.hs256(it.claims(exp=None))),
    "without a beginning": ("embed_token_claim", lambda it: it.hs256(it.claims(iat=None))),
    "an end that is true": ("embed_token_claim", lambda it: it.hs256(it.claims(exp=True))),
    "an end in words": ("embed_token_claim", lambda it: it.hs256(it.claims(exp="9999999999"))),
    "an end beyond all numbers": ("embed_token_claim", lambda it: it.hs256(it.claims(exp=10**400))),
    "without a number": ("embed_token_claim", lambda it: it.hs256(it.claims(jti=None))),
    "a long number": ("embed_token_claim", lambda it: it.hs256(it.claims(jti="x" * 81))),
    "nobody": ("embed_token_claim", lambda it: it.hs256(it.claims(sub=""))),
    "a name of an office": ("embed_token_claim", lambda it: it.hs256(it.claims(name="Bộ Công an"))),
    "a name twice": ("embed_token_unreadable", lambda it: it.hs256(b'{"iss":"a","iss":"b"}')),
    "no number at all": ("embed_token_unreadable", lambda it: it.hs256(b'{"exp":NaN}')),
    "a list": ("embed_token_unreadable", lambda it: it.hs256(b"[]")),
    "a deep payload": ("embed_token_unreadable", lambda it: it.hs256(b"[" * 2000)),
    "bad UTF-8": ("embed_token_unreadable", lambda it: it.hs256(b'{"a":"\xff"}')),
}


def _confused(it: Signing) -> str:
    """By hand: no library signs with a public key as if it were a secret."""
    unsigned = _raw({"alg": "HS256", "kid": it.paired.kid}, it.claims()).rpartition(".")[0]
    mac = hmac.new(PUBLIC.encode(), unsigned.encode(), hashlib.sha256).digest()
    return f"{unsigned}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def _hs(it: Signing) -> Said:
    return {"alg": "HS256", "kid": it.shared.kid}


@pytest.mark.parametrize("what", GOOD)
async def test_an_honest_token_is_spent_for_a_bearer(town: Town, what: str) -> None:
    it = await _portal(town)
    bearer = await _spent(town, it, GOOD[what](it))
    found = await _by(town, bearer)
    assert found is not None
    assert (found.actor.name, found.portal.slug) == ("Trần Thị Hoa", "cong")


@pytest.mark.parametrize("what", BAD)
async def test_every_other_token_is_refused_in_words(town: Town, what: str) -> None:
    it, (reason, made) = await _portal(town), BAD[what]
    with pytest.raises(Refused) as refused:
        await _spent(town, it, made(it))
    assert refused.value.reason == reason


async def test_a_token_is_spent_once(town: Town) -> None:
    it = await _portal(town)
    token = it.hs256()
    await _spent(town, it, token)
    with pytest.raises(Refused, match="embed_token_spent"):
        await _spent(town, it, token)
    with pytest.raises(Refused, match="embed_token_spent"):  # signed anew, by another key even
        await _spent(town, it, it.eddsa())


async def test_what_was_spent_is_forgotten_only_when_it_is_over(town: Town) -> None:
    it = await _portal(town)
    token = it.hs256()
    await _spent(town, it, token)
    for seconds, reason in ((269, "embed_token_spent"), (2, "embed_token_expired")):
        town.clock.move(seconds)
        async with town.store.transaction() as db:
            await embeds.forget_old(db)
        with pytest.raises(Refused, match=reason):
            await _spent(town, it, token)


async def test_one_subject_is_one_person_with_the_name_the_portal_gives_now(town: Town) -> None:
    it = await _portal(town)
    tokens = [it.hs256(it.claims(jti=str(n), name=name)) for n, name in enumerate(("Trần Thị Hoa", "Trần Hoa"))]
    tokens.append(it.hs256(it.claims(jti="2", sub="u-18")))
    found = [await _by(town, await _spent(town, it, token)) for token in tokens]
    ids = [one.actor.person_id for one in found if one]
    assert ids[0] == ids[1] != ids[2]
    assert found[1] is not None
    assert found[1].actor.name == "Trần Hoa"


async def test_a_bearer_opens_nothing_from_elsewhere_nor_after_half_an_hour(town: Town) -> None:
    bearer = await _spent(town, it := await _portal(town), it.hs256())
    assert await _by(town, bearer, "https://c0ng.example.vn") is None
    assert await _by(town, bearer + "x") is None
    town.clock.move(30 * 60 - 1)
    assert await _by(town, bearer) is not None
    town.clock.move(1)
    assert await _by(town, bearer) is None


@pytest.mark.parametrize("how", ["ended", "moved", "key ended"])
async def test_a_bearer_ends_with_its_site_its_origin_and_its_key(town: Town, how: str) -> None:
    bearer = await _spent(town, it := await _portal(town), it.hs256())
    async with town.store.transaction() as db:
        site = await sites.one(db, "cong")
        if how == "ended":
            await sites.end(db, town["administrator"], site)
        elif how == "key ended":
            await embeds.end_key(db, town["administrator"], site, it.shared.kid)
        else:
            form = SiteForm.model_validate({"name": "Cổng", "origins": "https://moi.example.vn"})
            await sites.change(db, town["administrator"], site, form)
    assert await _by(town, bearer) is None


async def test_who_leaves_has_no_bearer(town: Town) -> None:
    bearer = await _spent(town, it := await _portal(town), it.hs256())
    async with town.store.transaction() as db:
        await embeds.leave(db, bearer)
    assert await _by(town, bearer) is None


def test_how_long_a_bearer_lasts() -> None:
    assert timedelta(minutes=30) == embeds.LASTS


async def _portal(town: Town) -> Signing:
    new = NewSiteForm.model_validate({"slug": "cong", "name": "Cổng thông tin", "origins": ORIGIN})
    async with town.store.transaction() as db:
        site = await sites.register(db, town["administrator"], new)
        await sites.add_key(db, town["administrator"], site, "")
        await sites.add_key(db, town["administrator"], site, PUBLIC)
    async with town.store.reading() as db:
        return Signing((await sites.portals(db)).by_slug["cong"], int(town.clock.now.timestamp()))


async def _spent(town: Town, it: Signing, token: str) -> str:
    claims = embeds.judge(it.portal, SECRET, token, town.clock.now)
    async with town.store.transaction() as db:
        return await embeds.spend(db, it.portal, ORIGIN, claims, "vi")


async def _by(town: Town, bearer: str, origin: str = ORIGIN) -> embeds.Embedded | None:
    async with town.store.reading() as db:
        return await embeds.by_bearer(db, bearer, origin)
