import csv
import io
from typing import Any

import pytest

from engage import deadlines, directory, sheets
from engage.deadlines import Step
from engage.errors import Conflict, Refused
from engage.nouns import NOUNS
from engage.seed import DATA
from engage.sheets import Sheet
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
TOPICS = NOUNS["topics"]
HEADINGS = "slug,name_vi,name_en,default_agency_slug,group,keywords_vi,routing_note"
NEW = "viec-moi,Việc mới,Something new,bo-y-te,cong,mới;rất mới,"
CHANGED = "bao-hiem-xa-hoi,Bảo hiểm,Insurance,bao-hiem-xa-hoi-viet-nam,lao-dong-an-sinh,bảo hiểm,"


async def read(town: Town, text: str, plural: str = "topics") -> Sheet:
    async with town.store.reading() as db:
        return await sheets.read(db, NOUNS[plural], text)


async def apply(town: Town, text: str, seen: str, plural: str = "topics") -> None:
    async with town.store.transaction() as db:
        await sheets.apply(db, town["administrator"], NOUNS[plural], text, seen)


def sheet(*lines: str) -> str:
    return "\r\n".join((HEADINGS, *lines))


@pytest.mark.parametrize("plural", NOUNS)
async def test_what_is_taken_along_comes_back_unchanged(town: Town, plural: str) -> None:
    async with town.store.reading() as db:
        text = await sheets.written(db, NOUNS[plural])
        rows = len(await directory.every(db, NOUNS[plural]))
    assert text.startswith("\ufeffslug,")
    seen = await read(town, text, plural)
    assert len(seen.of("unchanged")) == len(seen.lines) == rows


@pytest.mark.parametrize("plural", ["agencies", "topics", "provinces"])
async def test_the_files_of_the_house_are_sheets(town: Town, plural: str) -> None:
    seen = await read(town, (DATA / f"{plural}.csv").read_text(encoding="utf-8"), plural)
    assert {line.act for line in seen.lines} == {"unchanged"}
    assert "slug" not in seen.unknown


async def test_a_sheet_says_what_it_would_do_and_writes_nothing(town: Town) -> None:
    bad = "Hỏng,Tên,Name,bo-y-te,cong,,"
    text = sheet(NEW, CHANGED, bad, NEW, "khong-ten,,Name,bo-y-te,cong,,", "ngan,Tên")
    seen = await read(town, text)
    assert [(line.number, line.act) for line in seen.lines] == [
        (2, "added"), (3, "changed"), (4, "bad"), (5, "bad"), (6, "bad"), (7, "bad"),
    ]  # fmt: skip
    assert [line.faults[0][:2] for line in seen.of("bad")] == [
        ("slug", "slug_wrong"), ("slug", "slug_twice"), ("name_vi", "row_name_missing"), ("slug", "sheet_short_line"),
    ]  # fmt: skip
    assert seen.of("changed")[0].fields == ["name_vi", "name_en", "keywords", "note"]
    with pytest.raises(Refused, match="sheet_has_faults"):
        await apply(town, text, seen.seen)
    assert len((await read(town, sheet(NEW))).of("added")) == 1


async def test_confirming_does_exactly_what_was_shown(town: Town) -> None:
    text = sheet(NEW, CHANGED)
    await apply(town, text, (await read(town, text)).seen)
    assert {line.act for line in (await read(town, text)).lines} == {"unchanged"}
    async with town.store.reading() as db:
        added = await directory.one(db, TOPICS, "viec-moi")
    assert (added.keywords, added.active) == (["mới", "rất mới"], True)


async def test_a_directory_that_moved_on_meanwhile_is_not_written_to(town: Town) -> None:
    text = sheet(NEW)
    seen = (await read(town, text)).seen
    await apply(town, sheet(CHANGED), (await read(town, sheet(CHANGED))).seen)
    with pytest.raises(Conflict, match="directory_moved_on"):
        await apply(town, text, seen)
    assert len((await read(town, text)).of("added")) == 1


async def test_a_line_that_cannot_be_written_leaves_all_unwritten(town: Town) -> None:
    text = sheet(NEW, "viec-khac,Việc khác,Other,khong-co,cong,,")
    with pytest.raises(Refused, match="sheet_line_refused"):
        await apply(town, text, (await read(town, text)).seen)
    assert len((await read(town, sheet(NEW))).of("added")) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "sheet_without_headings"),
        ("tên,slog\nx,y", "sheet_without_headings"),
        ("slug,slug\nx,y", "sheet_without_headings"),
        (HEADINGS, "sheet_empty"),
        (f'{HEADINGS}\na,"b"c,d,e,f,g,h', "sheet_unreadable"),
        (f'{HEADINGS}\na,"b', "sheet_unreadable"),
    ],
)
async def test_what_is_no_sheet_is_refused_in_words(town: Town, text: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        await read(town, text)


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "＝"])
async def test_a_cell_is_never_a_formula_and_comes_back_as_it_was(town: Town, begins: str) -> None:
    name = f"{begins}HYPERLINK(1)"
    text = sheet(f"viec-moi,{name},New,bo-y-te,cong,,")
    await apply(town, text, (await read(town, text)).seen)
    async with town.store.reading() as db:
        out = await sheets.written(db, TOPICS)
    cells: list[Any] = [cell for row in csv.reader(io.StringIO(out)) for cell in row]
    assert f"'{name}" in cells
    assert not [cell for cell in cells if cell.startswith(sheets.FORMULA)]
    assert {line.act for line in (await read(town, out)).lines} == {"unchanged"}


async def test_a_sheet_of_rules_changes_what_is_there_and_adds_nothing(town: Town) -> None:
    text = "slug,days\nquestion.answer.simple,12\nquestion.sleep.simple,3\nquestion.answer.complex,0"
    seen = await read(town, text, "terms")
    assert [(line.act, [fault[:2] for fault in line.faults]) for line in seen.lines] == [
        ("changed", []), ("bad", [("slug", "slug_unknown")]), ("bad", [("days", "term_days_wrong")]),
    ]  # fmt: skip
    text = "slug,days\nquestion.answer.simple,12"
    await apply(town, text, (await read(town, text, "terms")).seen, "terms")
    async with town.store.reading() as db:
        assert await deadlines.days_for(db, "question", Step.ANSWER) == 12
