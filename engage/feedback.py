"""Feedback: reports, proposals and contributions: rows of `question` of other kinds. What their form asks, and who reads them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import campaigns, intake, policies
from engage.agencies import Agency
from engage.ask import LEAST_TITLE, MOST_BODY, MOST_TITLE, Ask, Line, Lines, sized
from engage.campaigns import Campaign
from engage.db import now
from engage.errors import Refused
from engage.intake import Directory, Submitted
from engage.policies import Readership
from engage.questions import FEEDBACK, Kind

KINDS = (Kind.REPORT, Kind.PROPOSAL, Kind.CONTRIBUTION)
# What each kind asks besides, before the words themselves. The parts become one text, under these headings, so that it is
# screened, covered, corrected and found as one.
PARTS: Mapping[str, Mapping[str, str]] = {
    Kind.REPORT: {"place": "Nơi xảy ra", "time": "Thời gian"},
    Kind.PROPOSAL: {"situation": "Hiện trạng"},
    Kind.CONTRIBUTION: {},
}
WISHED = "Kiến nghị"
# What authors agree to is said in the kind's own words, and by who will read it: texts of their own, each with its version.
CONSENT: Mapping[Readership, str] = {
    Readership.PUBLIC: "2026-11-B",
    Readership.CHOICE: "2026-11-C",
    Readership.RESTRICTED: "2026-11-D",
}


class FeedbackForm(Ask):
    kind: Literal["report", "proposal", "contribution"] = "report"
    place: Line = Field(default="", max_length=200)
    time: Line = Field(default="", max_length=120)
    situation: Lines = Field(default="", max_length=2_000)
    campaign: Line = Field(default="", max_length=12)
    readers: Literal["public", "restricted"] = "public"

    @field_validator("title")
    @classmethod
    def _title(cls, value: str) -> str:
        return sized(value, LEAST_TITLE, MOST_TITLE, "subject")

    @field_validator("place", "time", "situation", "campaign")
    @classmethod
    def _part(cls, value: str, info: ValidationInfo) -> str:
        kind = info.data.get("kind", "")
        wanted = {*PARTS.get(kind, ()), *(["campaign"] if kind == Kind.CONTRIBUTION else [])}
        if info.field_name in wanted and not value:
            raise PydanticCustomError(f"{info.field_name}_missing", "")
        return value if info.field_name in wanted else ""


def composed(form: FeedbackForm) -> str:
    """All that was told, as one text."""
    parts = [f"{heading}: {getattr(form, name)}" for name, heading in PARTS[form.kind].items()]
    told = f"{WISHED}: {form.body}" if form.kind == "proposal" else form.body
    text = "\n\n".join([*parts, told])
    if len(text) > MOST_BODY:
        raise Refused("body_too_long", field="body", length=len(text), most=MOST_BODY)
    return text


async def readership(db: AsyncSession) -> Readership:
    """Who reads what is sent now; authors may choose that where the policy says so."""
    return Readership((await policies.policy_of(db, FEEDBACK)).readership)


async def send(
    db: AsyncSession, form: FeedbackForm, directory: Directory, *, code: str, language: str, is_mailed: bool = True
) -> Submitted:
    """As `intake.submit`. A campaign may have closed while somebody wrote: then it is said, and nothing typed is lost."""
    by_policy = await readership(db)
    wishes = form.readers == "restricted" and by_policy is Readership.CHOICE
    campaign = await _campaign(db, form.campaign)
    if campaign and campaign.agency_id and directory.agency is None:
        directory = replace(directory, agency=await db.get(Agency, campaign.agency_id))
    return await intake.submit(
        db,
        form.model_copy(update={"body": composed(form)}),
        directory,
        code=code,
        language=language,
        is_mailed=is_mailed,
        more={
            "kind": form.kind,
            "restricted": wishes or by_policy is Readership.RESTRICTED,
            "campaign_id": campaign.id if campaign else None,
            "consent": CONSENT[by_policy],
        },
    )


async def _campaign(db: AsyncSession, typed: str) -> Campaign | None:
    if not typed:
        return None
    known = {str(one.key): one for one in await campaigns.public(db)}
    if typed not in known:
        raise Refused("unknown_choice", field="campaign")
    if reason := campaigns.why_not(known[typed], now(db)):
        raise Refused(reason, field="campaign")
    return known[typed]
