"""Asking in a dialogue, with a form and no script: it reaches the room; whatever stands in the way is said and keeps the words."""

from itertools import count
from typing import Any

import pytest

from engage.dialogues import Stage
from tests.site import Site
from tests.visitor import Visitor
from tests.web import halls
from tests.web.people import RECEIPT, People

NUMBERS = count(1)
SUBJECTS = ("thẻ bảo hiểm của cháu bé", "sổ hưu của mẹ tôi", "trợ cấp thai sản", "giấy chuyển viện", "tiền tử tuất")


@pytest.fixture(scope="module")
def dialogue(people: People) -> int:
    return halls.at(people, Stage.LIVE)


def asked(**values: Any) -> dict[str, Any]:
    """All these resemble each other, and are sent all the same."""
    number = next(NUMBERS)
    title = f"{SUBJECTS[number % len(SUBJECTS)].capitalize()} ở phường số {number} làm trong bao nhiêu ngày?"
    return {"title": title, "name": f"Nguyễn Thị Thử {number}", "consent": True, "seen": "yes"} | values


def page(dialogue: int) -> str:
    return f"/dialogues/{dialogue}/ask"


def send(visitor: Visitor, dialogue: int, **values: Any) -> Any:
    return visitor.fill(page(dialogue), asked(**values), action="/ask")


def test_a_question_reaches_the_room_and_its_asker_follows_it(dialogue: int, people: People, site: Site) -> None:
    visitor, form = site.visitor(), asked(body="Cháu sinh tháng trước.")
    assert f'href="{page(dialogue)}"' in visitor.get(f"/dialogues/{dialogue}").text
    opened = visitor.get(page(dialogue))
    group = site.rows("select id from topic_group where dialogue_id = :id order by id", id=dialogue)[0].id
    sent = visitor.fill(opened, form | {"group": str(group)}, action="/ask")
    assert sent.is_redirect, sent.text
    receipt = visitor.go(sent)
    assert RECEIPT.search(receipt.text)
    visitor.see("Câu hỏi được duyệt rồi hiện trong buổi đối thoại: Đối thoại về bảo hiểm xã hội")
    (row,) = site.rows("select id, dialogue_id from question where title = :title", title=form["title"])
    assert row.dialogue_id == dialogue
    assert site.rows("select group_id from turn where question_id = :id", id=row.id)[0].group_id == group
    site.wait(
        lambda: site.rows("select moderation from question where id = :id", id=row.id)[0].moderation == "accepted"
    )
    assert form["title"] in site.visitor().get(f"/dialogues/{dialogue}/answers/{row.id}").text
    visitor.get("/track/question")
    visitor.see("Gửi tới buổi đối thoại: Đối thoại về bảo hiểm xã hội")
    visitor.see("Câu hỏi đã vào phòng, đang chờ đến lượt.")
    site.write("update turn set floor = 'carried' where question_id = :id", id=row.id)
    visitor.get("/track/question")
    visitor.see("Buổi đối thoại chưa kịp trả lời, nên câu hỏi đã được chuyển cơ quan có trách nhiệm.")


def test_whoever_asks_what_was_asked_is_told_by_how_many(dialogue: int, site: Site) -> None:
    first, form = site.visitor(), asked(title="Người mất sổ bảo hiểm xã hội xin cấp lại ở đâu?")
    assert first.fill(page(dialogue), form, action="/ask").is_redirect
    row = site.rows("select id from question where title = :title", title=form["title"])[0]
    site.wait(lambda: site.rows("select 1 from trace where question_id = :id", id=row.id) != [])
    second = site.visitor()
    near = second.get(f"/dialogues/{dialogue}/questions/near?q=Mất sổ bảo hiểm xã hội xin cấp lại ở đâu")
    assert "Đã có 1 người hỏi" in near.text
    told = send(
        second, dialogue, title="Mất sổ bảo hiểm xã hội xin cấp lại ở đâu ạ?", body="Tôi mất sổ hôm qua.", seen=False
    )
    assert told.status_code == 422
    assert f"/questions/{row.id}/vote" in told.text
    assert "Tôi mất sổ hôm qua." in told.text
    assert second.fill(told, action="/ask", button="Vẫn gửi câu hỏi").is_redirect


def test_slow_mode_and_the_limit_of_a_person_are_said_with_their_figures(people: People, site: Site) -> None:
    dialogue, visitor = halls.at(people, Stage.INTAKE), site.visitor()
    site.write("update dialogue set slow_seconds = 600, most_each = 2 where id = :id", id=dialogue)
    assert send(visitor, dialogue).is_redirect
    late = send(visitor, dialogue, body="Lời này còn đây.")
    assert late.status_code == 429
    visitor.see("hai câu của một người cách nhau ít nhất 600 giây")
    assert "Lời này còn đây." in late.text
    assert send(site.visitor(), dialogue).is_redirect  # everybody for themselves

    site.write("update dialogue set slow_seconds = 0 where id = :id", id=dialogue)
    assert visitor.fill(late, action="/ask").is_redirect
    assert send(visitor, dialogue, body="Câu thứ ba.").status_code == 429
    visitor.see("Mỗi người gửi nhiều nhất 2 câu tới buổi đối thoại này, và bạn đã gửi đủ.")
    visitor.see("Câu thứ ba.")


def test_pressed_twice_is_sent_once_however_slow_the_room(people: People, site: Site) -> None:
    dialogue, visitor = halls.at(people, Stage.INTAKE), site.visitor()
    site.write("update dialogue set slow_seconds = 600 where id = :id", id=dialogue)
    sent = send(visitor, dialogue)
    assert visitor.post_again(sent).headers["location"] == sent.headers["location"]
    assert len(site.rows("select id from question where dialogue_id = :id", id=dialogue)) == 1


def test_a_room_that_closes_while_somebody_types_keeps_the_words(people: People, site: Site) -> None:
    dialogue, visitor, form = halls.at(people, Stage.LIVE), site.visitor(), asked(body="Lời tôi đã viết.")
    opened = visitor.get(page(dialogue))
    site.write("update dialogue set takes_questions = false where id = :id", id=dialogue)
    paused = visitor.fill(opened, form, action="/ask")
    assert paused.status_code == 422
    visitor.see("Người dẫn chương trình đang tạm ngừng nhận câu hỏi.")
    assert "Lời tôi đã viết." in paused.text

    site.write("update dialogue set stage = 'closing' where id = :id", id=dialogue)
    over = visitor.fill(paused, action="/ask")
    assert over.status_code == 422
    visitor.see("Buổi đối thoại không nhận câu hỏi mới nữa.")
    visitor.see("Lời tôi đã viết.")
    ordinary = visitor.fill(over, action="/questions")  # which asks for more than a dialogue does
    assert ordinary.status_code == 422
    assert form["title"] in ordinary.text
    assert "Lời tôi đã viết." in ordinary.text
    assert not site.rows("select id from question where title = :title", title=form["title"])


def test_what_may_be_a_denunciation_is_asked_about_first(dialogue: int, site: Site) -> None:
    visitor = site.visitor()
    title = "Tôi tố cáo ông Nguyễn Văn A nhận hối lộ 50 triệu đồng"
    hinted = send(visitor, dialogue, title=title, body="Tôi tố cáo hành vi nhận hối lộ của ông A.")
    assert hinted.status_code == 422
    visitor.see("Đây có phải là tố cáo không?")
    assert not site.rows("select id from question where title = :title", title=title)
    led = visitor.fill(hinted, action="/ask", button="denunciation")
    assert led.headers["location"] == "/questions/denunciation"


def test_a_dialogue_that_takes_no_questions_says_so(people: People, site: Site) -> None:
    visitor = site.visitor()
    early, over = halls.at(people, Stage.SCHEDULED), halls.at(people, Stage.ENDED)
    assert page(early) not in visitor.get(f"/dialogues/{early}").text
    visitor.get(page(early))
    visitor.see("Buổi đối thoại chưa mở nhận câu hỏi.")
    assert page(over) not in visitor.get(f"/dialogues/{over}").text
    visitor.get(page(over))
    visitor.see("Buổi đối thoại không nhận câu hỏi mới nữa.")


def test_whoever_corrects_a_question_of_a_dialogue_is_asked_no_more_than_at_first(dialogue: int, site: Site) -> None:
    """One sentence is still enough, and which group it is in stays as it was."""
    visitor, group = site.visitor(), site.rows("select id from topic_group where dialogue_id = :id", id=dialogue)[0].id
    first = asked(title=f"Gọi tôi số 0912345678, thẻ của cháu thứ {next(NUMBERS)} bao giờ có?", group=str(group))
    assert visitor.fill(page(dialogue), first, action="/ask").is_redirect
    form = visitor.form("/track/question/correct", action="/correct")
    assert form.names >= {"title", "body", "province"}
    assert not form.names & {"topic", "agency", "country"}
    again = f"Thẻ của cháu thứ {next(NUMBERS)} bao giờ có?"
    assert visitor.press(form, {"title": again, "body": ""}).is_redirect
    (row,) = site.rows("select id, title, body from question where title = :title", title=again)
    assert row.body == ""
    assert site.rows("select group_id from turn where question_id = :id", id=row.id)[0].group_id == group
    visitor.get("/track/question")
    visitor.see(again)


def test_who_wishes_not_to_be_named_is_called_so_in_the_language_of_the_page(dialogue: int, site: Site) -> None:
    form = asked(anonymous=True)
    assert site.visitor().fill(page(dialogue), form, action="/ask").is_redirect
    (row,) = site.rows("select id from question where title = :title", title=form["title"])
    site.wait(
        lambda: site.rows("select moderation from question where id = :id", id=row.id)[0].moderation == "accepted"
    )
    for language, said in (("vi", "Người hỏi đề nghị ẩn tên"), ("en", "Name withheld at the asker’s request")):
        reader = site.visitor(language)
        reader.get(f"/dialogues/{dialogue}/answers/{row.id}")
        reader.see(said)
        reader.not_see(form["name"])
