"""Who follows a thread gets one mail until they read; an author hears why a post is not shown; a thread becomes a question."""

from email.header import decode_header, make_header

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from engage import bookmarks, citizens, forum, forwarding, mails, notices, questions, remarks, removals, threads, work
from engage.access import PUBLIC, Actor
from engage.errors import Conflict, NotAllowed, NotFound, Refused
from engage.notices import Kind, Notice
from engage.people import Kind as Person_
from engage.people import Person
from engage.settings import Settings
from engage.takedowns import HideForm
from tests.unit.test_forum import BODY, LOOKED_AT, TITLE, Talk
from tests.unit.test_forum import talk as talk  # the fixture
from tests.unit.watching import TEMPLATES

pytestmark = pytest.mark.anyio


async def reader(talk: Talk, name: str = "doc") -> Person:
    async with talk.town.store.transaction() as db:
        person = Person(kind=Person_.CITIZEN, name=name, email=f"{name}@thu.example", created_at=talk.town.clock())
        db.add(person)
    return person


async def follow(talk: Talk, person: Person, thread_id: int) -> None:
    async with talk.town.store.transaction() as db:
        top = (await forum.one(db, thread_id)).top
        await bookmarks.follow(db, person.id or 0, thread_id, top, on=True)


async def said(talk: Talk, thread_id: int, body: str = "Ở chỗ tôi cũng vậy.") -> int:
    made = await talk.reply(thread_id, body)
    await work.settle_received(talk.town.store)
    return made.key


async def waiting(talk: Talk, *kinds: Kind) -> list[Notice]:
    async with talk.town.store.reading() as db:
        found = select(Notice).where(col(Notice.kind).in_(kinds), col(Notice.sent_at).is_(None))
        return list(await db.exec(found.order_by(col(Notice.id))))


async def written(talk: Talk, notice: Notice) -> str:
    """Subject and words; nothing where no mail is sent."""
    async with talk.town.store.reading() as db:
        mail = await mails.compose(db, notice, TEMPLATES, Settings())
    if mail is None:
        return ""
    return f"{make_header(decode_header(mail['Subject']))}\n{mail.get_payload(decode=True).decode()}"


async def test_a_follower_gets_one_mail_until_they_have_read(talk: Talk) -> None:
    thread_id, follower = await talk.thread(), await reader(talk)
    await follow(talk, follower, thread_id)
    await said(talk, thread_id)
    await said(talk, thread_id, "Tôi xin kể thêm một chuyện nữa.")
    (mail,) = await waiting(talk, Kind.THREAD_NEWS)
    words = await written(talk, mail)
    assert TITLE in words
    assert "2 bài mới" in words
    assert f"/forum/threads/{thread_id}#p2" in words
    assert "/forum/unfollow/thread-" in words
    assert "cũng vậy" not in words
    async with talk.town.store.transaction() as db:
        await bookmarks.reach(db, follower.id or 0, thread_id, 3)
    assert await written(talk, mail) == ""  # read before it was sent
    await said(talk, thread_id, "Sau khi đã đọc thì có thư mới.")
    assert len(await waiting(talk, Kind.THREAD_NEWS)) == 2


async def test_nobody_is_mailed_about_what_they_wrote_nor_after_leaving_nor_of_what_is_gone(talk: Talk) -> None:
    thread_id, follower = await talk.thread(), await reader(talk)
    await follow(talk, talk.author, thread_id)
    await follow(talk, follower, thread_id)
    post = await said(talk, thread_id)
    (mail,) = await waiting(talk, Kind.THREAD_NEWS)
    assert mail.person_id == follower.id
    async with talk.town.store.transaction() as db:
        await removals.hide(db, talk.town["moderator"], await remarks.one(db, post), HideForm(reason="unclear"))
    assert await written(talk, mail) == ""
    await said(talk, thread_id, "Bài sau còn đó.")
    assert "1 bài mới" in await written(talk, mail)
    async with talk.town.store.transaction() as db:
        await bookmarks.leave(db, follower.id or 0, thread_id)
    assert await written(talk, mail) == ""


async def test_who_has_their_data_restricted_or_erased_is_not_mailed(talk: Talk) -> None:
    thread_id, restricted, erased = await talk.thread(), await reader(talk, "han"), await reader(talk, "xoa")
    for one in (restricted, erased):
        await follow(talk, one, thread_id)
    async with talk.town.store.transaction() as db:
        await db.exec(sa.update(Person).where(col(Person.id) == restricted.id).values(restricted_at=talk.town.clock()))
        await citizens.erase(db, Actor(person_id=erased.id, name="xoa"))
        assert not await bookmarks.of(db, erased.id, [thread_id])
    await said(talk, thread_id)
    assert not await waiting(talk, Kind.THREAD_NEWS)


async def test_an_author_hears_why_a_post_was_refused_and_why_one_was_taken_down(talk: Talk) -> None:
    refused = await talk.open(LOOKED_AT)
    await talk.town.decide(await talk.case_of(refused), decision="refuse", reason="unclear", words="Viết rõ hơn nhé.")
    thread_id = await talk.thread()
    post = await said(talk, thread_id, "Quýt làm cam chịu.")
    async with talk.town.store.transaction() as db:
        form = HideForm(reason="unclear", words="Bài không nói rõ điều gì.")
        await removals.hide(db, talk.town["moderator"], await remarks.one(db, post), form)
    first, second = await waiting(talk, Kind.REFUSED, Kind.HIDDEN)
    words = await written(talk, first)
    assert words.startswith("Bài viết của bạn không được đăng")
    assert "Viết rõ hơn nhé." in words
    assert f"/forum/posts/{refused.key}" in words
    assert BODY not in words
    words = await written(talk, second)
    assert words.startswith("Bài viết của bạn đã được gỡ")
    assert "Bài không nói rõ điều gì." in words
    assert "Quýt" not in words
    async with talk.town.store.transaction() as db:
        await removals.restore(db, talk.town["moderator"], await remarks.one(db, post))
    assert not await waiting(talk, Kind.HIDDEN)


async def test_only_who_opened_a_thread_makes_a_question_of_it_and_once(talk: Talk) -> None:
    thread_id, question_id = await talk.thread(), await talk.town.ask()
    author = Actor(person_id=talk.author.id, name=talk.author.name)
    async with talk.town.store.transaction() as db:
        for other in (PUBLIC, talk.town["moderator"]):
            with pytest.raises(NotFound):
                await forwarding.forward(db, other, thread_id, question_id)
        await forwarding.forward(db, author, thread_id, question_id)
        with pytest.raises(Refused, match="thread_forwarded"):
            await forwarding.forward(db, author, thread_id, question_id)
        assert await threads.that_became(db, question_id) == thread_id
    assert (await talk.town.facts(f"thread:{thread_id}"))[-1] == "thread.forwarded"
    assert (await talk.town.question(question_id)).id == question_id
    async with talk.town.store.transaction() as db:
        _, opening = await forum.seen_by(db, PUBLIC, thread_id)
        await forum.refuse(db, opening)
        assert await threads.that_became(db, question_id) is None
        assert (await questions.one(db, question_id)).id == question_id


async def test_a_moderator_suggests_and_the_author_decides(talk: Talk) -> None:
    thread_id = await talk.thread()
    async with talk.town.store.transaction() as db:
        thread, opening = await forum.seen_by(db, PUBLIC, thread_id)
        with pytest.raises(NotAllowed):
            await forwarding.suggest(db, talk.town["official"], thread, opening)
        await forwarding.suggest(db, talk.town["moderator"], thread, opening)
        with pytest.raises(Conflict):
            await forwarding.suggest(db, talk.town["moderator"], thread, opening)
        assert thread.question_id is None
    (mail,) = await waiting(talk, Kind.SUGGESTED)
    assert f"/forum/threads/{thread_id}/question" in await written(talk, mail)
    question_id = await talk.town.ask()
    async with talk.town.store.transaction() as db:
        await forwarding.forward(db, Actor(person_id=talk.author.id), thread_id, question_id)
    assert not await waiting(talk, Kind.SUGGESTED)
    assert notices.Kind.SUGGESTED not in notices.GATHERED
