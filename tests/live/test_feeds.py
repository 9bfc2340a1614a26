"""What leaves when: bursts leave together, what was taken back leaves empty, and what passes is not sent more often than it may."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from live import wire
from live.crowds import SLICE, Crowd
from live.feeds import LEAST_WINDOW, MOST_WINDOW, PASSING_EVERY, Feed
from live.viewers import Batch, Frame, Queued, Viewer

AT = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


class Timer:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waiting: list[tuple[float, Callable[[], None]]] = []

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        self.waiting.append((self.now + seconds, act))

    def pass_by(self, seconds: float) -> None:
        until = self.now + seconds
        while due := sorted((one for one in self.waiting if one[0] <= until), key=lambda one: one[0]):
            self.waiting.remove(due[0])
            self.now = max(self.now, due[0][0])
            due[0][1]()
        self.now = until


class Reader(Viewer):
    """Keeps what it was offered, batch by batch."""

    def __init__(self, language: str = "vi") -> None:
        super().__init__(language)
        self.batches: list[tuple[Frame, ...]] = []

    async def give(self, frames: Sequence[Frame]) -> None:
        raise NotImplementedError

    def offer(self, batch: Batch) -> None:
        self.batches.append(batch.frames)

    def dismiss(self, code: int) -> None:
        self.code = code

    @property
    def numbers(self) -> list[list[int]]:
        return [[frame.number for frame in batch] for batch in self.batches]

    @property
    def passed(self) -> list[dict[str, Any]]:
        return [frame.message["data"] for batch in self.batches for frame in batch if not frame.number]


def fact(number: int, thing: str = "", type: str = "answer.given") -> Frame:
    said = {"type": type, "html": f"<p>{number}"} if type != wire.REMOVED else {"type": type, "data": {"id": 17}}
    return Frame(number, wire.fact("a", number, AT, said), thing)


def fed(timer: Timer, *readers: Reader, top: int = 0) -> Feed:
    feed = Feed("a", timer.later)
    for reader in readers:
        feed.admit(reader, top)
    return feed


def hand(feed: Feed, *frames: Frame) -> None:
    feed.hand_out({language: list(frames) for language in feed.languages}, frames[-1].number)


def test_the_first_fact_leaves_at_once_and_what_follows_quickly_leaves_together() -> None:
    timer, reader = Timer(), Reader()
    feed = fed(timer, reader)
    for number in range(1, 5):
        hand(feed, fact(number))
    assert reader.numbers == [[1]]
    timer.pass_by(LEAST_WINDOW)
    assert reader.numbers == [[1], [2, 3, 4]]
    timer.pass_by(MOST_WINDOW)
    hand(feed, fact(5))
    assert reader.numbers == [[1], [2, 3, 4], [5]]


def test_who_comes_while_a_window_is_open_is_not_given_what_it_has_read() -> None:
    timer, reader, late = Timer(), Reader(), Reader()
    feed = fed(timer, reader)
    hand(feed, fact(1))
    hand(feed, fact(2))
    feed.admit(late, 2)
    hand(feed, fact(3))
    timer.pass_by(1)
    assert reader.numbers == [[1], [2], [3]]
    assert late.numbers == [[3]]


def test_who_has_read_further_than_was_handed_out_joins_when_the_others_are_there() -> None:
    timer, reader, ahead = Timer(), Reader(), Reader("en")
    feed = fed(timer, reader)
    feed.admit(ahead, 3)
    assert feed.languages == {"vi", "en"}
    hand(feed, fact(1), fact(2))
    hand(feed, fact(3), fact(4))
    timer.pass_by(1)
    hand(feed, fact(5))
    assert ahead.numbers == [[4], [5]]
    assert reader.numbers == [[1, 2], [3, 4], [5]]


def test_what_is_taken_back_while_it_waits_leaves_as_its_number_only() -> None:
    timer, reader = Timer(), Reader()
    feed = fed(timer, reader)
    hand(feed, fact(1))
    hand(feed, fact(2, "question:17"), fact(3, "question:18"))
    hand(feed, fact(4, "question:17", wire.REMOVED))
    timer.pass_by(1)
    second, third, fourth = (frame.message for frame in reader.batches[1])
    assert (second["n"], second["type"], "html" in second) == (2, wire.REMOVED, False)
    assert (third["n"], "html" in third) == (3, True)
    assert (fourth["n"], fourth["type"]) == (4, wire.REMOVED)
    assert [frame.number for frame in reader.batches[1]] == [2, 3, 4]


def test_what_passes_is_sent_at_most_twice_a_second_and_the_newest_wins() -> None:
    timer, reader = Timer(), Reader()
    feed = fed(timer, reader)
    for votes in range(1, 6):
        feed.pass_on("votes", {"17": votes})
    feed.pass_on("votes", {"22": 1})
    assert reader.passed == [{"17": 1}]
    timer.pass_by(PASSING_EVERY)
    assert reader.passed == [{"17": 1}, {"17": 5, "22": 1}]
    timer.pass_by(10)
    assert len(reader.passed) == 2


def test_what_passes_rides_with_a_fact_when_it_is_due() -> None:
    timer, reader = Timer(), Reader()
    feed = fed(timer, reader)
    hand(feed, fact(1))
    feed.pass_on("votes", {"17": 1})
    hand(feed, fact(2))
    timer.pass_by(LEAST_WINDOW)
    assert reader.numbers == [[1], [2, 0]]


def test_what_passes_right_after_a_fact_does_not_wait_for_the_next_one() -> None:
    timer, reader = Timer(), Reader()
    feed = fed(timer, reader)
    hand(feed, fact(1))
    feed.pass_on("waiting", {"cases": 7})
    timer.pass_by(LEAST_WINDOW)
    assert reader.numbers == [[1], [0]]


def test_a_window_grows_with_the_time_that_one_fan_out_takes() -> None:
    timer, reader = Timer(), Reader()
    feed = fed(timer, reader)
    feed.crowds["vi"].took = 0.05
    hand(feed, fact(1))
    hand(feed, fact(2))
    timer.pass_by(0.09)
    assert reader.numbers == [[1]]
    timer.pass_by(0.02)
    assert reader.numbers == [[1], [2]]
    feed.crowds["vi"].took = 10
    timer.pass_by(1)
    hand(feed, fact(3))
    hand(feed, fact(4))
    timer.pass_by(MOST_WINDOW)
    assert reader.numbers[-1] == [4]


@given(
    st.lists(st.one_of(st.just("fact"), st.just("join"), st.just("leave"), st.floats(0.001, 0.3)), max_size=60),
    st.integers(0, 3),
)
def test_whatever_happens_everyone_gets_every_fact_once_and_in_order(steps: list[str | float], ahead: int) -> None:
    timer, first = Timer(), Reader()
    feed, top = fed(timer, first), 0
    readers: list[tuple[Reader, int]] = [(first, 0)]
    for step in steps:
        if step == "fact":
            top += 1
            hand(feed, fact(top))
        elif step == "join":
            reader, position = Reader("en" if top % 2 else "vi"), top + ahead
            feed.admit(reader, position)
            readers.append((reader, position))
        elif step == "leave" and len(readers) > 1:
            feed.leave(readers.pop()[0])
        elif isinstance(step, float):
            timer.pass_by(step)
    for _ in range(ahead + 1):
        top += 1
        hand(feed, fact(top))
    timer.pass_by(1)
    for reader, position in readers:
        assert [number for batch in reader.numbers for number in batch] == list(range(position + 1, top + 1))


def test_a_big_crowd_is_written_in_slices_and_each_to_those_who_were_there() -> None:
    timer, written = Timer(), dict[str, list[bytes]]()
    crowd = Crowd(timer.later)

    def direct(name: str) -> Reader:
        reader = Reader()
        reader.write = written.setdefault(name, []).append
        return reader

    readers = [direct(str(at)) for at in range(SLICE + 5)]
    for reader in readers:
        crowd.add(reader)
    first, second = Batch([fact(1)]), Batch([fact(2)])
    crowd.send(first)
    crowd.discard(readers[0])
    late = direct("late")
    crowd.add(late)
    crowd.send(second)
    assert sum(map(len, written.values())) == SLICE
    timer.pass_by(1)
    assert written["0"] == [first.socket]
    assert written[str(SLICE + 4)] == [first.socket, second.socket]
    assert written["late"] == [second.socket]


def test_a_connection_that_is_closed_costs_the_others_nothing() -> None:
    timer, written = Timer(), list[bytes]()
    crowd = Crowd(timer.later)

    def closed(_data: bytes) -> None:
        raise RuntimeError("closed")

    gone, there = Reader(), Reader()
    gone.write, there.write = closed, written.append
    crowd.add(gone)
    crowd.add(there)
    crowd.send(Batch([fact(1)]))
    assert len(written) == 1


def test_a_queue_that_runs_over_costs_those_who_are_written_to_nothing() -> None:
    """Found by flooding a room in which one reader of the stream never read: every websocket lost a frame."""
    crowd, got = Crowd(Timer().later), list[bytes]()
    written, queued = Reader(), Queued("vi", backlog=1)
    written.write = got.append
    crowd.add(queued)
    crowd.add(written)
    for number in (1, 2, 3):
        crowd.send(Batch([Frame(number, {"n": number})]))
    assert queued.code == wire.TOO_SLOW
    assert [one[2:] for one in got] == [b'{"n":1}', b'{"n":2}', b'{"n":3}']
