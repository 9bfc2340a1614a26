"""Promises of what requests share: read once for all who ask, anew when the log moved on, and never without bound."""

import asyncio

import pytest

from engage.web.pages import Fragments, Memory

pytestmark = pytest.mark.anyio


async def test_a_herd_after_a_change_reads_once() -> None:
    memory: Memory[int] = Memory()
    readings = 0

    async def read() -> int:
        nonlocal readings
        readings += 1
        await asyncio.sleep(0)
        return readings

    assert await asyncio.gather(*(memory.at(("epoch", 1), read) for _ in range(20))) == [1] * 20
    assert await memory.at(("epoch", 1), read) == 1
    assert await memory.at(("epoch", 2), read) == 2
    assert await memory.at(("another epoch", 2), read) == 3


async def test_a_reading_that_fails_is_not_kept() -> None:
    memory: Memory[str] = Memory()

    async def fails() -> str:
        raise RuntimeError

    async def works() -> str:
        return "read"

    with pytest.raises(RuntimeError):
        await memory.at(("epoch", 1), fails)
    assert await memory.at(("epoch", 1), works) == "read"


async def test_a_fragment_is_written_once_for_its_key_and_the_oldest_goes_first() -> None:
    fragments = Fragments(most=2)
    written: list[str] = []

    def write(key: str) -> str:
        def fresh() -> str:
            written.append(key)
            return f"<{key}>"

        return fragments.kept(key, fresh)

    assert [write(key) for key in "abaca"] == ["<a>", "<b>", "<a>", "<c>", "<a>"]
    assert written == ["a", "b", "c"]
    write("b")
    assert written == ["a", "b", "c", "b"]
