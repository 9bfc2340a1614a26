"""Promises about who hears of a file: its owner of what happens to it, readers of what they then see."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import col

from engage import approvals, attachments, enclosures, questions, work
from engage.agencies import Membership, Post
from engage.antivirus import Scan
from engage.storage import Folder
from tests.unit.test_antivirus import EICAR, Clamd, listening
from tests.unit.test_attachments import OWNER, decided, enclosed, may_open, on_the_answer
from tests.unit.town import INSURANCE, Town

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("content", "result"), [(b"clean", Scan.CLEAN), (EICAR, Scan.INFECTED)])
async def test_the_worker_asks_again_until_the_scanner_is_back(
    town: Town, tmp_path: Path, content: bytes, result: Scan
) -> None:
    question_id, folder = await town.accepted(), Folder(tmp_path / "files")
    key = await enclosed(town, question_id, scan=Scan.WAITING)
    await folder.put(key, content)
    assert await work.scan_files(town.store, folder, "127.0.0.1:1") == 0
    assert not await may_open(town, town["moderator"], key)
    async with listening(Clamd()) as address:
        assert await work.scan_files(town.store, folder, address) == 1
    assert await may_open(town, town["moderator"], key) == (result is Scan.CLEAN)
    assert await town.facts(OWNER) == ["attachment.scanned"]
    assert "attachment.scanned" not in await town.facts(f"question:{question_id}")


async def test_what_happens_to_a_private_file_is_told_to_its_owner_alone(town: Town) -> None:
    question_id = await town.accepted()
    before = await town.facts(f"question:{question_id}")
    key = await enclosed(town, question_id)
    await decided(town, key, attachments.keep_private)
    await decided(town, key, attachments.refuse, "Ảnh có mặt người khác.")
    assert await town.facts(f"question:{question_id}") == before
    assert await town.facts(OWNER) == ["attachment.refused"]


async def test_a_public_file_that_is_refused_later_is_only_gone_for_readers(town: Town) -> None:
    question_id = await town.accepted()
    key = await enclosed(town, question_id)
    await decided(town, key, attachments.publish)
    await decided(town, key, attachments.refuse, "Ảnh có mặt người khác.")
    assert (await town.facts(f"question:{question_id}"))[-2:] == ["attachment.published", "attachment.hidden"]


async def test_a_file_of_an_answer_is_told_to_readers_only_when_they_see_it(town: Town, tmp_path: Path) -> None:
    question_id, folder = await town.drafted(), Folder(tmp_path / "files")
    await folder.put(await on_the_answer(town, question_id, scan=Scan.WAITING), b"clean")
    async with listening(Clamd()) as address:
        await work.scan_files(town.store, folder, address)
    assert "attachment.scanned" not in await town.facts(f"question:{question_id}")
    await folder.put(await on_the_answer(town, question_id, scan=Scan.WAITING), b"clean")
    await town.send(question_id)
    async with town.store.transaction() as db:
        await approvals.approve(db, town["approver"], await questions.one(db, question_id), 1)
    async with listening(Clamd()) as address:
        await work.scan_files(town.store, folder, address)
    assert (await town.facts(f"question:{question_id}"))[-1] == "attachment.scanned"


async def test_who_judges_a_draft_opens_its_files_where_only_its_writer_approves(town: Town) -> None:
    """The portal desk judges it, because the one approver there wrote it; before it is sent nobody outside sees a file."""
    question_id, official = await town.drafted(), town.id("official")
    key = await on_the_answer(town, question_id)
    async with town.store.transaction() as db:
        approving = col(Membership.post) == Post.APPROVER
        await db.exec(sa.delete(Membership).where(approving, col(Membership.agency_id) == town.agencies[INSURANCE]))
        db.add(Membership(person_id=official, agency_id=town.agencies[INSURANCE], post=Post.APPROVER))
    assert not await may_open(town, town["colleague"], key)
    await town.send(question_id)
    answer_id = (await town.draft(question_id)).key
    for who, sees in (("colleague", True), ("elsewhere_approver", False)):
        assert await may_open(town, town[who], key) is sees
        async with town.store.reading() as db:
            assert bool(await enclosures.seen(db, town[who], attachments.ANSWER, answer_id)) is sees
    async with town.store.transaction() as db:
        await approvals.return_(db, town["colleague"], await questions.one(db, question_id), 1, "Bổ sung căn cứ.")
    assert not await may_open(town, town["colleague"], key)
