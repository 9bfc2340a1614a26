"""Campaigns: opened by an editor, computed from two dates, closed with a summary; and what feedback makes of them."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engage import campaigns, feedback, intake, questions, revisions
from engage.campaigns import Campaign, CampaignForm, Standing, SummaryCorrection, SummaryForm
from engage.db import now
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.feedback import FeedbackForm
from engage.policies import Policy, Readership
from engage.questions import FEEDBACK
from tests.unit.town import INSURANCE, Town, an_ask

pytestmark = pytest.mark.anyio
SUMMARY = SummaryForm(
    summary="Đã tiếp thu ý kiến về giảm giấy tờ; phần còn lại được giải trình trong văn bản kèm theo."
)


def a_form(at: Any, **changes: Any) -> CampaignForm:
    told = {"title": "Góp ý về thủ tục ở cấp xã", "words": "Mời bạn góp ý về các thủ tục còn gây phiền hà."}
    times = {"opens_at": at + timedelta(days=1), "closes_at": at + timedelta(days=10)}
    return CampaignForm.model_validate({**told, "agency": INSURANCE, **times, **changes})


async def opened(town: Town) -> int:
    async with town.store.transaction() as db:
        campaign = await campaigns.begin(db, town["administrator"], a_form(now(db)))
        await campaigns.open_(db, town["administrator"], campaign)
        return campaign.key


async def standing(town: Town, campaign_id: int) -> Standing:
    async with town.store.reading() as db:
        return campaigns.standing(await campaigns.one(db, campaign_id), now(db))


async def close(town: Town, campaign_id: int, form: SummaryForm = SUMMARY) -> None:
    async with town.store.transaction() as db:
        await campaigns.close(db, town["administrator"], await campaigns.one(db, campaign_id), form)


async def contribute(town: Town, campaign_id: int, **changes: Any) -> int:
    given = an_ask().model_dump(exclude={"country"}) | {"campaign": str(campaign_id), "kind": "contribution"}
    form = FeedbackForm.model_validate({**given, **changes})
    async with town.store.transaction() as db:
        directory = await intake.find_directory(db, form)
        return (await feedback.send(db, form, directory, code=f"code-{changes}", language="vi")).id


async def test_where_it_stands_is_computed_from_its_dates(town: Town) -> None:
    campaign_id = await opened(town)
    assert await standing(town, campaign_id) is Standing.SOON
    town.clock.move(days=2)
    assert await standing(town, campaign_id) is Standing.OPEN
    town.clock.move(days=10)
    assert await standing(town, campaign_id) is Standing.ENDED
    await close(town, campaign_id)
    assert await standing(town, campaign_id) is Standing.CLOSED


async def test_it_takes_contributions_while_it_is_open_for_its_agency(town: Town) -> None:
    campaign_id = await opened(town)
    with pytest.raises(Refused, match="campaign_not_yet"):
        await contribute(town, campaign_id)
    town.clock.move(days=2)
    question = await town.question(await contribute(town, campaign_id))
    assert (question.kind, question.campaign_id, question.surface) == ("contribution", campaign_id, FEEDBACK)
    assert question.wished_agency_id == town.agencies[INSURANCE]
    await close(town, campaign_id)
    with pytest.raises(Refused, match="campaign_over"):
        await contribute(town, campaign_id)


async def test_it_is_closed_once_and_only_with_a_summary(town: Town) -> None:
    campaign_id = await opened(town)
    with pytest.raises(Refused, match="campaign_not_yet"):
        await close(town, campaign_id)
    town.clock.move(days=2)
    with pytest.raises(Refused, match="campaign_summary_short"):
        await close(town, campaign_id, SummaryForm(summary="Xong."))
    await close(town, campaign_id)
    with pytest.raises(Conflict):
        await close(town, campaign_id)


async def test_its_time_is_extended_by_an_edit_even_when_it_is_over(town: Town) -> None:
    campaign_id = await opened(town)
    town.clock.move(days=12)
    assert await standing(town, campaign_id) is Standing.ENDED
    async with town.store.transaction() as db:
        campaign = await campaigns.one(db, campaign_id)
        form = a_form(campaign.opens_at, opens_at=campaign.opens_at, version=1)
        longer = form.model_copy(update={"closes_at": now(db) + timedelta(days=3)})
        await campaigns.edit(db, town["administrator"], campaign, longer)
    assert await standing(town, campaign_id) is Standing.OPEN


async def test_a_corrected_summary_keeps_what_readers_saw(town: Town) -> None:
    campaign_id = await opened(town)
    town.clock.move(days=2)
    await close(town, campaign_id)
    form = SummaryCorrection(summary=SUMMARY.summary.replace("giấy tờ", "thủ tục"), version=1)
    async with town.store.transaction() as db:
        campaign = await campaigns.one(db, campaign_id)
        await campaigns.correct(db, town["administrator"], campaign, form)
        assert "thủ tục" in campaign.summary_html
        (kept,) = await revisions.of(db, campaigns.NOUN, campaign_id)
        assert "giấy tờ" in kept.content["summary_html"]
        with pytest.raises(Conflict, match="campaign_changed"):
            await campaigns.correct(db, town["administrator"], campaign, form)
    assert "campaign.corrected" in await town.facts(campaigns.CHANNEL)


async def test_a_draft_is_its_editors_and_two_editors_see_each_other(town: Town) -> None:
    async with town.store.transaction() as db:
        with pytest.raises(NotAllowed):
            await campaigns.begin(db, town["moderator"], a_form(now(db)))
        campaign: Campaign = await campaigns.begin(db, town["administrator"], a_form(now(db)))
        with pytest.raises(NotFound):
            await campaigns.seen_by(db, town["moderator"], campaign.key)
        await campaigns.edit(db, town["administrator"], campaign, a_form(now(db), version=1))
        with pytest.raises(Conflict, match="campaign_changed"):
            await campaigns.edit(db, town["administrator"], campaign, a_form(now(db), version=1))
        with pytest.raises(Refused, match="campaign_order"):
            await campaigns.begin(db, town["administrator"], a_form(now(db), closes_at=now(db)))


@pytest.mark.parametrize(
    ("readership", "wish", "is_restricted"),
    [
        (Readership.CHOICE, "restricted", True),
        (Readership.CHOICE, "public", False),
        (Readership.PUBLIC, "restricted", False),
        (Readership.RESTRICTED, "public", True),
    ],
)
async def test_who_reads_it_is_its_authors_choice_within_the_policy(
    town: Town, readership: Readership, wish: str, is_restricted: bool
) -> None:
    async with town.store.transaction() as db:
        await db.exec(sa.update(Policy).where(sa.column("surface") == FEEDBACK).values(readership=readership.value))
    sent = await contribute(town, 0, kind="report", campaign="", place="Phường Láng", time="Hôm qua", readers=wish)
    async with town.store.reading() as db:
        question = await questions.one(db, sent)
    assert question.restricted is is_restricted
    assert question.body.startswith("Nơi xảy ra: Phường Láng\n\nThời gian: Hôm qua\n\n")
