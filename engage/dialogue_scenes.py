"""The dialogues of the demonstration, each told by the verbs from its announcement to where it stands."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import (
    admissions,
    answers,
    approvals,
    assignments,
    carrying,
    crews,
    dialogues,
    guests,
    intake,
    minutes,
    people,
    polling,
    polls,
    questions,
    replies,
    review,
    staging,
    turns,
    votes,
    voting,
)
from engage.access import Actor
from engage.agencies import Post
from engage.ask import Ask
from engage.crews import Part
from engage.deadlines import here
from engage.dialogues import Dialogue
from engage.errors import NotFound
from engage.marking import Mark
from engage.stories import Cast, Past, Row, form_of
from engage.votes import Ballot
from live import log
from moderation.screening import Submission

# Who has which part in every one of them. Guests have an account where the row of the guest names one.
HOST, SCRIBES = "mc@engage.example", ("thu-ky-1@engage.example", "thu-ky-2@engage.example")
A_MINUTE, AN_HOUR = timedelta(minutes=1), timedelta(hours=1)
BETWEEN = timedelta(minutes=4)  # from one answer to the next
LATER = timedelta(days=3)
ADDRESS = "ban-doc@engage.example"  # of nobody: a demonstration's mails land in a folder
# Every fourth wishes not to be named.
ASKERS = ("Nguyễn Thị Hường", "Trần Đức Mạnh", "Lò Văn Panh", "Phạm Thu Trang", "Huỳnh Ngọc Bảo")


class Scene:
    """One dialogue, told in one session. Facts are numbered after each step, so that they bear its time."""

    def __init__(self, db: AsyncSession, clock: Past, cast: Cast, row: Row) -> None:
        self.db, self.clock, self.cast, self.row = db, clock, cast, row
        self.id = 0
        self.actors: dict[str, Actor] = {}
        self.asked: dict[str, int] = {}  # by title
        self.starts_at = clock.present + timedelta(minutes=row["starts_in"])

    async def tell(self) -> None:
        """As far as its row says: `then` names the scenes, in their order."""
        await self.announced()
        for name in self.row["then"]:
            await getattr(self, name)()
            await self.noted()

    # Before

    async def announced(self) -> None:
        row, at = self.row, self.clock.present - timedelta(days=self.row["announced"])
        self.clock.at = at
        lasting = timedelta(minutes=row["minutes"])
        made = Dialogue(
            title=row["title"],
            lead=row["lead"],
            place=row["place"],
            agency_id=self.cast.agencies[row["agency"]],
            starts_at=self.starts_at,
            ends_at=self.starts_at + lasting,
            created_by=0,
            created_at=at,
        )
        self.id = (await dialogues.create(self.db, self.cast.moderators[0], made)).key
        editor = replace(self.cast.moderators[0], parts={self.id: frozenset({Part.EDITOR})})
        await self._staffed(editor)
        await guests.set_groups(self.db, editor, await self.dialogue(), row["groups"])
        self.groups = [group.key for group in await guests.groups(self.db, self.id)]
        for person_id in {crew.person_id for crew in await crews.of(self.db, self.id)}:
            parts = await crews.parts_of(self.db, person_id)
            login = next(email for email, one in self.cast.staff.items() if one == person_id)
            self.actors[login] = Actor(person_id=person_id, parts=parts)
        self.editor, self.second = (
            replace(moderator, parts={self.id: frozenset({Part.EDITOR})}) for moderator in self.cast.moderators
        )
        await staging.announce(self.db, editor, await self.dialogue())
        await self.noted()

    async def _staffed(self, editor: Actor) -> None:
        dialogue = await self.dialogue()
        await self._take_on(editor, dialogue, self._login(self.cast.moderators[1]), Part.EDITOR)
        await self._take_on(editor, dialogue, HOST, Part.HOST)
        for scribe in SCRIBES:
            await self._take_on(editor, dialogue, scribe, Part.SCRIBE)
        self.guests: list[int] = []
        for told in self.row["guests"]:
            agency_id = self.cast.agencies[told["agency"]]
            guest = await guests.invite(self.db, editor, dialogue, told["name"], told["title"], agency_id)
            await guests.confirm(self.db, editor, dialogue, guest)
            await self._take_on(editor, dialogue, told["account"], Part.GUEST, guest.key)
            self.guests.append(guest.key)

    async def _take_on(
        self, editor: Actor, dialogue: Dialogue, login: str, part: Part, guest_id: int | None = None
    ) -> None:
        person = await self.db.get(people.Person, self.cast.staff[login])
        if person is None:
            raise NotFound()
        await guests.take_on(self.db, editor, dialogue, person, part, guest_id)

    async def intake(self) -> None:
        """Questions in advance, spread over the days until it begins, or until now."""
        self.passed(AN_HOUR)
        await staging.open_intake(self.db, self.editor, await self.dialogue())
        advance = [told for told in self.row["questions"] if not told.get("live")]
        until = min(self.starts_at, self.clock.present) - AN_HOUR
        step = (until - self.clock.at) / (len(advance) + 1)
        for told in advance:
            self.passed(step)
            await self._ask(told)

    # In the room

    async def lobby(self) -> None:
        self.clock.at = self.starts_at - 15 * A_MINUTE
        await staging.open_lobby(self.db, self.actors[HOST], await self.dialogue())

    async def start(self) -> None:
        self.clock.at = self.starts_at
        await staging.start(self.db, self.actors[HOST], await self.dialogue())
        await staging.say(self.db, self.actors[HOST], await self.dialogue(), self.row["message"])

    async def talk(self) -> None:
        """What is answered goes over the stage; meanwhile further questions come in."""
        for told in (told for told in self.row["questions"] if told.get("live")):
            self.passed(A_MINUTE / 2)
            await self._ask(told)
        for told in (told for told in self.row["questions"] if "answer" in told):
            await self._staged(told)
            reply = await self._typed(told)
            self.passed(A_MINUTE)
            dialogue = await self.dialogue()
            await replies.hand_up(self.db, self.actors[SCRIBES[0]], dialogue, reply)
            await replies.release(self.db, self._guest(told), dialogue, reply, reply.version)
            await self.noted()

    async def underway(self) -> None:
        """On every desk there is something to do: one on stage, one handed up, one being typed, others queued, a poll."""
        host = self.actors[HOST]
        for told in self.row["questions"]:
            if "handed_up" in told or "typed" in told or told.get("queued"):
                turn = await self._turn(told)
                await turns.hand(self.db, host, await self.dialogue(), turn, self.guests[told.get("guest", 0)])
                await turns.queue(self.db, host, await self.dialogue(), turn)
                self.passed(A_MINUTE / 4)
        for told in self.row["questions"]:
            if "handed_up" in told:
                reply = await self._typed({**told, "answer": told["handed_up"]})
                await replies.hand_up(self.db, self.actors[SCRIBES[0]], await self.dialogue(), reply)
            if "typed" in told:
                await self._typed({**told, "answer": told["typed"]})
        await self._staged(next(told for told in self.row["questions"] if told.get("on_stage")))
        await self.poll()

    async def poll(self) -> None:
        """Prepared, and open: readers are choosing."""
        told, host, dialogue = self.row["poll"], self.actors[HOST], await self.dialogue()
        poll = await polling.make(self.db, host, dialogue, told["words"], told["choices"], several=False)
        await polling.open_(self.db, host, dialogue, poll)
        choices = (await polls.choices(self.db, [poll.key]))[poll.key]
        marks = [
            Mark(poll.key, votes.of_visitor(f"demonstration poll {reader}"), frozenset({one.key}))
            for reader in range(told["readers"])
            for one in [choices[reader * reader % len(choices)]]
        ]
        await polling.mark(self.db, marks)

    # Afterwards

    async def end(self) -> None:
        self.clock.at = self.starts_at + timedelta(minutes=self.row["minutes"])
        await staging.close(self.db, self.actors[HOST], await self.dialogue())
        self.passed(10 * A_MINUTE)
        await staging.end(self.db, self.actors[HOST], await self.dialogue())
        await dialogues.note_peak(self.db, self.id, self.row["peak"])

    async def carry(self) -> None:
        """To agencies, as the worker does; some of them have answered since."""
        for question_id in await carrying.waiting(self.db, len(self.asked)):
            await carrying.carry(self.db, question_id)
        await self.noted()

    async def publish(self) -> None:
        self.passed(AN_HOUR)
        written = await minutes.draft(self.db, self.editor, await self.dialogue())
        told = self.row["written"]
        await minutes.edit(
            self.db, self.editor, await self.dialogue(), written, written.version, told["opening"], told["closing"]
        )
        await minutes.send(self.db, self.editor, await self.dialogue(), written, written.version)
        self.passed(AN_HOUR)
        await minutes.approve(self.db, self.second, await self.dialogue(), written, written.version)
        await staging.publish(self.db, self.editor, await self.dialogue())

    async def correct(self) -> None:
        self.passed(timedelta(days=1))
        for told in (told for told in self.row["questions"] if "corrected" in told):
            reply = await self._typed({**told, "answer": told["corrected"]})
            dialogue = await self.dialogue()
            await replies.release(self.db, self._guest(told), dialogue, reply, reply.version, reason=told["why"])

    async def answered_later(self) -> None:
        self.passed(LATER)
        for told in (told for told in self.row["questions"] if "later" in told):
            question = await questions.one(self.db, self.asked[told["title"]])
            coordinator, official, approver = [
                await self.cast.somebody(self.db, question.agency_id, post)
                for post in (Post.COORDINATOR, Post.OFFICIAL, Post.APPROVER)
            ]
            await assignments.accept(self.db, coordinator, question)
            self.passed(AN_HOUR)
            answer = await answers.write(self.db, official, question, form_of(told["later"], here(self.clock.at)), 0)
            await answers.send_for_approval(self.db, official, question, answer, is_sure=True)
            await approvals.approve(self.db, approver, question, answer.version)
            await self.noted()

    # Inside

    async def dialogue(self) -> Dialogue:
        return await dialogues.one(self.db, self.id)

    def passed(self, time: timedelta) -> None:
        self.clock.move_to(self.clock.at + time)

    async def noted(self) -> None:
        await log.number(self.db, self.clock.at)

    def _guest(self, told: Row) -> Actor:
        account = self.row["guests"][told.get("guest", 0)]["account"]
        return self.actors[account]

    def _login(self, actor: Actor) -> str:
        return next(email for email, one in self.cast.staff.items() if one == actor.person_id)

    async def _turn(self, told: Row) -> turns.Turn:
        return await turns.one(self.db, self.id, self.asked[told["title"]])

    async def _ask(self, told: Row) -> None:
        number = len(self.asked)
        who: Row = {"name": ASKERS[number % len(ASKERS)], "anonymous": number % 4 == 3, "email": ADDRESS}
        ask = Ask(title=told["title"], body=told["body"], **who, consent=True)
        verdict = await review.examine(self.db, questions.SURFACE, Submission(ask.title, ask.body))
        directory, dialogue = await intake.find_directory(self.db, ask), await self.dialogue()
        code = f"demonstration dialogue {self.id} {len(self.asked)}"
        sent = await intake.submit(self.db, ask, directory, code=code, language="vi", dialogue=dialogue)
        self.asked[ask.title] = sent.id
        await turns.enter(self.db, sent.id, dialogue, self.groups[told["group"]])
        if told.get("held"):
            await review.hold(self.db, questions.SURFACE, sent.id, verdict)
        else:
            await admissions.accept(self.db, await questions.one(self.db, sent.id), by=None)
        readers = (votes.of_visitor(f"demonstration {sent.id} {reader}") for reader in range(told.get("votes", 0)))
        await voting.cast(self.db, [Ballot(questions.SURFACE, sent.id, reader) for reader in readers])
        await self.noted()

    async def _staged(self, told: Row) -> None:
        self.passed(BETWEEN)
        dialogue, turn = await self.dialogue(), await self._turn(told)
        there = await turns.on_stage(self.db, self.id)
        seen = there.question_id if there else None
        await turns.hand(self.db, self.actors[HOST], dialogue, turn, self.guests[told.get("guest", 0)])
        await turns.stage(self.db, self.actors[HOST], dialogue, turn, instead_of=seen)

    async def _typed(self, told: Row) -> replies.Reply:
        scribe, dialogue = self.actors[SCRIBES[0]], await self.dialogue()
        question = await questions.one(self.db, self.asked[told["title"]])
        self.passed(A_MINUTE)
        reply = await replies.begin(self.db, scribe, dialogue, question, self.guests[told.get("guest", 0)])
        await replies.write(self.db, scribe, dialogue, reply, told["answer"], reply.version)
        return reply
