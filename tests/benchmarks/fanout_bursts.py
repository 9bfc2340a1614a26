"""200 events a second to 2,000 viewers, coalesced and one by one: `python -m tests.benchmarks.fanout_bursts [viewers]`.

Our own engine twice in the same run: as it is, and with a frame for every event. Each event says when it was committed.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles

from tests.benchmarks import cpu
from tests.benchmarks.crowd import Said
from tests.benchmarks.peers.start import Peer, our_engine

RATE, SECONDS, ROUNDS = 200, 2.0, 3


def burst(peer: Peer) -> tuple[float, list[float]]:
    """Deliveries per CPU-second, and the milliseconds that events took to the sample."""
    server, began, events = peer.spent, time.monotonic(), round(RATE * SECONDS)
    for at in range(events):
        time.sleep(max(began + at / RATE - time.monotonic(), 0))
        peer.publish()
    peer.heard += events * peer.viewers
    peer.crowd.all_heard(peer.heard)
    took = [delay for said in peer.crowd.kept() for delay in delays(said)]
    return events * peer.viewers / (peer.spent - server), took


def delays(said: Sequence[Said]) -> Iterator[float]:
    for at, text in said:
        frame = json.loads(text)
        for one in frame if isinstance(frame, list) else [frame]:
            if one["k"] == "fact":
                yield (at - one["data"]["sent"] / 1_000_000) * 1000


def measure(peers: dict[str, Peer], viewers: int) -> None:
    figures = {}
    for peer in peers.values():
        peer.grow(viewers)
        peer.publish()
        peer.heard += viewers
        peer.crowd.all_heard(peer.heard)
    rounds = {name: [] for name in peers}
    for _ in range(ROUNDS):
        for name, peer in peers.items():
            rounds[name].append(burst(peer))
    for name, all_of_it in rounds.items():
        figures[name] = median(rate for rate, _ in all_of_it)
        cuts = quantiles((delay for _, took in all_of_it for delay in took), n=100)
        print(
            f"{viewers} viewers, {RATE} events/s, {name:<10} {figures[name]:9,.0f} deliveries per CPU-second  "
            f"p50 {cuts[49]:7.1f}  p95 {cuts[94]:7.1f}  p99 {cuts[98]:7.1f} ms",
            flush=True,
        )
    print(f"coalesced is {figures['coalesced'] / figures['one by one']:.2f} × one by one")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("viewers", type=int, nargs="?", default=2_000)
    viewers = options.parse_args().viewers
    print(cpu.about())
    print(f"before: {cpu.surroundings()}")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        peers = {
            name: stack.enter_context(our_engine(Path(folder), alone=alone))
            for name, alone in (("coalesced", False), ("one by one", True))
        }
        for peer in peers.values():
            stack.callback(peer.crowd.stop)
        measure(peers, viewers)
    print(f"after: {cpu.surroundings()}")


if __name__ == "__main__":
    main()
