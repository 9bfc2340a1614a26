"""Screening: an ordered list of checks, all of them asked. Does not know what becomes of a verdict."""

import hashlib
import re

from moderation import checks, denunciation, identifiers
from moderation.passage import Passage
from moderation.text import clean, fold
from moderation.verdicts import Certainty, Check, Context, Finding, Outcome, Span, Submission, Verdict, Weight

__all__ = [
    "CHECKS",
    "Certainty",
    "Check",
    "Context",
    "Finding",
    "Outcome",
    "Span",
    "Submission",
    "Verdict",
    "Weight",
    "fingerprint",
    "screen",
]

# The order is the order in which the desk reads: what changes who may read the text comes first, then what
# must be redacted, then what may be refused, then how it is written. No check depends on another one.
CHECKS: tuple[Check, ...] = (
    denunciation.accusations,
    denunciation.complaints,
    identifiers.phones,
    identifiers.citizen_numbers,
    identifiers.bank_accounts,
    identifiers.emails,
    identifiers.addresses,
    identifiers.plates,
    checks.bad_words,
    checks.links,
    checks.seen_before,
    checks.repeats_itself,
    checks.length,
    checks.shouting,
    checks.diacritics,
)

_PUNCTUATION = re.compile(r"[\W_]+")


def screen(submission: Submission, context: Context) -> Verdict:
    """Every finding of every check. Spans count on the cleaned text: store what `text.clean` returns."""
    passages = (
        Passage("title", clean(submission.title)),
        Passage("body", clean(submission.body)),
    )
    return Verdict(tuple(finding for check in CHECKS for finding in check(passages, context)))


def fingerprint(submission: Submission) -> str:
    """32 hex digits that stay the same whatever case, marks, spaces and punctuation are changed."""
    letters = _PUNCTUATION.sub("", fold(f"{submission.title}\n{submission.body}"))
    return hashlib.blake2b(letters.encode("utf-8", "replace"), digest_size=16).hexdigest()
