import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image

from tests import papers
from tests.site import Kind, Site, running
from tests.visitor import Files, Visitor
from tests.web.people import (
    ADMINISTRATOR,
    ANSWER,
    APPROVER,
    CLEARED,
    COORDINATOR,
    OFFICIAL,
    OTHER_COORDINATOR,
    UNCLEARED,
    Asked,
    People,
)

LETTER: Files = [("công văn số 12.pdf", papers.pdf(200))]
PHOTO: Files = [("IMG_0001.jpg", papers.picture_with_place())]


def fetched(visitor: Visitor, key: str) -> int:
    return visitor.get(f"/attachments/{key}").status_code


def decide(people: People, asked: Asked, decision: str, **values: str) -> None:
    key, moderator = people.file_of(asked), people.staff(CLEARED)
    page = f"/review/attachments?question={asked.id}"
    sent = moderator.fill(page, values, action=f"/{key}/decision", button=decision)
    assert sent.is_redirect, sent.text


def test_a_file_is_private_until_a_moderator_publishes_it(people: People) -> None:
    asked, reader = people.accepted(files=LETTER), people.site.visitor()
    key = people.file_of(asked)
    insiders = [asked.visitor, *(people.staff(who) for who in (CLEARED, UNCLEARED, COORDINATOR, OFFICIAL))]
    outsiders = [reader, *(people.staff(who) for who in (OTHER_COORDINATOR, ADMINISTRATOR)), people.ask().visitor]
    assert {fetched(visitor, key) for visitor in insiders} == {200}
    assert {fetched(visitor, key) for visitor in outsiders} == {404}
    reader.get(asked.page)
    reader.not_see("công văn số 12.pdf")
    decide(people, asked, "publish")
    assert {fetched(visitor, key) for visitor in [*insiders, *outsiders]} == {200}
    reader.get(asked.page)
    reader.see("công văn số 12.pdf")
    decide(people, asked, "keep")
    assert fetched(reader, key) == 404
    reader.get(asked.page)
    reader.not_see("công văn số 12.pdf")


def test_a_file_goes_out_as_a_download_that_can_do_nothing(people: People) -> None:
    asked = people.accepted(files=LETTER)
    private = asked.visitor.get(f"/attachments/{people.file_of(asked)}")
    assert private.content == LETTER[0][1]
    assert private.headers["content-type"] == "application/pdf"
    assert private.headers["cache-control"] == "no-store"
    decide(people, asked, "publish")
    public = people.site.visitor().get(f"/attachments/{people.file_of(asked)}")
    name = quote("công văn số 12.pdf")
    assert public.headers["content-disposition"] == f"attachment; filename=\"tep.pdf\"; filename*=UTF-8''{name}"
    assert public.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert public.headers["x-content-type-options"] == "nosniff"
    assert public.headers["cross-origin-resource-policy"] == "same-origin"
    assert public.headers["cache-control"] == "public, no-cache"
    reader, tag = people.site.visitor(), {"if-none-match": public.headers["etag"]}
    assert reader.get(f"/attachments/{people.file_of(asked)}", headers=tag).status_code == 304
    decide(people, asked, "keep")
    assert reader.get(f"/attachments/{people.file_of(asked)}", headers=tag).status_code == 404


def test_a_photograph_arrives_without_the_place_it_was_taken_at(people: People) -> None:
    asked = people.accepted(files=PHOTO)
    content = asked.visitor.get(f"/attachments/{people.file_of(asked)}").content
    with Image.open(io.BytesIO(content)) as picture:
        assert not picture.getexif()
        assert picture.size == (80, 120)


def test_an_answers_files_come_out_with_it(people: People) -> None:
    asked, official, reader = people.taken(), people.staff(OFFICIAL), people.site.visitor()
    form = official.form(asked.desk, action="/answer")
    assert official.enclose(form, [*LETTER, *PHOTO], ANSWER).is_redirect
    unsaid = official.fill(asked.desk, ANSWER, action="/answer", button="send")
    assert unsaid.status_code == 422
    official.see("Ghi ảnh “IMG_0001.jpg” cho thấy gì")
    rows = people.site.rows(
        "select key, name from attachment where surface = 'answer' and thing_id ="
        " (select id from answer where question_id = :id)",
        id=asked.id,
    )
    keys = {row.name: row.key for row in rows}
    assert fetched(reader, keys["IMG_0001.jpg"]) == 404
    assert fetched(people.staff(OTHER_COORDINATOR), keys["IMG_0001.jpg"]) == 404
    said = {f"about-{keys['IMG_0001.jpg']}": "Sơ đồ các bước"}
    assert official.fill(asked.desk, ANSWER | said, action="/answer", button="send").is_redirect
    assert people.staff(APPROVER).fill(asked.desk, action="/approve").is_redirect
    reader.get(asked.page)
    reader.see("Sơ đồ các bước")
    assert {fetched(reader, key) for key in keys.values()} == {200}


def test_a_file_is_taken_out_of_a_draft(people: People) -> None:
    asked, official = people.taken(), people.staff(OFFICIAL)
    assert official.enclose(official.form(asked.desk, action="/answer"), LETTER, ANSWER).is_redirect
    assert official.fill(asked.desk, action="/answer", button="Gỡ tệp công văn số 12.pdf").is_redirect
    official.get(asked.desk)
    official.not_see("công văn số 12.pdf")


def test_a_refused_file_is_told_to_its_sender_and_opened_by_nobody_else(people: People) -> None:
    asked = people.accepted(files=PHOTO)
    decide(people, asked, "refuse", note="Ảnh có mặt người khác.")
    asked.visitor.get("/track/question")
    asked.visitor.see("Không được nhận")
    asked.visitor.see("Ảnh có mặt người khác.")
    key = people.file_of(asked)
    assert [fetched(one, key) for one in (asked.visitor, people.staff(OFFICIAL))] == [404, 404]


def test_a_refusal_without_a_reason_comes_back(people: People) -> None:
    asked, moderator = people.accepted(files=PHOTO), people.staff(CLEARED)
    page = f"/review/attachments?question={asked.id}"
    sent = moderator.fill(page, {"note": "x"}, action="/decision", button="refuse")
    assert sent.status_code == 422
    moderator.see("Ghi lý do không nhận tệp")


def test_a_moderator_decides_in_the_case_and_goes_on_there(people: People) -> None:
    asked = people.held(files=PHOTO)
    case = people.claim(asked)
    sent = people.staff(CLEARED).fill(case, action=f"/{people.file_of(asked)}/decision", button="publish")
    assert sent.headers["location"] == case
    assert fetched(people.site.visitor(), people.file_of(asked)) == 404, "the question is not public yet"
    people.release()


def test_files_nobody_looked_at_wait_in_a_list(people: People) -> None:
    asked = people.accepted(files=LETTER)
    people.staff(CLEARED).get("/review/attachments")
    people.staff(CLEARED).see(asked.title)
    decide(people, asked, "keep")
    people.staff(CLEARED).get("/review/attachments")
    people.staff(CLEARED).not_see(asked.title)


# Another origin that hands files out, and a virus scanner that is away


@pytest.fixture(scope="module")
def strict(kind: Kind, tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    if kind == "postgres":
        pytest.skip("settings are the same on both databases")
    site = Site("sqlite", tmp_path_factory.mktemp("strict"))
    site.environment["ENGAGE_ATTACHMENTS_ORIGIN"] = f"http://files.localhost:{site.port}"
    with running(site) as ready:
        yield People(ready)


def test_the_other_origin_hands_files_out_and_nothing_else(strict: People) -> None:
    asked, reader = strict.accepted(files=LETTER), strict.site.visitor()
    there = {"host": f"files.localhost:{strict.site.port}"}
    key = strict.file_of(asked)
    assert reader.get("/questions", headers=there).status_code == 404
    led = asked.visitor.get(f"/attachments/{key}")
    assert led.status_code == 303
    origin, _, path = led.headers["location"].partition(f":{strict.site.port}")
    assert origin == "http://files.localhost"
    assert reader.get(path, headers=there).content == LETTER[0][1]
    assert reader.get(f"/attachments/{key}", headers=there).status_code == 404
    assert reader.get(path[:-1] + "~", headers=there).status_code == 404
    assert reader.get(f"/attachments/{key}").status_code == 404
    decide(strict, asked, "publish")
    assert reader.get(f"/attachments/{key}").headers["location"] == f"{origin}:{strict.site.port}/attachments/{key}"
    assert reader.get(f"/attachments/{key}", headers=there).status_code == 200


@pytest.fixture(scope="module")
def guarded(kind: Kind, tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    if kind == "postgres":
        pytest.skip("settings are the same on both databases")
    site = Site("sqlite", tmp_path_factory.mktemp("guarded"))
    site.environment["ENGAGE_CLAMD"] = str(Path(site.folder) / "nobody-listens")
    with running(site) as ready:
        yield People(ready)


def test_while_the_scanner_is_away_a_file_is_shown_to_nobody(guarded: People) -> None:
    asked = guarded.accepted(files=LETTER)
    for visitor in (asked.visitor, guarded.staff(CLEARED), guarded.staff(COORDINATOR)):
        assert fetched(visitor, guarded.file_of(asked)) == 404
    asked.visitor.get("/track/question")
    asked.visitor.see("Đang kiểm tra mã độc")
