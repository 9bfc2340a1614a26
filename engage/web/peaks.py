"""The most readers a dialogue had at one time: noted while it is on air, from what its readers are told of their number."""

from collections.abc import Callable, Mapping

import anyio
import structlog

from engage import dialogues
from engage.db import Store
from engage.errors import Failure

EVERY = 30.0  # seconds
ROOM = dialogues.channel(0).removesuffix("0")

logger = structlog.get_logger(__name__)


async def run(store: Store, shown: Callable[[], Mapping[str, int]]) -> None:
    """`shown`: by channel, how many its readers are told they are."""
    while True:
        await anyio.sleep(EVERY)
        try:
            await note(store, shown())
        except Failure:
            logger.warning("peaks.not_noted")  # the next half minute is noted again


async def note(store: Store, shown: Mapping[str, int]) -> None:
    """Written only where it has grown: most looks write nothing."""
    present = {int(channel.removeprefix(ROOM)): many for channel, many in shown.items() if channel.startswith(ROOM)}
    if not any(present.values()):
        return
    async with store.reading() as db:
        grown = await dialogues.outgrown(db, present)
    if grown:
        async with store.transaction() as db:
            for dialogue_id in grown:
                await dialogues.note_peak(db, dialogue_id, present[dialogue_id])
