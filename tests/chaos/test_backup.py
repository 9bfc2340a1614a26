"""Promises of a backup made amid the crowd, of what is restored from it elsewhere, and of readers under whom it is put back."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engage import receipts
from live import wire
from tests import services
from tests.benchmarks.load import Asking
from tests.chaos.scene import People, Scene, during, happening, nothing_is_lost_or_doubled, the_codes_open
from tests.processes import eventually
from tests.site import Site

LEAST, AFTER = 12, 1.5
pytestmark = pytest.mark.timeout(
    400
)  # two installations and four commands, each of which may take 180 s on a busy machine


@dataclass(frozen=True)
class Saved:
    file: Path
    asked: list[Asking]  # acknowledged before it began
    meanwhile: int  # how many more were, when it was done
    statuses: set[int]


def saved(site: Site, folder: Path) -> Saved:
    asked: list[Asking] = []
    told: list[Any] = []

    async def back_up(people: People) -> None:
        await happening(lambda: eventually(lambda: len(people.acknowledged) >= LEAST, 60, site.log))
        asked.extend(people.acknowledged)
        await happening(lambda: told.append(site.command("backup", str(folder)).strip()))
        told.append(len(people.acknowledged) - len(asked))
        await asyncio.sleep(AFTER)

    people = during(site, back_up)
    nothing_is_lost_or_doubled(site, people)
    return Saved(Path(told[0]), asked, told[1], set(people.statuses))


@pytest.fixture
def empty(scene: Scene, tmp_path: Path) -> Iterator[Site]:
    """Another machine: no database, no folder."""
    url = services.fresh_database(scene.database) if scene.database else ""
    site = Site(scene.site.kind, tmp_path / "empty", url, scene.redis.url if scene.redis else "")
    site.folder.mkdir()
    yield site
    site.stop()
    if url:
        services.drop_database(url)


def test_a_backup_made_amid_the_crowd_brings_everything_back_on_an_empty_machine(
    scene: Scene, empty: Site, tmp_path: Path
) -> None:
    backup = saved(scene.site, tmp_path)
    assert backup.statuses <= {200, 303}, backup.statuses
    assert backup.meanwhile > 0, "nobody was served while it was made"
    empty.command("restore", str(backup.file))
    assert epoch(empty) != epoch(scene.site)
    whole(empty)
    empty.start()
    people = People(empty.port, list(backup.asked))
    nothing_is_lost_or_doubled(empty, people)
    the_codes_open(people)
    everybody_finds_it(empty, backup.asked)
    asyncio.run(people.ask_once())  # and the next ones are let in
    nothing_is_lost_or_doubled(empty, people)
    assert "0 faults" in empty.command("audit", "verify")


def test_readers_under_whom_a_database_is_restored_start_afresh_and_go_on(scene: Scene, tmp_path: Path) -> None:
    site = scene.site
    backup = saved(site, tmp_path)
    before, top = epoch(site), newest(site)
    asyncio.run(People(site.port).ask_once())
    site.wait(lambda: newest(site) > top)
    with site.visitor().stream("GET", "/live/questions/0/stream", timeout=30) as stream:
        messages = heard(stream.iter_lines())
        hello = next(messages)
        site.command("restore", str(backup.file), "--over", "--yes")
        bye = next(message for message in messages if message["k"] == "bye")
    assert (hello["epoch"], bye["code"]) == (before, wire.RESTART)
    whole(site)
    place = f"?epoch={hello['epoch']}&after={hello['top']}"
    with site.visitor().stream("GET", f"/live/questions/0/stream{place}", timeout=30) as stream:
        messages = heard(stream.iter_lines())
        again, snap = next(messages), next(messages)
        assert (snap["k"], snap["epoch"]) == ("snap", again["epoch"])
        assert again["epoch"] == epoch(site) != before
        people = People(site.port, list(backup.asked))
        asyncio.run(people.ask_once())
        fact = next(message for message in messages if message["k"] == "fact")
    assert fact["n"] > snap["n"]
    nothing_is_lost_or_doubled(site, people)
    the_codes_open(people)


def whole(site: Site) -> None:
    """No channel has a gap, no question is without its asker, its fact, or its place in the index; counts equal the rows."""
    gaps = "select channel from live_event group by channel having count(*) <> max(number) or min(number) <> 1"
    assert site.rows(gaps) == []
    tops = "select name from live_channel where top <> (select max(number) from live_event where channel = name)"
    assert site.rows(tops) == []
    assert site.rows("select id from question where author_id not in (select id from person)") == []
    told = {row.channel for row in site.rows("select distinct channel from live_event")}
    assert {f"question:{row.id}" for row in site.rows("select id from question")} <= told
    public = "select count(*) from question where moderation = 'accepted' and not sealed and merged_into_id is null"
    tallied = "select coalesce(sum(times), 0) from tally"
    site.wait(lambda: site.rows(tallied) == site.rows(public))  # the worker may be letting one more out just now
    if site.kind == "sqlite":
        assert site.rows("PRAGMA foreign_key_check") == []


def everybody_finds_it(site: Site, asked: list[Asking]) -> None:
    """By the words of its title, as far as it was public when the copy was made."""
    codes = {receipts.hashed(asking.code): asking for asking in asked}
    public = [row.code for row in site.rows("select code from question where moderation = 'accepted'")]
    title = next(codes[code].title for code in public if code in codes)
    reader = site.visitor()
    reader.get("/questions/search", params={"q": title})
    reader.see(title)


def epoch(site: Site) -> str:
    return str(site.rows("select value from live_epoch")[0].value)


def newest(site: Site) -> int:
    return int(site.rows("select coalesce(max(top), 0) from live_channel where name = 'questions'")[0][0])


def heard(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    return (json.loads(line[6:]) for line in lines if line.startswith("data: "))
