"""The author writes a question anew: once, until an agency has taken it up. The earlier text is kept as a revision."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import admissions, deadlines, markup, mentions, policies, review, revisions, search, takedowns, traces
from engage.access import Moderation
from engage.ask import ABROAD, Correction, FeedbackCorrection, LiveCorrection
from engage.assigned import Answered, Assigned
from engage.db import now
from engage.deadlines import Step
from engage.errors import Conflict, Refused
from engage.intake import Directory
from engage.moves import move
from engage.questions import FEEDBACK, MODERATION_MOVES, SURFACE, Question
from live import log
from moderation import cases, raising, undoing
from moderation.screening import Submission, Verdict, fingerprint
from moderation.text import has_tone_marks

CORRECTABLE = frozenset({Moderation.RECEIVED, Moderation.HELD, Moderation.RETURNED, Moderation.REFUSED})


def may_correct(question: Question) -> bool:
    return question.corrected_at is None and (question.moderation in CORRECTABLE or _is_out_and_free(question))


def _is_out_and_free(question: Question) -> bool:
    """Readers see it already, and no agency works on it yet."""
    is_public = question.moderation == Moderation.ACCEPTED and not question.sealed and question.merged_into_id is None
    return is_public and question.assignment != Assigned.ACCEPTED and question.answer == Answered.NONE


def form_of(question: Question) -> type[Correction]:
    """What its author is asked when they write it anew: in a dialogue the one sentence may say it all."""
    if question.surface == FEEDBACK:
        return FeedbackCorrection
    return Correction if question.dialogue_id is None else LiveCorrection


async def correct(
    db: AsyncSession, question: Question, form: Correction, directory: Directory, verdict: Verdict
) -> None:
    """`verdict` is about the new text. What a person refused, or a seal covers, a person reads again; the rest goes as ever.

    What was decided about the earlier text and still waits is called off: nobody has read the new one.
    """
    if not may_correct(question):
        raise Conflict(_why_not(question))
    if question.moderation == Moderation.ACCEPTED:
        await _correct_in_public(db, question, form, verdict)
        return
    before, was = {"title": question.title, "body": question.body}, question.moderation
    await _write(db, question, form, directory)
    await revisions.keep(db, SURFACE, question.key, question.author_id, before)
    if was in {Moderation.RETURNED, Moderation.REFUSED}:
        await move(db, question, "moderation", Moderation.RECEIVED, MODERATION_MOVES)
    await undoing.call_off(db, question.surface, question.key)
    if was in {Moderation.HELD, Moderation.REFUSED} or question.sealed:
        await _show_again(db, question, verdict)
    else:
        await review.look_at(db, question.surface, question.key, verdict)
    for channel in (review.CHANNEL, f"person:{question.author_id}"):
        log.record(db, channel, "question.corrected", question=question.key)


def _why_not(question: Question) -> str:
    if question.corrected_at:
        return "corrected_once"
    return "corrected_too_late" if question.moderation == Moderation.ACCEPTED else "moved_on"


async def _correct_in_public(db: AsyncSession, question: Question, form: Correction, verdict: Verdict) -> None:
    """Only what the published rule lets out by itself: nothing is shown that nobody has read. It stays where it was sent."""
    if verdict.outcome != "clean" or not (await policies.policy_of(db, question.surface)).accepts_clean:
        raise Refused("correction_must_be_clean", field="body")
    before = {"title": question.title, "body": question.body}
    words = {"title": form.title, "body": form.body, "body_html": str(markup.plain(form.body))}
    await _set(db, question, {**words, **_marks_of(form)}, col(Question.assignment) != Assigned.ACCEPTED)
    await revisions.keep(db, SURFACE, question.key, question.author_id, before)
    await raising.reword(db, question.surface, question.key)
    await search.put(db, question.key, f"{form.title}\n{form.body}")
    if question.dialogue_id is not None:
        await traces.put(db, question.dialogue_id, question.key, form.title)
    for channel in takedowns.channels(question):
        log.record(db, channel, "question.corrected", question=question.key)
    await mentions.tell(db, question)


async def _write(db: AsyncSession, question: Question, form: Correction, directory: Directory) -> None:
    written: dict[str, Any] = {
        "title": form.title,
        "body": form.body,
        "province_id": directory.province.id if directory.province else None,
        **_marks_of(form),
    }
    if question.dialogue_id is None:
        written |= {
            "topic_id": directory.topic.id if directory.topic else None,
            "country": form.country if form.province == ABROAD else None,
            "wished_agency_id": directory.agency.id if directory.agency else None,
        }
    await _set(db, question, written)


def _marks_of(form: Correction) -> dict[str, Any]:
    """What is known of a text without reading it."""
    return {
        "fingerprint": fingerprint(Submission(form.title, form.body)),
        "has_marks": has_tone_marks(form.body),
    }


async def _set(db: AsyncSession, question: Question, written: dict[str, Any], *wheres: Any) -> None:
    """Of two tabs one wins: the other finds `corrected_at` set."""
    written = {**written, "corrected_at": now(db)}
    changed = await db.exec(
        sa.update(Question)
        .where(col(Question.id) == question.id, col(Question.corrected_at).is_(None), *wheres)
        .values(**written)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:
        raise Conflict("corrected_once")
    for name, value in written.items():
        sa.orm.attributes.set_committed_value(question, name, value)


async def _show_again(db: AsyncSession, question: Question, verdict: Verdict) -> None:
    """In front of a person, whatever the machine thinks. A seal stays until somebody cleared for it has decided."""
    sealed = question.sealed or verdict.outcome == "denunciation"
    if question.moderation == Moderation.RECEIVED:
        await admissions.hold(db, question, sealed=sealed)
    elif sealed and not question.sealed:
        question.sealed = True
        db.add(question)
        await db.flush()
    due = await deadlines.due_at(db, question.surface, Step.MODERATE)
    words = review.folded(Submission(question.title, question.body))
    await cases.open_case(db, question.surface, question.key, verdict, now(db), due, sealed, words)
