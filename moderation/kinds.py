"""The kinds of finding that a queue is narrowed by: one bit each, so that one number a case says which it has."""

from collections.abc import Mapping

from moderation.verdicts import Verdict

OTHER = "other"
KINDS: Mapping[str, frozenset[str]] = {
    "denunciation": frozenset({"denunciation", "complaint"}),
    "personal": frozenset({"phone", "id_number", "bank_account", "email", "address", "plate"}),
    "language": frozenset({"vulgar", "insult", "slur", "threat"}),
    "link": frozenset({"link"}),
    "repeated": frozenset({"repeated"}),
    OTHER: frozenset(),
    "flagged": frozenset({"flagged"}),  # last: a bit keeps its meaning in cases of earlier releases
}
BITS: Mapping[str, int] = {kind: 1 << place for place, kind in enumerate(KINDS)}


def of(verdict: Verdict) -> int:
    """The sum of the bits; what belongs to no kind, and a case without findings, is `other`."""
    known = {kind for finding in verdict.findings for kind, reasons in KINDS.items() if finding.reason in reasons}
    is_other = not verdict.findings or any(_is_other(finding.reason) for finding in verdict.findings)
    return sum(BITS[kind] for kind in known | ({OTHER} if is_other else set()))


def _is_other(reason: str) -> bool:
    return not any(reason in reasons for reasons in KINDS.values())
