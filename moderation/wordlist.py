"""The word list: tone first, whole syllables, seen through repeats, separators and digits.

Stripped text is weak evidence, and only where an entry allows it. Does not know who wrote or what follows.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

from moderation.text import fold, lower_in_place, respell, words_with_places

Word = tuple[str, int, int]

_REPEATS = re.compile(r"(.)\1+")
# "địiit", "lồoon": the vowel is drawn out without its marks. Not ưu, which is a rhyme.
_DRAWN_OUT = re.compile(
    "[àáảãạăằắẳẵặâầấẩẫậ][aăâ]+|[èéẻẽẹêềếểễệ][eê]+|[ìíỉĩị]i+|[òóỏõọôồốổỗộơờớởỡợ][oôơ]+|[ùúủũụ]u+|[ừứửữự]ư+|[ỳýỷỹỵ]y+"
)
_STRAY_MARKS = re.compile("[\u0300-\u036f]+")
_DIGIT_AMONG_LETTERS = re.compile(r"^[^\W\d_]+(?:\d+[^\W\d_]+)+$")
_DIGITS_READ = str.maketrans("0134578", "oieastb")
_LONGEST_SPELLED = 6
_LONGEST_GAP = 3
_ENDS_A_WORD = ("", " ", "\n", "\t")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the list. `bare`: may also be found in text written without diacritics."""

    text: str
    kind: str
    weight: Literal["note", "hold"] = "hold"
    bare: bool = False
    unless_after: frozenset[str] = frozenset()
    unless_before: frozenset[str] = frozenset()


class Match(NamedTuple):
    entry: Entry
    start: int
    end: int
    certainty: Literal["weak", "fair", "sure"]


Written = list[tuple[tuple[str, ...], Entry]]
Rows = dict[str, Written]


@dataclass(frozen=True)
class WordList:
    """Compiled once from entries, from whatever table they come."""

    entries: tuple[Entry, ...]
    toned: Rows = field(init=False, repr=False, compare=False)
    bare: Rows = field(init=False, repr=False, compare=False)
    spelled: dict[str, Entry] = field(init=False, repr=False, compare=False)
    disguised: dict[str, Entry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        written: Written = [(_sequence(entry.text), entry) for entry in self.entries]
        stripped = [(tuple(map(fold, row)), entry) for row, entry in written]
        glued: Written = [(("".join(row),), entry) for row, entry in written if len(row) > 1]  # "địtmẹ"
        object.__setattr__(self, "toned", _by_first(written + glued))
        object.__setattr__(self, "bare", _by_first((row, entry) for row, entry in stripped if entry.bare))
        object.__setattr__(self, "spelled", _joined(written))
        object.__setattr__(self, "disguised", _joined(stripped))

    def matches(self, lower: str, words: Sequence[Word], toned: bool) -> list[Match]:
        """What is found in lower-case respelled text, each place once. `toned`: with diacritics."""
        keys = [_key(word) for word, _, _ in words]
        found = [*_sequences(self.toned, keys, words, "sure")]
        if not toned:
            found += _sequences(self.bare, [fold(key) for key in keys], words, "weak")
        found += self._spelled_out(lower, words)
        found += self._with_digits(words)
        return _apart(found)

    def _spelled_out(self, lower: str, words: Sequence[Word]) -> Iterator[Match]:
        """đ.ị.t, v c l, l.ồn: pieces that are one word once put together."""
        for first, (word, start, end) in enumerate(words):
            has_letter = end - start == 1
            if not has_letter and lower[end : end + 1] in _ENDS_A_WORD:
                continue
            joined, reached = word, end
            for piece, begin, stop in words[first + 1 : first + _LONGEST_SPELLED]:
                if not _is_one_word(lower[reached:begin], word, piece, has_letter):
                    break
                joined, reached, has_letter = joined + piece, stop, has_letter or stop - begin == 1
                if has_letter and (entry := self.spelled.get(_key(joined))) is not None:
                    yield Match(entry, start, stop, "fair")

    def _with_digits(self, words: Sequence[Word]) -> Iterator[Match]:
        """l0n, d1t: a digit cannot carry the tone, so the stripped form has to do."""
        for word, start, end in words:
            if word.isalpha() or not _DIGIT_AMONG_LETTERS.match(word):
                continue
            if (entry := self.disguised.get(fold(_key(word.translate(_DIGITS_READ))))) is not None:
                yield Match(entry, start, end, "fair")


def compiled(entries: Iterable[Entry]) -> WordList:
    return WordList(tuple(entries))


@cache
def seed() -> WordList:
    """The list that comes with the program."""
    rows = tomllib.loads(files("moderation").joinpath("words.toml").read_text(encoding="utf-8"))
    innocent = {row["words"]: row for row in rows["innocent"]}
    return compiled(_entry(text, group, innocent.get(text, {})) for group in rows["group"] for text in group["words"])


def _entry(text: str, group: dict[str, Any], innocent: dict[str, Any]) -> Entry:
    return Entry(
        text=text,
        kind=group["kind"],
        weight=group["weight"],
        bare=text in group["bare"],
        unless_after=frozenset(innocent.get("after", ())),
        unless_before=frozenset(innocent.get("before", ())),
    )


@lru_cache(maxsize=10_000)  # there are fewer syllables than that
def _key(word: str) -> str:
    held = _REPEATS.sub(r"\1", _STRAY_MARKS.sub("", word))
    return _DRAWN_OUT.sub(lambda vowels: vowels[0][0], held)


def _sequence(text: str) -> tuple[str, ...]:
    return tuple(_key(word) for word, _, _ in words_with_places(respell(lower_in_place(text))))


def _by_first(rows: Iterable[tuple[tuple[str, ...], Entry]]) -> Rows:
    index: Rows = {}
    for row, entry in rows:
        index.setdefault(row[0], []).append((row, entry))
    return index


def _joined(rows: Iterable[tuple[tuple[str, ...], Entry]]) -> dict[str, Entry]:
    return {"".join(row): entry for row, entry in rows if entry.weight == "hold"}


def _sequences(
    index: Rows, keys: Sequence[str], words: Sequence[Word], certainty: Literal["weak", "sure"]
) -> Iterator[Match]:
    for place, key in enumerate(keys):
        for row, entry in index.get(key, ()):
            end = place + len(row)
            if tuple(keys[place:end]) == row and not _is_innocent(entry, words, place, end):
                yield Match(entry, words[place][1], words[end - 1][2], certainty)


def _is_innocent(entry: Entry, words: Sequence[Word], place: int, end: int) -> bool:
    if place and words[place - 1][0] in entry.unless_after:
        return True
    return end < len(words) and words[end][0] in entry.unless_before


def _is_one_word(gap: str, first: str, piece: str, has_letter: bool) -> bool:
    """Single letters may stand apart by anything short; longer pieces only by punctuation without a space."""
    if not gap or len(gap) > _LONGEST_GAP or "\n" in gap:
        return False
    if len(first) == 1 and len(piece) == 1:
        return True
    return " " not in gap and "/" not in gap and (has_letter or len(piece) == 1)


def _apart(found: Iterable[Match]) -> list[Match]:
    """The longest match at each place; what lies inside another one is not said twice."""
    kept: list[Match] = []
    for match in sorted(found, key=lambda m: (m.start, -m.end)):
        if not kept or match.end > kept[-1].end:
            kept.append(match)
    return kept
