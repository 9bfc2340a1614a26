"""Comments: what readers say under an article of a portal. Replies one level deep: who answers a reply answers what it answers."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator
from pydantic import Field as Input
from pydantic_core import PydanticCustomError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import articles, audit, policies, remarks, sites, votes
from engage.access import PUBLIC, Actor, Moderation, visible
from engage.articles import Article
from engage.ask import Lines, Number
from engage.db import locked, now
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.people import Person
from engage.remarks import Remark, Said
from engage.votes import Ballot
from moderation import raising
from moderation.screening import Submission, Verdict

SURFACE = Said.COMMENT
MOST_BODY = 2000
OPEN = frozenset({Moderation.RECEIVED, Moderation.HELD, Moderation.ACCEPTED})


class WordsForm(BaseModel):
    """What is said."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    body: Lines = Input(default="", max_length=40_000)

    @field_validator("body")
    @classmethod
    def _body(cls, value: str) -> str:
        if not value:
            raise PydanticCustomError("comment_missing", "")
        if len(value) > MOST_BODY:
            raise PydanticCustomError("body_too_long", "", {"length": len(value), "most": MOST_BODY})
        return value


class CommentForm(WordsForm):
    """`reply_to` is the id of the comment it answers."""

    reply_to: Number = Input(default=None, ge=1, le=2**31 - 1)
    judged: Literal["", "post", "denunciation"] = ""  # answers the denunciation hint


class EditForm(WordsForm):
    """`version`: which words it was written over."""

    version: int = Input(default=0, ge=0, le=2**31 - 1)


async def one(db: AsyncSession, actor: Actor, remark_id: int) -> Remark:
    """A comment that the actor may see; posts of the forum are none."""
    return _comment(await remarks.seen_by(db, actor, remark_id))


async def own(db: AsyncSession, actor: Actor, remark_id: int) -> Remark:
    return _comment(await remarks.own(db, actor, remark_id))


async def written_by(db: AsyncSession, person_id: int, article_id: int) -> list[Remark]:
    """What they wrote there, but for what they took back; the newest last."""
    mine = Remark.author_id == person_id, Remark.surface == SURFACE, Remark.place_id == article_id
    rows = select(Remark).where(*mine, col(Remark.moderation) != Moderation.WITHDRAWN)
    return list((await db.exec(rows.order_by(col(Remark.id).desc()).limit(remarks.MOST_OWN))).all())[::-1]


async def write(db: AsyncSession, author: Person, article: Article, form: CommentForm) -> Remark:
    """The caller goes on with `review.look_at`."""
    await _must_be_open(db, article)
    answered = await _answered(db, article, form.reply_to)
    return await remarks.submit(
        db, author, SURFACE, article.key, Submission("", form.body), reply_to_id=answered.key if answered else None
    )


async def accept(db: AsyncSession, remark: Remark) -> None:
    """Let in by a moderator, or by the rule. What was said before the article closed still comes in."""
    article = await articles.one(db, remark.place_id)
    if remark.moderation == Moderation.ACCEPTED:  # flagged, and left as it is
        return
    if remark.moderation == Moderation.HIDDEN:
        await remarks.restore(db, remark, article)
        return
    await remarks.let_in(db, remark, article)
    await _line_up(db, remark, article)


async def refuse(db: AsyncSession, remark: Remark, *, sealed: bool = False) -> None:
    """What readers have is taken from them; what they do not have never comes in."""
    if remark.moderation != Moderation.ACCEPTED:
        await remarks.refuse(db, remark, sealed=sealed)
        return
    await remarks.hide(db, remark, await articles.one(db, remark.place_id), sealed=sealed)


async def may_edit(db: AsyncSession, remark: Remark) -> bool:
    """What a person must read before readers do cannot be changed behind that person's back."""
    is_shown = remark.moderation == Moderation.ACCEPTED and not remark.sealed
    return is_shown and (await policies.policy_of(db, SURFACE)).accepts_clean


def may_withdraw(remark: Remark) -> bool:
    return remark.moderation in OPEN and not remark.sealed


async def edit(db: AsyncSession, remark: Remark, form: EditForm, verdict: Verdict) -> None:
    """Readers have it: other words must be clean. The older ones can be read."""
    if remark.moderation in {Moderation.RECEIVED, Moderation.HELD}:
        raise Refused("comment_in_review", field="body")
    if not await may_edit(db, remark):
        raise Conflict("moved_on")
    await _must_be_open(db, await articles.one(db, remark.place_id))
    if form.version != remark.version:
        raise Refused("comment_changed", field="body")
    if form.body == remark.body:
        return
    if verdict.outcome != "clean":
        raise Refused("edit_must_be_clean", field="body")
    await remarks.edit(db, remark, Submission("", form.body), by=remark.author_id)
    await raising.reword(db, remark.surface, remark.key)


async def pick(db: AsyncSession, actor: Actor, remark: Remark, *, on: bool) -> None:
    """An editor finds it worth reading; or does not any more."""
    if not (actor.is_moderator or actor.is_administrator):
        raise NotAllowed()
    if remark.moderation != Moderation.ACCEPTED or remark.sealed or (remark.picked_at is not None) == on:
        raise Conflict("moved_on")
    remark.picked_at = now(db) if on else None
    db.add(remark)
    await db.flush()
    if on:
        remarks.tell(db, remark, "remark.picked")
        await audit.note(db, actor.person_id, "remark.picked", remark=remark.key)
    else:
        remarks.tell(db, remark, "remark.unpicked")
        await audit.note(db, actor.person_id, "remark.unpicked", remark=remark.key)


async def find_useful(db: AsyncSession, remark_id: int, voter: str, source: str, *, on: bool) -> int:
    """Somebody finds it useful, or takes that back. How many do, counted anew from the rows under the comment's lock."""
    remark = await one(db, PUBLIC, remark_id)
    if not voter:
        raise Refused("no_visitor")
    if voter == votes.of_person(remark.author_id):
        raise Refused("own_comment")
    most = (await policies.policy_of(db, SURFACE)).most_votes
    for _, key in sorted(await votes.cast(db, [Ballot(SURFACE, remark_id, voter, on, source)], most)):
        await audit.note(db, None, "votes.quarantined", remark=key)
    remark.useful = await votes.count(db, SURFACE, remark_id)
    db.add(remark)
    await db.flush()
    return remark.useful


def _comment(remark: Remark) -> Remark:
    if remark.surface != SURFACE:
        raise NotFound()
    return remark


async def _must_be_open(db: AsyncSession, article: Article) -> None:
    portal = (await sites.portals(db)).by_id.get(article.site_id)
    if reason := articles.why_shut(portal, article, now(db)):
        raise Refused(reason)


async def _answered(db: AsyncSession, article: Article, remark_id: int | None) -> Remark | None:
    """What is answered, where readers see it; of a reply what it answers itself."""
    if remark_id is None:
        return None
    here = Remark.surface == SURFACE, Remark.place_id == article.key, visible(Remark, PUBLIC)
    answered = (await db.exec(select(Remark).where(Remark.id == remark_id, *here))).one_or_none()
    if answered is not None and answered.reply_to_id is not None:
        answered = (await db.exec(select(Remark).where(Remark.id == answered.reply_to_id, *here))).one_or_none()
    if answered is None:
        raise Refused("comment_answers_nothing", field="reply_to")
    return answered


async def _line_up(db: AsyncSession, remark: Remark, article: Article) -> None:
    """Behind what answers the same, once and for all; the article is locked."""
    if remark.line is not None:
        return
    if remark.reply_to_id is None:
        article.lines += 1
        remark.line = article.lines
        db.add(article)
    else:
        answered = (await db.exec(locked(db, select(Remark).where(Remark.id == remark.reply_to_id)))).one()
        answered.answers += 1
        remark.line = answered.answers
        db.add(answered)
    db.add(remark)
    await db.flush()
