"""A small town for tests of verbs: a seeded store, its staff as actors, and questions at any step of their way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import admissions, answers, approvals, assignments, intake, questions, receipts, review
from engage.access import Actor, actor_of
from engage.agencies import Agency, Membership, Post, posts_of
from engage.answering import AnswerForm, CitationForm
from engage.answers import Answer
from engage.ask import Ask
from engage.db import Store, utc_now
from engage.decisions import Decision
from engage.notices import Notice
from engage.people import Kind, Person, SignIn
from engage.policies import Policy
from engage.questions import FEEDBACK, SURFACE, Question
from live.log import Event
from moderation import cases
from moderation.cases import Case
from moderation.screening import Submission

INSURANCE, HEALTH, HANOI, FINANCE = "bao-hiem-xa-hoi-viet-nam", "bo-y-te", "ubnd-ha-noi", "bo-tai-chinh"
UMBRELLA = "chinh-phu"
TITLE = "Tôi nghỉ việc đã ba tháng thì có được rút bảo hiểm xã hội một lần không?"
BODY = "Tôi đóng bảo hiểm xã hội được chín năm rồi nghỉ việc. Xin hỏi trường hợp của tôi cần những giấy tờ gì."
DENUNCIATION = (
    "Tôi tố cáo ông Nguyễn Văn A, chủ tịch xã, đã nhận hối lộ của người dân và chiếm đoạt tiền hỗ trợ của dân nghèo."
)
STAFF: Mapping[str, tuple[str, Post | None]] = {
    "moderator": ("", None),
    "colleague": ("", None),
    "cleared": ("", None),
    "administrator": ("", None),
    "coordinator": (INSURANCE, Post.COORDINATOR),
    "official": (INSURANCE, Post.OFFICIAL),
    "second_official": (INSURANCE, Post.OFFICIAL),
    "approver": (INSURANCE, Post.APPROVER),
    "second_approver": (INSURANCE, Post.APPROVER),
    "elsewhere": (HEALTH, Post.COORDINATOR),
    "elsewhere_official": (HEALTH, Post.OFFICIAL),
    "elsewhere_approver": (HEALTH, Post.APPROVER),
}


class Clock(Protocol):
    now: datetime

    def move(self, seconds: float = 0, *, days: float = 0) -> None: ...


def an_ask(**changes: Any) -> Ask:
    honest = {
        "title": TITLE,
        "body": BODY,
        "topic": "bao-hiem-xa-hoi",
        "province": "ha-noi",
        "name": "Trần Thị Hoa",
        "email": "hoa@thu.example",
        "consent": True,
    }
    return Ask.model_validate({**honest, **changes})


def an_answer(**changes: Any) -> AnswerForm:
    whole = {
        "short": "Được rút sau 12 tháng nghỉ việc, nếu bạn yêu cầu.",
        "full": "Theo **Điều 70**, người đã nghỉ việc đủ mười hai tháng được rút một lần khi có đơn đề nghị.",
        "as_of": "24/11/2026",
        "outcome": "noted",  # of feedback; a question's answer has none
        "signatory": "Lê Văn Bình",
        "signatory_title": "Phó Giám đốc",
        "citations": (CitationForm(number="41/2024/QH15", article="Điều 70", link="https://vbpl.vn/41"),),
    }
    return AnswerForm.model_validate({**whole, **changes})


@dataclass
class Town:
    store: Store
    clock: Clock
    agencies: Mapping[str, int]
    people: Mapping[str, Person]
    actors: Mapping[str, Actor]
    asked: int = 0

    def __getitem__(self, who: str) -> Actor:
        return self.actors[who]

    def id(self, who: str) -> int:
        return self.people[who].id or 0

    # Questions at a step of their way

    async def ask(self, more: Mapping[str, Any] = intake.NOTHING, **changes: Any) -> int:
        """A question as the web submits it: stored, screened, held or left for the worker. `more`: of feedback, its kind."""
        self.asked += 1
        ask, surface = an_ask(**changes), FEEDBACK if "kind" in more else SURFACE
        async with self.store.transaction() as db:
            verdict = await review.examine(db, surface, Submission(ask.title, ask.body))
            directory = await intake.find_directory(db, ask)
            code = receipts.code_for("secret", "visitor", str(self.asked))
            sent = await intake.submit(db, ask, directory, code=code, language="vi", more=more)
            await review.look_at(db, surface, sent.id, verdict)
        return sent.id

    async def accepted(self, agency: str = INSURANCE, more: Mapping[str, Any] = intake.NOTHING, **changes: Any) -> int:
        question_id = await self.ask(more, **changes)
        async with self.store.transaction() as db:
            question = await questions.one(db, question_id)
            await admissions.accept(db, question, by=None, agency_id=self.agencies[agency])
        return question_id

    async def taken(self, **changes: Any) -> int:
        question_id = await self.accepted(**changes)
        async with self.store.transaction() as db:
            await assignments.accept(db, self["coordinator"], await questions.one(db, question_id))
        return question_id

    async def drafted(self, *writers: str, **changes: Any) -> int:
        question_id = await self.taken()
        for version, writer in enumerate(writers or ("official",)):
            await self.write(question_id, writer, version, **changes)
        return question_id

    async def sent_for_approval(self, *writers: str, **changes: Any) -> int:
        question_id = await self.drafted(*writers, **changes)
        await self.send(question_id, (writers or ("official",))[-1])
        return question_id

    async def answered(self) -> int:
        question_id = await self.sent_for_approval()
        async with self.store.transaction() as db:
            await approvals.approve(db, self["approver"], await questions.one(db, question_id), 1)
        return question_id

    async def held(self, **changes: Any) -> tuple[int, int]:
        """A question that waits for a person, and its case."""
        question_id = await self.ask(**{"body": f"{BODY} Gọi cho tôi số 0912345678.", **changes})
        async with self.store.reading() as db:
            question = await questions.one(db, question_id)
            case = (await cases.of(db, question.surface, question_id))[-1]
        return question_id, case.id or 0

    # Verbs that many tests use

    async def write(self, question_id: int, writer: str, version: int, **changes: Any) -> Answer:
        async with self.store.transaction() as db:
            question = await questions.one(db, question_id)
            return await answers.write(db, self[writer], question, an_answer(**changes), version)

    async def send(self, question_id: int, sender: str = "official") -> None:
        async with self.store.transaction() as db:
            question = await questions.one(db, question_id)
            draft = await answers.draft_of(db, question)
            assert draft is not None
            await answers.send_for_approval(db, self[sender], question, draft)

    async def decide(self, case_id: int, who: str = "moderator", **decision: Any) -> Case:
        """On the version that was opened, unless the decision names another."""
        async with self.store.transaction() as db:
            return await review.decide(
                db, self[who], case_id, Decision.model_validate({"version": 1, "confirmed": True, **decision})
            )

    # What is there afterwards

    async def question(self, question_id: int) -> Question:
        async with self.store.reading() as db:
            return await questions.one(db, question_id)

    async def draft(self, question_id: int) -> Answer:
        async with self.store.reading() as db:
            draft = await answers.draft_of(db, await questions.one(db, question_id))
        assert draft is not None
        return draft

    async def facts(self, channel: str) -> list[str]:
        async with self.store.reading() as db:
            found = select(Event.type).where(Event.channel == channel).order_by(col(Event.number))
            return list(await db.exec(found))

    async def notices(self, question_id: int) -> list[str]:
        async with self.store.reading() as db:
            found = select(Notice.kind).where(Notice.thing_id == question_id).order_by(col(Notice.id))
            return list(await db.exec(found))


async def settled(store: Store, clock: Clock) -> Town:
    """People move in: staff of two agencies, and the portal desk."""
    async with store.transaction() as db:
        await db.exec(sa.update(Policy).values(undo_seconds=0))  # what a decision leads to is there at once
        agencies = {agency.slug: agency.id or 0 for agency in (await db.exec(select(Agency))).all()}
        staff = {
            name: await _person(db, name, agencies[slug] if slug else 0, post) for name, (slug, post) in STAFF.items()
        }
        actors = {name: actor_of(person, await posts_of(db, person.id or 0)) for name, person in staff.items()}
    return Town(store, clock, agencies, staff, actors)


async def _person(db: AsyncSession, name: str, agency_id: int, post: Post | None) -> Person:
    person = Person(
        kind=Kind.STAFF,
        name=f"{name} của cơ quan",
        login=f"{name}@engage.example",
        is_moderator=post is None and name != "administrator",
        may_unseal=name == "cleared",
        is_administrator=name == "administrator",
        created_at=utc_now(),
    )
    db.add(person)
    await db.flush()
    if post is not None:
        db.add(Membership(person_id=person.id or 0, agency_id=agency_id, post=post))
        await db.flush()
    return person


def holder_of(code: SignIn) -> Actor:
    """Whoever brings a receipt code's session, and nothing else."""
    return actor_of(None, {}, code)
