"""Which texts readers flag, when a moderator looks at one, and what is decided then. Flags alone take nothing down."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import (
    audit,
    comments,
    deadlines,
    decisions,
    flags,
    policies,
    questions,
    redactions,
    remarks,
    removals,
    review,
    seals,
    search,
    takedowns,
    threads,
)
from engage.access import PUBLIC, Actor, Moderation
from engage.db import now
from engage.deadlines import Step
from engage.decisions import Decision
from engage.errors import Conflict, NotFound, Refused
from engage.flags import Flag, FlagForm, Flagger, State
from engage.questions import Question
from engage.remarks import Remark, Said
from engage.surfaces import SURFACES
from engage.takedowns import HideForm
from live.stirs import stir
from moderation import cases, raising
from moderation.cases import Case
from moderation.kinds import BITS
from moderation.screening import Finding, Span, Verdict, Weight, fingerprint

REASON = "flagged"
DECISIONS = frozenset({"accept", "redact", "refuse", "seal"})


@dataclass(frozen=True, slots=True)
class Flaggable:
    """A kind of text that readers see, and what is done to one of them when they were right."""

    seen: Callable[[AsyncSession, int], Awaitable[Any]]
    cover: Callable[[AsyncSession, Actor, Any, Sequence[Span]], Awaitable[None]]
    hide: Callable[[AsyncSession, Actor, Any, HideForm], Awaitable[Any]]
    seal: Callable[[AsyncSession, Actor, Any], Awaitable[Any]]


async def _question(db: AsyncSession, question_id: int) -> Question:
    return await questions.seen_by(db, PUBLIC, question_id)


async def _post(db: AsyncSession, remark_id: int) -> Remark:
    """In a thread that readers see."""
    remark = await remarks.seen_by(db, PUBLIC, remark_id)
    if remark.surface != Said.POST or not await threads.are_open(db, [remark.place_id]):
        raise NotFound()
    return remark


async def _comment(db: AsyncSession, remark_id: int) -> Remark:
    return await comments.one(db, PUBLIC, remark_id)


async def _cover_remark(db: AsyncSession, actor: Actor, remark: Remark, spans: Sequence[Span]) -> None:
    await redactions.redact(db, remark, spans, by=actor.person_id or 0)
    await search.put(db, remark.key, f"{remark.title}\n{remark.body}", search.REMARKS)
    remarks.tell(db, remark, "remark.corrected")


async def _seal_remark(db: AsyncSession, _actor: Actor, remark: Remark) -> None:
    await SURFACES[remark.surface].refuse(db, remark, sealed=True)
    await flags.answer(db, remark.surface, remark.key, State.UPHELD)


QUESTION = Flaggable(_question, takedowns.cover, takedowns.hide, seals.seal)
FLAGGABLE: Mapping[str, Flaggable] = {
    questions.SURFACE: QUESTION,
    questions.FEEDBACK: QUESTION,
    Said.POST: Flaggable(_post, _cover_remark, removals.hide, _seal_remark),
    Said.COMMENT: Flaggable(_comment, _cover_remark, removals.hide, _seal_remark),
}


async def seen(db: AsyncSession, surface: str, thing_id: int) -> Any:
    """The text as every reader sees it. What readers do not see is missing."""
    if surface not in FLAGGABLE:
        raise NotFound()
    return await FLAGGABLE[surface].seen(db, thing_id)


def wording_of(thing: Any) -> str:
    """What of the text a flag is about: other words are flagged anew."""
    return fingerprint(SURFACES[thing.surface].text(thing))


async def own(db: AsyncSession, thing: Any, flagger: str) -> Flag | None:
    """What a reader said of the text as it is now."""
    return await flags.by(db, thing.surface, thing.key, wording_of(thing), flagger) if flagger else None


async def flag(db: AsyncSession, flagger: Flagger, form: FlagForm) -> Flag:
    """Once a reader and wording, however often it is sent."""
    thing = await seen(db, form.thing, form.id)
    reason = next((one for one in await flags.reasons(db) if one.code == form.reason), None)
    if reason is None:
        raise Refused("flag_reason_missing", field="reason")
    if not flagger.name:
        raise Refused("stale_form")
    if flagger.person_id is not None and flagger.person_id == thing.author_id:
        raise Refused("flag_own")
    if said := await own(db, thing, flagger.name):
        return said
    made, own_worth = await flags.make(db, thing.surface, thing.key, wording_of(thing), flagger, form, reason)
    await audit.note(db, flagger.person_id, "flag.made", reason=reason.code, flag=made.id)
    if made.state == State.WAITING:
        await _raise(db, thing, made, is_urgent=reason.at_once and own_worth >= flags.VISITOR)
    return made


async def _raise(db: AsyncSession, thing: Any, made: Flag, *, is_urgent: bool) -> None:
    """A moderator looks once enough is said, or at once for what cannot wait. A case that is open shows every flag."""
    counted = await flags.counted(db, thing.surface, thing.key, made.wording)
    is_enough = is_urgent or counted.weight >= (await policies.policy_of(db, thing.surface)).flags_needed
    if not is_enough and not await raising.has_open(db, thing.surface, thing.key):
        return
    screened = await review.verdict_of(db, thing.surface, thing)
    told = Finding(REASON, Weight.HOLD, "sure" if is_enough else "fair", figures={"flags": counted.times})
    verdict = Verdict((told, *screened.findings))
    due, words = await deadlines.due_at(db, thing.surface, Step.MODERATE), review.folded(_text(thing))
    if await raising.raise_case(db, thing.surface, thing.key, verdict, now(db), due, words):
        await audit.note(db, None, "flag.raised", flag=made.id)
    stir(db, review.CHANNEL, review.WAITING)


def is_flagged(case: Case) -> bool:
    """Whether it is about a text that readers have and reported."""
    return bool(case.kinds & BITS[REASON])


async def decide(db: AsyncSession, actor: Actor, case_id: int, decision: Decision) -> Case:
    """As any other case; where readers have the text, what was decided holds at once and answers every flag."""
    case = await review.one(db, actor, case_id)
    if not is_flagged(case):
        return await review.decide(db, actor, case_id, decision)
    if decision.decision not in DECISIONS:
        raise Refused("wrong_value", field="decision")

    async def carry_out(db: AsyncSession, decided: Case) -> None:
        await _carry_out(db, actor, decided)

    return await review.decide(db, actor, case_id, decision, at_once=carry_out)


async def _carry_out(db: AsyncSession, actor: Actor, case: Case) -> None:
    kind, thing = FLAGGABLE[case.surface], await SURFACES[case.surface].one(db, case.thing_id)
    about = case.surface, case.thing_id
    if thing.moderation != Moderation.ACCEPTED or thing.sealed:
        raise Conflict("moved_on")
    if case.decision == "accept":
        await flags.answer(db, *about, State.DISMISSED)
    elif case.decision == "redact":
        await kind.cover(db, actor, thing, decisions.spans_kept(case.choices))
        await flags.answer(db, *about, State.UPHELD)
    elif case.reason == decisions.DENUNCIATION:
        await cases.seal(db, case.id or 0)
        await kind.seal(db, actor, thing)
    else:
        await kind.hide(db, actor, thing, HideForm(reason=case.reason or "", words=case.words or ""))


def _text(thing: Any) -> Any:
    return SURFACES[thing.surface].text(thing)
