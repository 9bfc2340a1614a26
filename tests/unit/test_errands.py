"""Promises of what is brought to desks: however busy the day, one mail a person; nothing is lost, nothing stale is told."""

from collections import Counter
from datetime import UTC, datetime
from email.mime.text import MIMEText

import pytest
from sqlmodel import col, select

from engage import digests, mails, notices, officials, questions
from engage.digests import Digest
from engage.notices import GATHERED, TO_STAFF, Kind, Notice
from engage.questions import Question
from engage.settings import Settings, load
from engage.translations import SURFACE as TRANSLATION
from engage.web.templates import Templates, folder
from engage.work import send_notices
from tests.unit import asker
from tests.unit.test_chasing import mornings, work
from tests.unit.test_desk_mails import addressed, sent
from tests.unit.test_in_place import approve_translation, translate
from tests.unit.test_officials import hand
from tests.unit.test_shares import ask, give
from tests.unit.town import INSURANCE, TITLE, Town

__all__ = ["addressed"]
pytestmark = pytest.mark.anyio
AFTERNOON = datetime(2026, 11, 25, 8, tzinfo=UTC)  # 15:00 in Hà Nội


async def mailed(town: Town) -> Counter[str]:
    """What leaves the house for people at their desks, a day's working hours long: by the person's name."""
    names = {person.id: name for name, person in town.people.items()}
    async with town.store.transaction() as db:
        claimed = await notices.claim(db, 500)
        for notice in claimed:
            await notices.note_sent(db, notice)
    return Counter(names[one.person_id] for one in claimed if one.kind in TO_STAFF | GATHERED)


async def test_a_busy_day_is_one_mail_a_person(addressed: Town) -> None:
    """Handed eight texts, asked by the asker's reply, asked for a part and told of one, with reminders in between."""
    town = addressed
    for _ in range(8):
        await hand(town, await town.taken(), "official")
        town.clock.move(60)
        await work(town)
    waiting, share = await town.taken(), await ask(town, await town.taken())
    assert share is not None
    await asker.clarify(town, waiting)
    await asker.reply(town, waiting)
    await give(town, share, town["elsewhere_official"])
    got: Counter[str] = Counter()
    for _ in range(20):  # until the evening
        town.clock.move(20 * 60)
        await work(town)
        got += await mailed(town)
    assert got["official"] == got["coordinator"] == got["elsewhere"] == 1
    assert set(got.values()) == {1}
    (mine,) = await sent(town, Kind.DIGEST, "official")
    assert mine.count("Bạn được giao trả lời câu hỏi này") == 8
    assert "Người hỏi đã bổ sung điều bạn cần biết" in mine


async def test_who_is_handed_several_texts_in_a_row_hears_of_all_at_once(addressed: Town) -> None:
    town = addressed
    for _ in range(3):
        await hand(town, await town.taken(), "official")
        town.clock.move(5 * 60)
        await work(town)
        assert "official" not in await mailed(town)
    town.clock.move(30 * 60)
    await work(town)
    assert (await mailed(town))["official"] == 1


async def test_what_comes_after_the_days_digest_or_after_hours_waits_for_the_next_morning(addressed: Town) -> None:
    town = addressed
    await hand(town, await town.taken(), "official")
    town.clock.move(3600)
    await work(town)
    town.clock.now = AFTERNOON
    late = await town.taken()
    await hand(town, late, "official")
    town.clock.move(3600)
    await work(town)
    assert (await mailed(town))["official"] == 1
    town.clock.now = datetime(2026, 11, 25, 14, tzinfo=UTC)  # 21:00
    await hand(town, await town.taken(), "second_official")
    town.clock.move(3600)
    await work(town)
    assert await mailed(town) == Counter()
    town.clock.now = datetime(2026, 11, 25, 15, tzinfo=UTC)
    await mornings(town, 1)  # still the night of the next day
    assert await mailed(town) == Counter()
    town.clock.now = datetime(2026, 11, 27, 1, tzinfo=UTC)
    await work(town)
    got = await mailed(town)
    assert got["official"] == got["second_official"] == 1
    assert f"/desk/questions/{late}" in (await sent(town, Kind.DIGEST, "official"))[-1]


async def test_nothing_is_told_that_is_over_by_then(addressed: Town) -> None:
    """Handed to somebody else, a part that is given, a text that is hidden: the mail has nothing to say, and is not sent."""
    town = addressed
    question_id, hidden = await town.taken(), await town.taken()
    await hand(town, question_id, "official")
    await hand(town, hidden, "official")
    town.clock.move(1)
    await hand(town, question_id, "second_official")
    share = await ask(town, await town.taken())
    assert share is not None
    await give(town, share, town["elsewhere_official"])
    async with town.store.transaction() as db:
        row = await questions.one(db, hidden)
        row.moderation = "hidden"
        db.add(row)
    town.clock.move(3600)
    await work(town)
    assert await sent(town, Kind.DIGEST, "official") == []
    assert await sent(town, Kind.DIGEST, "elsewhere") == []
    (told,) = await sent(town, Kind.DIGEST, "second_official")
    assert TITLE in told


async def test_a_digest_says_where_each_errand_is_done_and_until_when(addressed: Town) -> None:
    town = addressed
    await ask(town, await town.taken(), days=3)
    gone = await town.taken()
    await hand(town, gone, "official")
    async with town.store.transaction() as db:
        await officials.leave(db, Question, town.id("official"), town.agencies[INSURANCE])
    town.clock.move(3600)
    await work(town)
    (asked,) = await sent(town, Kind.DIGEST, "elsewhere")
    assert "Bảo hiểm xã hội Việt Nam nhờ đơn vị bạn cho ý kiến (hạn 30/11/2026)" in asked
    assert "/desk?tab=shares" in asked
    (left,) = await sent(town, Kind.DIGEST, "coordinator")
    assert f"/desk?agency={INSURANCE}&tab=working&official=nobody" in left


async def test_a_translation_is_brought_once_to_each_who_may_approve_it_until_it_is_approved(addressed: Town) -> None:
    town = addressed
    question_id = await town.answered()
    await translate(town, question_id, "official")
    await translate(town, question_id, "second_official", 1)  # saved again: still one line
    town.clock.move(3600)
    await work(town)
    (told,) = await sent(town, Kind.DIGEST, "approver")
    assert told.count("Bản tiếng Anh của câu trả lời này chờ bạn duyệt") == 1
    assert f"/translations/{question_id}" in told
    assert await sent(town, Kind.DIGEST, "coordinator") == []
    await approve_translation(town, question_id, "approver", 2)
    assert await sent(town, Kind.DIGEST, "approver") == []


async def test_a_translation_approved_before_the_digest_is_not_told(addressed: Town) -> None:
    town = addressed
    question_id = await town.answered()
    await translate(town, question_id, "official")
    await approve_translation(town, question_id, "approver")
    async with town.store.reading() as db:
        assert (await db.exec(select(Notice.id).where(Notice.surface == TRANSLATION))).all() == []


async def test_what_is_brought_never_leaves_by_itself_and_is_in_one_digest_only(addressed: Town) -> None:
    town = addressed
    await hand(town, await town.taken(), "official")
    town.clock.move(days=1)
    assert GATHERED.isdisjoint({Kind(one) for one in await _claimed(town)})
    for _ in range(3):
        await digests.gather(town.store)
        await work(town)
    async with town.store.reading() as db:
        told = select(Notice.digest_id).where(Notice.kind == Kind.HANDED)
        (digest_id,) = (await db.exec(told)).all()
        mine = select(Digest.id).where(Digest.person_id == town.id("official")).order_by(col(Digest.id))
        assert (await db.exec(mine)).all() == [digest_id]


async def test_after_a_day_without_a_mail_server_everybody_gets_one_mail_with_both_days(
    addressed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town, settings = addressed, load({"ENGAGE_PORT": "8000"})
    got: list[tuple[str, str]] = []
    is_away = True

    async def send(_settings: Settings, _notice: Notice, message: MIMEText) -> None:
        if is_away:
            raise ConnectionRefusedError
        body = message.get_payload(decode=True)
        got.append((str(message["To"]), body.decode() if isinstance(body, bytes) else ""))

    monkeypatch.setattr(mails, "send", send)
    first = await town.taken()
    await hand(town, first, "official")
    for hours in range(26):
        if hours == 24:
            second = await town.taken()
            await hand(town, second, "official")
        town.clock.move(3600)
        await work(town)
        await send_notices(town.store, settings, Templates(folder()))
    assert got == []
    is_away = False
    for _ in range(6):
        town.clock.move(1800)
        await work(town)
        await send_notices(town.store, settings, Templates(folder()))
    (mine,) = [body for to, body in got if to == "official@engage.example"]
    assert f"/desk/questions/{first}" in mine
    assert f"/desk/questions/{second}" in mine


async def _claimed(town: Town) -> list[str]:
    async with town.store.transaction() as db:
        return [one.kind for one in await notices.claim(db, 500)]
