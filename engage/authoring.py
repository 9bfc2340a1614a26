"""What authors do with their own posts and comments: write other words, take them back. Who may write where, and for whom."""

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import articles, comments, forum, remarks, withdrawals
from engage.access import Actor, Moderation
from engage.errors import Conflict, Refused
from engage.forum import FIRST
from engage.remarks import Remark
from engage.sections import Section, Writers
from moderation import raising
from moderation.screening import Submission, Verdict


def may_write(actor: Actor, section: Section) -> bool:
    """Whoever is signed in. Elsewhere guests sign in first; where a section takes them, the code in a mail does it."""
    return section.active and actor.person_id is not None


def takes_guests(section: Section) -> bool:
    """Who proves an address while they send what they wrote."""
    return section.active and section.writers == Writers.GUESTS


def badge_of(actor: Actor, agency_id: int | None) -> int | None:
    """For an agency speaks who holds a post there."""
    if agency_id is not None and agency_id not in actor.posts:
        raise Refused("wrong_value", field="badge")
    return agency_id


def may_edit(remark: Remark, section: Section) -> bool:
    """What a person must read before readers do cannot be changed behind that person's back."""
    return remark.moderation == Moderation.ACCEPTED and not remark.sealed and section.accepts_clean


def may_withdraw(remark: Remark, many: int) -> bool:
    """What others have answered to opens their talk too."""
    shown = {Moderation.RECEIVED, Moderation.HELD, Moderation.ACCEPTED}
    return remark.moderation in shown and not remark.sealed and not (remark.number == FIRST and many > 1)


async def edit(
    db: AsyncSession, actor: Actor, remark: Remark, text: Submission, verdict: Verdict, *, over: int
) -> None:
    """Readers have it: other words must be clean. The older ones can be read. `over`: the version it was written over."""
    thread = await forum.one(db, remark.place_id)
    if not may_edit(remark, await forum.section_of(db, thread)):
        raise Conflict("moved_on")
    forum.must_be_open(thread)
    if over != remark.version:
        raise Refused("post_changed", field="body")
    if verdict.outcome != "clean":
        raise Refused("edit_must_be_clean")
    if text == remark.text:
        return
    await remarks.edit(db, remark, text, by=actor.person_id or 0)
    await raising.reword(db, remark.surface, remark.key)


async def withdraw_comment(db: AsyncSession, remark: Remark) -> None:
    """What answers it stays."""
    if not comments.may_withdraw(remark):
        raise Conflict("moved_on")
    await remarks.withdraw(db, remark, await articles.one(db, remark.place_id))
    await withdrawals.close_case(db, remark.surface, remark)


async def withdraw(db: AsyncSession, remark: Remark) -> None:
    thread = await forum.one(db, remark.place_id)
    if not may_withdraw(remark, thread.many):
        raise Refused("opening_was_answered") if remark.number == FIRST and thread.many > 1 else Conflict("moved_on")
    was_shown = remark.moderation == Moderation.ACCEPTED
    await remarks.withdraw(db, remark, thread)
    await withdrawals.close_case(db, remark.surface, remark)
    if was_shown:
        forum.tell(db, thread, "remark.withdrawn", remark)
