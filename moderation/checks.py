"""Checks on how a text is written: words, links, sameness, length, shouting, diacritics. Pure functions.

Identifiers and denunciations have files of their own.
"""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from moderation.passage import Passage
from moderation.text import ABBREVIATIONS_FOLDED, fold
from moderation.verdicts import Certainty, Context, Finding, Span, Weight
from moderation.wordlist import Match

Passages = tuple[Passage, ...]

LONGEST_RUN = 8
SHOUTED_SHARE = 0.6
LEAST_SHOUTED_WORDS = 8
LEAST_WORDS_TO_MISS_DIACRITICS = 5
LEAST_REPEATED_LINE = 20

_LINK = re.compile(
    r"(?<![\w@.])(?:https?://[^\s<>\"']{1,500}|www\.[^\s<>\"']{1,500}"
    r"|(?:[a-z0-9-]{1,63}\.){1,4}(?:com|net|org|vn|info|xyz|top|shop|online|site|biz|link)(?![\w-])[^\s<>\"']{0,300})",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}…"
_RUN = re.compile(rf"([^\s\d.\-_=*])\1{{{LONGEST_RUN - 1},}}|([.\-_=*])\2{{39,}}|(\d)\3{{19,}}")
_SCREAM = re.compile(r"[!?]{4,}")


def bad_words(passages: Passages, context: Context) -> Iterator[Finding]:
    """One finding per kind and weight, with every place."""
    grouped: dict[tuple[str, str], list[tuple[Match, Span]]] = {}
    for passage in passages:
        for match in context.words.matches(passage.lower, passage.words, passage.is_toned):
            span = Span(passage.field, match.start, match.end)
            grouped.setdefault((match.entry.kind, match.entry.weight), []).append((match, span))
    for (kind, weight), found in grouped.items():
        spans = tuple(span for _, span in found)
        yield Finding(kind, Weight(weight), _surest([match for match, _ in found]), spans, {"count": len(spans)})


def links(passages: Passages, context: Context) -> Iterator[Finding]:
    """Links to hosts that are not allowed; a host allows what lies under it."""
    spans = tuple(
        Span(passage.field, link.start(), link.start() + len(link[0].rstrip(_TRAILING)))
        for passage in passages
        for link in _LINK.finditer(passage.text)
        if not is_allowed(_host(link[0]), context.allowed_hosts)
    )
    if spans:
        yield Finding("link", Weight.HOLD, "sure", spans, {"count": len(spans)})


def seen_before(_passages: Passages, context: Context) -> Iterator[Finding]:
    if context.repeats:
        yield Finding("repeated", Weight.HOLD, "sure", figures={"repeats": context.repeats})


def repeats_itself(passages: Passages, _context: Context) -> Iterator[Finding]:
    """A letter held down, or one paragraph pasted again and again."""
    spans = [span for passage in passages for span in (*_runs(passage), *_repeated_lines(passage))]
    if spans:
        yield Finding("repeats_itself", Weight.HOLD, "fair", tuple(spans), {"count": len(spans)})


def length(passages: Passages, context: Context) -> Iterator[Finding]:
    characters = len(passages[-1].text)
    if characters < context.least:
        yield Finding("too_short", Weight.HOLD, figures={"length": characters, "least": context.least})
    if characters > context.most:
        yield Finding("too_long", Weight.HOLD, figures={"length": characters, "most": context.most})


def shouting(passages: Passages, _context: Context) -> Iterator[Finding]:
    """Mostly capitals, abbreviations not counted, or rows of exclamation marks."""
    screams = [Span(p.field, m.start(), m.end()) for p in passages for m in _SCREAM.finditer(p.text)]
    spans = (*(Span(p.field, 0, len(p.text)) for p in passages if _is_shouted(p)), *screams)
    if spans:
        yield Finding("shouting", Weight.HOLD, "fair", spans)


def diacritics(passages: Passages, _context: Context) -> Iterator[Finding]:
    """Text without diacritics is accepted, and marked."""
    if any(passage.is_toned for passage in passages):
        return
    written = sum(word.isalpha() for passage in passages for word, _, _ in passage.words)
    if written >= LEAST_WORDS_TO_MISS_DIACRITICS:
        yield Finding("no_diacritics", Weight.NOTE)


def is_allowed(host: str, allowed: frozenset[str]) -> bool:
    labels = host.casefold().split(".")
    return any(".".join(labels[start:]) in allowed for start in range(len(labels)))


def _host(link: str) -> str:
    link = link.rstrip(_TRAILING)
    address = link if "://" in link else f"//{link}"
    try:
        return urlsplit(address).hostname or ""
    except ValueError:  # "http://[" is a link that leads nowhere
        return ""


def _surest(matches: list[Match]) -> Certainty:
    certainties = {match.certainty for match in matches}
    return next(certainty for certainty in ("sure", "fair", "weak") if certainty in certainties)


def _runs(passage: Passage) -> Iterator[Span]:
    for run in _RUN.finditer(passage.text):
        yield Span(passage.field, run.start(), run.end())


def _repeated_lines(passage: Passage) -> Iterator[Span]:
    """The second and later copies of a line that is long enough to mean something."""
    seen: Counter[str] = Counter()
    start = 0
    for line in passage.text.split("\n"):
        folded = line.strip().casefold()
        seen[folded] += 1
        if len(folded) >= LEAST_REPEATED_LINE and seen[folded] > 1:
            yield Span(passage.field, start, start + len(line))
        start += len(line) + 1


def _is_shouted(passage: Passage) -> bool:
    text = passage.text
    loud = [text[start:end] for _, start, end in passage.words if text[start : start + 2].isupper()]
    loud = [w for w in loud if len(w) > 1 and w.isalpha() and w.isupper() and fold(w) not in ABBREVIATIONS_FOLDED]
    if len(loud) < LEAST_SHOUTED_WORDS:
        return False
    counted = sum(end - start > 1 and word.isalpha() for word, start, end in passage.words)
    return len(loud) >= SHOUTED_SHARE * counted
