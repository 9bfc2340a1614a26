"""What was brought to somebody at their desk, as the day's digest tells it: only what still waits for them. Public texts only."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies, answers, questions, second_looks, shares, translations
from engage.access import Moderation, Shared
from engage.agencies import Post
from engage.assigned import IN_HAND
from engage.notices import Kind, Notice
from engage.questions import SURFACE, Question


@dataclass(frozen=True, slots=True)
class Errand:
    """`question` is None when the whole agency is meant; `due_at` is the date of this errand, not always the answer's."""

    kind: str
    agency_id: int
    question: Question | None = None
    due_at: datetime | None = None


Posts = Mapping[int, frozenset[Post]]
Told = Callable[[AsyncSession, Notice, Question, Posts], Awaitable[Errand | None]]


async def of(db: AsyncSession, digest_id: int) -> list[Errand]:
    """One a kind and text, the most urgent first; what has no date comes last."""
    brought = (await db.exec(select(Notice).where(Notice.digest_id == digest_id).order_by(col(Notice.id)))).all()
    once = {(notice.kind, notice.surface, notice.thing_id): notice for notice in brought}
    told = [await _told(db, notice) for notice in once.values()]
    standing = [errand for errand in told if errand is not None]
    return sorted(standing, key=lambda one: (one.due_at is None, one.due_at.timestamp() if one.due_at else 0))


async def _told(db: AsyncSession, notice: Notice) -> Errand | None:
    posts = await agencies.posts_of(db, notice.person_id)
    if notice.surface not in _TOLD:
        return Errand(notice.kind, notice.thing_id) if notice.thing_id in posts else None
    question = await questions.one(db, notice.thing_id)
    is_public = question.moderation == Moderation.ACCEPTED and not question.sealed
    return await _TOLD[notice.surface][Kind(notice.kind)](db, notice, question, posts) if is_public else None


async def _handed(_db: AsyncSession, notice: Notice, question: Question, _posts: Posts) -> Errand | None:
    stands = question.official_id == notice.person_id and question.answer in IN_HAND
    return _about(notice, question, question.answer_due_at) if stands else None


async def _in_hand(_db: AsyncSession, notice: Notice, question: Question, posts: Posts) -> Errand | None:
    stands = question.agency_id in posts and question.answer in IN_HAND
    return _about(notice, question, question.answer_due_at) if stands else None


async def _share_asked(db: AsyncSession, notice: Notice, question: Question, posts: Posts) -> Errand | None:
    asked = [one for one in await shares.of(db, question) if one.state == Shared.ASKED and one.agency_id in posts]
    return _about(notice, question, asked[-1].due_at) if asked else None


async def _sent_back(db: AsyncSession, notice: Notice, question: Question, posts: Posts) -> Errand | None:
    draft = await answers.draft_of(db, question) if question.agency_id in posts else None
    if draft is None or draft.published_at is not None:
        return None
    looks = [look for look in await second_looks.of(db, question) if look.state == second_looks.State.SENT_BACK]
    return _about(notice, question, looks[-1].due_at if looks else None)


async def _to_approve(db: AsyncSession, notice: Notice, question: Question, posts: Posts) -> Errand | None:
    given = await answers.published(db, question.key)
    row = await translations.of(db, given) if given else None
    is_theirs = Post.APPROVER in posts.get(question.agency_id or 0, ()) and row and notice.person_id not in row.writers
    if row is None or row.approved_at is not None or not is_theirs:
        return None
    return Errand(translations.SURFACE, question.agency_id or 0, question)


def _about(notice: Notice, question: Question, due_at: datetime | None) -> Errand:
    return Errand(notice.kind, question.agency_id or 0, question, due_at)


_TOLD: Mapping[str, Mapping[Kind, Told]] = {
    SURFACE: {
        Kind.HANDED: _handed,
        Kind.SHARE_ASKED: _share_asked,
        Kind.SHARE_ANSWERED: _in_hand,
        Kind.CLARIFIED: _in_hand,
        Kind.SENT_BACK: _sent_back,
    },
    translations.SURFACE: {Kind.HANDED: _to_approve},
}
