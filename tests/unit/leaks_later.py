"""The verbs that come after a first decision: correcting, asking back, chasing, merging, taking down, looking again."""

import itertools
from datetime import timedelta
from typing import Any

from engage import (
    appeals,
    approvals,
    attachments,
    clarifications,
    clocks,
    merges,
    personal,
    questions,
    ratings,
    seals,
    second_looks,
    shares,
    takedowns,
    withdrawals,
)
from engage.antivirus import Scan
from engage.ask import Contact
from engage.attachments import Attachment
from engage.filetypes import Kind
from engage.people import Person
from engage.ratings import RatingForm
from engage.takedowns import HideForm
from moderation.screening import Span, Verdict
from tests.unit.leaks import Told, Verb, World, canary, verb
from tests.unit.town import HEALTH

_numbers = itertools.count(1)
OUT = "offered taken drafted approval answered"


async def _own(world: World, told: Told, act: object, *given: object, **named: object) -> None:
    """What an asker does with the receipt code."""
    async with world.town.store.transaction() as db:
        await act(db, await questions.one(db, told.id), *given, **named)  # type: ignore[operator]  # a verb


async def _return(world: World, told: Told) -> None:
    told.words["returned"] = canary()
    await world.decide(told, decision="return", reason="unclear", words=f"Sửa {told.words['returned']}.")


async def _appeal(world: World, told: Told) -> None:
    told.words["appeal"] = canary()
    await _own(world, told, appeals.appeal, f"Xin xem lại vì {told.words['appeal']} chưa được đọc kỹ.")


async def _withdraw(world: World, told: Told) -> None:
    told.words["why"] = canary()
    await _own(world, told, withdrawals.withdraw, why=f"Tôi tự tìm được {told.words['why']}.")


async def _clarify(world: World, told: Told) -> None:
    told.words["clarify"] = canary()
    words = f"Ông cho biết thêm {told.words['clarify']} là năm nào?"
    await world.verb(clarifications.ask, "official", told, words)


async def _reply(world: World, told: Told) -> None:
    told.words["reply"] = canary()
    form = clarifications.ReplyForm(answer=f"Đó là năm 2019 {told.words['reply']}.")
    await _own(world, told, clarifications.reply, form, Verdict())


async def _extend(world: World, told: Told) -> None:
    told.words["extension"] = canary()
    await world.verb(
        clocks.extend, "coordinator", told, 3, f"Cần xác minh thêm {told.words['extension']} ở địa phương."
    )


async def _share(world: World, told: Told) -> None:
    told.words["note"] = canary()
    agencies = [world.town.agencies[HEALTH]]
    await world.verb(shares.ask, "coordinator", told, agencies, f"Cho biết {told.words['note']} thế nào.", 2)


async def _rate(world: World, told: Told) -> None:
    await _own(world, told, ratings.rate, RatingForm(verdict="yes"))


async def _look_again(world: World, told: Told) -> None:
    told.words["look"] = canary()
    await _own(world, told, second_looks.ask, f"Chưa trả lời đúng điều {told.words['look']} mà tôi hỏi.")


async def _hide(world: World, told: Told) -> None:
    told.words["hidden"] = canary()
    form = HideForm(reason="unclear", words=f"Gỡ vì {told.words['hidden']}.")
    await world.verb(takedowns.hide, "moderator", told, form)


async def _restore(world: World, told: Told) -> None:
    await world.verb(takedowns.restore, "moderator", told)


async def _seal(world: World, told: Told) -> None:
    await world.verb(seals.seal, "cleared", told)


async def _cover(world: World, told: Told) -> None:
    """The word itself, wherever it stands in the text."""
    async with world.town.store.transaction() as db:
        question = await questions.one(db, told.id)
        start = question.body.index(told.words["body"])
        span = Span("body", start, start + len(told.words["body"]))
        await takedowns.cover(db, world.town["moderator"], question, [span])
    told.hides |= {"body"}
    told.public -= {"body"}


async def _merge(world: World, told: Told) -> None:
    target = await world.town.accepted(more={} if told.shelf == "questions" else {"kind": "report"})
    async with world.town.store.transaction() as db:
        await merges.merge(db, told.id, target, by=world.town.id("moderator"), wait=timedelta())


async def _take_out(world: World, told: Told) -> None:
    async with world.town.store.transaction() as db:
        await merges.take_out(db, told.id, by=world.town.id("moderator"))


async def _change_contact(world: World, told: Told) -> None:
    """What is changed is not the name, so readers have nothing to hear of."""
    told.words["new_phone"] = f"08{next(_numbers):08}"
    async with world.town.store.transaction() as db:
        question = await questions.one(db, told.id)
        name = (await db.get_one(Person, question.author_id)).name
        await personal.correct(db, question, Contact(name=name, email=told.email, phone=told.words["new_phone"]))


async def _enclose(world: World, told: Told) -> Attachment:
    """A file that came with the form."""
    word = told.words["file"] = canary()
    author_id = (await world.town.question(told.id)).author_id
    file: dict[str, Any] = {
        "name": f"{word}.pdf",
        "kind": Kind.PDF,
        "size": 900,
        "scan": Scan.CLEAN,
        "most_bytes": 9000,
    }
    channels = {"channel": f"question:{told.id}", "owner": f"person:{author_id}"}
    async with world.town.store.transaction() as db:
        row = await attachments.add(db, word, attachments.QUESTION, key=attachments.new_key(), **file)
        await attachments.bind(db, word, attachments.QUESTION, told.id, **channels)
    return row


async def _refuse_file(world: World, told: Told) -> None:
    row = await _enclose(world, told)
    told.words["file_note"] = canary()
    async with world.town.store.transaction() as db:
        row = await attachments.by_key(db, row.key)
        await attachments.refuse(db, world.town["moderator"], row, f"Có mặt {told.words['file_note']}.")


async def _publish_file(world: World, told: Told) -> None:
    row = await _enclose(world, told)
    async with world.town.store.transaction() as db:
        await attachments.publish(db, world.town["moderator"], await attachments.by_key(db, row.key))


async def _approve(world: World, told: Told) -> None:
    await world.verb(approvals.approve, "approver", told, 1)


LATER: tuple[Verb, ...] = (
    verb("held", _return, "sent-back"),
    verb("refused", _appeal, "appealed"),
    verb("held sent-back offered taken drafted approval", _withdraw, "withdrawn", takes_back=True),
    verb("taken", _clarify, "asked-back"),
    verb("asked-back", _reply, "taken-again"),
    verb("taken", _extend, "taken-again", "extension"),
    verb("taken taken-again", _share, "shared"),
    verb("approval", _approve, "answered", "short full signatory"),
    verb(OUT, _change_contact),
    verb("offered", _refuse_file, "filed"),
    verb("offered", _publish_file, "filed", "file"),
    verb("answered", _rate, "rated"),
    verb("answered rated", _look_again, "looked-at"),
    verb(OUT, _hide, "hidden", takes_back=True),
    verb("hidden", _restore, "back", gives_back=True),
    verb(OUT, _seal, "sealed", takes_back=True),
    verb("offered taken answered", _cover, "covered"),
    verb("offered taken", _merge, "merged", is_of_readers=True),
    verb("merged", _take_out, "parted"),
)
