"""Many who ask the same thing at the same moment share one answer."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

Answer = TypeVar("Answer")


class Flights(Generic[Answer]):
    """What is under way, by question. One who gives up takes nothing from the others."""

    def __init__(self) -> None:
        self._tasks: dict[Hashable, asyncio.Task[Answer]] = {}

    async def share(self, key: Hashable, ask: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
        task = self._tasks.get(key)
        if task is None:
            task = self._tasks[key] = asyncio.create_task(ask())
            task.add_done_callback(lambda done: self._land(key, done))
        return await asyncio.shield(task)

    def _land(self, key: Hashable, done: asyncio.Task[Answer]) -> None:
        del self._tasks[key]
        if not done.cancelled():
            # Looked at, so that a failure nobody waits for any more is not reported as forgotten.
            done.exception()
