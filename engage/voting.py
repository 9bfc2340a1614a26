"""Votes on questions: which of them take votes, from whom, and what follows. The same for one vote and for five hundred at once.

A vote stays with the text it was given on. Where that was merged into another one it counts there, each voter once.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit, merges, policies, ranks, votes
from engage.access import PUBLIC, Actor, visible
from engage.db import Store
from engage.questions import SURFACE, Question
from engage.votes import Ballot, Standing, Vote
from live.stirs import stir

COUNT = "votes"  # the type of count that a vote stirs
NOWHERE = "no_such_question"


@dataclass(frozen=True, slots=True)
class Votable:
    """A question that readers see: whose it is, whether it goes on as another one, and in which dialogue."""

    author_id: int
    is_merged: bool
    dialogue_id: int | None


async def write(store: Store, ballots: Sequence[Ballot]) -> list[str | None]:
    """All in one transaction: for each the reason why it does not count, or None. Whoever was set aside is not told."""
    async with store.transaction() as db:
        return await cast(db, ballots)


async def cast(db: AsyncSession, ballots: Sequence[Ballot]) -> list[str | None]:
    """In their order: of one voter's on one question the last one holds."""
    texts = await _public(db, {one.thing_id for one in ballots})
    reasons = [_why_not(one, texts) for one in ballots]
    last = {one.key: one for one, reason in zip(ballots, reasons, strict=True) if reason is None}
    if not last:
        return reasons
    everywhere = await _everywhere(db, last.values())
    most = (await policies.policy_of(db, SURFACE)).most_votes
    for _, question_id in sorted(await votes.cast(db, everywhere, most)):
        await audit.note(db, None, "votes.quarantined", question=question_id)
    ranked = set()
    for question_id in {one.thing_id for one in last.values()}:
        text = texts[question_id]
        shown_at = await merges.last_of(db, question_id) if text.is_merged else question_id
        _stir(db, shown_at, text.dialogue_id)
        if text.is_merged or text.dialogue_id is not None:
            ranked.add(shown_at)
    await ranks.keep(db, ranked)
    return reasons


async def judge(db: AsyncSession, actor: Actor, question: Question, standing: Standing) -> None:
    """A moderator has looked at what was set aside: it counts, or it stays out."""
    family = [question.key, *await merges.below(db, question.key)]
    if judged := await votes.judge(db, SURFACE, family, standing):
        if standing is Standing.COUNTED:
            await audit.note(db, actor.person_id, "votes.counted", question=question.key, votes=judged)
        else:
            await audit.note(db, actor.person_id, "votes.kept_out", question=question.key, votes=judged)
        shown_at = await merges.last_of(db, question.key)
        _stir(db, shown_at, question.dialogue_id)
        await ranks.keep(db, [shown_at])


async def forget(db: AsyncSession, person_id: int) -> None:
    """Their votes count on, each as another stranger's: who voted twice in one family is two now."""
    given = [vote.thing_id for vote in await votes.given_by(db, person_id) if vote.surface == SURFACE]
    await votes.forget(db, person_id)
    await ranks.keep(db, {await merges.last_of(db, question_id) for question_id in given})


async def counts(db: AsyncSession, question_ids: Collection[int]) -> dict[int, int]:
    """How many ask each of these too, its asker not among them. As many statements for one as for a whole list."""
    families = await merges.families(db, question_ids)
    alone = await votes.counts(db, SURFACE, set(question_ids) - families.keys())
    together = await _counted(db, _TOGETHER, families)
    return dict.fromkeys(question_ids, 0) | alone | together


async def people(db: AsyncSession, question_ids: Collection[int]) -> dict[int, int]:
    """How many ask each of these, everybody once: who sent it, who sent what goes on as it, and who voted on any of them.
    One statement for a whole list."""
    return dict.fromkeys(question_ids, 0) | await _counted(db, _PEOPLE, question_ids)


async def _counted(db: AsyncSession, statement: sa.Select[int, int], question_ids: Collection[int]) -> dict[int, int]:
    if not question_ids:
        return {}
    rows = (await (await db.connection()).execute(statement, {"ids": list(question_ids)})).all()
    return {int(key): int(times) for key, times in rows}


async def aside(db: AsyncSession, question: Question) -> Mapping[str, int]:
    return await votes.aside(db, SURFACE, question.key, *await merges.below(db, question.key))


async def has_voted(db: AsyncSession, voter: str, question_id: int) -> bool:
    return await votes.has_voted(db, voter, SURFACE, question_id, *await merges.below(db, question_id))


def _why_not(ballot: Ballot, texts: Mapping[int, Votable]) -> str | None:
    text = texts.get(ballot.thing_id)
    if ballot.surface != SURFACE or text is None:
        return NOWHERE
    return "own_question" if ballot.voter == votes.of_person(text.author_id) else None


async def _public(db: AsyncSession, question_ids: Collection[int]) -> Mapping[int, Votable]:
    """What readers see. Merged ones too: somebody still has that page open."""
    rows = (await (await db.connection()).execute(_PUBLIC, {"ids": list(question_ids)})).all()
    return {
        int(key or 0): Votable(author_id, into is not None, dialogue_id) for key, author_id, into, dialogue_id in rows
    }


async def _everywhere(db: AsyncSession, ballots: Collection[Ballot]) -> list[Ballot]:
    """A vote that is taken back is gone from the whole family: it may have been given on a question that was merged since."""
    taken_back = [one for one in ballots if not one.on]
    families = await merges.families(db, {one.thing_id for one in taken_back}) if taken_back else {}
    below = [replace(one, thing_id=other) for one in taken_back for other in families.get(one.thing_id, ())]
    return [*ballots, *below]


def _stir(db: AsyncSession, shown_at: int, dialogue_id: int | None) -> None:
    """Where it counts, readers hear of it."""
    stir(db, f"question:{shown_at}", COUNT, shown_at)
    if dialogue_id is not None:
        stir(db, f"dialogue:{dialogue_id}", COUNT, shown_at)


def _family() -> sa.CTE:
    """Each of `ids` with all that go on as it, and who asked them."""
    key, into, author = col(Question.id), col(Question.merged_into_id), col(Question.author_id)
    root: Any = sa.select(key.label("root"), key.label("id"), author.label("author"))
    family = root.where(key.in_(sa.bindparam("ids", expanding=True))).cte("family", recursive=True)
    whole: sa.CTE = family.union(sa.select(family.c.root, key, author).where(into == family.c.id))
    return whole


def _voters(family: sa.CTE) -> sa.Select[int, str]:
    """An outer join begins with the family: SQLite would else read every vote there is. Who is nobody is not counted."""
    given = col(Vote.surface) == SURFACE, col(Vote.thing_id) == family.c.id, col(Vote.standing) == Standing.COUNTED
    return sa.select(family.c.root, col(Vote.voter).label("who")).select_from(family.outerjoin(Vote, sa.and_(*given)))


def _times(who: sa.FromClause) -> sa.Select[int, int]:
    """`who`: each of them once."""
    return sa.select(who.c.root, sa.func.count(who.c.who)).group_by(who.c.root)


def _people() -> sa.Select[int, int]:
    family = _family()
    askers = sa.select(family.c.root, sa.literal(votes.PERSON).concat(sa.cast(family.c.author, sa.String)).label("who"))
    return _times(sa.union(askers, _voters(family)).subquery())


_PEOPLE, _TOGETHER = _people(), _times(_voters(_family()).distinct().subquery())
_PUBLIC = sa.select(
    col(Question.id), col(Question.author_id), col(Question.merged_into_id), col(Question.dialogue_id)
).where(col(Question.id).in_(sa.bindparam("ids", expanding=True)), visible(Question, PUBLIC))
