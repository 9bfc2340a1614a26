from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from engage import attachments, covers, dialogues, work
from engage.antivirus import Scan
from engage.attachments import Attachment
from engage.dialogues import Stage
from engage.errors import NotAllowed, Refused
from engage.filetypes import Kind
from engage.storage import Folder
from tests.unit.hall import Hall, opened
from tests.unit.test_rehearsals import begun, wiped
from tests.unit.test_storage import files
from tests.unit.town import Town

pytestmark = pytest.mark.anyio


async def brought(hall: Hall, who: str = "moderator", key: str = "", scan: Scan = Scan.CLEAN) -> str:
    key = key or attachments.new_key()
    async with hall.town.store.transaction() as db:
        dialogue = await dialogues.one(db, hall.id)
        file: dict[str, Any] = {"key": key, "name": "bia.jpg", "kind": Kind.JPEG, "size": 900}
        await covers.bring(db, hall[who], dialogue, **file, scan=scan)
    return key


async def described(hall: Hall, about: str = "Hội trường") -> None:
    async with hall.town.store.transaction() as db:
        await covers.describe(db, hall["moderator"], await dialogues.one(db, hall.id), about)


async def shown(hall: Hall) -> str | None:
    async with hall.town.store.reading() as db:
        cover = await covers.of(db, hall.id)
    return cover.key if cover else None


@pytest.fixture
async def hall(town: Town) -> Hall:
    return await opened(town, Stage.SCHEDULED)


async def test_a_dialogue_has_one_cover_and_the_newest_described_one_is_shown(hall: Hall) -> None:
    assert await shown(hall) is None
    first = await brought(hall)
    assert await shown(hall) is None
    await described(hall)
    await brought(hall)
    second = await brought(hall)
    assert await shown(hall) == first
    await described(hall)
    assert await shown(hall) == second
    async with hall.town.store.reading() as db:
        assert len(await attachments.of(db, dialogues.SURFACE, hall.id)) == 1


async def test_what_no_scanner_has_passed_and_no_editor_brings_is_not_taken(hall: Hall) -> None:
    with pytest.raises(Refused, match="cover_unscanned"):
        await brought(hall, scan=Scan.WAITING)
    with pytest.raises(NotAllowed):
        await brought(hall, "official")


async def test_it_may_go_after_the_dialogue_too(hall: Hall) -> None:
    """Whose picture it is may ask for that at any time."""
    await brought(hall)
    await described(hall)
    await hall.to(Stage.ENDED)
    async with hall.town.store.transaction() as db:
        await covers.remove(db, hall["moderator"], await dialogues.one(db, hall.id))
    assert await shown(hall) is None


async def test_the_cover_of_a_rehearsal_goes_with_it_and_the_sweep_takes_no_other(hall: Hall, tmp_path: Path) -> None:
    bytes_of = Folder(tmp_path / "files")
    kept = await brought(hall)
    await described(hall)
    rehearsal = await begun(hall)
    gone = await brought(rehearsal)
    await described(rehearsal)
    for key in (kept, gone):
        await bytes_of.put(key, b"bytes")
    await wiped(rehearsal)
    async with hall.town.store.reading() as db:
        assert (await db.exec(select(Attachment.key))).all() == [kept]
    hall.town.clock.move(days=4000)
    await work.sweep_files(hall.town.store, bytes_of)
    assert files(tmp_path / "files") == [kept]
