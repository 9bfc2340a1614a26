"""Promises of the windows in memory: as many as the limit says in any stretch of its length, and nobody is remembered for ever."""

from limits import parse
from limits.strategies import MovingWindowRateLimiter

from engage.web.windows import TIDY_EVERY, Windows

THREE = parse("3/minute")


class Moment:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_the_fourth_in_a_minute_is_refused_and_let_in_when_the_first_is_a_minute_old() -> None:
    clock = Moment()
    limiter = MovingWindowRateLimiter(Windows(clock=clock))
    for _ in range(3):
        assert limiter.hit(THREE, "somebody")
        clock.now += 10
    assert not limiter.hit(THREE, "somebody")
    clock.now = 1_060.5
    assert limiter.hit(THREE, "somebody")
    assert not limiter.hit(THREE, "somebody")


def test_one_who_met_the_limit_does_not_wait_longer_for_trying() -> None:
    clock = Moment()
    limiter = MovingWindowRateLimiter(Windows(clock=clock))
    assert [limiter.hit(THREE, "somebody") for _ in range(10)] == [True] * 3 + [False] * 7
    clock.now += 60.5
    assert limiter.hit(THREE, "somebody")


def test_callers_do_not_share_a_window() -> None:
    limiter = MovingWindowRateLimiter(Windows(clock=Moment()))
    assert all(limiter.hit(THREE, f"caller {number}") for number in range(10))


def test_it_says_when_the_next_one_is_let_through_and_how_many_are_left() -> None:
    clock = Moment()
    limiter = MovingWindowRateLimiter(Windows(clock=clock))
    limiter.hit(THREE, "somebody")
    clock.now += 20
    stats = limiter.get_window_stats(THREE, "somebody")
    assert (stats.reset_time, stats.remaining) == (1_060, 2)


def test_callers_of_the_past_are_forgotten() -> None:
    clock = Moment()
    windows = Windows(clock=clock)
    limiter = MovingWindowRateLimiter(windows)
    for number in range(TIDY_EVERY // 2):
        limiter.hit(THREE, f"caller {number}")
    clock.now += 61
    for _ in range(TIDY_EVERY):
        limiter.hit(THREE, "somebody")
    assert windows.reset() == 1
