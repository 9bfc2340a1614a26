"""Brokers carry hints between processes: "channel c has reached number n", "some counts of channel c have changed", "so many follow
it here". At most once, by contract.

A lost, late or doubled hint changes nothing but latency, so a broker never raises and never makes a writer wait long.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import structlog

if TYPE_CHECKING:
    from redis.asyncio.client import PubSub, Redis

PRESENT = "@"  # before the name of a process

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Hint:
    """There is a fact with that number. `epoch` is the life of the log it stands in, where whoever tells knows it."""

    channel: str
    number: int
    epoch: str = ""


@dataclass(frozen=True, slots=True)
class Stir:
    """Numbers that change often have changed; which things they belong to."""

    channel: str
    type: str
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Present:
    """How many follow a channel in that process."""

    channel: str
    process: str
    many: int


OnHint = Callable[[Hint], None]
OnStir = Callable[[Stir], None]
OnPresent = Callable[[Present], None]


class Broker(Protocol):
    on_hint: OnHint
    on_stir: OnStir
    on_present: OnPresent

    async def tell(self, hints: Iterable[Hint]) -> None:
        """Pass hints on to whoever listens, or drop them; never raises."""

    async def stir(self, stir: Stir) -> None:
        """The same for what passes."""

    async def present(self, told: Iterable[Present]) -> None:
        """The same for who is there."""

    async def listen(self, channel: str) -> None: ...

    async def unlisten(self, channel: str) -> None: ...

    async def run(self) -> None:
        """Receive until cancelled."""

    async def close(self) -> None: ...


def ignore(hint: Hint | Stir | Present) -> None:
    """Where hints go before a hub is there."""


class MemoryBroker:
    """One process: whoever tells is also who listens."""

    def __init__(self) -> None:
        self.on_hint: OnHint = ignore
        self.on_stir: OnStir = ignore
        self.on_present: OnPresent = ignore
        self._wanted: set[str] = set()

    async def tell(self, hints: Iterable[Hint]) -> None:
        for hint in hints:
            if hint.channel in self._wanted:
                self.on_hint(hint)

    async def stir(self, stir: Stir) -> None:
        """Whoever stirs is the only process, and knows already."""

    async def present(self, told: Iterable[Present]) -> None:
        """There is nobody else."""

    async def listen(self, channel: str) -> None:
        self._wanted.add(channel)

    async def unlisten(self, channel: str) -> None:
        self._wanted.discard(channel)

    async def run(self) -> None:
        await asyncio.Event().wait()

    async def close(self) -> None:
        self._wanted.clear()


class RedisBroker:
    """Redis pub/sub: one subscriber connection a process, only for channels somebody listens to.

    `patience` bounds how long telling waits for Redis; after a failure `rest` seconds pass before the next try.
    """

    SLOWEST_RETRY = 2.0

    def __init__(
        self,
        url: str,
        *,
        prefix: str = "engage:live:",
        patience: float = 0.25,
        rest: float = 2.0,
        silence: float = 2.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.on_hint: OnHint = ignore
        self.on_stir: OnStir = ignore
        self.on_present: OnPresent = ignore
        self.lost = 0
        self._prefix = prefix
        self._patience = patience
        self._rest = rest
        self._silence = silence
        self._clock = clock
        self._redis = _connect(url, patience)
        self._wanted: set[str] = set()
        self._changed = asyncio.Event()
        self._subscribed = False
        self._resting_until = 0.0

    @property
    def healthy(self) -> bool:
        """Redis answers the subscriber, and the last telling got through."""
        return self._subscribed and self._clock() >= self._resting_until

    async def tell(self, hints: Iterable[Hint]) -> None:
        await self._publish([(hint.channel, f"{hint.number} {hint.epoch}".rstrip()) for hint in hints])

    async def stir(self, stir: Stir) -> None:
        await self._publish([(stir.channel, " ".join([stir.type, *map(str, stir.ids)]))])

    async def present(self, told: Iterable[Present]) -> None:
        await self._publish([(one.channel, f"{PRESENT}{one.process} {one.many}") for one in told])

    async def listen(self, channel: str) -> None:
        self._wanted.add(channel)
        self._changed.set()

    async def unlisten(self, channel: str) -> None:
        self._wanted.discard(channel)
        self._changed.set()

    async def run(self) -> None:
        delay = 0.1
        while True:
            try:
                await self._receive()
            # What goes wrong with Redis is never the end of listening; the tick finds what is missed meanwhile.
            except* Exception as failures:
                logger.warning("broker.disconnected", failure=repr(failures.exceptions[0]), retry=delay)
            delay = 0.1 if self._subscribed else min(delay * 2, self.SLOWEST_RETRY)
            self._subscribed = False
            await asyncio.sleep(delay)

    async def close(self) -> None:
        await self._redis.aclose()

    async def _publish(self, told: list[tuple[str, str]]) -> None:
        if not told:
            return
        if self._clock() < self._resting_until:
            self.lost += len(told)
            return
        try:
            async with asyncio.timeout(self._patience), self._redis.pipeline(transaction=False) as pipe:
                for channel, words in told:
                    pipe.publish(self._prefix + channel, words)
                await pipe.execute()
        except Exception as failure:
            self._fail(len(told), failure)

    def _fail(self, count: int, failure: Exception) -> None:
        self.lost += count
        self._resting_until = self._clock() + self._rest
        logger.warning("broker.hints_lost", lost=count, failure=repr(failure))

    async def _receive(self) -> None:
        async with self._redis.pubsub() as pubsub, asyncio.TaskGroup() as group:
            await pubsub.connect()
            group.create_task(self._keep_subscribed(pubsub))
            group.create_task(self._read(pubsub))

    async def _keep_subscribed(self, pubsub: "PubSub") -> None:
        """The one place that subscribes, so that no viewer ever waits for Redis."""
        current: set[str] = set()
        while True:
            self._changed.clear()
            wanted = set(self._wanted)
            if more := wanted - current:
                await pubsub.subscribe(*(self._prefix + name for name in sorted(more)))
            if less := current - wanted:
                await pubsub.unsubscribe(*(self._prefix + name for name in sorted(less)))
            current = wanted
            await self._changed.wait()

    async def _read(self, pubsub: "PubSub") -> None:
        await pubsub.ping()
        asked = True
        while True:
            message = await pubsub.get_message(timeout=self._silence)
            if message is not None:
                asked = False
                self._alive()
                self._pass_on(message)
            elif asked:
                raise TimeoutError("Redis does not answer")
            else:
                await pubsub.ping()
                asked = True

    def _alive(self) -> None:
        if not self._subscribed:
            self._subscribed = True
            self._resting_until = 0.0

    def _pass_on(self, message: dict[str, Any]) -> None:
        if message["type"] != "message":
            return
        channel = message["channel"].decode().removeprefix(self._prefix)
        first, *ids = message["data"].decode().split(" ")
        if first.isdecimal():
            self.on_hint(Hint(channel, int(first), *ids[:1]))
        elif not all(one.isdecimal() for one in ids):
            return
        elif first.startswith(PRESENT) and len(ids) == 1:
            self.on_present(Present(channel, first.removeprefix(PRESENT), int(ids[0])))
        else:
            self.on_stir(Stir(channel, first, tuple(map(int, ids))))


def _connect(url: str, patience: float) -> "Redis":
    # Imported here: the embedded default runs without Redis.
    from redis.asyncio import Redis
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff

    return Redis.from_url(url, socket_timeout=patience, socket_connect_timeout=patience, retry=Retry(NoBackoff(), 0))
