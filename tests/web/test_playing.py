"""The demonstration's dialogue, played: the room moves, whoever runs it again finds it as sane as before."""

import asyncio
from collections.abc import Callable
from itertools import chain, repeat

import pytest
from click.testing import CliRunner, Result

from engage import playing
from engage.browsing import Away
from engage.demo import demo
from engage.playing import HOST, TOLD, Pace
from engage.settings import load
from tests.processes import free_port, outside
from tests.site import Site
from tests.unit.test_settings import PRODUCTION

ON_AIR = "select id, message from dialogue where stage = 'live' and rehearsal_of_id is null order by id limit 1"


def rounds(number: int) -> Callable[[], float]:
    """A clock that lets so many rounds begin."""
    return chain([0.0], repeat(1.0, number), repeat(100.0)).__next__


async def at_once(_seconds: float) -> None:
    return


def played(site: Site, number: int) -> list[str]:
    said: list[str] = []
    outside(playing.play(site.url, Pace(minutes=1, readers=5, wait=at_once, clock=rounds(number)), said.append))
    return said


def facts(site: Site, dialogue_id: int) -> dict[str, int]:
    told = site.rows(
        "select type, count(*) as times from live_event where channel = :channel group by type",
        channel=f"dialogue:{dialogue_id}",
    )
    return {row.type: row.times for row in told}


@pytest.fixture(scope="module")
def on_air(site: Site) -> int:
    """The one that the list names first is the demonstration's: tests before this one may have left others."""
    host = site.staff(HOST)
    (number, *_) = playing.ON_AIR.findall(host.get("/dialogues").text)
    if host.get(f"/dialogues/{number}/host").status_code != 200:
        pytest.skip("another test's dialogue is on air")
    return int(number)


def test_the_room_moves_and_readers_hear_of_it(site: Site, on_air: int) -> None:
    before = facts(site, on_air)
    said = played(site, 3)
    after = facts(site, on_air)
    grown = {fact for fact in after if after[fact] > before.get(fact, 0)}
    assert {"turn.staged", "reply.released", "dialogue.said"} <= grown
    assert "5 bạn đọc đã vào phòng." in said
    assert "nhận 0 tin" not in said[-1]


def test_it_leaves_the_room_so_that_it_can_be_played_again(site: Site, on_air: int) -> None:
    for _ in range(2):
        played(site, 1)
        (row,) = site.rows(ON_AIR)
        assert (row.id, row.message) == (on_air, "")
        on_stage = site.rows("select id from turn where dialogue_id = :id and floor = 'on_stage'", id=on_air)
        assert len(on_stage) == 1


def test_stopped_in_the_middle_nobody_holds_a_draft_and_no_message_stays(site: Site, on_air: int) -> None:
    held = _held(site)

    async def stopped() -> None:
        acts = 0

        async def wait(_seconds: float) -> None:
            nonlocal acts
            acts += 1
            if acts == 4:  # while a scribe types
                raise asyncio.CancelledError

        with pytest.raises(asyncio.CancelledError):
            await playing.play(site.url, Pace(minutes=1, readers=1, wait=wait, clock=rounds(1)), lambda _: None)

    outside(stopped())
    assert _held(site) <= held
    assert site.rows(ON_AIR)[0].message == ""


def test_the_command_plays_against_the_service_that_runs(site: Site, on_air: int) -> None:
    said = site.command("demo", "dialogue", "--minutes", "0.01", "--pace", "0", "--readers", "3")
    assert f"/dialogues/{on_air}/screen" in said
    assert "Xong." in said


def test_without_a_service_it_says_what_to_do() -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(Away):
        outside(playing.play(nobody, Pace(), lambda _: None))
    assert "make run" in TOLD["refusals"]["away"]


def test_a_real_service_refuses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engage.demo.settings_or_exit", lambda: load(PRODUCTION))
    refused: Result = CliRunner().invoke(demo, ["dialogue"])
    assert refused.exit_code == 1
    assert TOLD["refusals"]["production"] in refused.output


def _held(site: Site) -> set[int]:
    return {row.id for row in site.rows("select id from reply where held_by is not null")}
