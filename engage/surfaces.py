"""Which texts are screened, and what a decision does to each kind. One line per surface."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import admissions, archive, comments, forum, intake, questions, redactions, remarks, repeats
from engage.ask import LEAST_BODY, LEAST_LIVE_BODY
from engage.remarks import Said
from moderation.screening import Submission

LEAST_REMARK = 2  # characters: "Có." is an answer
ROUTED = frozenset({"accept", "redact", "refuse", "return", "merge", "seal"})
SHOWN = frozenset({"accept", "redact", "refuse", "seal"})


@dataclass(frozen=True, slots=True)
class Surface:
    """A kind of text, as the desk needs it. `decisions` are those that may be made about it."""

    one: Callable[[AsyncSession, int], Awaitable[Any]]
    text: Callable[[Any], Submission]
    least: Callable[[Any], int]  # characters that say enough
    hold: Callable[..., Awaitable[None]]
    accept: Callable[..., Awaitable[None]]
    redact: Callable[..., Awaitable[None]]
    refuse: Callable[..., Awaitable[None]]
    return_: Callable[..., Awaitable[None]] | None
    times_seen: Callable[..., Awaitable[int]]
    received_ids: Callable[[AsyncSession, int], Awaitable[Sequence[int]]]
    take_received: Callable[[AsyncSession, int], Awaitable[Any]]
    titles: Callable[[AsyncSession, Sequence[int]], Awaitable[dict[int, str]]]
    decisions: frozenset[str]
    entry: Callable[
        [AsyncSession, Any], Awaitable[str | None]
    ]  # the name under which its case lies with those of the same words
    join: Callable[..., Awaitable[bool]]  # it goes on as what was let in with the same words
    lets_out: Callable[..., Awaitable[bool]] | None = (
        None  # whether what is clean goes out; None: by the surface's policy
    )


async def _by_itself(_db: AsyncSession, _thing: Any) -> None:
    """Its case lies with no other."""


async def _nowhere(_db: AsyncSession, _thing: Any, *, by: int | None) -> bool:  # noqa: ARG001 as the others are asked
    return False


QUESTION = Surface(
    one=questions.one,
    text=lambda question: Submission(question.title, question.body),
    least=lambda question: LEAST_BODY if question.dialogue_id is None else LEAST_LIVE_BODY,
    hold=admissions.hold,
    accept=admissions.accept,
    redact=redactions.redact,
    refuse=admissions.refuse,
    return_=admissions.return_,
    times_seen=intake.times_seen,
    received_ids=intake.received_ids,
    take_received=intake.take_received,
    titles=archive.titles,
    decisions=ROUTED,
    entry=repeats.entry_of,
    join=repeats.join,
)


def _remark(
    let_in: Callable[[AsyncSession, Any], Awaitable[None]],
    refuse: Callable[..., Awaitable[None]],
    lets_out: Callable[..., Awaitable[bool]] | None = None,
) -> Surface:
    """What is said in a place: only how it comes in there and goes is the place's own. It goes to no agency."""

    async def accept(db: AsyncSession, remark: Any, **_where_to: Any) -> None:
        await let_in(db, remark)

    return Surface(
        one=remarks.one,
        text=lambda remark: Submission(remark.title, remark.body),
        least=lambda _: LEAST_REMARK,
        hold=remarks.hold,
        accept=accept,
        redact=redactions.redact,
        refuse=refuse,
        return_=None,
        times_seen=remarks.times_seen,
        received_ids=remarks.received_ids,
        take_received=remarks.take_received,
        titles=remarks.titles,
        decisions=SHOWN,
        entry=_by_itself,
        join=_nowhere,
        lets_out=lets_out,
    )


SURFACES: Mapping[str, Surface] = {
    questions.SURFACE: QUESTION,
    questions.FEEDBACK: QUESTION,  # the same row of another kind
    Said.POST: _remark(forum.accept, forum.refuse, forum.lets_out),
    Said.COMMENT: _remark(comments.accept, comments.refuse),
}


async def titles(db: AsyncSession, things: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """By what a desk names texts of whatever kind."""
    ids: dict[str, list[int]] = {}
    for surface, thing_id in things:
        ids.setdefault(surface, []).append(thing_id)
    return {
        (surface, key): title
        for surface, wanted in ids.items()
        for key, title in (await SURFACES[surface].titles(db, wanted)).items()
    }
