"""Kinship: which texts ask much the same, found without comparing each with each. Pure: knows no row and no clock.

A text is compared with those that share rare words with it. Whatever is alike is one group, also over a third text; a group is
called by its smallest id, so that the order in which texts come does not matter.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from heapq import nsmallest
from itertools import pairwise
from typing import TypeAlias
from zlib import crc32

from engage import traces
from moderation.text import expand, fold, syllables

ALIKE = 0.6
HEAD = 200  # characters of the body: further down it tells a story
COMMON = 200  # a key that so many different texts have does not say what one is about
COMPARED = 40
LEAST_SHARED = 2
ONE_IN = 4  # of the body's words, to keep the index small
LEAST_TITLE = 5  # words: "Hỏi về bảo hiểm" asks nothing, so the body decides alone
Text = tuple[str, str]
Shingles: TypeAlias = "array[int]"


class Kinship:
    def __init__(self) -> None:
        self._leaders: dict[int, int] = {}  # each text's, of its group or on the way there
        self._texts: dict[int, tuple[Shingles, Shingles]] = {}
        self._bearers: defaultdict[int, list[int]] = defaultdict(list)
        self._same: dict[bytes, int] = {}

    def add(self, key: int, text: Text) -> None:
        """Once; what is there already stays in its group."""
        if key in self._leaders:
            return
        self._leaders[key] = key
        title, head = read(text)
        first = self._same.setdefault(title.tobytes() + b"|" + head.tobytes(), key)
        if first != key:
            self.join(first, key)
            return
        keys, mine = _keys(text, head), Reading(title, head)
        for other in self._likely(keys):
            if self.group_of(other) != self.group_of(key) and mine.likeness(*self._texts[other]) >= ALIKE:
                self.join(other, key)
        self._texts[key] = title, head
        for one in keys:
            self._bearers[one].append(key)

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.group_of(one), self.group_of(other)))
        self._leaders[high] = low

    def group_of(self, key: int) -> int:
        while (above := self._leaders.setdefault(key, key)) != key:
            self._leaders[key] = self._leaders[above]
            key = above
        return key

    @property
    def groups(self) -> set[int]:
        return {key for key, above in self._leaders.items() if key == above}

    def _likely(self, keys: Iterable[int]) -> list[int]:
        shared: Counter[int] = Counter()
        for key in keys:
            bearers = self._bearers.get(key, ())
            if len(bearers) <= COMMON:
                shared.update(bearers)
        enough = [(-times, key) for key, times in shared.items() if times >= LEAST_SHARED]
        return [key for _, key in nsmallest(COMPARED, enough)]


def group(texts: Mapping[int, Text]) -> dict[int, int]:
    """For each the smallest id of its group."""
    kinship = Kinship()
    for key in sorted(texts):
        kinship.add(key, texts[key])
    return {key: kinship.group_of(key) for key in texts}


def read(text: Text) -> tuple[Shingles, Shingles]:
    """Of the title, and of title and head together."""
    return _shingles(text[0]), _shingles(f"{text[0]}\n{text[1][:HEAD]}")


class Reading:
    """One text made ready to be compared with many."""

    __slots__ = ("_head", "_title")

    def __init__(self, title: Shingles, head: Shingles) -> None:
        self._title, self._head = frozenset(title), frozenset(head)

    def likeness(self, title: Shingles, head: Shingles) -> float:
        """0 to 1: of titles and of heads, half and half."""
        heads = _near(self._head, head)
        if min(len(self._title), len(title)) < 2 * LEAST_TITLE - 1:  # words, and pairs of them
            return heads
        return (_near(self._title, title) + heads) / 2


def likeness(one: tuple[Shingles, Shingles], other: tuple[Shingles, Shingles]) -> float:
    return Reading(*one).likeness(*other)


def _near(one: frozenset[int], other: Shingles) -> float:
    """As `moderation.similarity.near`, over numbers."""
    shared = len(one.intersection(other))
    shorter, together = min(len(one), len(other)), len(one) + len(other) - shared
    return (shared / together + shared / shorter) / 2 if shorter else 0.0


def _shingles(text: str) -> Shingles:
    words = syllables(fold(expand(text)))
    every = {*words, *(f"{left} {right}" for left, right in pairwise(words))}
    return array("q", sorted({crc32(one.encode()) for one in every}))


def _keys(text: Text, head: Shingles) -> list[int]:
    """All of the title, some of the body, and always the same ones."""
    return [*dict.fromkeys([*traces.keys(text[0]), *(one for one in head if one % ONE_IN == 0)])]
