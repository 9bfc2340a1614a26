"""The minutes through their doors: written by one, approved by another, and then everybody's, in three forms."""

import csv
import io
import json
import re
import zipfile
from html import unescape
from typing import Any

import pytest

from engage.dialogues import Stage
from tests.unit import minutes_json
from tests.visitor import Visitor
from tests.web import halls
from tests.web.halls import Over, over
from tests.web.people import ADMINISTRATOR, CLEARED, OFFICIAL, UNCLEARED, People


@pytest.fixture(scope="module")
def held(people: People) -> Over:
    return over(people)


@pytest.fixture(scope="module")
def published(people: People) -> Over:
    made = over(people)
    _publish(people, f"/dialogues/{made.id}/minutes")
    return made


def test_before_they_are_published_they_are_missing(people: People, held: Over) -> None:
    for ending in ("", ".docx", ".json"):
        assert people.site.visitor().get(f"/dialogues/{held.id}/minutes{ending}").status_code == 404
    assert people.staff(OFFICIAL).get(f"/dialogues/{held.id}/minutes/edit").status_code == 404
    assert people.staff(ADMINISTRATOR).get(f"/dialogues/{held.id}/minutes/edit").status_code == 200


def test_an_editor_is_led_to_them_from_the_list_of_dialogues_and_from_the_dialogue(people: People, held: Over) -> None:
    editor, desk = people.staff(CLEARED), f'href="/dialogues/{held.id}/minutes/edit"'
    for page in ("/dialogues/mine", f"/dialogues/{held.id}/edit", f"/dialogues/{held.id}/host"):
        assert desk in editor.get(page).text, page
    assert desk not in people.staff(OFFICIAL).get("/dialogues/mine").text


def test_what_was_typed_comes_back_when_somebody_else_was_first(people: People, held: Over) -> None:
    at = f"/dialogues/{held.id}/minutes"
    editor = people.staff(CLEARED)
    typed = {"version": "1", "opening": "Lời của tôi.", "closing": ""}
    answer = editor.post(f"{at}/edit", data={**people.proof(editor), **typed})
    assert answer.status_code == 409
    assert "Lời của tôi." in answer.text
    assert "Biên bản vừa được sửa lúc" in answer.text


def test_who_wrote_them_does_not_approve_them(people: People) -> None:
    sent, editor = over(people, sent=True), people.staff(CLEARED)
    at = f"/dialogues/{sent.id}/minutes"
    assert "Duyệt biên bản" not in editor.get(f"{at}/edit").text
    approval = {**people.proof(editor), "version": "2", "act": "approve"}
    assert editor.post(f"{at}/decision", data=approval).status_code == 422
    returned = people.staff(UNCLEARED).fill(
        f"{at}/edit", {"note": "Thiếu lời mở đầu."}, action=f"{at}/decision", button="return"
    )
    assert returned.is_redirect
    assert "Thiếu lời mở đầu." in editor.get(f"{at}/edit").text


def test_the_file_for_word_processors_says_what_the_page_says(people: People, published: Over) -> None:
    reader, at = people.site.visitor(), f"/dialogues/{published.id}/minutes"
    page, file = reader.get(at), reader.get(f"{at}.docx")
    assert page.status_code == file.status_code == 200
    article = page.text.partition('<article class="paper"')[2].partition(">")[2].partition("</article>")[0]
    document = zipfile.ZipFile(io.BytesIO(file.content)).read("word/document.xml").decode()
    assert _words(article) == _words(document)
    assert f"/dialogues/{published.id}/answers/{published.question_id}" in article
    assert file.headers["content-disposition"] == f'attachment; filename="bien-ban-{published.id}.docx"'


def test_the_file_for_programs_has_every_answer_with_its_address(people: People, published: Over) -> None:
    reader, at = people.site.visitor(), f"/dialogues/{published.id}/minutes"
    told = reader.get(f"{at}.json").json()
    minutes_json.Minutes.model_validate(told)
    (question,) = [one for group in told["groups"] for one in group["questions"]]
    assert question["url"].endswith(f"/dialogues/{published.id}/answers/{published.question_id}")
    assert [one["text"] for one in question["answers"]] == ["Có, từ tháng sau."]
    assert told["figures"]["answered_live"] == 1


@pytest.mark.parametrize("ending", ["", ".docx", ".json"])
def test_unchanged_they_are_not_sent_again(people: People, published: Over, ending: str) -> None:
    reader, path = people.site.visitor(), f"/dialogues/{published.id}/minutes{ending}"
    tag = reader.get(path).headers["etag"]
    assert reader.get(path, headers={"if-none-match": tag}).status_code == 304


def test_what_is_hidden_is_gone_from_the_page_and_both_files(people: People) -> None:
    made = over(people)
    at = f"/dialogues/{made.id}/minutes"
    _publish(people, at)
    reader: Visitor = people.site.visitor()
    assert all("Có, từ tháng sau." in _text(reader, at + ending) for ending in ("", ".docx", ".json"))
    moderator, case = people.staff(CLEARED), f"/review/questions/{made.question_id}"
    hidden = moderator.fill(case, {"reason": "unclear", "words": "Gỡ theo yêu cầu."}, action=f"{case}/hide")
    assert hidden.is_redirect, hidden.text
    assert not any("Có, từ tháng sau." in _text(reader, at + ending) for ending in ("", ".docx", ".json"))


def test_the_texts_before_a_correction_stay_to_be_read(people: People) -> None:
    made = over(people, corrected=True)
    at = f"/dialogues/{made.id}/answers/{made.question_id}"
    reader = people.site.visitor()
    assert f"{at}/revisions#reply-" in reader.get(at).text
    told = reader.get(f"{at}/revisions")
    assert told.status_code == 200
    for words in ("Bản thứ 2", "Bản thứ 1", "Nói nhầm tháng.", "Có, từ tháng sau.", "Có, từ tháng Ba."):
        assert words in told.text
    case = f"/review/questions/{made.question_id}"
    hidden = people.staff(CLEARED).fill(case, {"reason": "unclear", "words": "Gỡ theo yêu cầu."}, action=f"{case}/hide")
    assert hidden.is_redirect, hidden.text
    assert reader.get(f"{at}/revisions").status_code == 404


def test_each_page_tells_machines_what_it_is(people: People, published: Over) -> None:
    at = f"/dialogues/{published.id}"
    (room,), (answer,), (report,) = (
        _things(people, path) for path in (at, f"{at}/answers/{published.question_id}", f"{at}/minutes")
    )
    address = people.site.url + at
    assert (room["@type"], room["url"], room["eventStatus"]) == ("Event", address, "https://schema.org/EventScheduled")
    assert [one["name"] for one in room["performer"]] == ["Lê Văn Bình", "Phạm Thu Hà"]
    assert room["startDate"] <= room["endDate"]
    assert answer["@type"] == "QAPage"
    asked = answer["mainEntity"]
    assert (asked["@type"], asked["answerCount"]) == ("Question", 1)
    (given,) = asked["acceptedAnswer"]
    assert (given["text"], given["author"]["name"]) == ("Có, từ tháng sau.", "Lê Văn Bình")
    assert (report["@type"], report["about"]["url"]) == ("Report", address)
    assert report["hasPart"] == [asked]
    (announced,) = _things(people, f"/dialogues/{halls.at(people, Stage.SCHEDULED)}")
    assert (announced["@type"], announced["location"]["@type"]) == ("Event", "VirtualLocation")


def test_figures_come_as_a_page_and_as_a_table_that_starts_no_program(people: People, published: Over) -> None:
    reader, at = people.site.visitor(), f"/dialogues/{published.id}/figures"
    page, sheet = reader.get(at), reader.get(f"{at}.csv")
    assert 'role="img"' in page.text
    assert sheet.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(sheet.text.removeprefix("\ufeff"))))
    told = dict(row for row in rows if len(row) == 2)
    assert (told["Câu hỏi gửi trong buổi"], told["Trả lời trong buổi"], told["Số người hỏi"]) == ("1", "1", "1")
    assert ["'=1+1", "1", "1"] in rows
    assert "=1+1" in page.text


def _things(people: People, path: str) -> list[Any]:
    """What stands there for machines, parsed."""
    page = people.site.visitor().get(path)
    assert page.status_code == 200
    assert "itemscope" not in page.text
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text)
    things = [json.loads(one) for one in found]
    assert all(one.pop("@context") == "https://schema.org" for one in things)
    return things


def _publish(people: People, at: str) -> None:
    people.staff(CLEARED).fill(f"{at}/edit", {}, action=f"{at}/send")
    people.staff(UNCLEARED).fill(f"{at}/edit", button="approve", action=f"{at}/decision")
    assert people.staff(CLEARED).fill(f"{at}/edit", {}, action=f"{at}/publish").is_redirect


def _text(reader: Visitor, path: str) -> str:
    answer = reader.get(path)
    if path.endswith(".docx"):
        return zipfile.ZipFile(io.BytesIO(answer.content)).read("word/document.xml").decode()
    return answer.text


def _words(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())
