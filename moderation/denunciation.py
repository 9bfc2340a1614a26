"""Hints that a text is a denunciation (tố cáo) or a complaint (khiếu nại): not questions (PRODUCT rule 6).

Pure functions over words that are data. An accusation counts near somebody who can be identified.
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Final

from moderation.checks import Passages
from moderation.passage import Passage
from moderation.text import fold, has_tone_marks
from moderation.verdicts import Certainty, Context, Finding, Span, Weight

REACH: Final = 160  # characters between an accusation and whom it is about
BEFORE: Final = 60  # characters that may make an accusation a topic, or a target an addressee

_WORDS: Final[dict[str, list[str]]] = tomllib.loads(
    files("moderation").joinpath("denunciation.toml").read_text(encoding="utf-8")
)


def _any(*names: str) -> str:
    """One of the phrases, the longest first, so that "phó chủ tịch" is not read as "chủ tịch"."""
    phrases = sorted((phrase for name in names for phrase in _WORDS[name]), key=len, reverse=True)
    return "(?:" + "|".join(map(re.escape, phrases)) + ")"


def _bare(*names: str) -> str:
    return fold(_any(*names))


_CAPITALS = (c for c in map(chr, range(0x41, 0x1EFA)) if c.isupper())
_UPPER = "".join(c for c in _CAPITALS if c.isascii() or has_tone_marks(c))
_NAME = rf"[{_UPPER}]\w{{0,7}}(?: {{1,2}}[{_UPPER}]\w{{0,7}}){{0,4}}"
_PROPER_NAME = re.compile(rf" {{1,2}}(?:{_NAME}|\d{{1,3}}(?!\w|[.,/]))")
_NAMEABLE = re.compile(rf"(?<!\w)(?:{_any('offices', 'units')}|{_any('persons')})(?= {{1,2}}\w)")
_BARE_TARGET = re.compile(
    rf"(?<!\w){_bare('units', 'persons')} (?!{_bare('no_name', 'units', 'offices')}(?!\w))[a-z]\w*"
)
_ADDRESSEE_BEFORE = re.compile(rf"(?<!\w){_bare('addressed_by')}(?: {_bare('addressed_between')}){{0,3}}:? $")

_CHARGE = rf"(?<!\w)(?:{_any('accusations')}|(?<!bị ){_any('crimes')})(?!\w)"
_ACCUSATION, _BARE_ACCUSATION = re.compile(_CHARGE), re.compile(fold(_CHARGE))
_TOPIC = rf"(?<!\w){_any('topic_before')}(?: {_any('topic_between')}){{0,3}} $"
_TOPIC_BEFORE, _BARE_TOPIC_BEFORE = re.compile(_TOPIC), re.compile(fold(_TOPIC))


def _declaring(act: str) -> str:
    who, step = _any("speakers"), _any("steps")
    return (
        rf"(?<!\w)(?:{who} (?:{step} ){{0,3}}{act}|{who} (?:\w+ ){{0,4}}đơn(?: thư)? {act}"
        rf"|xin (?:được )?{act}|^(?:đơn |thư )?{act})(?!\w)"
    )


_DENOUNCING = re.compile(_declaring("tố cáo"), re.MULTILINE)
_BARE_DENOUNCING = re.compile(fold(_declaring("tố cáo")), re.MULTILINE)
_COMPLAINING = re.compile(_declaring("khiếu nại"), re.MULTILINE)
_LAW = rf"(?<!\w){_any('about_the_law')}(?!\w)"
_ABOUT_THE_LAW, _BARE_ABOUT_THE_LAW = re.compile(_LAW), re.compile(fold(_LAW))
_SENTENCE_END = re.compile(r"[.?!;\n]")


def accusations(passages: Passages, _context: Context) -> Iterator[Finding]:
    """Declared: sure. An accusation near somebody identifiable: fair, or weak without diacritics."""
    declared = [span for passage in passages for span in _declared(passage, _denouncing(passage))]
    accused = [span for passage in passages for span in _accused(passage)]
    if not declared and not accused:
        return
    certainty: Certainty = "fair" if any(passage.is_toned for passage in passages) else "weak"
    yield Finding("denunciation", Weight.SEAL, "sure" if declared else certainty, (*declared, *accused))


def complaints(passages: Passages, _context: Context) -> Iterator[Finding]:
    """A complaint has its own procedure too, but hides no one's identity: a person looks at it first."""
    spans = [s for passage in passages for s in _declared(passage, _COMPLAINING.finditer(passage.lower))]
    if spans:
        yield Finding("complaint", Weight.HOLD, "fair", tuple(spans))


def _denouncing(passage: Passage) -> Iterator[re.Match[str]]:
    if passage.is_toned:
        return _DENOUNCING.finditer(passage.lower)
    return _BARE_DENOUNCING.finditer(passage.bare)


def _declared(passage: Passage, found: Iterable[re.Match[str]]) -> Iterator[Span]:
    asks = _ABOUT_THE_LAW if passage.is_toned else _BARE_ABOUT_THE_LAW
    for words in found:
        if not asks.search(_sentence(passage.lower, words.start(), words.end())):
            yield Span(passage.field, words.start(), words.end())


def _accused(passage: Passage) -> list[Span]:
    """Accusations and, for each, the nearest target within reach."""
    charges = list(_charges(passage))
    targets = sorted(_targets(passage)) if charges else []
    spans: set[tuple[int, int]] = set()
    for charge in charges:
        target = _nearest(charge, targets)
        if target is not None:
            spans |= {charge, target}
    return [Span(passage.field, start, end) for start, end in sorted(spans)]


def _charges(passage: Passage) -> Iterator[tuple[int, int]]:
    toned = passage.is_toned
    reading = passage.lower if toned else passage.bare
    topic = _TOPIC_BEFORE if toned else _BARE_TOPIC_BEFORE
    for charge in (_ACCUSATION if toned else _BARE_ACCUSATION).finditer(reading):
        if not topic.search(reading[max(0, charge.start() - BEFORE) : charge.start()]):
            yield charge.span()


def _targets(passage: Passage) -> Iterator[tuple[int, int]]:
    for start, end in _named(passage) if passage.is_toned else _named_without_capitals(passage):
        if not _ADDRESSEE_BEFORE.search(passage.bare[max(0, start - BEFORE) : start]):
            yield start, end


def _named(passage: Passage) -> Iterator[tuple[int, int]]:
    """An office, a unit or a form of address, followed by a name: read in the text, where capitals are."""
    for word in _NAMEABLE.finditer(passage.lower):
        if (name := _PROPER_NAME.match(passage.text, word.end())) is not None:
            yield word.start(), name.end()
    if passage.text == passage.lower:
        yield from _named_without_capitals(passage)


def _named_without_capitals(passage: Passage) -> Iterator[tuple[int, int]]:
    for target in _BARE_TARGET.finditer(passage.bare):
        yield target.span()


def _nearest(charge: tuple[int, int], targets: list[tuple[int, int]]) -> tuple[int, int] | None:
    # Hostile texts repeat both words thousands of times; the neighbours by place are enough.
    here = bisect_left(targets, charge)
    near = [(max(charge[0] - t[1], t[0] - charge[1], 0), t) for t in targets[max(0, here - 1) : here + 1]]
    distance, target = min(near, default=(REACH + 1, charge))
    return target if distance <= REACH else None


def _sentence(text: str, start: int, end: int) -> str:
    """The sentence around a place, at most 300 characters either side."""
    before = text[max(0, start - 300) : start]
    opened = max((mark.end() for mark in _SENTENCE_END.finditer(before)), default=0)
    closed = _SENTENCE_END.search(text, end, end + 300)
    return before[opened:] + text[start : closed.end() if closed else end + 300]
