"""What a moderator decides about a case: the form, and what of it is kept until the decision is carried out."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies, policies, redactions
from engage.ask import Line, Lines
from engage.errors import Refused
from moderation.cases import Case
from moderation.kinds import BITS, KINDS
from moderation.screening import Span, Submission

DENUNCIATION = "denunciation"
PERSONAL = KINDS["personal"]
MOST_SPANS = 60
Kind = Literal["accept", "redact", "refuse", "return", "merge", "seal"]


class Decision(BaseModel):
    """What a moderator decides about the version that was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = Field(ge=1, le=1_000_000)
    decision: Kind
    agency: str = Field(default="", max_length=80)
    other: str = Field(default="", max_length=80)
    complexity: Literal["", "simple", "complex"] = ""
    reason: str = Field(default="", max_length=40)
    words: Lines = Field(default="", max_length=1000)
    confirmed: bool = False  # personal details stay visible, and the moderator knows
    spans: tuple[str, ...] = Field(default=(), max_length=MOST_SPANS)
    picked: bool = False  # the places to cover stood on the page: none chosen means none
    cover: Lines = Field(default="", max_length=2000)
    every: bool = False
    target: Line = Field(default="", max_length=200)

    @property
    def slug(self) -> str:
        return self.other if self.agency == "other" else self.agency

    @property
    def has_reason(self) -> bool:
        return self.decision in {"refuse", "return"}

    @property
    def lets_in(self) -> bool:
        return self.decision in {"accept", "redact"}


def personal(case: Case) -> list[Span]:
    """Where a case's text gives away what should not be public (PRODUCT rule 13)."""
    return [span for finding in case.verdict.findings if finding.reason in PERSONAL for span in finding.spans]


def spans_of(case: Case, text: Submission, decision: Decision) -> list[Span]:
    """What is to be covered: as chosen, or all that was found when nothing could be chosen."""
    chosen = redactions.chosen(text, decision.spans, decision.cover, is_every=decision.every)
    spans = chosen or ([] if decision.picked else personal(case))
    if not spans:
        raise Refused("nothing_to_cover", field="cover")
    return spans


def must_be_meant(case: Case, decision: Decision) -> None:
    """What gives somebody away is let out as it is only by who says so twice."""
    places = len(personal(case))
    if decision.decision == "accept" and places and not decision.confirmed:
        raise Refused("personal_stays_visible", field="confirmed", places=places)


def must_be_plain(case: Case) -> None:
    """What accuses somebody, or what readers have and reported, is looked at one by one, never with others."""
    if case.sealed or case.kinds & (BITS["denunciation"] | BITS["flagged"]):
        raise Refused("not_in_bulk")


async def reason_of(db: AsyncSession, decision: Decision) -> str | None:
    if decision.decision == "seal":
        return DENUNCIATION
    if not decision.has_reason:
        return None
    reason = await policies.reason_of(db, decision.reason)
    if reason is None or not reason.active:
        raise Refused("reason_missing", field="reason")
    return reason.code


async def agency_id_of(db: AsyncSession, decision: Decision) -> int | None:
    """The agency a moderator chose; None leaves it to routing."""
    if not decision.lets_in or not decision.agency:
        return None
    return (await agencies.chosen(db, decision.slug, field="other")).id


def kept_spans(spans: Sequence[Span]) -> list[list[Any]]:
    return [[span.field, span.start, span.end] for span in spans]


def spans_kept(choices: Mapping[str, Any]) -> list[Span]:
    return [Span(*place) for place in choices.get("spans", ())]
