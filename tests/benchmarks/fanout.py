"""One event to everyone in a room, Engage and its peers in turn: `python -m tests.benchmarks.fanout [--viewers 500 2000 8000]`.

Deliveries per CPU-second of the server process. Every peer's readers stay connected for the whole run, an event is published when
all have the one before, and the order of the peers turns from round to round.
"""

import argparse
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from statistics import median

from tests.benchmarks import cpu
from tests.benchmarks.peers import start, whole
from tests.benchmarks.peers.installed import Missing
from tests.benchmarks.peers.start import Peer

ENOUGH = 0.25  # CPU seconds of a server in one round
PEERS: Mapping[str, Callable[[Path], AbstractContextManager[Peer]]] = {
    "engine": partial(start.our_engine, alone=True),
    "engage": whole.serve,
    "starlette": start.starlette_loop,
    "socket.io": start.socket_io,
    "channels": start.channels,
    "nchan": start.nchan,
}
BASE = "engine"


def deliveries(peer: Peer) -> tuple[float, float]:
    """For one CPU-second: of the server, and of those who read."""
    server, crowd, events = peer.spent, peer.crowd.spent, peer.events
    while peer.spent - server < ENOUGH:
        peer.publish()
        peer.events += 1
        peer.heard += peer.viewers
        peer.crowd.all_heard(peer.heard)
    done = (peer.events - events) * peer.viewers
    return done / (peer.spent - server), done / max(peer.crowd.spent - crowd, 0.01)


def measure(peers: list[Peer], viewers: int, rounds: int) -> None:
    for peer in peers:
        peer.grow(min(viewers, peer.most))
        deliveries(peer)  # the first of everything
    figures: dict[str, list[tuple[float, float]]] = {peer.name: [] for peer in peers}
    for turn in range(rounds):
        for peer in peers if turn % 2 else reversed(peers):
            figures[peer.name].append(deliveries(peer))
    here = {peer.name: peer.viewers for peer in peers}
    middle = {name: median(server for server, _ in rounds) for name, rounds in figures.items()}
    for name, rounds in figures.items():
        servers = [server for server, _ in rounds]
        ratio = f"{BASE} is {middle[BASE] / middle[name]:5.2f} ×" if BASE in middle and name != BASE else ""
        print(
            f"{here[name]:5} viewers  {name:<10} {middle[name]:9,.0f} deliveries per CPU-second "
            f"({min(servers):,.0f} to {max(servers):,.0f})  {ratio:<18} client {median(c for _, c in rounds):9,.0f}",
            flush=True,
        )


def started(name: str, stack: ExitStack, folder: Path) -> list[Peer]:
    try:
        peer = stack.enter_context(PEERS[name](folder))
    except Missing as missing:
        print(f"{name} is left out, this machine lacks: {missing}", flush=True)
        return []
    stack.callback(peer.crowd.stop)
    print(f"{name}: {peer.about}", flush=True)
    return [peer]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--viewers", type=int, nargs="+", default=[500, 2_000, 8_000])
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    asked = options.parse_args()
    print(cpu.about())
    print(f"before: {cpu.surroundings()}")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        peers = [peer for name in asked.peers for peer in started(name, stack, Path(folder))]
        for viewers in sorted(asked.viewers):
            measure(peers, viewers, asked.rounds)
    print(f"after: {cpu.surroundings()}")


if __name__ == "__main__":
    main()
