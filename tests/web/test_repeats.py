"""The same words sent into one dialogue again and again, over HTTP: readers meet one question, moderators one entry."""

from typing import Any

import pytest

from engage.dialogues import Stage
from tests.site import Site
from tests.visitor import Visitor
from tests.web import halls
from tests.web.people import CLEARED, PHONE_IN_THE_TEXT, RECEIPT, People

MANY = 60
TITLE = "Sổ bảo hiểm xã hội của tôi ghi sai năm sinh thì sửa ở đâu?"


@pytest.fixture(scope="module")
def dialogue(people: People) -> int:
    return halls.at(people, Stage.LIVE)


def send(visitor: Visitor, dialogue: int, **values: Any) -> Any:
    """Whatever resembles it is no hindrance."""
    form = {"title": TITLE, "name": "Nguyễn Thị Thử", "consent": True, "seen": "yes"} | values
    page = visitor.form(f"/dialogues/{dialogue}/ask", action="/ask")
    return visitor.press(page, form)


def rows(site: Site, dialogue: int, title: str) -> list[Any]:
    return list(
        site.rows(
            "select id, moderation, merged_into_id from question where dialogue_id = :id and title = :title order by id",
            id=dialogue,
            title=title,
        )
    )


def test_many_who_send_the_same_make_one_question_and_no_work(dialogue: int, people: People, site: Site) -> None:
    first = site.visitor()
    assert send(first, dialogue).is_redirect
    site.wait(lambda: rows(site, dialogue, TITLE)[0].moderation == "accepted")
    others = [site.visitor() for _ in range(MANY)]
    receipts = [visitor.go(send(visitor, dialogue)) for visitor in others]
    assert len({RECEIPT.search(one.text)[0] for one in receipts if RECEIPT.search(one.text)}) == MANY  # type: ignore[index]  # each has one
    leader, *again = rows(site, dialogue, TITLE)
    assert {(one.moderation, one.merged_into_id) for one in again} == {("held", leader.id)}
    assert site.rows("select people from turn where question_id = :id", id=leader.id)[0].people == MANY
    others[0].get("/track/question")
    others[0].see("Câu hỏi của bạn đã được gộp với câu khác")
    assert f'href="/questions/{leader.id}"' in others[0].seen.text  # type: ignore[union-attr]  # just opened
    desk = people.staff(CLEARED).get(f"/review?dialogue={dialogue}")
    assert TITLE not in desk.text
    shown = site.visitor().get(f"/dialogues/{dialogue}/questions?q=sai+năm+sinh").text
    assert shown.count(f"/answers/{leader.id}") >= 1
    assert not [one.id for one in again if f"/answers/{one.id}" in shown]
    assert site.visitor().get(f"/questions/{again[0].id}").status_code == 404


def test_while_the_first_is_held_they_lie_at_the_desk_as_one_and_one_press_decides_all(
    dialogue: int, people: People, site: Site
) -> None:
    title = "Tôi đổi nơi khám bệnh ban đầu cho mẹ tôi ở đâu?"
    for _ in range(MANY):
        assert send(site.visitor(), dialogue, title=title, body=PHONE_IN_THE_TEXT.strip()).is_redirect
    site.wait(lambda: {one.moderation for one in rows(site, dialogue, title)} == {"held"}, 30)
    moderator = people.staff(CLEARED)
    desk = moderator.get(f"/review?dialogue={dialogue}")
    assert desk.text.count(f"<b>{title}</b>") == 1
    moderator.see(f"+{MANY - 1} giống hệt")
    case = site.rows(
        "select c.id, c.version from moderation_case c join question q on q.id = c.thing_id where q.title = :title order by c.id",
        title=title,
    )[0]
    moderator.get(f"/review/cases/{case.id}")
    moderator.see(f"{MANY - 1} câu giống hệt, gửi tới cùng buổi đối thoại, đang chờ cùng câu này.")
    assert moderator.fill(f"/review/cases/{case.id}", action=f"/cases/{case.id}/claim").is_redirect
    choice = people.proof(moderator) | {"version": str(case.version), "decision": "redact"}
    decided = moderator.post(f"/review/cases/{case.id}/decision", data=choice)
    assert decided.is_redirect, decided.text
    site.wait(lambda: all(one.merged_into_id for one in rows(site, dialogue, title)[1:]), 30)
    leader, *again = rows(site, dialogue, title)
    assert leader.moderation == "accepted"
    assert {one.merged_into_id for one in again} == {leader.id}
    assert title not in moderator.get(f"/review?dialogue={dialogue}").text


def test_whoever_sends_the_same_words_twice_is_told_in_words_and_led_to_the_first_receipt(
    dialogue: int, site: Site
) -> None:
    title, visitor = "Con tôi mất thẻ bảo hiểm thì xin lại ở đâu?", site.visitor()
    first = visitor.go(send(visitor, dialogue, title=title))
    again = send(visitor, dialogue, title=f"{title} ", body="")
    assert again.status_code == 422
    visitor.see("Bạn đã gửi đúng câu này lúc")
    link = next(part for part in again.text.split('"') if part.startswith("/questions/sent/"))
    assert RECEIPT.search(visitor.get(link).text)[0] == RECEIPT.search(first.text)[0]  # type: ignore[index]  # both have one
    assert len(rows(site, dialogue, title)) == 1
    assert site.visitor().get(link).status_code == 404
    assert send(visitor, dialogue, title=f"{title} Cháu học lớp một.").is_redirect
