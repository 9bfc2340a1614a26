"""Promises of rules that are edited while the service runs: what is unreadable is refused, and never lets everybody in."""

import pytest
import sqlalchemy as sa
from limits import parse_many
from pydantic import ValidationError
from sqlmodel import col

from engage import directory, histories, office_hours, policies
from engage.db import Store
from engage.errors import NotFound
from engage.nouns import NOUNS, LimitForm, Noun
from engage.policies import SEEDED, Limit, LimitsNow, Rates
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
UNREADABLE = [
    "",
    " ",
    "unlimited",
    "5",
    "5/",
    "/minute",
    "5/fortnight",
    "5/minute;",
    "-1/minute",
    "5/minute;x",
    "0x5/minute",
]


async def stored(store: Store, door: str, *rates: str) -> None:
    """Written past the form, as a hand in the database would."""
    names = ("per_caller", "per_address", "overall")
    async with store.transaction() as db:
        change = sa.update(Limit).where(col(Limit.door) == door)
        await db.exec(change.values(dict(zip(names, rates, strict=True))))


async def refreshed(store: Store, limits: LimitsNow) -> LimitsNow:
    async with store.reading() as db:
        await limits.refresh(db)
    return limits


async def test_a_fresh_installation_has_a_readable_limit_for_every_door(directory: Store) -> None:
    async with directory.reading() as db:
        rows = await policies.every_limit(db)
    assert {row.door: Rates(row.per_caller, row.per_address, row.overall) for row in rows} == SEEDED
    assert all(parse_many(text) for row in rows for text in (row.per_caller, row.per_address, row.overall))


@pytest.mark.parametrize("text", UNREADABLE)
def test_a_limit_that_cannot_be_read_is_refused_before_it_is_saved(text: str) -> None:
    for place in ("per_caller", "per_address", "overall"):
        with pytest.raises(ValidationError):
            LimitForm.model_validate(
                {"per_caller": "1/minute", "per_address": "1/day", "overall": "9/hour", place: text}
            )


@pytest.mark.parametrize("text", UNREADABLE)
async def test_a_row_that_cannot_be_read_leaves_the_last_good_one_in_force(directory: Store, text: str) -> None:
    limits = LimitsNow()
    await stored(directory, "ask", "7/minute", "70/minute", "700/minute")
    assert (await refreshed(directory, limits)).of("ask") == Rates("7/minute", "70/minute", "700/minute")
    for rates in ((text, "1/day", "1/day"), ("1/day", text, "1/day"), ("1/day", "1/day", text)):
        await stored(directory, "ask", *rates)
        assert (await refreshed(directory, limits)).of("ask") == Rates("7/minute", "70/minute", "700/minute")
    await stored(directory, "ask", "8/minute", "80/minute", "800/minute")
    assert (await refreshed(directory, limits)).of("ask").per_caller == "8/minute"


async def test_one_bad_row_does_not_keep_the_others_from_being_read(directory: Store) -> None:
    await stored(directory, "ask", "x", "x", "x")
    await stored(directory, "work", "1/day", "2/day", "3/day")
    limits = await refreshed(directory, LimitsNow())
    assert limits.of("ask") == SEEDED["ask"]
    assert limits.of("work") == Rates("1/day", "2/day", "3/day")


async def test_a_table_that_lost_its_rows_takes_no_limit_away(directory: Store) -> None:
    async with directory.transaction() as db:
        await db.exec(sa.delete(Limit))
    limits = await refreshed(directory, LimitsNow())
    assert {door: limits.of(door) for door in SEEDED} == SEEDED


LIMITS, REASONS = NOUNS["limits"], NOUNS["reasons"]


async def edit(town: Town, noun: Noun, slug: str, **values: object) -> None:
    async with town.store.transaction() as db:
        last = await histories.last(db, noun.name, slug)
        version = (last[0].id or 0) if last else 0
        await directory.edit(
            db, town["administrator"], noun, slug, noun.form.model_validate({**values, "version": version})
        )


async def test_a_changed_limit_is_in_force_after_the_next_look_and_can_be_taken_back(town: Town) -> None:
    await edit(town, LIMITS, "track", per_caller="1/minute;2/day", per_address="3/minute", overall="4/second")
    assert (await refreshed(town.store, LimitsNow())).of("track") == Rates("1/minute;2/day", "3/minute", "4/second")
    async with town.store.transaction() as db:
        ((change, by),) = await histories.of(db, "limit", "track", 9)
        await directory.undo(db, town["administrator"], LIMITS, "track", change.id or 0)
    assert (await refreshed(town.store, LimitsNow())).of("track") == SEEDED["track"]
    assert by == "administrator của cơ quan"


async def test_a_limit_for_no_door_is_not_found_and_none_is_added(town: Town) -> None:
    rates = dict.fromkeys(("per_caller", "per_address", "overall"), "1/day")
    with pytest.raises(NotFound):
        await edit(town, LIMITS, "nowhere", **rates)
    with pytest.raises(NotFound):
        async with town.store.transaction() as db:
            await directory.add(db, town["administrator"], LIMITS, "nowhere", rates)


def a_reason(**changes: object) -> dict[str, object]:
    words = dict.fromkeys(("name_vi", "name_en", "words_vi", "words_en"), "Lời lẽ")
    return {**words, "active": True, **changes}


async def test_a_reason_is_added_at_the_end_and_changed_in_its_place(town: Town) -> None:
    async with town.store.transaction() as db:
        await directory.add(db, town["administrator"], REASONS, "too_vague", a_reason())
    await edit(town, REASONS, "unclear", **a_reason(name_vi="Chưa rõ lắm"))
    async with town.store.reading() as db:
        reasons = await policies.every_reason(db)
    assert [reason.code for reason in reasons].index("unclear") == 4
    assert reasons[4].name_vi == "Chưa rõ lắm"
    assert reasons[-1].code == "too_vague"


async def test_a_reason_that_is_not_active_is_not_offered_but_still_explains_old_decisions(town: Town) -> None:
    await edit(town, REASONS, "unclear", **a_reason(active=False))
    async with town.store.reading() as db:
        assert "unclear" not in [reason.code for reason in await policies.active_reasons(db)]
        assert (await policies.reason_of(db, "unclear")) is not None
        assert (await policies.reason_of(db, None)) is None


@pytest.mark.parametrize("changes", [{"name_vi": " "}, {"words_en": ""}, {"words_vi": " "}, {"x": "1"}])
def test_a_reason_without_words_in_both_languages_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        REASONS.form.model_validate(a_reason(**changes))


@pytest.mark.parametrize(
    ("slug", "is_fine"), [("too_vague", True), ("qua-ngan", True), ("Unclear", False), ("a b", False)]
)
def test_a_reason_has_a_plain_code(slug: str, is_fine: bool) -> None:
    assert REASONS.is_slug(slug) is is_fine


@pytest.mark.parametrize("typed", [{"opens": "9h", "closes": "17:00"}, {"opens": "18:00", "closes": "17:30"}, {}])
def test_hours_end_after_they_begin(typed: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        NOUNS["hours"].form.model_validate(typed)


async def test_hours_of_mail_are_edited_like_any_row(town: Town) -> None:
    await edit(town, NOUNS["hours"], "agencies", opens="8:00".zfill(5), closes="16:30")
    async with town.store.reading() as db:
        assert (await office_hours.of(db)).opens.hour == 8


async def test_what_a_surface_accepts_is_a_row(town: Town) -> None:
    await edit(town, NOUNS["policies"], "question", accepts_clean=False, most_hops="4", undo_seconds="0")
    async with town.store.reading() as db:
        policy = await policies.policy_of(db, "question")
    assert (policy.accepts_clean, policy.most_hops, policy.undo_for.total_seconds()) == (False, 4, 0)


async def test_a_surface_without_a_policy_is_not_found(directory: Store) -> None:
    async with directory.reading() as db:
        assert (await policies.policy_of(db, "question")).accepts_clean
        with pytest.raises(NotFound):
            await policies.policy_of(db, "nothing")
