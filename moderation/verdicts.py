"""The records that checks fill and screening hands out. Does not know what follows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, Self, cast, get_args

from moderation.passage import Passage
from moderation.wordlist import WordList

Certainty = Literal["weak", "fair", "sure"]
Outcome = Literal["clean", "held", "denunciation"]


class Weight(StrEnum):
    NOTE = "note"  # shown to the desk, never holds a text
    HOLD = "hold"  # a person decides first
    SEAL = "seal"  # looks like a denunciation (PRODUCT rule 6)


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of one field of the cleaned submission."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    reason: str
    weight: Weight
    certainty: Certainty = "sure"
    spans: tuple[Span, ...] = ()
    figures: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "reason": self.reason,
            "weight": self.weight.value,
            "certainty": self.certainty,
            "spans": [[span.field, span.start, span.end] for span in self.spans],
            "figures": dict(self.figures),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            reason=stored["reason"],
            weight=Weight(stored["weight"]),
            certainty=stored["certainty"],
            spans=tuple(Span(*span) for span in stored["spans"]),
            figures=dict(stored["figures"]),
        )


@dataclass(frozen=True, slots=True)
class Submission:
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Context:
    """What the text alone cannot say. `repeats`: how often this fingerprint was seen lately."""

    surface: str
    least: int
    most: int
    allowed_hosts: frozenset[str]
    repeats: int
    words: WordList


@dataclass(frozen=True, slots=True)
class Verdict:
    findings: tuple[Finding, ...] = ()

    @property
    def outcome(self) -> Outcome:
        weights = {finding.weight for finding in self.findings}
        if Weight.SEAL in weights:
            return "denunciation"
        return "held" if Weight.HOLD in weights else "clean"

    @property
    def gravity(self) -> int:
        """One number to sort a queue by: the heaviest finding, then how certain it is."""
        return max((_gravity(finding) for finding in self.findings), default=0)

    def to_json(self) -> list[dict[str, Any]]:
        return [finding.to_json() for finding in self.findings]

    @classmethod
    def from_json(cls, stored: Iterable[Mapping[str, Any]]) -> Self:
        return cls(tuple(Finding.from_json(finding) for finding in stored))


Check = Callable[[tuple[Passage, ...], Context], Iterable[Finding]]


def _gravity(finding: Finding) -> int:
    steps = cast("tuple[str, ...]", get_args(Certainty))
    return 10 * tuple(Weight).index(finding.weight) + steps.index(finding.certainty)
