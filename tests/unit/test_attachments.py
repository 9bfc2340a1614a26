from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from engage import approvals, attachments, enclosures, questions, seals, work
from engage.access import PUBLIC, Actor
from engage.antivirus import Scan
from engage.attachments import ANSWER, QUESTION, Attachment, State
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.filetypes import Kind
from engage.storage import Folder
from moderation import cases
from tests.unit.test_storage import files
from tests.unit.town import DENUNCIATION, Town

pytestmark = pytest.mark.anyio
_numbers = count(1)
MB = 1024 * 1024
OWNER = "person:7"


async def brought(town: Town, surface: str = QUESTION, draft: str = "d", **changes: Any) -> Attachment:
    file: dict[str, Any] = {"name": f"giấy {next(_numbers)}.pdf", "kind": Kind.PDF, "size": 900, "scan": Scan.CLEAN}
    async with town.store.transaction() as db:
        return await attachments.add(
            db, draft, surface, key=attachments.new_key(), most_bytes=20 * MB, **file | changes
        )


def channels(question_id: int) -> dict[str, str]:
    return {"channel": f"question:{question_id}", "owner": OWNER}


async def enclosed(town: Town, question_id: int, **changes: Any) -> str:
    """A file on a stored question, as sending the form leaves it."""
    row = await brought(town, **changes)
    async with town.store.transaction() as db:
        await attachments.bind(db, "d", QUESTION, question_id, **channels(question_id))
    return row.key


async def on_the_answer(town: Town, question_id: int, **changes: Any) -> str:
    row = await brought(town, ANSWER, **changes)
    answer_id = (await town.draft(question_id)).id or 0
    async with town.store.transaction() as db:
        await attachments.bind(db, "d", ANSWER, answer_id, **channels(question_id))
    return row.key


async def decided(town: Town, key: str, verb: Any, *more: Any, who: str = "moderator") -> None:
    async with town.store.transaction() as db:
        await verb(db, town[who], await enclosures.one(db, town["moderator"], key), *more)


async def may_open(town: Town, actor: Actor, key: str) -> bool:
    async with town.store.reading() as db:
        try:
            await enclosures.opened(db, actor, key)
        except NotFound:
            return False
    return True


def asker_of(question: questions.Question) -> Actor:
    return Actor(opened=f"question:{question.id}", opened_by=question.author_id)


async def openers(town: Town, question_id: int, key: str) -> set[str]:
    question = await town.question(question_id)
    stranger = Actor(opened=f"question:{question_id + 1}", opened_by=question.author_id)
    actors = {"reader": PUBLIC, "asker": asker_of(question), "stranger": stranger}
    actors |= {name: town[name] for name in ("moderator", "cleared", "official", "elsewhere_official")}
    return {name for name, actor in actors.items() if await may_open(town, actor, key)}


async def test_a_file_of_a_question_is_private_until_a_moderator_publishes_it(town: Town) -> None:
    question_id = await town.accepted()
    key = await enclosed(town, question_id)
    assert await openers(town, question_id, key) == {"asker", "moderator", "cleared", "official"}
    await decided(town, key, attachments.publish)
    everybody = {"reader", "asker", "stranger", "moderator", "cleared", "official", "elsewhere_official"}
    assert await openers(town, question_id, key) == everybody
    assert "attachment.published" in await town.facts(f"question:{question_id}")
    await decided(town, key, attachments.keep_private)
    assert await openers(town, question_id, key) == {"asker", "moderator", "cleared", "official"}
    assert "attachment.hidden" in await town.facts(f"question:{question_id}")


async def test_an_agency_sees_a_file_once_the_question_is_accepted(town: Town) -> None:
    question_id, _ = await town.held()
    key = await enclosed(town, question_id)
    assert await openers(town, question_id, key) == {"asker", "moderator", "cleared"}


async def test_a_published_file_of_a_question_that_is_not_public_is_not_public(town: Town) -> None:
    question_id, _ = await town.held()
    key = await enclosed(town, question_id)
    await decided(town, key, attachments.publish)
    assert not await may_open(town, PUBLIC, key)


async def test_a_refused_file_is_for_the_desk_only_and_its_sender_reads_why(town: Town) -> None:
    question_id = await town.accepted()
    key = await enclosed(town, question_id)
    with pytest.raises(Refused, match="file_note_missing"):
        await decided(town, key, attachments.refuse, "x")
    await decided(town, key, attachments.refuse, "Ảnh có mặt người khác.")
    assert await openers(town, question_id, key) == {"moderator", "cleared"}
    async with town.store.reading() as db:
        (mine,) = await enclosures.seen(db, asker_of(await town.question(question_id)), QUESTION, question_id)
        assert not await enclosures.seen(db, PUBLIC, QUESTION, question_id)
    assert mine.note == "Ảnh có mặt người khác."


async def test_only_a_moderator_decides(town: Town) -> None:
    key = await enclosed(town, await town.accepted())
    for who in ("official", "coordinator", "approver"):
        for verb, more in ((attachments.publish, ()), (attachments.keep_private, ()), (attachments.refuse, ("xxxxx",))):
            with pytest.raises(NotAllowed):
                await decided(town, key, verb, *more, who=who)


async def test_a_sealed_questions_files_are_for_those_who_may_unseal_and_each_opening_is_kept(town: Town) -> None:
    question_id = await town.ask(body=DENUNCIATION, judged="question")
    key = await enclosed(town, question_id)
    assert await openers(town, question_id, key) == {"asker"}
    async with town.store.transaction() as db:
        with pytest.raises(NotFound):
            await seals.file(db, town["moderator"], key)
        assert (await seals.file(db, town["cleared"], key)).key == key
        case = (await cases.of(db, QUESTION, question_id))[-1]
        assert [row.person_id for row in await seals.reads(db, case.id or 0)] == [town.id("cleared")]


async def test_an_answers_files_come_out_with_it(town: Town) -> None:
    question_id = await town.drafted()
    key = await on_the_answer(town, question_id)
    assert await openers(town, question_id, key) == {"official"}
    await town.send(question_id)
    assert await openers(town, question_id, key) == {"official"}
    async with town.store.transaction() as db:
        await approvals.approve(db, town["approver"], await questions.one(db, question_id), 1)
    assert "reader" in await openers(town, question_id, key)
    assert "elsewhere_official" in await openers(town, question_id, key)


async def test_no_moderator_decides_on_an_agencys_file(town: Town) -> None:
    question_id = await town.answered()
    key = await on_the_answer(town, question_id)
    async with town.store.transaction() as db:
        await attachments.publish_all(db, ANSWER, (await town.draft(question_id)).id or 0)
    for verb, more in ((attachments.keep_private, ()), (attachments.refuse, ("Không hợp.",))):
        with pytest.raises(NotFound):
            await decided(town, key, verb, *more)


async def test_a_picture_in_an_answer_says_what_it_shows(town: Town) -> None:
    question_id = await town.drafted()
    key = await on_the_answer(town, question_id, kind=Kind.PNG, name="sơ đồ.png")
    with pytest.raises(Refused, match="picture_undescribed"):
        await town.send(question_id)
    async with town.store.transaction() as db:
        rows = await attachments.of(db, ANSWER, (await town.draft(question_id)).id or 0)
        await attachments.describe(db, rows, {key: "Sơ đồ các bước nộp hồ sơ"})
    await town.send(question_id)


async def test_what_the_scanner_has_not_passed_is_shown_to_nobody(town: Town) -> None:
    question_id = await town.accepted()
    key = await enclosed(town, question_id, scan=Scan.WAITING)
    assert await openers(town, question_id, key) == set()
    with pytest.raises(Refused, match="file_unscanned"):
        await decided(town, key, attachments.publish)


async def test_a_form_takes_so_many_files_and_so_many_bytes(town: Town) -> None:
    for _ in range(attachments.MOST[QUESTION]):
        await brought(town, size=6 * MB)
    with pytest.raises(Refused, match="too_many_files"):
        await brought(town)
    await brought(town, draft="another", size=15 * MB)
    with pytest.raises(Refused, match="files_too_large"):
        await brought(town, draft="another", size=6 * MB)


async def test_the_same_file_twice_is_one(town: Town) -> None:
    first, again = [await brought(town, name="a.pdf", size=7) for _ in range(2)]
    assert first.id == again.id


async def test_a_text_takes_no_more_files_by_being_saved_again(town: Town) -> None:
    question_id = await town.drafted()
    for _ in range(attachments.MOST[ANSWER]):
        await on_the_answer(town, question_id)
    with pytest.raises(Refused, match="too_many_files"):
        await on_the_answer(town, question_id)


async def test_one_form_never_finds_anothers_files(town: Town) -> None:
    question_id = await town.accepted()
    await brought(town, draft="somebody else's")
    async with town.store.transaction() as db:
        await attachments.bind(db, "mine", QUESTION, question_id, **channels(question_id))
        assert not await attachments.of(db, QUESTION, question_id)


async def test_a_file_brought_for_an_answer_is_not_bound_with_a_question_nor_the_other_way_round(town: Town) -> None:
    question_id = await town.drafted()
    key = {QUESTION: (await brought(town)).key, ANSWER: (await brought(town, ANSWER)).key}
    for surface, thing_id in ((QUESTION, question_id), (ANSWER, question_id + 1)):
        async with town.store.transaction() as db:
            await attachments.bind(db, "d", surface, thing_id, **channels(question_id))
            assert [row.key for row in await attachments.of(db, surface, thing_id)] == [key[surface]]


async def test_what_was_never_sent_is_swept_and_what_was_sent_stays(town: Town, tmp_path: Path) -> None:
    folder, question_id = Folder(tmp_path / "files"), await town.accepted()
    sent = await enclosed(town, question_id)
    unsent, orphan = (await brought(town)).key, attachments.new_key()
    for key in (sent, unsent, orphan):
        await folder.put(key, b"x")
    await work.sweep_files(town.store, folder)
    assert len(files(tmp_path / "files")) == 3, "what is new may have its row any moment"
    town.clock.now += timedelta(days=4000)
    await work.sweep_files(town.store, folder)
    assert files(tmp_path / "files") == [sent]


async def test_an_infected_files_bytes_are_swept(town: Town, tmp_path: Path) -> None:
    folder, question_id = Folder(tmp_path / "files"), await town.accepted()
    key = await enclosed(town, question_id, scan=Scan.WAITING)
    await folder.put(key, b"x")
    async with town.store.transaction() as db:
        (row,) = await attachments.of(db, QUESTION, question_id)
        await attachments.note_scan(db, row.id or 0, Scan.INFECTED)
    town.clock.now += timedelta(days=4000)
    await work.sweep_files(town.store, folder)
    assert not files(tmp_path / "files")


async def test_erasing_reaches_rows_and_bytes(town: Town, tmp_path: Path) -> None:
    folder, question_id = Folder(tmp_path / "files"), await town.accepted()
    key = await enclosed(town, question_id)
    await folder.put(key, b"x")
    async with town.store.transaction() as db:
        keys = await attachments.erase(db, QUESTION, question_id)
    await attachments.erase_bytes(folder, keys)
    assert not files(tmp_path / "files")
    assert not await may_open(town, town["cleared"], key)


async def test_two_moderators_at_once_decide_once(town: Town) -> None:
    key = await enclosed(town, await town.accepted())
    async with town.store.reading() as db:
        stale = await enclosures.one(db, town["moderator"], key)
    await decided(town, key, attachments.refuse, "Không hợp lệ.")
    with pytest.raises(Conflict):
        async with town.store.transaction() as db:
            await attachments.publish(db, town["colleague"], stale)


@pytest.mark.parametrize("old", list(State))
@pytest.mark.parametrize("new", list(State))
def test_states_move_only_as_the_table_says(old: State, new: State) -> None:
    legal = {("uploaded", "private"), ("private", "private"), ("private", "published"), ("private", "refused")}
    legal |= {("published", "private"), ("published", "refused"), ("refused", "private")}
    assert ((old, new) in legal) == (new in attachments.MOVES[old])


async def test_undecided_files_wait_in_a_queue(town: Town) -> None:
    question_id = await town.accepted()
    first, second = await enclosed(town, question_id), await enclosed(town, question_id)
    await decided(town, first, attachments.keep_private)
    async with town.store.reading() as db:
        waiting = await enclosures.undecided(db, town["moderator"], 50)
    assert [row.key for row, _ in waiting] == [second]
