"""Promises of what an editor writes: nothing is overwritten unseen, a time that moves says why, the crew is whole."""

from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlmodel import col, select

from engage import arranging, crews, dialogues, guests
from engage.arranging import DraftForm, Particulars
from engage.crews import Crew, Part
from engage.dialogues import Dialogue, Stage
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.web.dialogues import event
from tests.unit.hall import Hall, opened
from tests.unit.test_announcement import ADDRESS, lines_of
from tests.unit.town import HEALTH, Town

WORDS = {"title": "Đối thoại về lương hưu"}
WHY = "Khách mời họp đột xuất, xin hẹn bạn đọc buổi khác."
TIMES = {"starts_at": "03/12/2026 14:00", "ends_at": "03/12/2026 16:00"}


async def begun(town: Town, **words: str) -> Dialogue:
    async with town.store.transaction() as db:
        return await arranging.begin(db, town["moderator"], DraftForm.model_validate(WORDS | TIMES | words))


async def edited(hall: Hall, by: str = "moderator", **words: object) -> Dialogue:
    form = Particulars.model_validate(WORDS | {"version": (await hall.dialogue()).version} | words)
    async with hall.town.store.transaction() as db:
        dialogue = await dialogues.one(db, hall.id)
        await arranging.edit(db, hall[by], dialogue, form)
        return dialogue


async def file_of(hall: Hall) -> dict[str, str]:
    async with hall.town.store.reading() as db:
        return lines_of(event.file(await dialogues.one(db, hall.id), await dialogues.steps(db, hall.id), ADDRESS))


@pytest.mark.anyio
async def test_only_the_portal_desk_begins_one_and_edits_what_it_began(town: Town) -> None:
    dialogue = await begun(town)
    async with town.store.reading() as db:
        (row,) = await crews.of(db, dialogue.key)
    assert (row.person_id, row.part) == (town.id("moderator"), Part.EDITOR)
    async with town.store.transaction() as db:
        with pytest.raises(NotAllowed):
            await arranging.begin(db, town["official"], DraftForm.model_validate(WORDS | TIMES))


@pytest.mark.anyio
async def test_it_ends_after_it_starts(town: Town) -> None:
    with pytest.raises(Refused, match="dialogue_ends_before_it_starts"):
        await begun(town, ends_at=TIMES["starts_at"])


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("title", "  ", "dialogue_title_missing"),
        ("starts_at", "3 giờ chiều", "moment_wrong"),
        ("starts_at", "31/02/2026 14:00", "moment_wrong"),
        ("video_url", "http://hinh.example/a.m3u8", "link_wrong"),
        ("cohosts", "Báo Nhân Dân nhandan.vn", "cohost_wrong"),
        ("cohosts", "\n".join(f"Trang {n} https://trang-{n}.example" for n in range(11)), "too_many_cohosts"),
    ],
)
def test_what_cannot_be_read_is_said(field: str, typed: str, reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        DraftForm.model_validate(WORDS | TIMES | {field: typed})
    assert [(error["loc"][0], error["type"]) for error in refused.value.errors()] == [(field, reason)]


@pytest.mark.anyio
async def test_sites_that_host_it_too_are_a_name_and_an_address_a_line(town: Town) -> None:
    typed = "Báo Nhân Dân: https://nhandan.example/truc-tiep\n\n  Đài Tiếng nói Việt Nam – https://vov.example  "
    dialogue = await begun(town, cohosts=typed)
    assert dialogue.cohosts == [
        ["Báo Nhân Dân", "https://nhandan.example/truc-tiep"],
        ["Đài Tiếng nói Việt Nam", "https://vov.example"],
    ]


@pytest.mark.anyio
async def test_a_series_is_made_by_naming_it_and_found_by_its_name(town: Town) -> None:
    first, second = (
        await begun(town, new_series="Đối thoại hằng quý"),
        await begun(town, new_series="Đối thoại Hằng quý"),
    )
    third = await begun(town, series="doi-thoai-hang-quy")
    assert first.series_id is not None
    assert first.series_id == second.series_id == third.series_id
    with pytest.raises(NotFound):
        await begun(town, series="khong-co")


@pytest.mark.anyio
async def test_the_second_of_two_editors_overwrites_nothing(town: Town) -> None:
    hall = await opened(town)
    await edited(hall, lead="Của tôi.", version=1)
    with pytest.raises(Conflict, match="dialogue_changed"):
        await edited(hall, "colleague", lead="Của đồng nghiệp.", version=1)
    assert (await hall.dialogue()).lead == "Của tôi."
    with pytest.raises(NotAllowed):
        await edited(hall, "coordinator")


@pytest.mark.anyio
async def test_a_time_that_moves_says_why_and_moves_in_calendars_too(town: Town) -> None:
    hall = await opened(town, Stage.SCHEDULED)
    before, old = await file_of(hall), await hall.dialogue()
    later = old.starts_at + timedelta(days=1)
    wrong = [
        (later, later + timedelta(hours=2), "vì", "dialogue_reason_missing"),
        (later, later, WHY, "dialogue_ends_before_it_starts"),
        (town.clock.now, later, WHY, "dialogue_starts_in_the_past"),
    ]
    for starts_at, ends_at, reason, refused in wrong:
        async with town.store.transaction() as db:
            with pytest.raises(Refused, match=refused):
                await arranging.move_to(
                    db, hall["moderator"], await dialogues.one(db, hall.id), starts_at, ends_at, reason
                )
    async with town.store.transaction() as db:
        dialogue = await dialogues.one(db, hall.id)
        await arranging.move_to(db, hall["moderator"], dialogue, later, later + timedelta(hours=2), WHY)
    after = await file_of(hall)
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after["UID"] == before["UID"]
    assert after["DTSTART;TZID=Asia/Ho_Chi_Minh"] > before["DTSTART;TZID=Asia/Ho_Chi_Minh"]
    assert "dialogue.postponed" in await town.facts(f"dialogue:{hall.id}")


@pytest.mark.anyio
async def test_nothing_is_edited_once_it_is_over(town: Town) -> None:
    hall = await opened(town, Stage.ENDED)
    with pytest.raises(Refused, match="dialogue_is_over"):
        await edited(hall)


@pytest.mark.anyio
async def test_a_draft_tells_no_reader(town: Town) -> None:
    hall = await opened(town)
    await edited(hall, lead="Một lời dẫn.")
    assert await town.facts(f"dialogue:{hall.id}") == []
    assert "dialogue.edited" in await town.facts(f"crew:{hall.id}")


@pytest.mark.anyio
async def test_who_joins_the_crew_has_an_account_and_works_once(town: Town) -> None:
    hall, editor, login = await opened(town), "moderator", str(town.people["elsewhere"].login)
    async with town.store.transaction() as db:
        dialogue = await dialogues.one(db, hall.id)
        with pytest.raises(Refused, match="unknown_account"):
            await arranging.engage_by_login(db, hall[editor], dialogue, "ai.do@thu.example", Part.HOST, None)
        with pytest.raises(Refused, match="guest_missing"):
            await arranging.engage_by_login(db, hall[editor], dialogue, login, Part.OFFICER, None)
        for _ in range(2):
            await arranging.engage_by_login(db, hall[editor], dialogue, login.upper(), Part.HOST, None)
    async with town.store.reading() as db:
        parts = await crews.parts_of(db, town.id("elsewhere"))
    assert parts == {hall.id: frozenset({Part.HOST})}
    async with town.store.reading() as db:
        assert len([row for row in await crews.of(db, hall.id) if row.person_id == town.id("elsewhere")]) == 1


@pytest.mark.anyio
async def test_who_is_let_go_has_no_part_and_the_last_editor_stays(town: Town) -> None:
    hall = await opened(town)
    mine = select(Crew).where(Crew.dialogue_id == hall.id, Crew.part == Part.EDITOR).order_by(col(Crew.id))
    async with town.store.transaction() as db:
        dialogue, (first, second) = await dialogues.one(db, hall.id), (await db.exec(mine)).all()
        await guests.let_go(db, hall["moderator"], dialogue, second)
        with pytest.raises(Refused, match="last_editor"):
            await guests.let_go(db, hall["moderator"], dialogue, first)
    async with town.store.reading() as db:
        assert await crews.parts_of(db, town.id("colleague")) == {}


@pytest.mark.anyio
async def test_a_group_is_entrusted_to_an_agency(town: Town) -> None:
    hall = await opened(town, Stage.SCHEDULED)
    async with town.store.transaction() as db:
        dialogue, (group, *_) = await dialogues.one(db, hall.id), await guests.groups(db, hall.id)
        await arranging.entrust(db, hall["moderator"], dialogue, group, town.agencies[HEALTH], None)
    async with town.store.reading() as db:
        assert (await guests.groups(db, hall.id))[0].agency_id == town.agencies[HEALTH]


@pytest.mark.anyio
async def test_the_past_is_listed_page_after_page_and_nothing_twice(town: Town) -> None:
    every = []
    for _ in range(5):
        hall = await opened(town, Stage.ENDED)
        every.append(hall.id)
    async with town.store.reading() as db:
        seen, after = [], None
        while page := await dialogues.past(db, 2, after=after):
            seen += [row.key for row in page]
            after = (page[-1].starts_at, page[-1].key)
        assert seen == sorted(every, reverse=True)
        assert await dialogues.upcoming(db, 9) == []
