"""Promises of mails about due dates: public titles only, the most urgent first, a link to where one can act, and both languages."""

from datetime import UTC, datetime
from email.mime.text import MIMEText

import pytest
from sqlmodel import col, select

from engage import calendars, clocks, mails, questions
from engage.access import Moderation
from engage.notices import Kind, Notice
from engage.people import Person
from engage.settings import load
from engage.web.templates import Templates, folder
from tests.unit.test_chasing import mornings
from tests.unit.town import TITLE, Town

pytestmark = pytest.mark.anyio


@pytest.fixture
async def addressed(town: Town) -> Town:
    """Everybody on the staff reads mail; one of them in English."""
    town.clock.now = datetime(2026, 11, 25, 1, tzinfo=UTC)
    async with town.store.transaction() as db:
        for name in town.people:
            person = await db.get_one(Person, town.id(name))
            person.email = f"{name}@engage.example"
            person.language = "en" if name == "colleague" else "vi"
            person.is_administrator = name in {"moderator", "colleague"}
            db.add(person)
    return town


async def sent(town: Town, kind: Kind, who: str = "") -> list[str]:
    """What a mail would say now, subject first; those that have nothing to say are not there."""
    async with town.store.reading() as db:
        chosen = select(Notice).where(Notice.kind == kind).order_by(col(Notice.id))
        found = [row for row in await db.exec(chosen) if not who or row.person_id == town.id(who)]
        settings = load({"ENGAGE_PORT": "8000"})
        composed = [await mails.compose(db, notice, Templates(folder()), settings) for notice in found]
    return [_text(mail) for mail in composed if mail is not None]


def _text(mail: MIMEText) -> str:
    body = mail.get_payload(decode=True)
    assert isinstance(body, bytes)
    return body.decode()


async def test_a_digest_names_public_titles_their_dates_and_where_to_act(addressed: Town) -> None:
    question_id = await addressed.taken()
    await mornings(addressed, 9)
    (digest,) = await sent(addressed, Kind.DIGEST, "coordinator")
    assert TITLE in digest
    assert "Sắp đến hạn trả lời 09/12/2026" in digest
    assert f"/desk/questions/{question_id}" in digest


async def test_a_moderator_reads_in_english_what_reached_the_portal_desk(addressed: Town) -> None:
    question_id = await addressed.taken()
    await mornings(addressed, 31)
    digest = (await sent(addressed, Kind.DIGEST, "colleague"))[-1]
    assert "The answer is overdue (09/12/2026)" in digest
    assert f"/en/questions/{question_id}" in digest
    assert "/en/review/overdue" in digest


async def test_what_is_hidden_or_answered_before_the_mail_goes_is_left_out(addressed: Town) -> None:
    question_id = await addressed.taken()
    await mornings(addressed, 9)
    async with addressed.store.transaction() as db:
        question = await questions.one(db, question_id)
        question.moderation = Moderation.HIDDEN
        db.add(question)
    assert await sent(addressed, Kind.DIGEST) == []


async def test_an_askers_mail_says_who_extends_until_when_and_why(addressed: Town) -> None:
    question_id, reason = await addressed.taken(), "Cần số liệu của các địa phương."
    async with addressed.store.transaction() as db:
        await clocks.extend(db, addressed["coordinator"], await questions.one(db, question_id), 3, reason)
    (mail,) = await sent(addressed, Kind.EXTENDED)
    assert f"Lý do: {reason}" in mail
    assert "Hạn mới: 14/12/2026." in mail


async def test_administrators_read_that_the_calendar_ends(addressed: Town) -> None:
    await calendars.remind(addressed.store)
    vietnamese, english = await sent(addressed, Kind.CALENDAR_ENDS)
    assert "31/12/2026" in vietnamese
    assert "Holidays are certain only until 31/12/2026" in english
