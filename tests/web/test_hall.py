"""A dialogue's desks over HTTP: each for its part alone, one question on stage, one writer a reply, words only a guest lets out."""

from dataclasses import dataclass
from datetime import timedelta

import httpx2
import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import crews, dialogues, guests
from engage.access import Actor
from engage.crews import Part
from engage.db import now
from engage.dialogues import Dialogue
from engage.people import Person
from engage.questions import Question
from engage.turns import Turn
from tests.processes import outside
from tests.site import Site
from tests.web.people import APPROVER, CLEARED, COORDINATOR, OFFICIAL, OTHER_COORDINATOR, SECOND_OFFICIAL, People

HOSTS, SCRIBES, GUEST = (COORDINATOR, OTHER_COORDINATOR), (OFFICIAL, SECOND_OFFICIAL), APPROVER


@dataclass(frozen=True)
class Hall:
    id: int
    guest: int
    questions: list[int]

    def at(self, desk: str) -> str:
        return f"/dialogues/{self.id}/{desk}"


@pytest.fixture(scope="module")
def hall(people: People, site: Site) -> Hall:
    """On air, with three questions that readers see."""
    asked = [people.accepted().id for _ in range(3)]
    return outside(_opened(site, asked))


async def _opened(site: Site, asked: list[int]) -> Hall:
    async with site.database() as store, store.transaction() as db:
        at = now(db)
        boss = Actor(person_id=await _id(db, "quan-tri"), is_administrator=True)
        made = Dialogue(
            title="Đối thoại thử", starts_at=at, ends_at=at + timedelta(hours=2), created_by=0, created_at=at
        )
        dialogue = await dialogues.create(db, boss, made)
        guest = await guests.invite(db, boss, dialogue, "Lê Văn Bình", "Phó Giám đốc", None)
        await guests.confirm(db, boss, dialogue, guest)
        await guests.set_groups(db, boss, dialogue, ["Lương hưu"])
        parts = [(who, Part.HOST, None) for who in HOSTS] + [(who, Part.SCRIBE, None) for who in SCRIBES]
        for who, part, of in [*parts, (GUEST, Part.GUEST, guest.key)]:
            db.add(crews.Crew(dialogue_id=dialogue.key, person_id=await _id(db, who), part=part, guest_id=of))
        dialogue.stage = dialogues.Stage.LIVE
        for question_id in asked:
            question = await db.get(Question, question_id)
            assert question is not None
            question.dialogue_id = dialogue.key
            db.add(Turn(question_id=question_id, dialogue_id=dialogue.key, guest_id=guest.key, entered_at=at))
        return Hall(dialogue.key, guest.key, asked)


async def _id(db: AsyncSession, who: str) -> int:
    found = await db.exec(select(Person.id).where(Person.login == f"{who}@engage.example"))
    return found.one() or 0


def test_each_desk_is_missing_for_whom_it_is_not(hall: Hall, people: People) -> None:
    mine = {"host": HOSTS[0], "scribe": SCRIBES[0], "guest": GUEST}
    for desk, who in mine.items():
        for other in mine:
            assert people.staff(who).get(hall.at(other)).status_code == (200 if other == desk else 404), (who, other)
    assert people.staff(CLEARED).get(hall.at("host")).status_code == 404


def test_of_two_hosts_who_press_at_once_the_second_is_told_who_was_first(
    hall: Hall, people: People, site: Site
) -> None:
    first, second, _ = hall.questions
    there = _stage(people, hall, HOSTS[0], first)
    assert there.is_redirect, there.text
    late = _stage(people, hall, HOSTS[1], second)
    assert late.status_code == 409
    assert "vừa đưa một câu hỏi khác lên hình" in late.text
    screen = site.visitor().get(hall.at("screen"))
    title = site.rows("select title from question where id = :id", id=first)[0].title
    assert title in screen.text
    site.write("update question set moderation = 'hidden' where id = :id", id=first)
    assert title not in site.visitor().get(hall.at("screen")).text
    site.write("update question set moderation = 'accepted' where id = :id", id=first)


def test_a_reply_has_one_writer_until_another_takes_it_over(hall: Hall, people: People, site: Site) -> None:
    question = hall.questions[1]
    assert _post(people, hall, SCRIBES[0], "replies/begin", _begin(hall, question)).is_redirect
    assert "đang soạn câu trả lời này" in _post(people, hall, SCRIBES[1], "replies/begin", _begin(hall, question)).text
    seen = people.staff(SCRIBES[1]).get(f"{hall.at('scribe')}?question={question}&guest={hall.guest}")
    assert "Nhận lại để viết tiếp" in seen.text
    reply = _reply(site, question)
    saved = _post(people, hall, SCRIBES[0], "replies", _words(reply, 0, "Từ tháng sau.", "autosave"))
    assert saved.json()["version"] == 1
    assert _post(people, hall, SCRIBES[1], "replies/begin", {**_begin(hall, question), "take": "yes"}).is_redirect
    late = _post(people, hall, SCRIBES[0], "replies", _words(reply, 1, "Từ tháng này.", "autosave"))
    assert late.status_code == 409
    assert "Từ tháng sau." in late.json()["theirs"]
    shown = _post(people, hall, SCRIBES[0], "replies", _words(reply, 0, "Lời của tôi còn đây.", "save"))
    assert shown.status_code == 409
    assert "Lời của tôi còn đây." in shown.text


def test_only_the_guest_lets_words_out(hall: Hall, people: People, site: Site) -> None:
    question = hall.questions[2]
    assert _post(people, hall, SCRIBES[0], "replies/begin", _begin(hall, question)).is_redirect
    reply = _reply(site, question)
    pressed = _post(people, hall, SCRIBES[0], "replies", _words(reply, 0, "Có, từ tháng sau.", "release"))
    assert pressed.status_code == 403
    saved = _post(people, hall, SCRIBES[0], "replies", _words(reply, 0, "Có, từ tháng sau.", "autosave"))
    assert saved.json()["version"] == 1
    # The page saved by itself while the button was pressed: the form still bears the version before.
    handed = _post(people, hall, SCRIBES[0], "replies", _words(reply, 0, "Có, từ tháng sau.", "hand_up"))
    assert handed.is_redirect, handed.text
    assert "Có, từ tháng sau." in people.staff(GUEST).get(hall.at("guest")).text
    out = _post(people, hall, GUEST, "guest/reply", {"reply": str(reply), "version": "1", "act": "release"})
    assert out.is_redirect, out.text
    assert site.rows("select state from reply where id = :id", id=reply)[0].state == "released"
    assert "Đính chính" in people.staff(SCRIBES[1]).get(hall.at("scribe")).text


def test_the_hosts_message_and_a_pause_without_a_reason(hall: Hall, people: People, site: Site) -> None:
    assert _post(people, hall, HOSTS[0], "host/message", {"message": "Còn mười phút."}).is_redirect
    assert "Còn mười phút." in site.visitor().get(hall.at("screen")).text
    refused = _post(people, hall, HOSTS[0], "host/course", {"act": "pause", "reason": "x", "ends_at": ""})
    assert refused.status_code == 422
    assert "Viết lý do để bạn đọc biết" in refused.text
    assert _post(people, hall, HOSTS[0], "host/timer", {"seconds": "60"}).is_redirect


def test_whoever_works_in_dialogues_alone_is_led_to_them(site: Site) -> None:
    assert site.staff("mc@engage.example").get("/sign-in/done").headers["location"] == "/dialogues/mine"


def _post(people: People, hall: Hall, who: str, door: str, typed: dict[str, str]) -> httpx2.Response:
    visitor = people.staff(who)
    return visitor.post(hall.at(door), data=people.proof(visitor) | typed)


def _stage(people: People, hall: Hall, who: str, question: int) -> httpx2.Response:
    return _post(people, hall, who, "host/turn", {"question": str(question), "act": "stage", "instead_of": ""})


def _begin(hall: Hall, question: int) -> dict[str, str]:
    return {"desk": "scribe", "question": str(question), "guest": str(hall.guest)}


def _words(reply: int, version: int, text: str, act: str) -> dict[str, str]:
    return {"desk": "scribe", "reply": str(reply), "version": str(version), "text": text, "act": act}


def _reply(site: Site, question: int) -> int:
    (row,) = site.rows("select id from reply where question_id = :id", id=question)
    return int(row.id)
