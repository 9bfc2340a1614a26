"""What may happen to public questions, as short stories: each names the facts that readers are told on the way."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from engage import assignments as turns
from engage import (
    attachments,
    calendars,
    clarifications,
    personal,
    questions,
    recounts,
    shares,
    sorting,
    takedowns,
    withdrawals,
    work,
)
from engage.antivirus import Scan
from engage.ask import Contact
from engage.people import Person
from engage.successions import SuccessionForm, merge_agency, retire_topic
from tests.unit import asker, test_circles, test_clocks, test_in_place, test_merges, test_revising, test_shares
from tests.unit.test_attachments import decided, enclosed, on_the_answer
from tests.unit.test_calendars import a_day
from tests.unit.test_erasures import decided as asked_and_decided
from tests.unit.test_originals import cover_again, covered, uncover
from tests.unit.test_outdated import outdated
from tests.unit.town import FINANCE, HANOI, HEALTH, INSURANCE, Town

Act = Callable[[Town], Awaitable[Any]]
REASON = "Việc này thuộc cơ quan khác."


@dataclass(frozen=True)
class Story:
    tell: Act
    facts: frozenset[str]


STORIES: dict[str, Story] = {}


def walks(*facts: str) -> Callable[[Act], Act]:
    """A story, and the facts of readers that occur in it."""

    def keep(tell: Act) -> Act:
        STORIES[tell.__name__] = Story(tell, frozenset(facts))
        return tell

    return keep


async def act(town: Town, verb: Callable[..., Awaitable[Any]], who: str, question_id: int, *more: Any) -> None:
    async with town.store.transaction() as db:
        await verb(db, town[who], await questions.one(db, question_id), *more)


async def restore(town: Town, question_id: int) -> None:
    await act(town, takedowns.restore, "moderator", question_id)


# The way to an answer


@walks("question.received", "question.accepted", "assignment.offered", "assignment.accepted", "answer.given")
async def answered(town: Town) -> None:
    for _ in range(2):
        await town.answered()
        town.clock.move(60)


@walks("assignment.reopened", "assignment.transferred", "assignment.declined", "assignment.due_changed")
async def passed_about(town: Town) -> None:
    question_id = await town.taken()
    await act(town, turns.undo_accept, "coordinator", question_id)
    await test_circles.passed_on(town, question_id=question_id)
    await test_circles.decline(town, question_id)
    await act(town, turns.accept, "coordinator", question_id)
    for verb in ("complex", "extend"):
        await test_clocks._act(town, question_id, verb)


@walks("assignment.given_back", "assignment.rerouted")
async def given_back(town: Town) -> None:
    question_id = await town.taken()
    await act(town, turns.give_back, "coordinator", question_id, REASON)
    for agency in (HEALTH, FINANCE):
        await act(town, turns.reroute, "moderator", question_id, town.agencies[agency], REASON)


@walks("assignment.due_changed")
async def asked_back(town: Town) -> None:
    question_id, other = await town.taken(), await town.taken()
    await asker.clarify(town, question_id)
    await asker.reply(town, question_id)
    held = await town.taken()
    await asker.clarify(town, held)
    await asker.reply(town, held, f"Tôi nghỉ từ tháng sáu. {asker.PHONE}")
    row = await asker.clarify(town, other)
    async with town.store.transaction() as db:
        await clarifications.lapse(db, row)


@walks("assignment.shared")
async def shared(town: Town) -> None:
    question_id = await town.taken()
    given = await test_shares.ask(town, question_id, HEALTH)
    declined = await test_shares.ask(town, question_id, FINANCE)
    called_off = await test_shares.ask(town, question_id, HANOI)
    assert given
    assert declined
    assert called_off
    await test_shares.give(town, given, town["elsewhere"])
    await test_shares.decline(town, declined, test_circles.leading(town, FINANCE))
    async with town.store.transaction() as db:
        question, share = await questions.one(db, question_id), await db.get_one(shares.Share, called_off.key)
        await shares.withdraw(db, town["official"], question, share)
        share = await db.get_one(shares.Share, given.key)
        await shares.name(db, town["official"], question, share, named=True)
    await town.write(question_id, "official", 0)
    await town.send(question_id)
    await test_revising.approve(town, question_id)


@walks("answer.given")
async def together(town: Town) -> None:
    lead, other = await town.taken(), await town.taken()
    await test_revising.gather(town, lead, other)
    await town.write(lead, "official", 0)
    await town.send(lead)
    await test_revising.approve(town, lead)


@walks("answer.given")
async def on_paper(town: Town) -> None:
    question_id = await test_in_place.on_paper(town)
    await town.write(question_id, "moderator", 0, **test_in_place.LETTER)
    await town.send(question_id, "moderator")
    await test_revising.approve(town, question_id, "colleague")


# Afterwards


@walks("answer.corrected")
async def corrected_by_the_agency(town: Town) -> None:
    question_id = await town.answered()
    for _ in range(2):
        town.clock.move(days=1)
        await test_revising.corrected(town, question_id)


@walks("answer.reopened", "answer.corrected")
async def looked_at_again(town: Town) -> None:
    question_id = await town.answered()
    look = await asker.look(town, question_id)
    await asker.decide_look(town, look, "colleague", "send_back")
    await town.write(question_id, "official", 1, short="Được rút sau 12 tháng kể từ ngày nghỉ việc.")
    await town.send(question_id)
    await test_revising.approve(town, question_id, "second_approver")


@walks("answer.marked", "mention.changed", "question.hidden", "question.restored", "question.covered")
async def answered_anew(town: Town) -> None:
    old, new, newest = await town.answered(), await town.answered(), await town.answered()
    await outdated(town, old, new)
    await test_merges._hide(town, new)
    await restore(town, new)
    await cover_again(town, new)
    await outdated(town, old, newest)
    await outdated(town, new, newest)
    await test_merges._seal(town, newest)


@walks("translation.published", "translation.taken_back")
async def translated(town: Town) -> None:
    question_id = await town.answered()
    await test_in_place.translate(town, question_id, "official")
    await test_in_place.approve_translation(town, question_id, "approver")
    await test_in_place.translate(town, question_id, "official", version=1)


@walks("mention.changed", "question.hidden", "question.restored")
async def followed_up(town: Town) -> None:
    question_id = await town.answered()
    child = await asker.follow_up(town, question_id, "code")
    await work.settle_received(town.store)
    await test_merges._hide(town, child)
    await restore(town, child)
    await test_merges._hide(town, question_id)


# Merging


@walks("question.merged", "question.parted", "mention.changed")
async def merged(town: Town) -> None:
    first, second, third = await test_merges.chain(town)
    await test_merges.part(town, second)
    await test_merges.merge(town, second, third)
    await cover_again(town, third)
    await test_merges.part(town, first)


@walks("question.merged", "question.parted", "question.hidden", "question.withdrawn", "question.erased")
async def merged_into_what_goes(town: Town) -> None:
    for goes in (test_merges._withdraw, test_merges._hide, test_merges._seal, test_merges._erase):
        first, second = await test_merges.another(town), await test_merges.another(town)
        await test_merges.merge(town, first, second)
        await goes(town, second)


# The question itself


@walks("question.corrected", "question.name_hidden", "question.sorted", "question.renamed")
async def changed_by_its_asker(town: Town) -> None:
    question_id = await town.accepted()
    await asker.correct(town, question_id)
    async with town.store.transaction() as db:
        await sorting.sort(db, await questions.one(db, question_id), "lao-dong-viec-lam")
    async with town.store.transaction() as db:
        question = await questions.one(db, question_id)
        author = await db.get_one(Person, question.author_id)
        await personal.correct(db, question, Contact(name="Trần Thị Hoa Mai", email=author.email or ""))
    async with town.store.transaction() as db:
        await withdrawals.hide_name(db, await questions.one(db, question_id))


@walks("question.covered", "question.uncovered")
async def covered_and_uncovered(town: Town) -> None:
    question_id = await covered(town)
    await cover_again(town, question_id)
    await uncover(town, question_id)


@walks("question.hidden", "question.restored")
async def hidden_and_restored(town: Town) -> None:
    older, newer = await town.answered(), await town.accepted()
    for one in (older, newer):
        await test_merges._hide(town, one)
    await test_merges._hide(town, await town.accepted())
    for one in (older, newer):
        await restore(town, one)


@walks("question.erased")
async def erased(town: Town) -> None:
    for more in (True, False):
        question_id = await town.answered()
        await asked_and_decided(town, question_id, "erase", everything=more)
    await asked_and_decided(town, await town.accepted(), "erase")


@walks("attachment.published", "attachment.hidden", "attachment.scanned")
async def enclosing(town: Town) -> None:
    question_id = await town.accepted()
    for verb, more in ((attachments.keep_private, ()), (attachments.refuse, ("Có mặt người khác.",))):
        key = await enclosed(town, question_id)
        await decided(town, key, attachments.publish)
        await decided(town, key, verb, *more)
    drafted = await town.drafted()
    key = await on_the_answer(town, drafted, scan=Scan.WAITING)
    await town.send(drafted)
    await test_revising.approve(town, drafted)
    async with town.store.transaction() as db:
        row = (await attachments.of(db, attachments.ANSWER, (await town.draft(drafted)).key))[0]
        await attachments.note_scan(db, row.id or 0, Scan.CLEAN)
    assert row.key == key


# The directory and the calendar


@walks("assignment.transferred", "question.sorted")
async def succeeded(town: Town) -> None:
    for make in (town.accepted, town.drafted, town.answered, town.sent_for_approval):
        await make()
    merger = SuccessionForm(successor=FINANCE, reason="Sáp nhập theo Nghị quyết 18.")
    async with town.store.transaction() as db:
        await merge_agency(db, town["administrator"], INSURANCE, merger)
    async with town.store.transaction() as db:
        topic = SuccessionForm(successor="lao-dong-viec-lam")
        await retire_topic(db, town["administrator"], "bao-hiem-xa-hoi", topic)


@walks("assignment.due_changed")
async def recounted(town: Town) -> None:
    await town.taken()
    day = date(2026, 11, 27)
    async with town.store.transaction() as db:
        await calendars.change_day(db, None, a_day(day + timedelta()))
    await recounts.drain(town.store)
