"""Promises of counts that change often: listeners hear of them after COMMIT, once a transaction; never of what was rolled back."""

from collections.abc import Iterable

import pytest

from engage.db import Store
from live import log
from live.stirs import stir

pytestmark = pytest.mark.anyio


class Listener:
    def __init__(self) -> None:
        self.heard = list[tuple[str, str, tuple[int, ...]]]()

    async def tell(self, facts: list[log.Fact]) -> None:
        raise AssertionError(f"nothing became a fact: {facts}")

    async def stir(self, channel: str, type: str, ids: Iterable[int]) -> None:
        self.heard.append((channel, type, tuple(ids)))


@pytest.fixture
def listener(store: Store) -> Listener:
    store.teller = listener = Listener()
    return listener


async def test_counts_of_one_kind_are_told_together_after_commit(store: Store, listener: Listener) -> None:
    async with store.transaction() as db:
        stir(db, "question:7", "votes", 7)
        stir(db, "question:7", "votes", 9, 7)
        stir(db, "review", "waiting")
        assert listener.heard == []
    assert listener.heard == [("question:7", "votes", (7, 9)), ("review", "waiting", ())]


async def test_what_is_rolled_back_stirs_nobody(store: Store, listener: Listener) -> None:
    with pytest.raises(ZeroDivisionError):
        await broken(store)
    assert listener.heard == []


async def broken(store: Store) -> None:
    async with store.transaction() as db:
        stir(db, "question:7", "votes", 7)
        raise ZeroDivisionError
