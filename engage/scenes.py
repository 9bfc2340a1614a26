"""What askers, readers and the portal desk do with a question in the demonstration, a function for each kind of step."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engage import (
    appeals,
    assignments,
    calendars,
    chasing,
    clarifications,
    corrections,
    data_requests,
    follow_ups,
    follows,
    intake,
    merges,
    office_hours,
    ratings,
    recounts,
    redactions,
    review,
    seals,
    second_looks,
    takedowns,
    votes,
    voting,
    withdrawals,
)
from engage.ask import Correction, Telling
from engage.calendars import DayForm
from engage.clarifications import ReplyForm
from engage.data_requests import RequestForm
from engage.deadlines import here
from engage.questions import SURFACE
from engage.ratings import RatingForm
from engage.seals import HandOverForm, HandOverKind
from engage.second_looks import LookDecision
from engage.stories import Row, Story
from engage.takedowns import HideForm
from engage.votes import Ballot
from moderation import cases
from moderation.screening import Submission

ADMINISTRATOR = "quan-tri@engage.example"

# Askers and readers


async def correct(story: Story, step: Row) -> None:
    question = await story.question()
    place = {name: story.row[name] for name in ("topic", "province")}
    form = Correction(**place, title=step.get("title", question.title), body=step["body"])
    directory = await intake.find_directory(story.db, form)
    verdict = await review.examine(story.db, SURFACE, Submission(form.title, form.body))
    await corrections.correct(story.db, question, form, directory, verdict)


async def appeal(story: Story, step: Row) -> None:
    await appeals.appeal(story.db, await story.question(), step["words"])


async def withdraw(story: Story, step: Row) -> None:
    await withdrawals.withdraw(story.db, await story.question(), why=step["why"])


async def reply(story: Story, step: Row) -> None:
    verdict = await review.examine(story.db, SURFACE, Submission("", step["answer"]))
    await clarifications.reply(story.db, await story.question(), ReplyForm(answer=step["answer"]), verdict)


async def rate(story: Story, step: Row) -> None:
    form = RatingForm(verdict=step["verdict"], why=step.get("why", ""), words=step.get("words", ""))
    await ratings.rate(story.db, await story.question(), form)


async def ask_look(story: Story, step: Row) -> None:
    await second_looks.ask(story.db, await story.question(), step["words"])


async def follow_up(story: Story, step: Row) -> None:
    """A question of its own, in which the story goes on."""
    form = Telling(title=step["title"], body=step["body"])
    code = f"demonstration after {story.id}"
    sent = await follow_ups.ask(story.db, await story.question(), form, code=code, language="vi")
    story.id = story.cast.questions[step["title"]] = sent.id


async def request(story: Story, step: Row) -> None:
    await data_requests.ask(story.db, await story.question(), RequestForm(wish=step["wish"], words=step["words"]))


async def voted(story: Story, step: Row) -> None:
    """They ask it too, and some of them want to hear of the answer."""
    readers = [f"demonstration {story.id} {reader}" for reader in range(step["readers"])]
    await voting.cast(story.db, [Ballot(SURFACE, story.id, votes.of_visitor(reader)) for reader in readers])
    for reader in readers[::3]:
        await follows.follow(story.db, SURFACE, story.id, reader)


# The portal desk


async def decide(story: Story, step: Row) -> None:
    """`into` names the question it is put into by its title."""
    said = {name: step[name] for name in ("decision", "reason", "words", "cover", "agency") if name in step}
    target = {"target": str(story.cast.questions[step["into"]])} if "into" in step else {}
    moderator = story.cast.moderators[0] if step.get("cleared") else story.moderator(step.get("other", 0))
    await story.decide(moderator, **said, **target)


async def settle(story: Story, _step: Row) -> None:
    """The worker's call."""
    await review.settle(story.db, SURFACE, await story.question())


async def merge(story: Story, step: Row) -> None:
    target, by = story.cast.questions[step["into"]], story.moderator().person_id
    await merges.merge(story.db, story.id, target, by=by, wait=timedelta())


async def cover(story: Story, step: Row) -> None:
    question = await story.question()
    spans = redactions.chosen(Submission(question.title, question.body), (), step["words"], is_every=True)
    await takedowns.cover(story.db, story.moderator(), question, spans)


async def hide(story: Story, step: Row) -> None:
    form = HideForm(reason=step["reason"], words=step["words"])
    await takedowns.hide(story.db, story.moderator(), await story.question(), form)


async def restore(story: Story, _step: Row) -> None:
    await takedowns.restore(story.db, story.moderator(), await story.question())


async def seal(story: Story, _step: Row) -> None:
    await seals.seal(story.db, story.cast.moderators[0], await story.question())


async def hand_over(story: Story, step: Row) -> None:
    """Read first, as everybody must."""
    case, moderator = (await cases.of(story.db, SURFACE, story.id))[-1], story.cast.moderators[0]
    await seals.note_read(story.db, moderator, case)
    form = HandOverForm(kind=HandOverKind.HANDED_OVER, body=step["body"], number=step["number"])
    await seals.hand_over(story.db, moderator, case.id or 0, form)


async def reroute(story: Story, step: Row) -> None:
    agency_id = story.cast.agencies[step["agency"]]
    await assignments.reroute(story.db, story.moderator(), await story.question(), agency_id, step["reason"])


async def decide_look(story: Story, step: Row) -> None:
    look = (await second_looks.of(story.db, await story.question()))[-1]
    decision = LookDecision(decision=step["decision"], words=step["words"])
    await second_looks.decide(story.db, story.moderator(), look, decision)


async def chase(story: Story, _step: Row) -> None:
    """Looked at every morning until today, as the worker does."""
    hours = await office_hours.of(story.db)
    while (morning := hours.next_opening(story.clock.at)) <= story.clock.present:
        story.clock.move_to(morning)
        await chasing.look_at(story.db, story.id)


# The administrator


async def day_off(story: Story, _step: Row) -> None:
    """The day the answer is due on is entered as a holiday, and taken out again: the date goes one day on and comes back."""
    due, by = (await story.question()).answer_due_at, story.cast.staff[ADMINISTRATOR]
    if due is None:
        raise ValueError(f"no answer is due: {story.row}")
    words = {"name_vi": "Nghỉ bù (nhập nhầm năm)", "name_en": "Day in lieu (entered for the wrong year)"}
    form = DayForm(day=here(due), kind="holiday", certainty="projected", **words)
    await calendars.change_day(story.db, by, form)
    await recounts.settle(story.db)
    await story.noted()
    story.passed(timedelta(hours=1))
    await calendars.remove_day(story.db, by, here(due))
    await recounts.settle(story.db)


SCENES: Mapping[str, Any] = {
    scene.__name__: scene
    for scene in (
        appeal,
        ask_look,
        chase,
        correct,
        cover,
        day_off,
        decide,
        decide_look,
        follow_up,
        hand_over,
        hide,
        merge,
        rate,
        reply,
        request,
        reroute,
        restore,
        seal,
        settle,
        voted,
        withdraw,
    )
}
