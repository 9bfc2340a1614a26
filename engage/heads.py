"""Signed heads of the audit chain in files outside the database, and whether the chain still fits them."""

from collections.abc import Iterator
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, chain
from engage.chain import Fault, Head
from engage.db import Store
from engage.settings import Settings

MOST_FAULTS = 50


def folder(settings: Settings) -> Path:
    return settings.data_dir / "audit"


def last(settings: Settings) -> Head | None:
    files = sorted(folder(settings).glob("head-*.jsonl"))
    lines = files[-1].read_text(encoding="utf-8").splitlines() if files else []
    return chain.read(lines[-1]) if lines else None


def keep(settings: Settings, head: Head) -> None:
    """One more line in the file of its day. A chain that has not grown needs none."""
    known = last(settings)
    if known is not None and known.place >= head.place:
        return
    folder(settings).mkdir(parents=True, exist_ok=True)
    path = folder(settings) / f"head-{head.at[:10].replace('-', '')}.jsonl"
    with path.open("a", encoding="utf-8") as lines:
        lines.write(chain.written(chain.signed(settings.secret, head)) + "\n")


async def fits(db: AsyncSession, settings: Settings, head: Head) -> bool:
    """Whether the chain's end is what was last signed: quick, for a page. `verify` walks the whole chain."""
    ((_, is_forged),) = chain.forged(settings.secret, [chain.written(head)])
    row = await audit.at_place(db, head.place)
    before = await audit.at_place(db, head.place - 1)
    if is_forged or row is None or (row.id, row.hash) != (head.row, head.hash):
        return False
    return row.hash == chain.joined((before.hash or "") if before else chain.START, head.place, audit.text(row))


async def verify(store: Store, settings: Settings) -> tuple[int, list[Fault]]:
    """How many rows stand in the chain, and what is wrong with it."""
    signed: dict[int, Head] = {}
    wrong: list[Fault] = []
    for head, is_forged in chain.forged(settings.secret, _lines(settings)):
        if head is None or is_forged:
            wrong.append(Fault("forged", head.place if head else 0, head.row if head else 0))
        else:
            signed[head.place] = head
    async with store.reading() as db:
        links = [link async for link in audit.links(db)]
    wrong += chain.faults(links, signed)
    return len(links), wrong[:MOST_FAULTS]


def _lines(settings: Settings) -> Iterator[str]:
    for path in sorted(folder(settings).glob("head-*.jsonl")):
        yield from path.read_text(encoding="utf-8").splitlines()
