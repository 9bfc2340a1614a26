"""Campaigns and feedback of the demonstration, by the verbs themselves at invented times."""

from datetime import timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import campaigns, feedback, intake
from engage.access import Actor
from engage.ask import Ask
from engage.campaigns import Campaign, CampaignForm, SummaryForm
from engage.feedback import FeedbackForm
from engage.intake import Submitted
from engage.questions import FEEDBACK
from engage.scenes import ADMINISTRATOR
from engage.storage import Storage
from engage.stories import DAY, Cast, Past, Row, Story

FIRST = 10_000  # their codes are made of numbers that no question has


class FeedbackStory(Story):
    """As a question's; only its form is another."""

    surface = FEEDBACK
    campaigns: dict[str, int]

    def form(self) -> Ask:
        asked = {name: self.row[name] for name in ("kind", "place", "time", "situation", "readers") if name in self.row}
        campaign = self.campaigns[self.row["campaign"]] if "campaign" in self.row else ""
        return FeedbackForm(**super().form().model_dump(exclude={"country"}), **asked, campaign=str(campaign))

    def said(self, form: Any) -> str:
        return feedback.composed(form)

    async def submit(self, form: Any, code: str) -> Submitted:
        directory = await intake.find_directory(self.db, form)
        return await feedback.send(self.db, form, directory, code=code, language="vi")


async def tell(db: AsyncSession, clock: Past, cast: Cast, storage: Storage, told: dict[str, list[Row]]) -> None:
    """Those that are closed are closed when all was said."""
    editor = Actor(person_id=cast.staff[ADMINISTRATOR], is_administrator=True)
    rows = sorted(told["campaign"], key=lambda row: -int(row["opened"]))
    begun = [await _opened(db, clock, editor, row) for row in rows]
    known = {campaign.title: campaign.key for campaign in begun}
    for number, row in enumerate(sorted(told["feedback"], key=lambda row: -int(row["days_ago"])), start=FIRST):
        story = FeedbackStory(db, clock, cast, storage, number, row)
        story.campaigns = known
        await story.tell()
    for row in rows:
        if "summary" in row:
            clock.at = clock.present - DAY * int(row["closes"]) + timedelta(days=4)
            campaign = await campaigns.one(db, known[row["title"]])
            await campaigns.close(db, editor, campaign, SummaryForm(summary=row["summary"].strip()))


async def _opened(db: AsyncSession, clock: Past, editor: Actor, row: Row) -> Campaign:
    clock.at = clock.present - DAY * int(row["opened"])
    form = CampaignForm(
        title=row["title"],
        words=row["words"].strip(),
        agency=row["agency"],
        opens_at=clock.at + timedelta(hours=1),
        closes_at=clock.present - DAY * int(row["closes"]),
    )
    campaign = await campaigns.begin(db, editor, form)
    await campaigns.open_(db, editor, campaign)
    return campaign
