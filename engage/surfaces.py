"""Which texts are screened, and what a decision does to each kind. One line per surface."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import admissions, intake, questions, redactions
from engage.ask import LEAST_BODY, LEAST_LIVE_BODY
from moderation.screening import Submission


@dataclass(frozen=True, slots=True)
class Surface:
    """A kind of text, as the desk needs it."""

    one: Callable[[AsyncSession, int], Awaitable[Any]]
    text: Callable[[Any], Submission]
    least: Callable[[Any], int]  # characters that say enough
    hold: Callable[..., Awaitable[None]]
    accept: Callable[..., Awaitable[None]]
    redact: Callable[..., Awaitable[None]]
    refuse: Callable[..., Awaitable[None]]
    return_: Callable[..., Awaitable[None]]
    times_seen: Callable[..., Awaitable[int]]


_QUESTION = Surface(
    one=questions.one,
    text=lambda question: Submission(question.title, question.body),
    least=lambda question: LEAST_BODY if question.dialogue_id is None else LEAST_LIVE_BODY,
    hold=admissions.hold,
    accept=admissions.accept,
    redact=redactions.redact,
    refuse=admissions.refuse,
    return_=admissions.return_,
    times_seen=intake.times_seen,
)
SURFACES: Mapping[str, Surface] = {
    questions.SURFACE: _QUESTION,
    questions.FEEDBACK: _QUESTION,  # the same row of another kind
}
