"""Promises of migrations: they lead to the tables the code knows, back to nothing, and there again."""

from typing import Any

import anyio
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.engine.reflection import Inspector
from sqlmodel import SQLModel, select

import engage.tables  # noqa: F401  every table must be known before the metadata is read
from engage import answers, approvals, beats, migrate, policies, questions, revising, revisions, tallies
from engage.agencies import Agency, Province, Topic
from engage.answers import Answer
from engage.db import Store
from engage.revising import CorrectionForm
from moderation import cases
from tests.unit.test_undo import with_undo
from tests.unit.town import DENUNCIATION, Town, an_answer

pytestmark = pytest.mark.anyio
LANDED = "202611250900"
TABLES = sorted(SQLModel.metadata.tables)
SCRIPTS = ScriptDirectory.from_config(beats.migrations())
OLDER = [script.revision for script in SCRIPTS.walk_revisions() if script.revision != SCRIPTS.get_current_head()]


def described(inspector: Inspector) -> dict[str, Any]:
    """Every table of ours, in a form that can be compared."""
    return {table: _table(inspector, table) for table in TABLES}


def _table(inspector: Inspector, table: str) -> dict[str, Any]:
    keys = [(key["constrained_columns"], key["referred_table"]) for key in inspector.get_foreign_keys(table)]
    return {
        "columns": sorted((c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)),
        "primary": inspector.get_pk_constraint(table)["constrained_columns"],
        "foreign": sorted(keys),
        "unique": sorted(str(unique["column_names"]) for unique in inspector.get_unique_constraints(table)),
        "indexes": sorted(_index(index) for index in inspector.get_indexes(table)),
        "checks": sorted(
            (str(c["name"]), " ".join(c["sqltext"].split())) for c in inspector.get_check_constraints(table)
        ),
    }


def _index(index: Any) -> str:
    where = {name: str(value) for name, value in index.get("dialect_options", {}).items() if name.endswith("_where")}
    return f"{index['name']} {index['column_names']} {index['unique']} {where}"


async def schema(store: Store) -> dict[str, Any]:
    async with store.engine.connect() as connection:
        return await connection.run_sync(lambda sync: described(sa.inspect(sync)))


async def counted(store: Store) -> dict[str, int]:
    tables = await names(store) & set(TABLES)
    async with store.reading() as db:
        connection = await db.connection()
        return {
            one: (await connection.execute(sa.text(f'select count(*) from "{one}"'))).scalar_one() for one in tables
        }


async def names(store: Store) -> set[str]:
    async with store.engine.connect() as connection:
        return set(await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names()))


async def test_the_migrated_tables_are_the_tables_the_code_knows(store: Store) -> None:
    migrated = await schema(store)
    await migrate.down(store)
    async with store.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    assert migrated == await schema(store)


async def test_alembic_finds_nothing_left_to_migrate(store: Store) -> None:
    await migrate._run(store, command.check)


async def test_migrations_go_down_to_nothing_and_up_again_with_rows_in_the_way(town: Town) -> None:
    store = town.store
    await town.answered()
    await town.held()
    before = await names(store)
    await migrate.down(store)
    assert await names(store) <= {"alembic_version", "sqlite_sequence"}
    await migrate.up(store)
    assert await names(store) == before
    async with store.reading() as db:
        assert await beats.is_migrated(db)


@pytest.mark.parametrize("revision", OLDER)
async def test_the_rows_of_an_older_release_come_along(town: Town, revision: str) -> None:
    """Down to the release before and up again, as an upgrade finds it: with questions, cases and answers in the way."""
    store = town.store
    await town.answered()
    await town.held()
    await migrate.down(store, revision)
    rows = await counted(store)
    assert rows["question"] == 2
    await migrate.up(store)
    assert (await counted(store)).items() >= rows.items()
    await town.answered()


async def test_what_waited_in_an_older_release_waits_as_if_it_came_today(town: Town) -> None:
    """Cases are narrowed and searched by columns that an older release did not have, drafts are found by when they were sent."""
    sent, (_, told), (_, named) = await town.sent_for_approval(), await town.held(body=DENUNCIATION), await town.held()
    before = await queue(town, told, named)
    await migrate.down(town.store, LANDED)
    await migrate.up(town.store)
    assert await queue(town, told, named) == before
    draft = await town.draft(sent)
    assert draft.sent_at == draft.written_at


async def test_what_readers_saw_in_an_older_release_is_counted(town: Town) -> None:
    await town.answered()
    await town.answered()
    await town.accepted()
    await migrate.down(town.store, LANDED)
    await migrate.up(town.store)
    await town.answered()
    async with town.store.reading() as db:
        assert ((await tallies.read(db)).answered, (await tallies.read(db)).open) == (3, 1)


async def test_what_was_seeded_in_an_older_release_is_still_in_use(town: Town) -> None:
    await migrate.down(town.store, LANDED)
    await migrate.up(town.store)
    async with town.store.reading() as db:
        for noun in (Agency, Province, Topic):
            assert all(one.active for one in (await db.exec(select(noun))).all())
        policy = await policies.policy_of(db, "question")
    assert (policy.accepts_clean, policy.most_hops, policy.undo_seconds) == (True, 3, None)


async def test_a_corrected_answer_goes_down_as_readers_see_it_with_its_history(town: Town) -> None:
    store, question_id = town.store, await town.answered()
    for words in ("Được rút sau 12 tháng kể từ ngày nghỉ việc.", "Bản đang sửa, chưa ai duyệt."):
        async with store.transaction() as db:
            reason = CorrectionForm(reason="Nêu rõ cách tính thời gian nghỉ việc.")
            await revising.begin(db, town["official"], await questions.one(db, question_id), reason)
        await town.write(question_id, "official", 1, short=words)
        if words.startswith("Được"):
            await town.send(question_id)
            async with store.transaction() as db:
                await approvals.approve(db, town["approver"], await questions.one(db, question_id), 2)
    await migrate.down(store, LANDED)
    await migrate.up(store)
    async with store.reading() as db:
        (given,) = (await db.exec(select(Answer).where(Answer.question_id == question_id))).all()
        kept = await revisions.of(db, answers.KIND, given.root)
        assert [row.number for row in await answers.citations_of(db, given)] == ["41/2024/QH15"]
    assert given.short == "Được rút sau 12 tháng kể từ ngày nghỉ việc."
    assert [one.content["short"] for one in kept] == [an_answer().short, given.short]


async def test_a_decision_that_still_could_be_undone_is_to_be_made_again_in_the_older_release(town: Town) -> None:
    _, case_id = await town.held()
    await with_undo(town)
    assert (await town.decide(case_id, decision="accept")).undo_until is not None
    await migrate.down(town.store, LANDED)
    await migrate.up(town.store)
    (case,) = await queue(town, case_id)
    assert (case["state"], case["decided_by"], case["undo_until"]) == ("open", None, None)
    await town.decide(case_id, decision="refuse", reason="unclear", version=case["version"])


async def queue(town: Town, *case_ids: int) -> list[dict[str, Any]]:
    async with town.store.reading() as db:
        return [(await cases.one(db, case_id, cleared=True)).model_dump() for case_id in case_ids]


async def test_migrating_what_is_migrated_changes_nothing_even_twice_at_once(town: Town) -> None:
    before = await schema(town.store)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(migrate.up, town.store)
        tasks.start_soon(migrate.up, town.store)
    assert await schema(town.store) == before
