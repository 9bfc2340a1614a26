"""One question of the demonstration, from being sent to wherever it stands, by the verbs themselves at invented times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import admissions, answers, approvals, assignments, attachments, intake, publication, questions, review
from engage.access import Actor
from engage.agencies import Agency, Membership, Post
from engage.answering import AnswerForm, CitationForm
from engage.antivirus import Scan
from engage.ask import ABROAD, Ask
from engage.deadlines import Calendar, here
from engage.decisions import Decision
from engage.filetypes import Kind as FileKind
from engage.intake import Submitted
from engage.people import Kind, Person
from engage.questions import Question
from engage.seed import DATA
from engage.storage import Storage
from live import log
from moderation import cases
from moderation.screening import Submission

# What one step of the way takes in the demonstration.
REVIEWED, WRITTEN = timedelta(hours=2), timedelta(days=2)
DAY, UNDOABLE = timedelta(days=1), timedelta(minutes=2)
FILES, MOST_BYTES = DATA / "demonstration", 1024 * 1024
Row = Mapping[str, Any]


class Past:
    """A clock that stands where the story is."""

    def __init__(self, present: datetime) -> None:
        self.present = self.at = present

    def __call__(self) -> datetime:
        return self.at

    def move_to(self, at: datetime) -> None:
        self.at = min(at, self.present)


@dataclass
class Cast:
    """Who may appear: read once, for nothing of it changes while the stories are told."""

    staff: Mapping[str, int]
    moderators: Sequence[Actor]
    agencies: Mapping[str, int]
    calendar: Calendar
    terms: Mapping[str, int]  # working days of an answer, by complexity
    posts: dict[tuple[int, str], int] = field(default_factory=dict)
    questions: dict[str, int] = field(default_factory=dict)  # by title, as they are told

    async def somebody(self, db: AsyncSession, agency_id: int | None, post: Post) -> Actor:
        """Who holds the post there; where the demonstration has no accounts, somebody unnamed who once did."""
        person_id = self.posts.get((agency_id or 0, post)) or self.posts.get((0, post))
        if person_id is None:
            at = db.info["clock"].present
            former = Person(kind=Kind.STAFF, name="Tài khoản đã kết thúc", created_at=at, ended_at=at)
            db.add(former)
            await db.flush()
            person_id = self.posts[0, post] = former.id or 0
        return Actor(person_id=person_id, posts={agency_id or 0: frozenset({post})})


async def posts(db: AsyncSession) -> dict[tuple[int, str], int]:
    """Of several who hold a post, the first."""
    rows = (await db.exec(select(Membership))).all()
    return {(row.agency_id, row.post): row.person_id for row in sorted(rows, key=lambda row: -row.person_id)}


async def agency_ids(db: AsyncSession) -> dict[str, int]:
    return {agency.slug: agency.id or 0 for agency in (await db.exec(select(Agency))).all()}


class Story:
    """Told in one session. Facts are numbered after each step, so that they bear its time."""

    surface = questions.SURFACE

    def __init__(self, db: AsyncSession, clock: Past, cast: Cast, storage: Storage, number: int, row: Row) -> None:
        self.db, self.clock, self.cast, self.storage, self.number, self.row = db, clock, cast, storage, number, row
        self.stage: str = row.get("stage", "")
        self.id = 0

    async def tell(self) -> None:
        asked = self._asked()
        self.clock.move_to(min(asked, self.clock.present - timedelta(minutes=3)))
        is_held = await self._ask()
        if self.stage == "held":
            return
        self.passed(REVIEWED)
        await self._review(is_held)
        if self.stage in {"refused", "accepted"}:
            return
        self.worked(1)
        if self.stage in {"transferred", "given_back"}:
            await self._sent_away()
            return
        await self._taken()
        if "answer" in self.row:
            await self._answer(asked)

    async def resume(self) -> None:
        """A question that was told before, from when its answer went out; else from when it was let in."""
        self.id = self.cast.questions[self.row["title"]]
        question = await self.question()
        self.clock.at = question.published_at or question.accepted_at or question.created_at

    # Time

    def passed(self, time: timedelta) -> None:
        self.clock.move_to(self.clock.at + time)

    def worked(self, days: int) -> None:
        """So many working days go by; without one, an hour."""
        on = here(self.clock.at)
        later = self.cast.calendar.after(on, days) - on
        self.passed(later or timedelta(hours=1))

    async def noted(self) -> None:
        await log.number(self.db, self.clock.at)

    def _asked(self) -> datetime:
        start = self.clock.present.replace(hour=1, minute=7, second=0, microsecond=0)
        days = timedelta(days=(here(self.clock.present) - self._day()).days)
        return start - days + timedelta(minutes=self.number * 11 % 480)

    def _day(self) -> date:
        """So many days ago, or so many working days; or such that the answer is due in so many: less than none, when it is late."""
        today, calendar = here(self.clock.present), self.cast.calendar
        if "days_ago" in self.row:
            return today - timedelta(days=int(self.row["days_ago"]))
        if "asked" in self.row:
            return _back(calendar, today, self.row["asked"])
        due_in, term = int(self.row["due_in"]), self.cast.terms[self.row["complexity"]]
        due = _back(calendar, today, -due_in) if due_in < 0 else calendar.after(today - DAY, due_in + 1)
        return _back(calendar, due, term)

    # The way of most questions

    async def question(self) -> Question:
        return await questions.one(self.db, self.id)

    async def agency(self, post: Post) -> tuple[Question, Actor]:
        """The question, and who holds the post where it is now."""
        question = await self.question()
        return question, await self.cast.somebody(self.db, question.agency_id, post)

    def moderator(self, other: int = 0) -> Actor:
        return self.cast.moderators[(self.number + other) % len(self.cast.moderators)]

    async def bring(self, surface: str, to: int, told: Row, owner: str = "") -> None:
        """One of the demonstration's own files, to a question or to an answer."""
        content, key, bundle = (FILES / told["file"]).read_bytes(), attachments.new_key(), f"demonstration {self.id}"
        await self.storage.put(key, content)
        row = await attachments.add(
            self.db,
            bundle,
            surface,
            key=key,
            name=told["name"],
            kind=FileKind(told["kind"]),
            size=len(content),
            scan=Scan.CLEAN,
            most_bytes=MOST_BYTES,
        )
        await attachments.describe(self.db, [row], {key: told["about"]})
        await attachments.bind(self.db, bundle, surface, to, channel=f"question:{self.id}", owner=owner)

    def form(self) -> Ask:
        row = self.row
        return Ask(
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

    def said(self, form: Ask) -> str:
        return form.body

    async def submit(self, form: Ask, code: str) -> Submitted:
        directory = await intake.find_directory(self.db, form)
        return await intake.submit(self.db, form, directory, code=code, language="vi")

    async def _ask(self) -> bool:
        form = self.form()
        verdict = await review.examine(self.db, self.surface, Submission(form.title, self.said(form)))
        submitted = await self.submit(form, f"demonstration {self.number}")
        self.id = self.cast.questions[form.title] = submitted.id
        if "enclosed" in self.row:
            author = (await self.question()).author_id
            await self.bring(attachments.QUESTION, self.id, self.row["enclosed"], owner=f"person:{author}")
        # A refusal is a person's act, so what the story refuses was held, whatever screening thought of it.
        is_held = verdict.outcome != "clean" or self.stage in {"held", "refused"}
        if is_held:
            await review.hold(self.db, self.surface, submitted.id, verdict)
        await self.noted()
        return is_held

    async def _review(self, is_held: bool) -> None:
        first = self.row.get("from_agency", self.row["agency"])
        if not is_held:
            agency_id = self.cast.agencies[first] if first else None
            question = await self.question()
            await admissions.accept(self.db, question, by=None, agency_id=agency_id, complexity=self.row["complexity"])
            await self.noted()
            return
        is_refused = self.stage == "refused"
        await self.decide(
            self.moderator(),
            decision="refuse" if is_refused else "accept",
            agency="" if is_refused else first,
            complexity=self.row["complexity"],
            reason=self.row.get("refusal_reason", ""),
            words=self.row.get("refusal_words", ""),
        )

    async def decide(self, moderator: Actor, **decision: Any) -> None:
        """On the newest case, and early enough that the time to take it back is over."""
        self.clock.at = min(self.clock.at, self.clock.present - UNDOABLE)
        case = (await cases.of(self.db, self.surface, self.id))[-1]
        form = Decision(version=case.version, confirmed=True, **decision)
        decided = await review.decide(self.db, moderator, case.id or 0, form)
        await self.noted()
        if decided.undo_until is not None:
            self.clock.at = decided.undo_until
            await review.carry_out_ripe(self.db, case.id or 0)
            await self.noted()

    async def _sent_away(self) -> None:
        question, coordinator = await self.agency(Post.COORDINATOR)
        if self.stage == "given_back":
            await assignments.give_back(self.db, coordinator, question, self.row["give_back_reason"])
        else:
            target = self.cast.agencies[self.row["agency"]]
            await assignments.transfer(self.db, coordinator, question, target, self.row["transfer_reason"])
            await publication.note_transfer(self.db, question)
        await self.noted()

    async def _taken(self) -> None:
        question, coordinator = await self.agency(Post.COORDINATOR)
        await assignments.accept(self.db, coordinator, question)
        await self.noted()

    async def _answer(self, asked: datetime) -> None:
        told = self.row["answer"]
        as_of = asked + timedelta(days=int(self.row["days_ago"]) - int(told["as_of"]), hours=1)
        if self.stage == "answered":
            self.clock.move_to(max(as_of, self.clock.at))
        self.passed(WRITTEN if self.stage != "answered" else timedelta(minutes=30))
        question, official = await self.agency(Post.OFFICIAL)
        answer = await answers.write(self.db, official, question, form_of(told, here(as_of)), 0)
        if self.stage != "drafting":
            await answers.send_for_approval(self.db, official, question, answer, is_sure=True)
        if self.stage == "answered":
            _, approver = await self.agency(Post.APPROVER)
            await approvals.approve(self.db, approver, question, answer.version)
        await self.noted()


def form_of(told: Row, as_of: date | None) -> AnswerForm:
    return AnswerForm(
        short=told["short"],
        full=told["full"],
        outcome=told.get("outcome", ""),
        as_of=as_of,
        signatory=told.get("signatory", ""),
        signatory_title=told.get("signatory_title", ""),
        citations=tuple(CitationForm(**citation) for citation in told.get("citations", ())),
        letter_number=told.get("letter_number", ""),
    )


def _back(calendar: Calendar, day: date, days: int) -> date:
    """The working day from which on `days` working days lead to `day`."""
    start = day
    while calendar.between(start, day) < days or not calendar.is_working(start):
        start -= DAY
    return start
