"""A dialogue on air for tests through the doors of its desks: two hosts, two scribes, a guest, questions that readers see."""

from dataclasses import dataclass
from datetime import timedelta

import httpx2
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import crews, dialogues, guests, tallies
from engage.access import Actor
from engage.assigned import Assigned
from engage.crews import Part
from engage.db import now
from engage.dialogues import Dialogue
from engage.people import Person
from engage.questions import Question
from engage.turns import Turn
from tests.processes import outside
from tests.site import Site
from tests.web.people import APPROVER, COORDINATOR, OFFICIAL, OTHER_COORDINATOR, SECOND_OFFICIAL, People

HOSTS, SCRIBES, GUEST = (COORDINATOR, OTHER_COORDINATOR), (OFFICIAL, SECOND_OFFICIAL), APPROVER


@dataclass(frozen=True)
class Hall:
    id: int
    guest: int
    second_guest: int
    questions: list[int]

    def at(self, desk: str) -> str:
        return f"/dialogues/{self.id}/{desk}"


def opened(people: People, site: Site, questions: int = 3, guest: str = GUEST) -> Hall:
    asked = [people.accepted().id for _ in range(questions)]
    return outside(_opened(site, asked, guest))


async def _opened(site: Site, asked: list[int], speaker: str) -> Hall:
    async with site.database() as store, store.transaction() as db:
        at = now(db)
        boss = Actor(person_id=await _id(db, "quan-tri"), is_administrator=True)
        made = Dialogue(
            title="Đối thoại thử", starts_at=at, ends_at=at + timedelta(hours=2), created_by=0, created_at=at
        )
        dialogue = await dialogues.create(db, boss, made)
        guest = await guests.invite(db, boss, dialogue, "Lê Văn Bình", "Phó Giám đốc", None)
        await guests.confirm(db, boss, dialogue, guest)
        second = await guests.invite(db, boss, dialogue, "Phạm Thu Hà", "Vụ trưởng", None)
        await guests.confirm(db, boss, dialogue, second)
        await guests.set_groups(db, boss, dialogue, ["Lương hưu"])
        parts = [(who, Part.HOST, None) for who in HOSTS] + [(who, Part.SCRIBE, None) for who in SCRIBES]
        for who, part, of in [*parts, (speaker, Part.GUEST, guest.key)]:
            db.add(crews.Crew(dialogue_id=dialogue.key, person_id=await _id(db, who), part=part, guest_id=of))
        dialogue.stage = dialogues.Stage.LIVE
        for question_id in asked:
            question = await db.get(Question, question_id)
            assert question is not None
            await tallies.leaves(db, question)  # no agency has it: its host sees it now
            question.dialogue_id, question.assignment, question.agency_id = dialogue.key, Assigned.UNASSIGNED, None
            db.add(Turn(question_id=question_id, dialogue_id=dialogue.key, guest_id=guest.key, entered_at=at))
        return Hall(dialogue.key, guest.key, second.key, asked)


async def _id(db: AsyncSession, who: str) -> int:
    found = await db.exec(select(Person.id).where(Person.login == f"{who}@engage.example"))
    return found.one() or 0


def post(people: People, hall: Hall, who: str, door: str, typed: dict[str, str]) -> httpx2.Response:
    visitor = people.staff(who)
    return visitor.post(hall.at(door), data=people.proof(visitor) | typed)


def stage(people: People, hall: Hall, who: str, question: int) -> httpx2.Response:
    return post(people, hall, who, "host/turn", {"question": str(question), "act": "stage", "instead_of": ""})


def begin(hall: Hall, question: int) -> dict[str, str]:
    return {"desk": "scribe", "question": str(question), "guest": str(hall.guest)}


def words(reply: int, version: int, text: str, act: str) -> dict[str, str]:
    return {"desk": "scribe", "reply": str(reply), "version": str(version), "text": text, "act": act}


def reply_of(site: Site, question: int) -> int:
    (row,) = site.rows("select id from reply where question_id = :id", id=question)
    return int(row.id)
