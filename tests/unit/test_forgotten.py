"""Random histories over every verb, then an erasure: no word of the asker or about them rests in any column, file name or mail."""

import random

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

from engage import data_requests, digests, erasures, forgetting, notices, questions, seals
from engage.attachments import Attachment
from engage.chases import Chase, Reminder
from engage.data_requests import RequestDecision, RequestForm
from engage.digests import Digest
from engage.forgetting import Left
from engage.notices import Notice
from engage.seals import HandOverForm, HandOverKind
from moderation import cases
from tests.unit.leaks import ASKING, Told, World, happen
from tests.unit.leaks import VERBS as FIRST
from tests.unit.leaks_later import LATER
from tests.unit.test_erasures import administrator
from tests.unit.town import INSURANCE, Town

pytestmark = pytest.mark.anyio
VERBS = (*FIRST, *LATER)
STEPS = 40


async def lived(world: World, chance: random.Random) -> None:
    """Questions at every step of their way, each with words of everybody who had to do with it."""
    for number in range(STEPS):
        possible = [(verb, told) for told in world.told for verb in VERBS if verb.may_happen(told)]
        if number < len(ASKING) or not possible or chance.random() < 0.15:
            await ASKING[number % len(ASKING)](world)
            continue
        verb, told = chance.choice(possible)
        await happen(world, verb, told)
        world.town.clock.move(60)


async def handed_over(world: World, told: Told) -> None:
    """Of a sealed text somebody says first where it went."""
    town = world.town
    if told.state == "sealed-case":
        await world.decide(told, decision="refuse", reason="denunciation", words=f"Vì {told.words['title']}.")
    async with town.store.transaction() as db:
        sealed = [
            one
            for one in await cases.of(db, (await questions.one(db, told.id)).surface, told.id)
            if one.sealed and one.decided_by
        ]
        form = HandOverForm(kind=HandOverKind.HANDED_OVER, body="Thanh tra tỉnh")
        await seals.hand_over(db, town["cleared"], sealed[0].id or 0, form)


async def erased(world: World, told: Told) -> Left:
    """As an administrator decides it."""
    town = world.town
    if (await town.question(told.id)).sealed:
        await handed_over(world, told)
    async with town.store.transaction() as db:
        form = RequestForm(wish="erase", words=f"Xóa hết {told.words['title']} giúp tôi.")
        await data_requests.ask(db, await questions.one(db, told.id), form)
    async with town.store.transaction() as db:
        (request,) = await data_requests.waiting(db, 1)
        reply = f"Đã xóa {told.words['title']} theo đề nghị."
        decision = RequestDecision(decision="erase", reply=reply, everything=True)
        return await erasures.decide(db, administrator(town), request, decision)


async def remains(town: Town, words: dict[str, str]) -> list[str]:
    """`table.column: kind` of every cell that still holds one of the words, however it was folded."""
    async with town.store.reading() as db:
        connection, found = await db.connection(), []
        search = "fts_search" if connection.dialect.name == "sqlite" else "search_entry"
        selects = {name: sa.select(table) for name, table in SQLModel.metadata.tables.items()}
        selects |= {search: sa.text(f"select written, folded from {search}")}  # type: ignore[dict-item]  # raw SQL
        for name, chosen in selects.items():
            for row in (await connection.execute(chosen)).mappings():
                cells = [(column, str(cell).casefold()) for column, cell in row.items()]
                found += [
                    f"{name}.{column}: {kind}" for column, cell in cells for kind, word in words.items() if word in cell
                ]
    return found


@pytest.mark.parametrize("seed", range(4))
async def test_after_an_erasure_no_word_rests_anywhere(town: Town, seed: int) -> None:
    world = World(town)
    await lived(world, random.Random(seed))
    assert await remains(town, {k: w for one in world.told for k, w in one.words.items()})
    for told in world.told:
        async with town.store.reading() as db:
            theirs = select(Attachment.key).where(Attachment.surface == "question", Attachment.thing_id == told.id)
            keys = {*(await db.exec(theirs)).all()}
            mails = {*(await db.exec(select(Notice.id).where(col(Notice.thing_id) == told.id))).all()}
        left = await erased(world, told)
        assert keys <= {*left.file_keys}
        assert mails <= {*left.notice_ids}
        # A follower is somebody else; who signed an answer is no secret.
        gone = {k: word for k, word in told.words.items() if not k.startswith(("follower", "signatory"))}
        assert await remains(town, gone) == [], f"question {told.id} ({told.state})"


async def test_mails_to_others_that_name_the_question_go_with_it_and_their_rows_stay(town: Town) -> None:
    """A day's digest to an official, and the mail to its coordinator, lie in the same folder as the asker's."""
    question_id, official, at = await town.accepted(), town.id("official"), town.clock.now
    async with town.store.transaction() as db:
        of_it = {"surface": "question", "thing_id": question_id, "agency_id": town.agencies[INSURANCE]}
        chase = Chase(**of_it, clock="answer", step="due", due_at=at, at=at)
        digest = Digest(person_id=official, day=at.date(), at=at)
        db.add_all([chase, digest])
        await db.flush()
        db.add(Reminder(chase_id=chase.id or 0, person_id=official, digest_id=digest.id))
        await notices.write(db, official, notices.Kind.DIGEST, digests.SURFACE, digest.id or 0)
        await notices.write(db, official, notices.Kind.HANDED, "question", question_id)
        theirs = {*(await db.exec(select(Notice.id).where(Notice.person_id == official))).all()}
        left = await forgetting.forget(db, await questions.one(db, question_id), text_too=True)
        assert len(theirs) == 2
        assert theirs <= {*left.notice_ids}
        assert {*(await db.exec(select(Notice.id).where(Notice.person_id == official))).all()} == theirs
