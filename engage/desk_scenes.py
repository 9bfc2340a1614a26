"""What agencies do with a question in the demonstration, a function for each kind of step, and what else lies on their desks."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import (
    absences,
    answers,
    approvals,
    assignments,
    attachments,
    clarifications,
    clocks,
    companions,
    officials,
    publication,
    questions,
    revising,
    shares,
    snippets,
    translations,
)
from engage.access import Actor, Share
from engage.agencies import Post
from engage.answers import Answer
from engage.deadlines import Complexity, here
from engage.questions import Question
from engage.revising import CorrectionForm, OutdatedForm
from engage.snippets import SnippetForm
from engage.stories import Cast, Row, Story, form_of
from engage.translations import TranslationForm

# Which agency, until when


async def take(story: Story, _step: Row) -> None:
    question, coordinator = await story.agency(Post.COORDINATOR)
    await assignments.accept(story.db, coordinator, question)


async def hand(story: Story, _step: Row) -> None:
    question, coordinator = await story.agency(Post.COORDINATOR)
    official = await story.cast.somebody(story.db, question.agency_id, Post.OFFICIAL)
    await officials.hand(story.db, coordinator, question, official.person_id or 0, seen_at=story.clock.at)


async def transfer(story: Story, step: Row) -> None:
    question, coordinator = await story.agency(Post.COORDINATOR)
    await assignments.transfer(story.db, coordinator, question, story.cast.agencies[step["agency"]], step["reason"])
    await publication.note_transfer(story.db, question)


async def decline(story: Story, step: Row) -> None:
    question, coordinator = await story.agency(Post.COORDINATOR)
    await assignments.decline(story.db, coordinator, question, step["reason"])
    await publication.note_transfer(story.db, question)


async def give_back(story: Story, step: Row) -> None:
    question, coordinator = await story.agency(Post.COORDINATOR)
    await assignments.give_back(story.db, coordinator, question, step["reason"])


async def set_complexity(story: Story, step: Row) -> None:
    """The due date is counted again, and the ledger says so."""
    question, coordinator = await story.agency(Post.COORDINATOR)
    await assignments.set_complexity(story.db, coordinator, question, Complexity(step["complexity"]))


async def extend(story: Story, step: Row) -> None:
    question, coordinator = await story.agency(Post.COORDINATOR)
    await clocks.extend(story.db, coordinator, question, step["days"], step["reason"])


async def clarify(story: Story, step: Row) -> None:
    question, official = await story.agency(Post.OFFICIAL)
    await clarifications.ask(story.db, official, question, step["words"])


# The answer


async def draft(story: Story, step: Row) -> None:
    """`quietly`: as it is saved by itself while somebody types."""
    await _written(story, step, quietly=step.get("quietly", False))


async def send(story: Story, _step: Row) -> None:
    question, official = await story.agency(Post.OFFICIAL)
    await answers.send_for_approval(story.db, official, question, await _draft(story, question), is_sure=True)


async def approve(story: Story, _step: Row) -> None:
    question, approver = await story.agency(Post.APPROVER)
    await approvals.approve(story.db, approver, question, (await _draft(story, question)).version)


async def return_answer(story: Story, step: Row) -> None:
    question, approver = await story.agency(Post.APPROVER)
    await approvals.return_(story.db, approver, question, (await _draft(story, question)).version, step["note"])


async def answer(story: Story, step: Row) -> None:
    """Written, and a day later let out."""
    await _written(story, step)
    await send(story, step)
    story.worked(1)
    await approve(story, step)


async def transcribe(story: Story, step: Row) -> None:
    """A signed letter: one moderator types it in, another one lets it out."""
    question, typist = await story.question(), story.moderator()
    await assignments.accept(story.db, typist, question)
    dated = here(story.clock.at - timedelta(days=2))
    form = form_of(step, dated).model_copy(update={"letter_date": dated})
    written = await answers.write(story.db, typist, question, form, 0)
    await answers.send_for_approval(story.db, typist, question, written, is_sure=True)
    story.worked(1)
    if not step.get("waits"):
        await approvals.approve(story.db, story.moderator(1), question, written.version)


async def gather(story: Story, step: Row) -> None:
    """`others` are named by their titles; each was taken before."""
    question, official = await story.agency(Post.OFFICIAL)
    others = [await questions.one(story.db, story.cast.questions[title]) for title in step["others"]]
    await companions.gather(story.db, official, question, others)


async def ask_parts(story: Story, step: Row) -> None:
    question, official = await story.agency(Post.OFFICIAL)
    ids = [story.cast.agencies[slug] for slug in step["agencies"]]
    await shares.ask(story.db, official, question, ids, step["note"], step["days"])


async def give_part(story: Story, step: Row) -> None:
    """The lead names in its answer who had a part in it."""
    question, lead = await story.agency(Post.OFFICIAL)
    share, giver = await _part(story, question, step)
    await shares.give(story.db, giver, question, share, step["part"])
    await shares.name(story.db, lead, question, share, named=True)


async def decline_part(story: Story, step: Row) -> None:
    question = await story.question()
    share, asked = await _part(story, question, step)
    await shares.decline(story.db, asked, question, share, step["reason"])


async def withdraw_part(story: Story, step: Row) -> None:
    question, lead = await story.agency(Post.OFFICIAL)
    share, _ = await _part(story, question, step)
    await shares.withdraw(story.db, lead, question, share)


async def _part(story: Story, question: Question, step: Row) -> tuple[Share, Actor]:
    """The part that one agency was asked for, and an official there."""
    agency_id = story.cast.agencies[step["agency"]]
    share = next(one for one in await shares.of(story.db, question) if one.agency_id == agency_id)
    return share, await story.cast.somebody(story.db, agency_id, Post.OFFICIAL)


async def attach(story: Story, step: Row) -> None:
    """To the answer that is being written."""
    await story.bring(attachments.ANSWER, (await _draft(story, await story.question())).key, step)


# Once it is out


async def revise(story: Story, step: Row) -> None:
    """A correction with its reason; `waits`: it is begun, and not sent yet."""
    question, official = await story.agency(Post.OFFICIAL)
    await revising.begin(story.db, official, question, CorrectionForm(reason=step["reason"]))
    if step.get("waits"):
        return
    story.worked(1)
    await answer(story, step)


async def outdate(story: Story, step: Row) -> None:
    """`newer` names by its title the question whose answer holds now."""
    question, coordinator = await story.agency(Post.COORDINATOR)
    newer = str(story.cast.questions[step["newer"]]) if "newer" in step else ""
    form = OutdatedForm(outdated_on=here(story.clock.at), outdated_reason=step["reason"], newer=newer)
    await revising.mark(story.db, coordinator, question, form)


async def translate(story: Story, step: Row) -> None:
    """`waits`: nobody has approved it."""
    question, official = await story.agency(Post.OFFICIAL)
    form = TranslationForm(short=step["short"], full=step["full"])
    row = await translations.write(story.db, official, question, form)
    if not step.get("waits"):
        approver = await story.cast.somebody(story.db, question.agency_id, Post.APPROVER)
        await translations.approve(story.db, approver, question, row.version)


# The desks themselves


async def furnish(db: AsyncSession, cast: Cast, told: Mapping[str, Sequence[Row]]) -> None:
    """Passages that are used again and again, and who is away."""
    for row in told["snippet"]:
        agency_id = cast.agencies[row["agency"]]
        coordinator = await cast.somebody(db, agency_id, Post.COORDINATOR)
        form = SnippetForm(name=row["name"], topic=row.get("topic", ""), text=row["text"], active=True)
        await snippets.keep(db, coordinator, agency_id, form)
    for row in told["absence"]:
        await _away(db, cast, row)


async def _away(db: AsyncSession, cast: Cast, row: Row) -> None:
    agency_id, today = cast.agencies[row["agency"]], here(db.info["clock"]())
    coordinator = await cast.somebody(db, agency_id, Post.COORDINATOR)
    days = today + timedelta(days=row["starts"]), today + timedelta(days=row["ends"])
    person, stand_in = cast.staff[row["person"]], cast.staff[row["stand_in"]]
    await absences.begin(db, coordinator, agency_id, person, stand_in, days)


async def _written(story: Story, step: Row, *, quietly: bool = False) -> Answer:
    question, official = await story.agency(Post.OFFICIAL)
    kept = await answers.draft_of(story.db, question)
    version = kept.version if kept else 0
    form = form_of({**await _said(story.db, kept), **step}, here(story.clock.at))
    return await answers.write(story.db, official, question, form, version, quietly=quietly)


async def _said(db: AsyncSession, kept: Answer | None) -> Row:
    """What a step does not say anew stays."""
    if kept is None:
        return {}
    cited = [row.model_dump(exclude={"answer_id", "place"}) for row in await answers.citations_of(db, kept)]
    return {**kept.model_dump(include={"short", "full", "signatory", "signatory_title"}), "citations": cited}


async def _draft(story: Story, question: Question) -> Answer:
    kept = await answers.draft_of(story.db, question)
    if kept is None:
        raise ValueError(f"no answer is being written: {story.row}")
    return kept


SCENES: Mapping[str, Any] = {
    scene.__name__: scene
    for scene in (
        answer,
        approve,
        ask_parts,
        attach,
        clarify,
        decline,
        decline_part,
        draft,
        extend,
        gather,
        give_back,
        give_part,
        hand,
        outdate,
        return_answer,
        revise,
        send,
        set_complexity,
        take,
        transcribe,
        transfer,
        translate,
        withdraw_part,
    )
}
