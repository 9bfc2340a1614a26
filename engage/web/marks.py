"""Texts with places marked: a held text's findings, each with its number; what was found by searching. Pure."""

from collections.abc import Sequence

from markupsafe import Markup

from engage.web import words
from moderation.screening import Finding

SEEN_AT_ONCE, BEFORE_FOUND = 120, 40


def marked(text: str, field: str, findings: Sequence[Finding]) -> Markup:
    """Spans may overlap: the earlier and heavier one is drawn, and numbers of all are shown."""
    spans = sorted(
        (span.start, -span.end, number)
        for number, finding in enumerate(findings, start=1)
        for span in finding.spans
        if span.field == field
    )
    drawn, at = Markup(""), 0
    for start, negative_end, number in spans:
        end, finding = -negative_end, findings[number - 1]
        if start < at:
            drawn += Markup("<sup>{}</sup>").format(number)
            continue
        drawn += _plain(text[at:start])
        drawn += Markup('<mark class="{}">{}<sup>{}</sup></mark>').format(
            words.TONES[finding.weight], _plain(text[start:end]), number
        )
        at = end
    return drawn + _plain(text[at:])


def found(text: str, spans: Sequence[tuple[int, int]]) -> Markup:
    """The words somebody looked for."""
    drawn, at = Markup(""), 0
    for start, end in spans:
        drawn += Markup("{}<mark>{}</mark>").format(text[at:start], text[start:end])
        at = end
    return drawn + Markup("{}").format(text[at:])


def excerpt(text: str, spans: Sequence[tuple[int, int]]) -> Markup:
    """The text from shortly before what was found, when that stands far from its beginning."""
    begins = spans[0][0] if spans else 0
    if begins < SEEN_AT_ONCE:
        return found(text, spans)
    cut = text.rfind(" ", 0, begins - BEFORE_FOUND) + 1
    return Markup("…") + found(text[cut:], [(start - cut, end - cut) for start, end in spans])


def as_paragraphs(drawn: Markup) -> Markup:
    return Markup("<p>{}</p>").format(drawn)


def _plain(text: str) -> Markup:
    return Markup("<br>").join(text.split("\n"))
