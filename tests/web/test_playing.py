"""The demonstration's dialogue, played: the room moves, whoever runs it again finds it as sane as before."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import chain, repeat

import pytest
from click.testing import CliRunner, Result

from engage import playing
from engage.audience import TOLD
from engage.browsing import Away, Person
from engage.demo import demo
from engage.people import DEMONSTRATION_PASSWORD
from engage.playing import HOST, NothingOnAir, Pace, Strangers
from engage.settings import load
from tests.processes import free_port, outside
from tests.site import CHECKOUT, Site
from tests.unit.test_settings import PRODUCTION

A_MINUTE = 60


def rounds(number: int) -> Callable[[], float]:
    """A clock that lets so many rounds begin."""
    return chain([0.0], repeat(1.0, number), repeat(100.0)).__next__


async def at_once(_seconds: float) -> None:
    return


def played(site: Site, number: int, readers: int = 5) -> list[str]:
    """Between two acts everybody who was asked something has done it: so the worker lets in what was sent."""

    async def wait(_seconds: float) -> None:
        await asyncio.to_thread(site.wait, lambda: not site.rows(RECEIVED), A_MINUTE)

    said: list[str] = []
    outside(playing.play(site.url, Pace(minutes=1, readers=readers, wait=wait, clock=rounds(number)), said.append))
    return said


RECEIVED = "select id from question where moderation = 'received' limit 1"


def facts(site: Site, dialogue_id: int) -> dict[str, int]:
    told = site.rows(
        "select type, count(*) as times from live_event where channel = :channel group by type",
        channel=f"dialogue:{dialogue_id}",
    )
    return {row.type: row.times for row in told}


def title_after(line: str, said: list[str]) -> str:
    begin = TOLD["lines"][line].partition("{")[0]
    return next(one for one in said if one.startswith(begin)).removeprefix(begin)


@pytest.fixture(scope="module")
def on_air(site: Site) -> int:
    """The demonstration's: tests before this one may have left others on air, which its host does not lead."""

    async def find() -> int:
        host = Person(site.url)
        await host.sign_in(HOST, DEMONSTRATION_PASSWORD)
        return await playing.on_air(host)

    return outside(find())


@pytest.fixture
def closing(site: Site, on_air: int) -> Iterator[int]:
    """Its dialogue, and whatever tests before this one left open."""
    open_ = site.rows("select id, stage from dialogue where stage in ('live', 'paused')")
    site.write("update dialogue set stage = 'closing' where stage in ('live', 'paused')")
    yield on_air
    for row in open_:
        site.write("update dialogue set stage = :stage where id = :id", stage=row.stage, id=row.id)


def test_the_room_moves_and_readers_hear_of_it(site: Site, on_air: int) -> None:
    before = facts(site, on_air)
    said = played(site, 3)
    after = facts(site, on_air)
    grown = {fact for fact in after if after[fact] > before.get(fact, 0)}
    assert grown >= {
        "dialogue.said",
        "turn.entered",
        "turn.queued",
        "turn.staged",
        "reply.released",
        "poll.opened",
        "poll.closed",
    }
    assert "5 bạn đọc đã vào phòng." in said
    assert "nhận 0 tin" not in said[-1]
    assert not [line for line in said if "làm lại từ trang mới" in line or "báo lỗi" in line]


def test_what_a_reader_asks_is_let_in_voted_on_put_on_stage_and_answered(site: Site, on_air: int) -> None:
    said = played(site, 2)
    title = title_after("let_in", said)
    assert TOLD["lines"]["asked"].format(title=title) in said
    assert TOLD["lines"]["staged"].format(title=title) in said
    assert said.count(TOLD["lines"]["voted"].format(title=title)) >= 3
    (row,) = site.rows(
        "select turn.floor, turn.people, turn.answered_at from turn join question on question.id = turn.question_id"
        " where question.title = :title and turn.dialogue_id = :of order by question.id desc limit 1",
        title=title,
        of=on_air,
    )
    assert row.floor == "on_stage"
    assert row.answered_at is not None
    assert row.people >= 3
    assert said[-1].startswith("Xong. Bạn đọc gửi 2 câu, 2 câu đã vào phòng")


def test_a_poll_is_opened_marked_and_closed_with_figures(site: Site, on_air: int) -> None:
    said = played(site, 2)
    words = title_after("polled", said)
    (row,) = site.rows(
        "select id, state from poll where thing_id = :of and words = :words order by id desc limit 1",
        of=on_air,
        words=words,
    )
    assert row.state == "closed"
    voters = site.rows("select distinct voter from poll_mark where poll_id = :id", id=row.id)
    assert len(voters) >= 10
    shown = site.visitor().get(f"/dialogues/{on_air}/polls/{row.id}").text
    assert f"{len(voters)} người tham gia" in shown


def test_it_leaves_the_room_so_that_it_can_be_played_again(site: Site, on_air: int) -> None:
    polls = _open_polls(site, on_air)
    for _ in range(2):
        played(site, 1)
        (row,) = site.rows("select stage, message from dialogue where id = :id", id=on_air)
        assert (row.stage, row.message) == ("live", "")
        on_stage = site.rows("select id from turn where dialogue_id = :id and floor = 'on_stage'", id=on_air)
        assert len(on_stage) == 1
        assert _open_polls(site, on_air) == polls


def test_stopped_in_the_middle_nobody_holds_a_draft_and_no_message_stays(site: Site, on_air: int) -> None:
    held, polls = _held(site), _open_polls(site, on_air)

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
    assert site.rows("select message from dialogue where id = :id", id=on_air)[0].message == ""
    assert _open_polls(site, on_air) == polls


def test_the_command_plays_against_the_service_that_runs(site: Site, on_air: int) -> None:
    said = site.command("demo", "dialogue", "--minutes", "0.01", "--pace", "0", "--readers", "3")
    assert f"/dialogues/{on_air}/screen" in said
    assert "Xong." in said


def test_ctrl_c_ends_it_with_its_figures_and_no_traceback(site: Site, on_air: int) -> None:
    command = [sys.executable, "-m", "engage", "demo", "dialogue", "--readers", "2", "--pace", "1"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=CHECKOUT, env=site.environment, text=True, **pipes) as playing_on:
        assert playing_on.stdout is not None
        before = next(line for line in playing_on.stdout if line.startswith("Lên hình"))
        playing_on.send_signal(signal.SIGINT)
        after, wrong = playing_on.communicate(timeout=A_MINUTE)
    assert before
    assert playing_on.returncode == 0, wrong
    assert "Xong." in after
    assert "Traceback" not in wrong
    assert site.rows("select message from dialogue where id = :id", id=on_air)[0].message == ""


def test_without_a_service_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engage.demo.settings_or_exit", lambda: load({"ENGAGE_PORT": str(free_port())}))
    refused: Result = CliRunner().invoke(demo, ["dialogue"])
    assert refused.exit_code == 1
    assert "make run" in refused.output


def test_a_service_that_went_away_in_the_middle_is_no_traceback(site: Site, on_air: int) -> None:
    said: list[str] = []

    async def gone(_seconds: float) -> None:
        raise Away

    async def begun() -> None:
        with pytest.raises(Away):
            await playing.play(site.url, Pace(minutes=1, readers=1, wait=gone, clock=rounds(1)), said.append)

    outside(begun())
    assert said[-1].startswith("Xong.")


def test_where_no_dialogue_takes_questions_it_says_so(site: Site, closing: int) -> None:
    with pytest.raises(NothingOnAir):
        outside(playing.play(site.url, Pace(), lambda _: None))
    assert "Tiếp tục" in TOLD["refusals"]["nothing_on_air"]


def test_a_service_without_the_demonstrations_people_is_told_from_none(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playing, "HOST", "khong-co-ai@engage.example")
    with pytest.raises(Strangers):
        outside(playing.play(site.url, Pace(), lambda _: None))


def test_a_real_service_refuses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engage.demo.settings_or_exit", lambda: load(PRODUCTION))
    refused: Result = CliRunner().invoke(demo, ["dialogue"])
    assert refused.exit_code == 1
    assert TOLD["refusals"]["production"] in refused.output


def _held(site: Site) -> set[int]:
    return {row.id for row in site.rows("select id from reply where held_by is not null")}


def _open_polls(site: Site, dialogue_id: int) -> set[int]:
    rows = site.rows("select id from poll where thing_id = :of and state = 'open'", of=dialogue_id)
    return {row.id for row in rows}
