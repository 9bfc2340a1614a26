"""The world's threads and articles: what is said there, held, let in, rewritten, taken back, flagged and taken down."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from engage import authoring, comments, forum, namings, remarks, removals, review, sections, work
from engage.access import Actor
from engage.comments import CommentForm, EditForm
from engage.forum import PostForm, ThreadForm
from engage.people import Kind, Person
from engage.remarks import Remark
from engage.takedowns import HideForm
from moderation import cases
from moderation.screening import Submission, Verdict
from tests.unit import commenting, leaks_flagged
from tests.unit.commenting import Paper
from tests.unit.leaks import Told, Verb, World, _numbers, canary, verb
from tests.unit.leaks_flagged import SAID
from tests.unit.town import DENUNCIATION, Town

SECTION = "chinh-sach-va-doi-song"  # lets in what is clean
NUMBER = "Gọi cho tôi số {number}."


@dataclass
class Talk(World):
    """`thread_id`: the thread in which posts are made. What opens it stays."""

    paper: Paper = field(kw_only=True)
    thread_id: int = field(kw_only=True)
    played: Counter[Verb] = field(default_factory=Counter)  # so that what seldom may happen happens

    async def say(self, shelf: str, more: str = "") -> None:
        words = {kind: canary() for kind in ("body", "name", "email")}
        if "{number}" in more:
            words["number"] = f"03{next(_numbers):08}"
        if shelf == "thread":
            words["title"] = canary()
        told = Told(0, "", words, f"{words['email']}@thu.example", shelf=shelf)
        body = f"Chuyện {words['body']} ở xã tôi kéo dài. {more.format(number=words.get('number', ''))}"
        async with self.town.store.transaction() as db:
            name, at = f"Trần {words['name'].capitalize()}", self.town.clock()
            author = Person(kind=Kind.CITIZEN, name=name, email=told.email, created_at=at, verified_at=at)
            db.add(author)
            await db.flush()
            text = Submission(f"Chuyện {words['title']} ở xã" if shelf == "thread" else "", body)
            verdict = await review.examine(db, SAID[shelf], text, least=2)
            made = await self._write(db, shelf, author, text)
            await review.look_at(db, SAID[shelf], made.key, verdict)
            told.id, told.place = made.key, made.place_id
        self.told.append(told)
        told.state = "sent" if not more else "sent-held" if "number" in words else "sent-sealed"

    async def _write(self, db: Any, shelf: str, author: Person, text: Submission) -> Remark:
        if shelf == "comment":
            article = await namings.opened(db, self.paper.portal, self.paper.named())
            return await comments.write(db, author, article, CommentForm(body=text.body))
        if shelf == "post":
            return await forum.reply(db, author, await forum.one(db, self.thread_id), PostForm(body=text.body))
        section = await sections.one(db, SECTION)
        return await forum.open_thread(db, author, section, ThreadForm(title=text.title, body=text.body))

    async def judge(self, told: Told, **decision: Any) -> None:
        async with self.town.store.reading() as db:
            case = (await cases.of(db, SAID[told.shelf], told.id))[-1]
        await self.town.decide(case.id or 0, "cleared", version=case.version, **decision)


async def talk(town: Town) -> Talk:
    paper = await commenting.paper(town)
    first = await paper.said("Xe chạy êm.")
    async with town.store.transaction() as db:
        author = await db.get_one(Person, paper.reader.person.id)
        form = ThreadForm(title="Việc ở xã, ai kể trước?", body="Mỗi nơi một cách làm, xin mời kể.")
        opening = await forum.open_thread(db, author, await sections.one(db, SECTION), form)
        await review.look_at(db, "post", opening.key, Verdict())
    await work.settle_received(town.store)
    assert (await paper.one(first)).number
    return Talk(town, paper=paper, thread_id=opening.place_id)


async def _worker(world: Talk, _told: Told) -> None:
    await work.settle_received(world.town.store)
    for one in world.told:
        if one.state == "sent":
            one.state = "shown"
            one.lets_out("title", "body", "name")


async def _redact(world: Talk, told: Told) -> None:
    told.hides |= {"number"}
    await world.judge(told, decision="redact")


async def _refuse(world: Talk, told: Told) -> None:
    told.words["refusal"] = canary()
    await world.judge(told, decision="refuse", reason="unclear", words=f"Vì {told.words['refusal']}.")


async def _edit(world: Talk, told: Told) -> None:
    """Older words can be read, until the text is gone."""
    told.words["later"] = canary()
    words = f"Chuyện {told.words['later']} ở xã tôi kéo dài."
    async with world.town.store.transaction() as db:
        remark = await remarks.one(db, told.id)
        if told.shelf == "comment":
            await comments.edit(db, remark, EditForm(body=words), Verdict())
        else:
            writer = Actor(person_id=remark.author_id)
            await authoring.edit(db, writer, remark, Submission(remark.title, words), Verdict(), over=remark.version)


async def _withdraw(world: Talk, told: Told) -> None:
    async with world.town.store.transaction() as db:
        remark = await remarks.one(db, told.id)
        await (authoring.withdraw_comment if told.shelf == "comment" else authoring.withdraw)(db, remark)


async def _hide(world: Talk, told: Told) -> None:
    told.words["hidden"] = canary()
    form = HideForm(reason="unclear", words=f"Gỡ vì {told.words['hidden']}.")
    async with world.town.store.transaction() as db:
        await removals.hide(db, world.town["moderator"], await remarks.one(db, told.id), form)


async def _restore(world: Talk, told: Told) -> None:
    async with world.town.store.transaction() as db:
        await removals.restore(db, world.town["moderator"], await remarks.one(db, told.id))


SAYING = [(shelf, more) for shelf in SAID for more in ("", NUMBER, DENUNCIATION)]
TALKED: tuple[Verb, ...] = (
    verb("sent", _worker),
    verb("sent-held", lambda w, t: w.judge(t, decision="accept"), "shown", "title body name number"),
    verb("sent-held", _redact, "shown", "title body name"),
    verb("sent-held sent-sealed", _refuse, "barred"),
    verb("sent-held", lambda w, t: w.judge(t, decision="seal"), "barred"),
    verb("shown", _edit, "edited", "later"),
    verb("sent sent-held shown edited kept", _withdraw, "gone", takes_back=True),
    verb("shown edited kept", _hide, "taken", takes_back=True),
    verb("taken", _restore, "back", gives_back=True),
    verb("shown edited kept", leaks_flagged.flag),
    verb("shown edited", leaks_flagged.keep, "kept"),
    verb("shown edited", leaks_flagged.take_down, "taken", takes_back=True),
    verb("shown edited", leaks_flagged.seal, "barred", takes_back=True),
    verb("shown edited", leaks_flagged.cover, "back"),
)
