"""The seam to `moderation`: which texts are screened, and what a decision does to each kind. One line per surface."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import admissions, agencies, audit, deadlines, intake, people, policies, questions, redactions
from engage.access import Actor
from engage.ask import LEAST_BODY, MOST_BODY, Lines
from engage.db import database_now, now
from engage.deadlines import Step
from engage.errors import Conflict, NotFound, Refused
from moderation import cases, wordlist
from moderation.screening import Context, Span, Submission, Verdict, fingerprint, screen

LEASE = timedelta(minutes=15)
LATELY = timedelta(days=1)
DENUNCIATION = "denunciation"
PERSONAL = frozenset({"phone", "id_number", "bank_account", "email", "address", "plate"})


@dataclass(frozen=True, slots=True)
class Surface:
    """A kind of text, as the desk needs it."""

    one: Callable[[AsyncSession, int], Awaitable[Any]]
    text: Callable[[Any], Submission]
    hold: Callable[..., Awaitable[None]]
    accept: Callable[..., Awaitable[None]]
    redact: Callable[..., Awaitable[None]]
    refuse: Callable[..., Awaitable[None]]
    times_seen: Callable[..., Awaitable[int]]


SURFACES: Mapping[str, Surface] = {
    questions.SURFACE: Surface(
        one=questions.one,
        text=lambda question: Submission(question.title, question.body),
        hold=admissions.hold,
        accept=admissions.accept,
        redact=redactions.redact,
        refuse=admissions.refuse,
        times_seen=intake.times_seen,
    ),
}


class Decision(BaseModel):
    """What a moderator decides about the version that was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = Field(ge=1, le=1_000_000)
    decision: Literal["accept", "redact", "refuse"]
    agency: str = Field(default="", max_length=80)
    other: str = Field(default="", max_length=80)
    complexity: Literal["", "simple", "complex"] = ""
    reason: str = Field(default="", max_length=40)
    words: Lines = Field(default="", max_length=1000)

    @property
    def slug(self) -> str:
        return self.other if self.agency == "other" else self.agency


async def examine(db: AsyncSession, surface: str, text: Submission) -> Verdict:
    """All reasons to look twice at a text; nothing is stored."""
    seen = await SURFACES[surface].times_seen(db, fingerprint(text), now(db) - LATELY)
    return screen(text, await _context(db, surface, seen))


async def look_at(db: AsyncSession, surface: str, thing_id: int, verdict: Verdict) -> None:
    """Hold what a person must see. What is clean stays `received`, and the worker lets it out by the surface's rule."""
    if verdict.outcome == "clean" and (await policies.policy_of(db, surface)).accepts_clean:
        return
    await hold(db, surface, thing_id, verdict)


async def hold(db: AsyncSession, surface: str, thing_id: int, verdict: Verdict) -> None:
    kind = SURFACES[surface]
    sealed = verdict.outcome == "denunciation"
    await kind.hold(db, await kind.one(db, thing_id), sealed=sealed)
    due = await deadlines.due_at(db, surface, Step.MODERATE)
    await cases.open_case(db, surface, thing_id, verdict, now(db), due, sealed)


async def settle(db: AsyncSession, surface: str, thing: Any) -> None:
    """What is still `received` is screened and, when clean, let out: the worker's call, whoever forgot theirs."""
    kind = SURFACES[surface]
    text = kind.text(thing)
    seen = await kind.times_seen(db, fingerprint(text), thing.created_at - LATELY, before=thing.id)
    verdict = screen(text, await _context(db, surface, seen))
    if verdict.outcome == "clean" and (await policies.policy_of(db, surface)).accepts_clean:
        await kind.accept(db, thing, by=None)
    else:
        await hold(db, surface, thing.id, verdict)


async def claim(db: AsyncSession, actor: Actor, case_id: int) -> cases.Case:
    _must_be_another(await one(db, actor, case_id), actor)
    return await _said(db, cases.claim(db, case_id, _person(actor), await database_now(db), LEASE))


async def claim_next(db: AsyncSession, actor: Actor) -> cases.Case | None:
    return await cases.claim_next(db, _person(actor), await database_now(db), LEASE, actor.may_unseal)


async def release(db: AsyncSession, actor: Actor, case_id: int) -> None:
    await cases.release(db, case_id, _person(actor))


async def one(db: AsyncSession, actor: Actor, case_id: int) -> cases.Case:
    return await _said(db, cases.one(db, case_id, actor.may_unseal))


async def decide(db: AsyncSession, actor: Actor, case_id: int, decision: Decision) -> cases.Case:
    """Decide once; the loser of a race learns who won and how, and nothing of theirs is written."""
    case = await one(db, actor, case_id)
    _must_be_another(case, actor)
    reason, agency_id = await _reason(db, decision), await _agency_id(db, decision)
    decided = await _said(
        db,
        cases.decide(
            db,
            case_id,
            _person(actor),
            decision.version,
            decision.decision,
            reason,
            decision.words or None,
            now(db),
        ),
    )
    kind = SURFACES[case.surface]
    await audit.note(db, actor.person_id, "case.decided", reason=reason or decision.decision, case=case_id)
    thing = await kind.one(db, case.thing_id)
    if decision.decision == "refuse":
        await _refuse(db, kind, thing, decided)
        return decided
    if decision.decision == "redact":
        await kind.redact(db, thing, personal(decided), by=_person(actor))
    await kind.accept(db, thing, by=_person(actor), agency_id=agency_id, complexity=decision.complexity)
    return decided


def _must_be_another(case: cases.Case, actor: Actor) -> None:
    """An appeal is decided by somebody else than who decided first (PRODUCT rule 9); the database holds it too."""
    if case.barred is not None and case.barred == actor.person_id:
        raise Refused("appeal_for_another")


def personal(case: cases.Case) -> list[Span]:
    """Where a case's text gives away what should not be public (PRODUCT rule 13)."""
    return [span for finding in case.verdict.findings if finding.reason in PERSONAL for span in finding.spans]


async def _refuse(db: AsyncSession, kind: Surface, thing: Any, case: cases.Case) -> None:
    """What is refused as a denunciation is sealed with it: never mailed, never shown to who is not cleared (PRODUCT rule 6)."""
    is_sealed = case.sealed or case.reason == DENUNCIATION
    if is_sealed:
        await cases.seal(db, case.id or 0)
    await kind.refuse(db, thing, sealed=is_sealed)


async def _agency_id(db: AsyncSession, decision: Decision) -> int | None:
    """The agency a moderator chose; None leaves it to routing."""
    if decision.decision == "refuse" or not decision.agency:
        return None
    return (await agencies.chosen(db, decision.slug, field="other")).id


async def _context(db: AsyncSession, surface: str, repeats: int) -> Context:
    policy = await policies.policy_of(db, surface)
    hosts = frozenset(policy.allowed_hosts)
    return Context(surface, LEAST_BODY, MOST_BODY, hosts, repeats, _words())


async def _reason(db: AsyncSession, decision: Decision) -> str | None:
    if decision.decision != "refuse":
        return None
    reason = await policies.reason_of(db, decision.reason)
    if reason is None or not reason.active:
        raise Refused("reason_missing", field="reason")
    return reason.code


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
