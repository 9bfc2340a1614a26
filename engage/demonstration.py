"""A demonstration: invented people with three hundred questions in every stage, made by the verbs themselves at invented times.

Agencies and document numbers are real; people, questions and answers are not.
"""

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import admissions, answers, approvals, assignments, intake, notices, people, publication, questions, review
from engage.access import Actor
from engage.agencies import Agency, Membership, Post
from engage.answering import AnswerForm, CitationForm
from engage.ask import ABROAD, Ask
from engage.db import Store, utc_now
from engage.deadlines import here
from engage.decisions import Decision
from engage.people import DEMONSTRATION_PASSWORD, Kind, Person
from engage.questions import Question
from engage.seed import DATA
from moderation import cases
from moderation.screening import Submission

ACCOUNTS = (
    ("moderator", "kiem-duyet-1@engage.example"),
    ("moderator", "kiem-duyet-2@engage.example"),
    ("coordinator, BHXH Việt Nam", "dau-moi.bhxh@engage.example"),
    ("official, BHXH Việt Nam", "can-bo.bhxh@engage.example"),
    ("approver, BHXH Việt Nam", "duyet.bhxh@engage.example"),
    ("administrator", "quan-tri@engage.example"),
)
# What one step of the way takes in the demonstration.
REVIEWED, TAKEN, WRITTEN = timedelta(hours=2), timedelta(hours=22), timedelta(days=2)
Row = Mapping[str, Any]


class Past:
    """A clock that stands where the story is."""

    def __init__(self, start: datetime) -> None:
        self.at = start

    def __call__(self) -> datetime:
        return self.at


async def write(store: Store) -> None:
    """On an empty, seeded store. Every row comes from a verb, so the demonstration cannot show what the product cannot do."""
    story = _story()
    password = await people.hashed(DEMONSTRATION_PASSWORD)
    clock = Past(utc_now())
    present, store.clock = store.clock, clock
    try:
        async with store.transaction() as db:
            staff = await _staff(db, story["staff"], password)
        for number, row in enumerate(sorted(story["question"], key=lambda row: -int(row["days_ago"]))):
            await _Story(store, clock, staff, number, row).tell()
    finally:
        store.clock = present
    async with store.transaction() as db:
        await notices.note_past(db)  # else six hundred mails would go out before a visitor's own


def _story() -> dict[str, list[Row]]:
    """People, and questions by field, in one file each."""
    told: dict[str, list[Row]] = {"staff": [], "question": []}
    for path in sorted((DATA / "demonstration").glob("*.toml")):
        for kind, rows in tomllib.loads(path.read_text(encoding="utf-8")).items():
            told[kind] += rows
    return told


async def _staff(db: AsyncSession, rows: list[Row], password: str) -> dict[str, Person]:
    agencies = await _agency_ids(db)
    staff: dict[str, Person] = {}
    for row in rows:
        person = Person(
            kind=Kind.STAFF,
            name=row["name"],
            login=row["email"],
            email=row["email"],
            password=password,
            is_moderator="moderator" in row["roles"],
            is_administrator="administrator" in row["roles"],
            may_unseal=row["email"] == ACCOUNTS[0][1],
            created_at=utc_now(),
        )
        db.add(person)
        await db.flush()
        for membership in row.get("memberships", ()):
            agency_id = agencies[membership["agency"]]
            db.add(Membership(person_id=person.id or 0, agency_id=agency_id, post=membership["role"]))
        staff[row["email"]] = person
    await db.flush()
    return staff


async def _agency_ids(db: AsyncSession) -> dict[str, int]:
    return {agency.slug: agency.id or 0 for agency in (await db.exec(select(Agency))).all()}


class _Story:
    """One question, from being sent to wherever it stands today."""

    def __init__(self, store: Store, clock: Past, staff: dict[str, Person], number: int, row: Row) -> None:
        self.store, self.clock, self.staff, self.number, self.row = store, clock, staff, number, row
        self.stage: str = row["stage"]
        asked = utc_now().replace(hour=1, minute=7, second=0, microsecond=0) - timedelta(days=int(row["days_ago"]))
        self.asked = asked + timedelta(minutes=number * 11 % 480)

    async def tell(self) -> None:
        self.clock.at = min(self.asked, utc_now() - timedelta(minutes=3))
        question_id, is_held = await self._ask()
        if self.stage == "held":
            return
        self._pass(REVIEWED)
        await self._review(question_id, is_held)
        if self.stage in {"refused", "accepted"}:
            return
        self._pass(TAKEN)
        if self.stage in {"transferred", "given_back"}:
            await self._sent_away(question_id)
            return
        await self._taken(question_id)
        if "answer" in self.row:
            await self._answer(question_id)

    def _pass(self, time: timedelta) -> None:
        self.clock.at = min(self.clock.at + time, utc_now())

    async def _ask(self) -> tuple[int, bool]:
        row = self.row
        ask = Ask(
            title=row["title"],
            body=row["body"],
            topic=row["topic"],
            province=row.get("province", ABROAD),
            country=row.get("country", ""),
            name=row["name"],
            email=row.get("email", ""),
            phone=row.get("phone", ""),
            anonymous=row["anonymous"],
            consent=True,
        )
        async with self.store.transaction() as db:
            verdict = await review.examine(db, questions.SURFACE, Submission(ask.title, ask.body))
            directory = await intake.find_directory(db, ask)
            code = f"demonstration {self.number}"
            submitted = await intake.submit(db, ask, directory, code=code, language="vi")
            # A refusal is a person's act, so what the story refuses was held, whatever screening thought of it.
            is_held = verdict.outcome != "clean" or self.stage == "refused"
            if is_held:
                await review.hold(db, questions.SURFACE, submitted.id, verdict)
        return submitted.id, is_held

    async def _review(self, question_id: int, is_held: bool) -> None:
        moderator = Actor(person_id=self.staff[ACCOUNTS[self.number % 2][1]].id, is_moderator=True)
        first = self.row.get("from_agency", self.row["agency"])
        async with self.store.transaction() as db:
            question = await questions.one(db, question_id)
            if not is_held:
                agency_id = (await _agency_ids(db))[first]
                await admissions.accept(db, question, by=None, agency_id=agency_id, complexity=self.row["complexity"])
                return
            case = (await cases.of(db, questions.SURFACE, question_id))[-1]
            is_refused = self.stage == "refused"
            decision = Decision(
                version=case.version,
                decision="refuse" if is_refused else "accept",
                agency="" if is_refused else first,
                complexity=self.row["complexity"],
                reason=self.row.get("refusal_reason", ""),
                words=self.row.get("refusal_words", ""),
                confirmed=True,
            )
            decided = await review.decide(db, moderator, case.id or 0, decision)
            if decided.undo_until is not None:
                self.clock.at = decided.undo_until
                await review.carry_out_ripe(db, case.id or 0)

    async def _sent_away(self, question_id: int) -> None:
        async with self.store.transaction() as db:
            question = await questions.one(db, question_id)
            coordinator = await self._somebody(db, question, Post.COORDINATOR)
            if self.stage == "given_back":
                await assignments.give_back(db, coordinator, question, self.row["give_back_reason"])
                return
            target = (await _agency_ids(db))[self.row["agency"]]
            await assignments.transfer(db, coordinator, question, target, self.row["transfer_reason"])
            await publication.note_transfer(db, question)

    async def _taken(self, question_id: int) -> None:
        async with self.store.transaction() as db:
            question = await questions.one(db, question_id)
            await assignments.accept(db, await self._somebody(db, question, Post.COORDINATOR), question)

    async def _answer(self, question_id: int) -> None:
        told = self.row["answer"]
        as_of = self.asked + timedelta(days=int(self.row["days_ago"]) - int(told["as_of"]), hours=1)
        self.clock.at = max(min(as_of, utc_now()), self.clock.at) if self.stage == "answered" else self.clock.at
        self._pass(WRITTEN if self.stage != "answered" else timedelta(minutes=30))
        form = AnswerForm(
            short=told["short"],
            full=told["full"],
            as_of=here(as_of),
            signatory=told["signatory"],
            signatory_title=told["signatory_title"],
            citations=tuple(CitationForm(**citation) for citation in told.get("citations", ())),
        )
        async with self.store.transaction() as db:
            question = await questions.one(db, question_id)
            official = await self._somebody(db, question, Post.OFFICIAL)
            answer = await answers.write(db, official, question, form, 0)
            if self.stage == "drafting":
                return
            await answers.send_for_approval(db, official, question, answer, is_sure=True)
            if self.stage == "answered":
                approver = await self._somebody(db, question, Post.APPROVER)
                await approvals.approve(db, approver, question, answer.version)

    async def _somebody(self, db: AsyncSession, question: Question, post: Post) -> Actor:
        """Who holds the post there; where the demonstration has no accounts, somebody unnamed who once did."""
        agency_id = question.agency_id or 0
        member = select(Membership.person_id).where(Membership.agency_id == agency_id, Membership.post == post)
        person_id = (await db.exec(member.limit(1))).one_or_none()
        if person_id is None:
            person_id = (await self._former(db, post)).id
        return Actor(person_id=person_id, posts={agency_id: frozenset({post})})

    async def _former(self, db: AsyncSession, post: Post) -> Person:
        """An ended account: it may have written, it cannot sign in."""
        key = f"former {post}"
        if key not in self.staff:
            person = Person(kind=Kind.STAFF, name="Tài khoản đã kết thúc", created_at=utc_now(), ended_at=utc_now())
            db.add(person)
            await db.flush()
            self.staff[key] = person
        return self.staff[key]
