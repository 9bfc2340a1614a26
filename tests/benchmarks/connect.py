"""What a reader costs the server: CPU of coming in, and memory of being there: `python -m tests.benchmarks.connect`.

The whole program in one process, through the real door: TCP, handshake, who it is, where it may be, the greeting. For memory also
the engine without the application, and a plain Starlette loop.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

from engage import people
from engage.people import Kind, Person
from engage.web.house import SESSION
from tests.benchmarks import cpu
from tests.benchmarks.crowd import Crowd
from tests.benchmarks.peers import start, whole
from tests.benchmarks.peers.start import Peer
from tests.processes import family, outside
from tests.site import Site

CONNECTS, ROUNDS, AT_ONCE, PERSONS = 500, 5, 16, 50
SETTLE_SECONDS = 2.0
KB = 1024


def connecting(peer: Peer, site: Site) -> None:
    """CPU of one connect, anonymous and signed in by turns."""
    signed_in = replace(peer.manner, cookies=cookies(site))
    took: dict[str, list[float]] = {"anonymous": [], "signed in": []}
    for _ in range(ROUNDS + 1):  # the first warms up
        for who, manner in zip(took, (peer.manner, signed_in), strict=True):
            crowd, before = Crowd(), peer.spent
            crowd.join(peer.port, CONNECTS, manner, AT_ONCE)
            took[who].append((peer.spent - before) / CONNECTS * 1_000_000)
            crowd.stop()
            time.sleep(SETTLE_SECONDS / 4)  # their going is not part of the others' coming
    for who, each in took.items():
        print(
            f"connect, {who:<10} {median(each[1:]):6.0f} µs of CPU ({min(each[1:]):.0f} to {max(each[1:]):.0f})",
            flush=True,
        )


def cookies(site: Site) -> Sequence[str]:
    async def sign_in() -> list[str]:
        async with site.database() as store, store.transaction() as db:
            staff = [
                Person(
                    kind=Kind.STAFF, name=f"Cán bộ {at}", login=f"can-bo-{at}@engage.example", created_at=store.clock()
                )
                for at in range(PERSONS)
            ]
            db.add_all(staff)
            await db.flush()
            return [await people.sign_in(db, person.id or 0) for person in staff]

    return [f"{SESSION}={token}" for token in outside(sign_in())]


def memory(peer: Peer, few: int, many: int) -> None:
    """What the process grows by, without what the kernel keeps for a connection."""
    peer.grow(few)
    before = settled(peer)
    peer.grow(many)
    each = (settled(peer) - before) / (many - few)
    print(f"memory, {peer.name:<10} {each / KB:6.2f} KB a viewer, from {few} to {many}", flush=True)


def settled(peer: Peer) -> float:
    time.sleep(SETTLE_SECONDS)
    if peer.collect is not None:
        peer.collect()
    return sum(resident(pid) for pid in family(peer.pid))


def resident(pid: int) -> int:
    """Bytes of its own: neither libraries nor files."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return KB * next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--viewers", type=int, nargs=2, default=(1_000, 5_000))
    viewers = options.parse_args().viewers
    print(cpu.about())
    print(f"before: {cpu.surroundings()}")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        for begin in (whole.serve, partial(start.our_engine, alone=False), start.starlette_loop):
            peer = stack.enter_context(begin(Path(folder)))
            stack.callback(peer.crowd.stop)
            if peer.site is not None:
                connecting(peer, peer.site)
            memory(peer, *viewers)
    print(f"after: {cpu.surroundings()}")


if __name__ == "__main__":
    main()
