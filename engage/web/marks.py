"""A held text with its findings marked: every span wears its number. Pure."""

from collections.abc import Sequence

from markupsafe import Markup

from engage.web import words
from moderation.screening import Finding


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


def as_paragraphs(drawn: Markup) -> Markup:
    return Markup("<p>{}</p>").format(drawn)


def _plain(text: str) -> Markup:
    return Markup("<br>").join(text.split("\n"))
