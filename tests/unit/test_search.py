import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import lists, moves, questions, search
from engage.access import Moderation
from engage.lists import Filters, Order, Which
from engage.search import Query
from engage.web import marks
from moderation.text import fold
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
WORDS = ("lương hưu", "thủ tục hòa giải", "giấy khai sinh", "đường xá", "BHXH một lần", "ủy ban nhân dân xã", "học phí")
EVERY = Filters(which=Which.ALL)


async def put(town: Town, texts: Sequence[str]) -> None:
    async with town.store.transaction() as db:
        for number, text in enumerate(texts, 1):
            await search.put(db, number, text)


async def found(town: Town, typed: str) -> list[int]:
    async with town.store.reading() as db:
        return list(await search.find(db, typed))


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Mức lương hưu năm nay", "luong huu"),
        ("Mức lương hưu năm nay", "lương hưu"),
        ("Muc luong huu nam nay", "lương hưu"),
        ("Đường vào thôn Đông", "duong dong"),
        ("Hòa giải ở xã", "hoà giải"),
        ("Hoà giải ở xã", "hòa giải"),
        ("Rút BHXH một lần", "bảo hiểm xã hội"),
        ("Rút bảo hiểm xã hội một lần", "bhxh"),
        ("Đơn gửi UBND xã", "uy ban nhan dan"),
        ("Mức lương hưu năm nay", "lương hưu n"),
        ("Nghị định 178/2024/NĐ-CP", "178/2024/nđ-cp"),
        ("Mức lương hưu năm nay", '"lương hưu"'),
        ("Mức lương hưu năm nay", "“luong huu” năm"),
    ],
)
async def test_a_text_is_found_however_its_words_are_typed(town: Town, text: str, typed: str) -> None:
    await put(town, [text, "Một việc khác hẳn"])
    assert await found(town, typed) == [1]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Hưu trí và lương", '"lương hưu"'),
        ("Muc luong huu", '"lương hưu"'),
        ("Mức lương hưu năm nay", "lương hưu trí"),
        ("Mức lương hưu năm nay", '"lương" hưu trí'),
        ("Mức lương hưu năm nay", ""),
        ("Mức lương hưu năm nay", '"" “ ”'),
        ("Mức lương hưu năm nay", "?!"),
    ],
)
async def test_a_text_without_the_words_is_not_found(town: Town, text: str, typed: str) -> None:
    await put(town, [text])
    assert await found(town, typed) == []


@pytest.mark.parametrize(
    "typed", ['"', "'", 'a"b', "a' | 'b", "a:*", "(a", "NEAR(a b)", "a OR b", "“a", "\\", "%_", "a & !b", "«»"]
)
async def test_no_query_is_read_as_a_language(town: Town, typed: str) -> None:
    await put(town, ["chẳng có gì"])
    assert await found(town, typed) == []


async def test_words_as_they_are_written_come_first(town: Town) -> None:
    await put(town, ["Lưỡng hữu", "Lương hưu", "Luồng hừu"])
    assert (await found(town, "lương hưu"))[0] == 2
    assert sorted(await found(town, "lương hưu")) == [1, 2, 3]


async def test_what_was_dropped_or_reworded_is_found_no_more(town: Town) -> None:
    await put(town, ["lương hưu", "học phí"])
    async with town.store.transaction() as db:
        await search.drop(db, 1)
        await search.put(db, 2, "giấy khai sinh")
    assert (await found(town, "luong huu"), await found(town, "hoc phi"), await found(town, "khai sinh")) == (
        [],
        [],
        [2],
    )


def corpus() -> list[str]:
    """The same five hundred texts every time, some of them typed without tone marks."""
    chance = random.Random(7)
    texts = [" ".join(chance.choices(WORDS, k=chance.randint(1, 3))) + f" số {number}" for number in range(1, 501)]
    return [fold(text) if chance.random() < 0.2 else text for text in texts]


async def test_five_hundred_texts_give_what_plain_reading_gives(town: Town) -> None:
    """The answers are computed here from the words alone, so both databases must give the very same ones."""
    texts = corpus()
    await put(town, texts)
    folded = [set(search._folded(text).split()) for text in texts]  # the index's own spelling
    for typed in (*WORDS, *map(fold, WORDS), "luong huu hoc phi", "giay bhxh", "so 17"):
        *whole, begun = search._folded(typed).split()
        expected = {
            number
            for number, words in enumerate(folded, 1)
            if words.issuperset(whole) and any(word.startswith(begun) for word in words)
        }
        assert set(await found(town, typed)) == expected, typed


async def test_a_phrase_among_five_hundred_stands_together_as_written(town: Town) -> None:
    texts = corpus()
    await put(town, texts)
    expected = {number for number, text in enumerate(texts, 1) if "lương hưu" in text}
    assert expected
    assert set(await found(town, '"lương hưu"')) == expected


@given(st.sampled_from(WORDS), st.sampled_from(WORDS), st.booleans())
def test_what_was_looked_for_is_marked_and_the_text_stays_the_same(wanted: str, other: str, is_folded: bool) -> None:
    text = f"Về {other}, và {wanted} & <b>"
    spans = search.spans(text, Query.of(fold(wanted) if is_folded else wanted))
    assert any(text[start:end].startswith(wanted.split()[0]) for start, end in spans)
    shown = str(marks.found(text, spans))
    assert shown.replace("<mark>", "").replace("</mark>", "") == "Về " + other + ", và " + wanted + " &amp; &lt;b&gt;"


@given(st.text(), st.text())
def test_marking_breaks_on_no_text(text: str, typed: str) -> None:
    spans = search.spans(text, Query.of(typed))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    marks.excerpt(text, spans)


def test_an_excerpt_begins_shortly_before_what_was_found() -> None:
    text = "đoạn đầu dài " * 30 + "lương hưu ở đây"
    shown = str(marks.excerpt(text, search.spans(text, Query.of("luong huu"))))
    assert shown.startswith("…")
    assert shown.index("<mark>lương hưu</mark>") < 60


# What is not listable is found by nobody


async def _everywhere(db: AsyncSession, typed: str) -> set[int]:
    """Ids in every list, count and search that readers are shown."""
    seen: set[int] = set()
    for which in Which:
        seen |= {row.id for row in await lists.listed(db, Filters(which=which), 99)}
    for order in Order:
        seen |= {row.id for row in (await lists.searched(db, typed, EVERY, order, 99, 1))[0]}
    return seen


async def test_sealed_held_hidden_and_merged_ones_are_in_no_list_and_no_search(town: Town) -> None:
    public, sealed, hidden, merged = [await town.accepted() for _ in range(4)]
    held, _case = await town.held()
    async with town.store.transaction() as db:
        for number in (sealed, merged):
            row = await questions.one(db, number)
            row.sealed, row.merged_into_id = number == sealed, public if number == merged else None
            db.add(row)
        await moves.move(
            db, await questions.one(db, hidden), "moderation", Moderation.HIDDEN, questions.MODERATION_MOVES
        )
    async with town.store.reading() as db:
        assert await _everywhere(db, "bảo hiểm") == {public}
        assert await lists.count(db, EVERY) == 1
    assert held


async def test_the_newest_come_first_when_that_is_asked_for(town: Town) -> None:
    ids = []
    for _ in range(4):
        ids.append(await town.accepted())
        town.clock.move(60)
    async with town.store.reading() as db:
        rows, times = await lists.searched(db, "bảo hiểm", EVERY, Order.NEWEST, 3, 1)
    assert ([row.id for row in rows], times) == (ids[:0:-1], 4)
