"""The seam to `moderation`: texts are screened, cases decided, and what was decided is carried out or brought back."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import cache
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, consequences, deadlines, decisions, merges, people, policies, repeats
from engage.access import Actor, Moderation
from engage.ask import LEAST_BODY, MOST_BODY
from engage.db import database_now, now
from engage.deadlines import Step
from engage.decisions import DENUNCIATION, Decision
from engage.errors import Conflict, NotFound, Refused
from engage.surfaces import SURFACES
from live import log
from live.stirs import stir
from moderation import cases, queue, undoing, wordlist
from moderation.cases import CaseState
from moderation.queue import Place, Wheres
from moderation.screening import Context, Submission, Verdict, fingerprint, screen
from moderation.text import fold

LEASE = timedelta(minutes=15)
LATELY = timedelta(days=1)
CHANNEL = "review"
WAITING = "waiting"  # how much lies on a desk
CarryOut = Callable[[AsyncSession, cases.Case], Awaitable[None]]


async def examine(db: AsyncSession, surface: str, text: Submission, *, least: int = LEAST_BODY) -> Verdict:
    """All reasons to look twice at a text; nothing is stored. `least`: characters that say enough."""
    seen = await SURFACES[surface].times_seen(db, fingerprint(text), now(db) - LATELY)
    return screen(text, await _context(db, surface, seen, least))


async def look_at(db: AsyncSession, surface: str, thing_id: int, verdict: Verdict) -> None:
    """Hold what a person must see. What is clean stays `received`, and the worker lets it out by the surface's rule.

    What only repeats goes on as the first one; where that one is not let in yet, the worker comes to both in their order.
    """
    if verdict.outcome == "clean" and await _lets_out(db, surface, thing_id):
        return
    if repeats.says_nothing_new(verdict):
        thing = await SURFACES[surface].one(db, thing_id)
        if await SURFACES[surface].join(db, thing, by=None) or await SURFACES[surface].entry(db, thing):
            return
    await hold(db, surface, thing_id, verdict)


async def hold(db: AsyncSession, surface: str, thing_id: int, verdict: Verdict) -> None:
    thing = await SURFACES[surface].one(db, thing_id)
    await SURFACES[surface].hold(db, thing, sealed=verdict.outcome == "denunciation")
    await show(db, surface, thing, verdict)


async def show(db: AsyncSession, surface: str, thing: Any, verdict: Verdict | None = None) -> None:
    """To a moderator. Without a verdict comes what went on as another text, and is its own again."""
    kind, due = SURFACES[surface], await deadlines.due_at(db, surface, Step.MODERATE)
    about = surface, thing.id, verdict or await verdict_of(db, surface, thing), now(db), due, thing.sealed
    await cases.open_case(db, *about, folded(kind.text(thing)), await kind.entry(db, thing))
    stir(db, CHANNEL, WAITING)


async def settle(db: AsyncSession, surface: str, thing: Any) -> None:
    """What is still `received` is screened and, when clean, let out: the worker's call, whoever forgot theirs."""
    kind, verdict = SURFACES[surface], await verdict_of(db, surface, thing)
    if verdict.outcome == "clean" and await _lets_out(db, surface, thing.key):
        await kind.accept(db, thing, by=None)
    elif not (repeats.says_nothing_new(verdict) and await kind.join(db, thing, by=None)):
        await hold(db, surface, thing.id, verdict)


async def claim(db: AsyncSession, actor: Actor, case_id: int) -> cases.Case:
    must_be_another(await one(db, actor, case_id), actor)
    claimed = await _said(db, cases.claim(db, case_id, _person(actor), await database_now(db), LEASE))
    log.record(db, CHANNEL, "case.claimed", case=case_id)
    return claimed


async def claim_next(
    db: AsyncSession, actor: Actor, *, wheres: Wheres = (), after: Place | None = None
) -> cases.Case | None:
    """The oldest that nobody holds, of those the moderator looks at; `after`: the one passed over."""
    taken = await queue.claim_next(db, _person(actor), await database_now(db), LEASE, actor.may_unseal, after, wheres)
    if taken is not None:
        log.record(db, CHANNEL, "case.claimed", case=taken.id or 0)
    return taken


async def release(db: AsyncSession, actor: Actor, case_id: int) -> None:
    await cases.release(db, case_id, _person(actor))
    log.record(db, CHANNEL, "case.released", case=case_id)


async def one(db: AsyncSession, actor: Actor, case_id: int) -> cases.Case:
    case = await _said(db, cases.one(db, case_id, actor.may_unseal))
    if not actor.may_unseal and (await SURFACES[case.surface].one(db, case.thing_id)).sealed:
        raise NotFound()  # an earlier case of a text that was sealed later
    return case


async def decide(
    db: AsyncSession, actor: Actor, case_id: int, decision: Decision, *, at_once: CarryOut | None = None
) -> cases.Case:
    """Decide once; the loser of a race learns who won and how, and nothing of theirs is written.

    What follows waits until the decision cannot be taken back any more (docs/decisions/0008); only a seal takes hold at once,
    and what is decided about a text that readers have: `at_once` carries it out.
    """
    case = await one(db, actor, case_id)
    must_be_another(case, actor)
    if decision.decision not in SURFACES[case.surface].decisions:
        raise Refused("wrong_value", field="decision")
    reason, choices = await decisions.reason_of(db, decision), await _choices(db, case, decision)
    seals = reason == DENUNCIATION
    undo_for = (await policies.policy_of(db, case.surface)).undo_for
    decided = await _said(
        db,
        cases.decide(
            db,
            case_id,
            _person(actor),
            decision.version,
            "refuse" if seals else decision.decision,
            reason,
            decision.words or None,
            now(db),
            choices=choices,
            undo_until=now(db) + undo_for if undo_for and not seals and at_once is None else None,
        ),
    )
    decisions.must_be_meant(decided, decision)  # only now: who was slower learns that first
    log.record(db, CHANNEL, "case.decided", case=case_id)
    await audit.note(db, actor.person_id, "case.decided", reason=reason or decision.decision, case=case_id)
    if decided.undo_until is None:
        await (at_once or consequences.carry_out)(db, decided)
    return decided


def must_be_another(case: cases.Case, actor: Actor) -> None:
    """An appeal is decided by somebody else than who decided first (PRODUCT rule 9); the database holds it too."""
    if case.barred is not None and case.barred == actor.person_id:
        raise Refused("appeal_for_another")


async def undo(db: AsyncSession, actor: Actor, case_id: int) -> cases.Case:
    """Open again and in the same hands; nothing has gone out in between."""
    case = await one(db, actor, case_id)
    thing = await SURFACES[case.surface].one(db, case.thing_id)
    if case.state == CaseState.OPEN and case.claimed_by == _person(actor):  # pressed twice
        return case
    _must_be_theirs_to_undo(case, thing, actor)
    opened = await undoing.undo(db, case_id, _person(actor), now(db), LEASE)
    if opened is None:
        raise Conflict("undo_too_late")
    if thing.moderation != Moderation.HELD:
        raise Conflict("moved_on")
    log.record(db, CHANNEL, "case.reopened", case=case_id)
    await audit.note(db, actor.person_id, "case.undone", case=case_id)
    return opened


def _must_be_theirs_to_undo(case: cases.Case, thing: Any, actor: Actor) -> None:
    """The author may have been faster: then nobody's decision stands any more."""
    if thing.moderation == Moderation.WITHDRAWN:
        raise Conflict("undo_withdrawn")
    if case.state == CaseState.OPEN:
        raise Conflict("undo_author_changed" if thing.corrected_at else "moved_on")
    if case.decided_by != actor.person_id:
        raise Conflict("undo_not_yours")


async def carry_out_ripe(db: AsyncSession, case_id: int) -> bool:
    """The worker's call, when a decision can no longer be taken back. False: another process was faster."""
    waiting = await cases.one(db, case_id, True)
    await SURFACES[waiting.surface].one(db, waiting.thing_id)  # locked first, as by its author and whoever decides
    case = await undoing.take_ripe(db, case_id, now(db))
    if case is not None:
        await consequences.carry_out(db, case)
    return case is not None


async def bring_back(db: AsyncSession, case_id: int) -> None:
    """What could not be carried out (the target of a merge is gone) is on the queue again, if it still waits for anybody."""
    case = await cases.one(db, case_id, True)
    kind = SURFACES[case.surface]
    thing = await kind.one(db, case.thing_id)
    if thing.moderation != Moderation.HELD or await undoing.reopen(db, case_id) is None:
        await undoing.take_ripe(db, case_id, now(db))
        return
    about = case.surface, case.thing_id, await verdict_of(db, case.surface, thing)
    words, entry = folded(kind.text(thing)), await kind.entry(db, thing)
    await cases.open_case(db, *about, now(db), sealed=thing.sealed, folded=words, entry=entry)
    log.record(db, CHANNEL, "case.reopened", case=case_id)


async def _choices(db: AsyncSession, case: cases.Case, decision: Decision) -> dict[str, Any]:
    """Whatever can be wrong with a decision is said while its maker is there."""
    kind = SURFACES[case.surface]
    thing = await kind.one(db, case.thing_id)
    choices: dict[str, Any] = {"complexity": decision.complexity}
    match decision.decision:
        case "redact":
            choices["spans"] = decisions.kept_spans(decisions.spans_of(case, kind.text(thing), decision))
        case "merge":
            choices["target"] = (await merges.target_of(db, case.thing_id, decision.target)).key
        case "return" if any(one.decision == "return" for one in await cases.of(db, case.surface, case.thing_id)):
            raise Refused("returned_before", field="reason")
    return {**choices, "agency": await decisions.agency_id_of(db, decision)}


async def _lets_out(db: AsyncSession, surface: str, thing_id: int) -> bool:
    """Whether what is clean goes out, or a person looks first."""
    lets_out = SURFACES[surface].lets_out
    return await lets_out(db, thing_id) if lets_out else (await policies.policy_of(db, surface)).accepts_clean


async def verdict_of(db: AsyncSession, surface: str, thing: Any) -> Verdict:
    """About a text that is stored, as it stands now."""
    kind = SURFACES[surface]
    text = kind.text(thing)
    seen = await kind.times_seen(db, fingerprint(text), thing.created_at - LATELY, before=thing.id)
    return screen(text, await _context(db, surface, seen, kind.least(thing)))


async def _context(db: AsyncSession, surface: str, repeats: int, least: int) -> Context:
    policy = await policies.policy_of(db, surface)
    hosts = frozenset(policy.allowed_hosts)
    return Context(surface, least, MOST_BODY, hosts, repeats, _words())


async def _said(db: AsyncSession, asked: Awaitable[cases.Case]) -> cases.Case:
    """The library's refusals, as the house says them."""
    try:
        return await asked
    except cases.Missing:
        raise NotFound() from None
    except cases.Taken as taken:
        raise Conflict("case_taken", by=await _name(db, taken.by), until=taken.until) from None
    except cases.Decided as decided:
        name = await _name(db, decided.by)
        raise Conflict(f"case_decided_{decided.decision}", by=name, at=decided.at) from None
    except cases.Changed:
        raise Conflict("case_changed") from None


async def _name(db: AsyncSession, person_id: int) -> str:
    return (await people.names(db, [person_id])).get(person_id, "")


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotFound()
    return actor.person_id


@cache
def _words() -> wordlist.WordList:
    return wordlist.seed()


def folded(text: Submission) -> str:
    return fold(f"{text.title} {text.body}")
