"""How often a door may be used: who is counted, by which limits, and when the next one is let through.

Where a limit has a row for tries beside it (`ask_try`), only what was stored counts against the limit itself: whoever
mends a refused form five times has not asked anything yet.
"""

import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta

from limits import RateLimitItem, parse_many
from slowapi import Limiter
from slowapi.errors import RateLimitExceeded
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from engage.errors import TooMany
from engage.policies import SEEDED, Rates
from engage.web import guards, kit
from engage.web.house import House, actor, house

Handler = Callable[[Request], Awaitable[Response]]
Met = tuple[RateLimitItem, tuple[str, ...]]
TRY = "_try"
# A moving window is told in the largest unit of which it has at least two: (seconds in it, the words).
UNITS = ((3600, "sent_in_hours"), (60, "sent_in_minutes"), (1, "sent_in_seconds"))


def limited(handler: Handler, name: str, limit: str, limiter: Limiter, house: House) -> Handler:
    """The handler behind three limits, each a row that may change while we run: per caller, per address, overall."""
    stored = Stored(name, lambda: house.limits.of(limit), limiter) if limit + TRY in SEEDED else None
    guarded = _guarded(handler, name, lambda: house.limits.of(limit + TRY if stored else limit), limiter)

    async def counted(request: Request) -> Response:
        request.state.stored = stored
        request.state.too_many = stored.met(request) if stored else None
        try:
            response = await guarded(request)
        except RateLimitExceeded:
            request.state.too_many = TooMany("too_many", until=_free_at(limiter, request.state.view_rate_limit))
            if request.method in kit.SAFE:
                raise request.state.too_many from None
            # The handler still runs: it reads the form, finds that nothing may be written, and gives the text back.
            response = await handler(request)
        return _late(response, request.state.too_many)

    return counted


def address_key(request: Request) -> str:
    return f"a:{guards.address_key(address(request))}"


def address(request: HTTPConnection) -> str:
    return guards.address_of(request, house(request).settings.trusted_proxies)


class Stored:
    """What was written through one door: asked before a form is read, counted in the transaction that stores it."""

    def __init__(self, name: str, rates: Callable[[], Rates], limiter: Limiter) -> None:
        self._name, self._rates, self._limiter = f"{name}_stored", rates, limiter

    def met(self, request: Request) -> TooMany | None:
        return next((self._told(*met) for met in self._each(request) if not self._holds("test", met)), None)

    def count(self, request: Request) -> None:
        """Who was let in beside others at the same moment may still be one too many."""
        for met in self._each(request):
            if not self._holds("hit", met):
                raise self._told(*met)

    def _each(self, request: Request) -> Iterator[Met]:
        rates = self._rates()
        for spec, key in (
            (rates.per_caller, _caller_key(request)),
            (rates.per_address, address_key(request)),
            (rates.overall, _everybody()),
        ):
            yield from ((item, (key, self._name)) for item in parse_many(spec))

    def _holds(self, act: str, met: Met) -> bool:
        item, keys = met
        try:
            return bool(getattr(self._limiter.limiter, act)(item, *keys))
        except Exception:  # the counters went away just now; the limit on tries still holds
            return True

    def _told(self, item: RateLimitItem, keys: tuple[str, ...]) -> TooMany:
        """The figures of the rule, to whom it counts alone; a whole town at one address did not send what it sent."""
        until = _free_at(self._limiter, (item, list(keys)))
        if keys[0].startswith("a:") or keys[0] == _everybody():
            return TooMany("too_many", until=until)
        seconds = item.get_expiry()
        unit, reason = next((unit, reason) for unit, reason in UNITS if seconds >= 2 * unit or unit == 1)
        return TooMany(reason, until=until, many=item.amount, span=seconds // unit)


def _guarded(handler: Handler, name: str, rates: Callable[[], Rates], limiter: Limiter) -> Handler:
    async def guarded(request: Request) -> Response:
        return await handler(request)

    # slowapi keeps limits by the function's name, and counts by it: doors that share a limit must not share a count.
    guarded.__name__ = name
    limited: Handler = guarded
    for spec, key in (
        # In this order: who is refused as a caller or an address must not use up what everybody shares.
        (lambda: rates().per_caller, _caller_key),
        (lambda: rates().per_address, address_key),
        (lambda: rates().overall, _everybody),
    ):
        limited = limiter.limit(spec, key_func=key)(limited)
    return limited


def _late(response: Response, too_many: TooMany | None) -> Response:
    """The page of a form that met a limit says so. Whoever is led elsewhere has written nothing, and may go there."""
    if too_many is not None and not 300 <= response.status_code < 400:
        until = too_many.figures["until"]
        assert isinstance(until, datetime)  # noqa: S101 told a few lines above
        response.status_code = TooMany.status
        response.headers["retry-after"] = str(max(int((until - datetime.now(UTC)).total_seconds()), 1))
    return response


def _free_at(limiter: Limiter, met: tuple[RateLimitItem, list[str]]) -> datetime:
    """When the limit that was met lets one more through."""
    item, keys = met
    seconds = int(limiter.limiter.get_window_stats(item, *keys).reset_time - time.time()) + 1
    return datetime.now(UTC) + timedelta(seconds=max(seconds, 1))


def _everybody() -> str:
    return "everybody"


def _caller_key(request: Request) -> str:
    """A signed-in person, else a visitor we gave a cookie to, else whoever is at that address."""
    who = actor(request)
    if who.person_id is not None:
        return f"p:{who.person_id}"
    return f"v:{guards.digest(request.state.visitor)[:16]}" if request.state.visitor else address_key(request)
