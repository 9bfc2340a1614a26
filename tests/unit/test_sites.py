"""Portals: exact origins, keys that are changed without a gap, and an end that holds at once."""

import pytest
from joserfc.jwk import OKPKey

from engage import sites
from engage.errors import Conflict, NotAllowed, Refused
from engage.origins import likenesses, origin_of
from engage.site_forms import NewSiteForm, SiteForm
from engage.sites import Portals, Site
from tests.unit.town import Town

ORIGIN = "https://cong.example.vn"
GOOD = {
    "https://cong.example.vn": ORIGIN,
    "https://Cong.Example.VN/": ORIGIN,
    "https://cong.example.vn:443": ORIGIN,
    "https://cong.example.vn:8443": f"{ORIGIN}:8443",
    "https://đảng.example.vn": "https://xn--ng-kja3170a.example.vn",
    "http://localhost:5000": "http://localhost:5000",
    "http://127.0.0.1:5000": "http://127.0.0.1:5000",
    "http://[::1]:5000": "http://[::1]:5000",
}
BAD = {
    "http://cong.example.vn": "site_origin_http",
    "https://*.example.vn": "site_origin_wildcard",
    "*": "site_origin_wildcard",
    "https://cong.example.vn/trang": "site_origin_path",
    "https://cong.example.vn?x": "site_origin_path",
    "https://a:b@cong.example.vn": "site_origin_path",
    "null": "site_origin_wrong",
    "cong.example.vn": "site_origin_wrong",
    "https://cong": "site_origin_wrong",
    "https://cong .example.vn": "site_origin_wrong",
    "https://cong.example.vn:99999": "site_origin_wrong",
    "https://-x.example.vn": "site_origin_wrong",
    "javascript:alert(1)": "site_origin_wrong",
    "ftp://cong.example.vn": "site_origin_wrong",
}


@pytest.mark.parametrize("typed", GOOD)
def test_an_origin_is_kept_as_browsers_say_it(typed: str) -> None:
    assert origin_of(typed).startswith(GOOD[typed].partition("xn--")[0])
    if "đ" not in typed:
        assert origin_of(typed) == GOOD[typed]


@pytest.mark.parametrize("typed", BAD)
def test_what_is_no_origin_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        origin_of(typed)
    assert (refused.value.reason, refused.value.field) == (BAD[typed], "origins")


def test_origins_that_look_alike_are_told() -> None:
    known = [ORIGIN, "https://bao.example.vn"]
    assert likenesses(["https://c0ng.example.vn"], known) == [("https://c0ng.example.vn", ORIGIN)]
    assert likenesses([ORIGIN], known) == []


@pytest.mark.anyio
async def test_a_registered_portal_is_found_by_its_origin_and_an_ended_one_is_not(town: Town) -> None:
    await _registered(town)
    assert (await _portals(town)).by_origin[ORIGIN].slug == "cong"
    async with town.store.transaction() as db:
        await sites.end(db, town["administrator"], await sites.one(db, "cong"))
    assert (await _portals(town)).by_origin == {}
    assert await town.facts(sites.CHANNEL) == ["site.registered", "site.ended"]
    with pytest.raises(Conflict):
        async with town.store.transaction() as db:
            await sites.change(db, town["administrator"], await sites.one(db, "cong"), _form(version=0))


@pytest.mark.anyio
async def test_an_origin_taken_away_counts_no_more(town: Town) -> None:
    await _registered(town)
    async with town.store.transaction() as db:
        moved = _form(origins="https://moi.example.vn")
        await sites.change(db, town["administrator"], await sites.one(db, "cong"), moved)
    assert list((await _portals(town)).by_origin) == ["https://moi.example.vn"]


@pytest.mark.anyio
async def test_one_origin_belongs_to_one_portal(town: Town) -> None:
    await _registered(town)
    with pytest.raises(Refused, match="site_origin_taken"):
        await _registered(town, slug="khac")


@pytest.mark.anyio
async def test_a_change_on_an_old_version_is_a_conflict(town: Town) -> None:
    await _registered(town)
    for conflicts in (False, True):
        async with town.store.transaction() as db:
            site = await sites.one(db, "cong")
            if not conflicts:
                await sites.change(db, town["administrator"], site, _form(name="Cổng mới"))
                continue
            with pytest.raises(Conflict):
                await sites.change(db, town["administrator"], site, _form(name="Cổng khác"))


@pytest.mark.anyio
async def test_a_new_key_works_beside_the_old_one_until_that_is_ended(town: Town) -> None:
    await _registered(town)
    async with town.store.transaction() as db:
        site = await sites.one(db, "cong")
        old = await sites.add_key(db, town["administrator"], site, "")
        pair = OKPKey.generate_key("Ed25519")
        new = await sites.add_key(db, town["administrator"], site, pair.as_pem(private=False).decode())
    assert {*(await _portals(town)).by_slug["cong"].keys} == {old.kid, new.kid}
    async with town.store.transaction() as db:
        await sites.end_key(db, town["administrator"], await sites.one(db, "cong"), old.kid)
    assert {*(await _portals(town)).by_slug["cong"].keys} == {new.kid}
    assert sites.signing("a", old) != sites.signing("b", old)


@pytest.mark.anyio
@pytest.mark.parametrize("curve", ["Ed25519", "X25519", "", "private"])
async def test_only_a_public_key_for_signing_is_taken(town: Town, curve: str) -> None:
    await _registered(town)
    pem = "x"
    if curve == "private":
        pem = OKPKey.generate_key("Ed25519").as_pem(private=True).decode()
    elif curve:
        pem = OKPKey.generate_key(curve).as_pem(private=False).decode()  # type: ignore[arg-type]  # every curve there is
    async with town.store.transaction() as db:
        site = await sites.one(db, "cong")
        if curve == "Ed25519":
            assert (await sites.add_key(db, town["administrator"], site, pem)).algorithm == "EdDSA"
            return
        with pytest.raises(Refused) as refused:
            await sites.add_key(db, town["administrator"], site, pem)
    assert refused.value.reason == ("site_key_private" if curve == "private" else "site_key_unreadable")


@pytest.mark.anyio
async def test_only_an_administrator_registers(town: Town) -> None:
    async with town.store.transaction() as db:
        with pytest.raises(NotAllowed):
            await sites.register(db, town["moderator"], _new())


def _form(**values: object) -> SiteForm:
    return SiteForm.model_validate({"name": "Cổng thông tin", "origins": ORIGIN, **values})


def _new(**values: object) -> NewSiteForm:
    return NewSiteForm.model_validate({"slug": "cong", "name": "Cổng thông tin", "origins": ORIGIN, **values})


async def _registered(town: Town, **values: object) -> Site:
    async with town.store.transaction() as db:
        return await sites.register(db, town["administrator"], _new(**values))


async def _portals(town: Town) -> Portals:
    async with town.store.reading() as db:
        return await sites.portals(db)
