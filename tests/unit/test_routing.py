"""Promises of routing: the likeliest agency first, with reasons; never an umbrella, never a failure."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from engage import routing
from engage.agencies import Agency, Topic
from engage.routing import Directory, Place, Precedent
from moderation import identifiers
from tests.unit.town import FINANCE, HANOI, HEALTH, INSURANCE, UMBRELLA, Town

GOVERNMENT, MONEY, CARE, TOWN, FARMS = 1, 2, 3, 4, 5
TAX, LAW = 11, 12


def _agency(id: int, slug: str, keywords: list[str], **changes: Any) -> Agency:
    told: dict[str, Any] = {"level": "central", "kind": "ministry", "name_vi": slug, "name_en": slug, **changes}
    return Agency(id=id, slug=slug, keywords=keywords, **told)


def _topic(id: int, slug: str, agency_id: int) -> Topic:
    return Topic(id=id, slug=slug, name_vi="Thuế", name_en="Tax", field="x", agency_id=agency_id)


KNOWN = Directory.of(
    [
        _agency(GOVERNMENT, "chinh-phu", ["thuế", "bệnh viện"], answers=False),
        _agency(MONEY, "bo-tai-chinh", ["thuế", "hóa đơn", "hải quan", "kho bạc"]),
        _agency(CARE, "bo-y-te", ["bệnh viện", "thuốc", "sổ đỏ"]),
        _agency(
            TOWN,
            "ubnd-ha-noi",
            ["thuế"],
            level="provincial",
            kind="provincial_people_committee",
            province_slug="ha-noi",
        ),
        _agency(FARMS, "bo-nong-nghiep", ["đất đai"]),
    ],
    [_topic(TAX, "thue", MONEY), _topic(LAW, "luat", GOVERNMENT)],
)
ANYTHING = st.one_of(st.text(max_size=300), st.sampled_from(["thuế " * 50, "xã tôi, " * 9, "bệnh viện\0", "\ud800"]))
PLACES = st.builds(
    Place,
    st.one_of(st.none(), st.integers(0, 99), st.sampled_from([TAX, LAW])),
    st.one_of(st.none(), st.text(max_size=9), st.just("ha-noi")),
    st.one_of(st.none(), st.integers(0, 9)),
)
PRECEDENTS = st.lists(
    st.builds(
        lambda agency, times: Precedent(topic_id=TAX, province_id=0, agency_id=agency, times=times),
        st.integers(0, 9),
        st.integers(0, 9),
    ),
    max_size=5,
)


def first(text: str, place: Place | None = None, precedents: list[Precedent] | None = None) -> tuple[int, list[str]]:
    route = KNOWN.routes(text, place or Place(), precedents or [])[0]
    return route.agency_id, [code for code, _ in route.reasons]


def test_a_topic_brings_a_question_to_its_agency() -> None:
    assert first("Xin hỏi một việc", Place(TAX)) == (MONEY, ["route_topic"])


def test_a_wish_outweighs_a_topic() -> None:
    assert first("Xin hỏi một việc", Place(TAX, None, CARE)) == (CARE, ["route_wish"])


def test_a_topic_and_words_that_agree_outweigh_a_wish() -> None:
    assert first("Xin hỏi về thuế", Place(TAX, None, CARE)) == (MONEY, ["route_topic", "route_words"])


def test_words_of_a_remit_are_found_without_marks_and_only_as_whole_words() -> None:
    assert first("Toi muon hoi ve hoa don dien tu") == (MONEY, ["route_words"])
    assert KNOWN.routes("Thuếch thuêu", Place()) == []


def test_many_words_count_no_more_than_three() -> None:
    few = KNOWN.routes("thuế, hóa đơn, hải quan", Place())[0]
    many = KNOWN.routes("thuế, hóa đơn, hải quan, kho bạc", Place())[0]
    assert few.weight == many.weight
    assert many.reasons == (("route_words", {"words": "thuế, hóa đơn, hải quan"}),)


def test_a_case_on_the_ground_goes_to_the_province_it_lies_in() -> None:
    text = "Thửa đất nhà tôi bị lấn chiếm"
    assert first(text, Place(None, "ha-noi")) == (TOWN, ["route_place"])
    assert KNOWN.routes(text, Place()) == []
    assert KNOWN.routes("Xin hỏi một việc", Place(None, "ha-noi")) == []


def test_what_was_answered_before_decides_between_equals() -> None:
    before = [
        Precedent(topic_id=TAX, province_id=0, agency_id=CARE, times=3),
        Precedent(topic_id=TAX, province_id=0, agency_id=FARMS, times=1),
    ]
    routes = KNOWN.routes("Xin hỏi một việc", Place(), before)
    assert [(route.agency_id, route.reasons) for route in routes] == [
        (CARE, (("route_before", {"times": 3}),)),
        (FARMS, (("route_before", {"times": 1}),)),
    ]


def test_an_umbrella_is_never_chosen_whatever_points_to_it() -> None:
    before = [Precedent(topic_id=LAW, province_id=0, agency_id=GOVERNMENT, times=9)]
    routes = KNOWN.routes("hóa đơn và bệnh viện", Place(LAW, None, GOVERNMENT), before)
    assert {route.agency_id for route in routes} == {MONEY, CARE}


def test_one_syllable_alone_points_nowhere_but_supports_what_something_else_says() -> None:
    assert KNOWN.routes("Tôi hỏi về thuế", Place()) == []
    assert first("Tôi hỏi về thuế", Place(TAX)) == (MONEY, ["route_topic", "route_words"])


@given(ANYTHING, PLACES, PRECEDENTS)
def test_no_text_and_no_place_makes_routing_fail(text: str, place: Place, precedents: list[Precedent]) -> None:
    routes = KNOWN.routes(text, place, precedents)
    assert len(routes) <= routing.SHOWN
    assert GOVERNMENT not in {route.agency_id for route in routes}
    assert len({route.agency_id for route in routes}) == len(routes)
    assert sorted(routes, key=lambda route: -route.weight) == routes
    assert all(route.weight > 0 and route.reasons for route in routes)


@given(ANYTHING, PLACES, PRECEDENTS)
def test_the_same_question_is_always_routed_the_same(text: str, place: Place, precedents: list[Precedent]) -> None:
    assert KNOWN.routes(text, place, precedents) == KNOWN.routes(text, place, precedents)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("text", "topic", "province", "agency"),
    [
        ("Mức hưởng bảo hiểm xã hội một lần tính thế nào?", "bao-hiem-xa-hoi", "ha-noi", INSURANCE),
        ("Bệnh viện từ chối khám chữa bệnh thì tôi gửi ý kiến đến đâu?", "y-te", None, HEALTH),
        ("Sổ đỏ của tôi ghi sai, UBND xã hẹn mãi không sửa", "", "ha-noi", HANOI),
        ("Hóa đơn điện tử và thuế hộ kinh doanh", "", None, FINANCE),
    ],
)
async def test_real_questions_find_their_real_agency(
    town: Town, text: str, topic: str, province: str | None, agency: str
) -> None:
    async with town.store.reading() as db:
        known = await routing.directory(db)
        topic_id = next((row.id for row in known.topics.values() if row.slug == topic), None)
        routes = await routing.routes(db, text, Place(topic_id, province))
    assert routes[0].agency_id == town.agencies[agency]


@pytest.mark.anyio
async def test_every_topic_of_the_directory_leads_to_an_agency_that_answers(town: Town) -> None:
    async with town.store.reading() as db:
        known = await routing.directory(db)
    assert known.topics
    assert town.agencies[UMBRELLA] not in known.agencies
    assert [topic.slug for topic in known.topics.values() if not known.routes("", Place(topic.id))] == []


@pytest.mark.anyio
async def test_precedents_are_counted_over_all_provinces_of_a_topic(town: Town) -> None:
    insurance, health = town.agencies[INSURANCE], town.agencies[HEALTH]
    for province_id, agency_id in ((1, insurance), (1, insurance), (None, insurance), (2, health)):
        async with town.store.transaction() as db:
            await routing.note_precedent(db, 1, province_id, agency_id)
    async with town.store.reading() as db:
        found = {row.agency_id: row.times for row in await routing.precedents(db, 1)}
        assert found == {insurance: 3, health: 1}
        assert await routing.precedents(db, None) == ()
        assert await routing.precedents(db, 2) == []


SOUTH = Directory.of(
    [
        *KNOWN.agencies.values(),
        _agency(
            6, "ubnd-dong-nai", [], level="provincial", kind="provincial_people_committee", province_slug="dong-nai"
        ),
    ],
    KNOWN.topics.values(),
)


def test_what_another_province_answered_for_its_people_ones_own_answers() -> None:
    before = [Precedent(topic_id=TAX, province_id=1, agency_id=TOWN, times=9)]
    routes = SOUTH.routes("Xin hỏi một việc", Place(TAX, "dong-nai"), before)
    assert [(route.agency_id, [code for code, _ in route.reasons]) for route in routes] == [
        (MONEY, ["route_topic"]),
        (6, ["route_place"]),
    ]
    assert TOWN in {route.agency_id for route in SOUTH.routes("Xin hỏi một việc", Place(TAX, "ha-noi"), before)}


@pytest.mark.anyio
async def test_every_committee_of_a_province_is_known_by_it(town: Town) -> None:
    async with town.store.reading() as db:
        rows = (await db.exec(select(Agency).where(col(Agency.kind).like("provincial_%")))).all()
    assert {row.kind for row in rows} == {"provincial_people_committee", "provincial_party_committee"}
    assert len({(row.kind, row.province_slug) for row in rows if row.province_slug}) == len(rows) == 68


def test_a_follow_up_says_that_it_goes_where_the_first_was_answered() -> None:
    place = Place(None, None, CARE, is_follow_up=True)
    assert first("Xin hỏi một việc", place) == (CARE, ["route_follow_up"])


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Xe tôi biển số 60A-123.45 bị hỏng.", "Xe tôi   bị hỏng."),
        ("Số CCCD: 001088012345, tôi hỏi về thuế.", "Số  , tôi hỏi về thuế."),
        ("Biển số đẹp thì đấu giá ở đâu?", "Biển số đẹp thì đấu giá ở đâu?"),
    ],
)
def test_a_number_that_identifies_somebody_is_no_topic(text: str, kept: str) -> None:
    assert identifiers.without(text) == kept
