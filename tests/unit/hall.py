"""A dialogue in a town: its crew, its guests, and a question at any step of its way."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count

from engage import (
    admissions,
    crews,
    dialogues,
    guests,
    intake,
    marking,
    polls,
    questions,
    receipts,
    replies,
    review,
    staging,
    turns,
)
from engage.access import Actor, Moderation
from engage.crews import Part
from engage.db import now
from engage.dialogues import Dialogue, Stage
from engage.guests import Guest
from engage.marking import Mark
from engage.moves import move
from engage.replies import Reply
from moderation.screening import Submission
from tests.unit.town import Town, an_ask

WAY = (Stage.SCHEDULED, Stage.INTAKE, Stage.LOBBY, Stage.LIVE, Stage.CLOSING, Stage.ENDED)
# Who has which part; scribes and guests are people of the town.
PARTS = {
    "moderator": Part.EDITOR,
    "colleague": Part.EDITOR,
    "coordinator": Part.HOST,
    "second_official": Part.HOST,
    "approver": Part.GUEST,
    "second_approver": Part.OFFICER,
    "official": Part.SCRIBE,
    "elsewhere_official": Part.SCRIBE,
    "elsewhere_approver": Part.GUEST,
}


@dataclass
class Hall:
    town: Town
    id: int
    guests: Sequence[int]
    groups: Sequence[int]
    actors: dict[str, Actor]
    _asked: count = field(default_factory=count)  # type: ignore[type-arg]  # of int

    def __getitem__(self, who: str) -> Actor:
        return self.actors.get(who, self.town[who])

    async def dialogue(self) -> Dialogue:
        async with self.town.store.reading() as db:
            return await dialogues.one(db, self.id)

    async def to(self, stage: Stage) -> None:
        """Along the usual way."""
        verbs = {
            Stage.SCHEDULED: staging.announce,
            Stage.INTAKE: staging.open_intake,
            Stage.LOBBY: staging.open_lobby,
            Stage.LIVE: staging.start,
            Stage.CLOSING: staging.close,
            Stage.ENDED: staging.end,
        }
        at = (await self.dialogue()).stage
        begin = WAY.index(Stage(at)) + 1 if at in WAY else 0
        for step in WAY[begin : WAY.index(stage) + 1]:
            async with self.town.store.transaction() as db:
                await verbs[step](db, self["moderator"], await dialogues.one(db, self.id))

    async def ask(self, title: str = "", *, group: int = 0) -> int:
        """A clean question, let in."""
        number = next(self._asked)
        again = f"Lần {number}, buổi {self.id}."  # the same words twice would be held
        ask = an_ask(title=title or f"Câu hỏi số {number} về bảo hiểm xã hội", body=f"{an_ask().body} {again}")
        async with self.town.store.transaction() as db:
            verdict = await review.examine(db, "question", Submission(ask.title, ask.body))
            directory = await intake.find_directory(db, ask)
            code = receipts.code_for("secret", "hall", f"{self.id} {number}")
            dialogue = await dialogues.one(db, self.id)
            sent = await intake.submit(db, ask, directory, code=code, language="vi", dialogue=dialogue)
            await turns.enter(db, sent.id, dialogue, self.groups[group])
            await review.look_at(db, "question", sent.id, verdict)
        async with self.town.store.transaction() as db:
            question = await questions.one(db, sent.id)
            if question.moderation == Moderation.RECEIVED:
                await review.settle(db, "question", question)
        return sent.id

    async def let_in(self, title: str, *, group: int = 0) -> int:
        """Sent and let in at once: where a worker runs, it finds nothing to do in between."""
        number = next(self._asked)
        ask = an_ask(title=title)
        async with self.town.store.transaction() as db:
            dialogue, directory = await dialogues.one(db, self.id), await intake.find_directory(db, ask)
            code = receipts.code_for("secret", "hall", f"{self.id} {number}")
            sent = await intake.submit(db, ask, directory, code=code, language="vi", dialogue=dialogue)
            await turns.enter(db, sent.id, dialogue, self.groups[group])
            await admissions.accept(db, await questions.one(db, sent.id), by=None)
        return sent.id

    async def stage(self, question_id: int, *, instead_of: int | None = None, by: str = "coordinator") -> None:
        async with self.town.store.transaction() as db:
            turn = await turns.one(db, self.id, question_id)
            await turns.stage(db, self[by], await dialogues.one(db, self.id), turn, instead_of=instead_of)

    async def type(self, question_id: int, text: str, *, guest: int = 0, by: str = "official") -> Reply:
        async with self.town.store.transaction() as db:
            dialogue = await dialogues.one(db, self.id)
            question = await questions.one(db, question_id)
            reply = await replies.begin(db, self[by], dialogue, question, self.guests[guest])
            await replies.write(db, self[by], dialogue, reply, text, reply.version)
            return reply

    async def answer(self, question_id: int, text: str = "Có, từ tháng sau.", *, guest: int = 0) -> Reply:
        """Typed by a scribe, handed up, let out by the guest."""
        reply = await self.type(question_id, text, guest=guest)
        async with self.town.store.transaction() as db:
            dialogue = await dialogues.one(db, self.id)
            reply = await replies.one(db, self.id, reply.key)
            await replies.hand_up(db, self["official"], dialogue, reply)
        async with self.town.store.transaction() as db:
            dialogue = await dialogues.one(db, self.id)
            reply = await replies.one(db, self.id, reply.key)
            await replies.release(db, self[("approver", "elsewhere_approver")[guest]], dialogue, reply, reply.version)
        return reply

    async def poll(self, words: str, choices: Sequence[str], marks: Sequence[int]) -> None:
        """Held and closed, also where it is too late for a host to open one; `marks`: which choice each voter takes."""
        async with self.town.store.transaction() as db:
            by = self["coordinator"].person_id or 0
            poll = await polls.make(db, dialogues.SURFACE, self.id, words, choices, several=False, by=by)
            await move(db, poll, "state", polls.State.OPEN, polls.MOVES, opened_at=now(db))
            offered = (await polls.choices(db, [poll.key]))[poll.key]
            chosen = enumerate(frozenset({offered[place].id or 0}) for place in marks)
            await marking.mark(
                db, [Mark(poll.key, f"v:{voter}", one, f"s:{voter}") for voter, one in chosen], len(marks)
            )
            await move(db, poll, "state", polls.State.CLOSED, polls.MOVES, closed_at=now(db))


async def opened(town: Town, stage: Stage = Stage.DRAFT) -> Hall:
    """A dialogue in two days, of two guests and two groups."""
    async with town.store.transaction() as db:
        at = now(db) + timedelta(days=2)
        made = Dialogue(
            title="Đối thoại về bảo hiểm xã hội",
            starts_at=at,
            ends_at=at + timedelta(hours=2),
            created_by=0,
            created_at=at,
        )
        dialogue = await dialogues.create(db, town["moderator"], made)
        editor = replace(town["moderator"], parts={dialogue.key: frozenset({Part.EDITOR})})
        came: list[Guest] = []
        for name, agency in (("Lê Văn Bình", "bao-hiem-xa-hoi-viet-nam"), ("Phạm Thu Hà", "bo-y-te")):
            guest = await guests.invite(db, editor, dialogue, name, "Phó Giám đốc", town.agencies.get(agency))
            await guests.confirm(db, editor, dialogue, guest)
            came.append(guest)
        await guests.set_groups(db, editor, dialogue, ["Rút một lần", "Lương hưu"])
        groups = [group.key for group in await guests.groups(db, dialogue.key)]
        for who, part in PARTS.items():
            of = {"approver": came[0].key, "second_approver": came[0].key, "elsewhere_approver": came[1].key}.get(who)
            await guests.take_on(db, editor, dialogue, town.people[who], part, of)
        actors = {who: replace(town[who], parts=await crews.parts_of(db, town.id(who))) for who in PARTS}
        hall = Hall(town, dialogue.key, [guest.key for guest in came], groups, actors)
    if stage is not Stage.DRAFT:
        await hall.to(stage)
    return hall
