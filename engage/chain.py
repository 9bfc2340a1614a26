"""A chain of hashes over rows, and signed heads of it. Pure: knows no table and no file.

Whoever can write to the database can make the hashes fit again; they cannot make the signed heads fit, which lie elsewhere.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

START = ""


@dataclass(frozen=True, slots=True)
class Link:
    """One row as it stands in the chain; `text` is everything the row says."""

    place: int
    row: int
    text: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """How far the chain had come at a time, signed."""

    at: str
    place: int
    row: int
    hash: str
    mac: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """`what` is one of: missing, changed, cut, rewritten, forged. `row` is 0 where the row is gone."""

    what: str
    place: int
    row: int = 0


def joined(previous: str, place: int, text: str) -> str:
    return hashlib.sha256(f"{previous}\0{place}\0{text}".encode()).hexdigest()


def signed(secret: str, head: Head) -> Head:
    return Head(head.at, head.place, head.row, head.hash, _mac(secret, head))


def written(head: Head) -> str:
    return json.dumps(asdict(head), separators=(",", ":"), sort_keys=True)


def read(line: str) -> Head | None:
    """None for a line that was not written by us."""
    try:
        return Head(**json.loads(line))
    except (TypeError, ValueError):
        return None


def forged(secret: str, lines: Iterable[str]) -> Iterator[tuple[Head | None, bool]]:
    """Every line's head, and whether its signature is wrong."""
    for line in lines:
        head = read(line)
        yield head, head is None or not hmac.compare_digest(_mac(secret, head).encode(), str(head.mac).encode())


def faults(links: Iterable[Link], heads: Mapping[int, Head]) -> Iterator[Fault]:
    """Everything wrong with a chain, walked by place. After a fault it goes on from what is stored: the next is found too."""
    previous, expected = START, 1
    for link in links:
        if link.place != expected:
            yield from (Fault("missing", place) for place in range(expected, link.place))
        elif link.hash != joined(previous, link.place, link.text):
            yield Fault("changed", link.place, link.row)
        head = heads.get(link.place)
        if head is not None and (head.hash, head.row) != (link.hash, link.row):
            yield Fault("rewritten", link.place, link.row)
        previous, expected = link.hash, link.place + 1
    newest = max(heads, default=0)
    if newest >= expected:
        yield Fault("cut", expected, heads[newest].row)


def _mac(secret: str, head: Head) -> str:
    text = f"audit head\0{head.at}\0{head.place}\0{head.row}\0{head.hash}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
