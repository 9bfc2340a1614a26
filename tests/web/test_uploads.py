import io
import re
import socket
import time
import zipfile

import pytest

from tests import papers
from tests.forms import forms
from tests.web.people import CLEARED, People
from tests.web.test_attachments import LETTER, PHOTO, fetched


def kept_names(page: str) -> list[str]:
    """What the form says is kept for it."""
    (form,) = (one for one in forms(page) if one.action == "/questions")
    return [button.words.removeprefix("Gỡ tệp ") for button in form.buttons if button.words.startswith("Gỡ tệp")]


def test_files_that_lie_are_named_and_the_good_ones_and_all_words_stay(people: People) -> None:
    visitor, typed = people.site.visitor(), people.question()
    form = visitor.form("/questions/ask", action="/questions")
    files = [*LETTER, ("hóa đơn.pdf", papers.PROGRAM), ("macro.docx", papers.docx(**{"word/vbaProject.bin": b"x"}))]
    answer = visitor.enclose(form, files, typed)
    assert answer.status_code == 422
    visitor.see("Tệp “hóa đơn.pdf” thật ra không phải PDF. Chọn tệp PDF, ảnh, DOCX hoặc XLSX.")
    visitor.see("Tệp “macro.docx” có macro.")
    assert kept_names(answer.text) == ["công văn số 12.pdf"]
    assert typed["title"] in answer.text
    sent = visitor.fill(answer, typed | {"consent": True}, action="/questions")
    asked = people.asked(visitor, sent, typed)
    assert fetched(visitor, people.file_of(asked)) == 200


def test_a_bomb_is_refused_by_name_and_quickly_and_two_hundred_pages_are_taken(people: People) -> None:
    visitor, typed = people.site.visitor(), people.question()
    form, pages = visitor.form("/questions/ask", action="/questions"), papers.pdf(200)
    began = time.monotonic()
    answer = visitor.enclose(form, [("bom.docx", papers.bomb()), ("200 trang.pdf", pages)], typed)
    assert time.monotonic() - began < 20
    assert answer.status_code == 422
    visitor.see("bom.docx")
    assert kept_names(answer.text) == ["200 trang.pdf"]
    sent = visitor.fill(answer, typed | {"consent": True}, action="/questions")
    asked = people.asked(visitor, sent, typed)
    taken = visitor.get(f"/attachments/{people.file_of(asked)}", follow_redirects=True)
    assert taken.content == pages


def test_a_file_survives_a_form_with_a_mistake_in_its_words_and_can_be_taken_out(people: People) -> None:
    visitor = people.site.visitor()
    form = visitor.form("/questions/ask", action="/questions")
    answer = visitor.enclose(form, [*LETTER, *PHOTO], people.question(title=""))
    assert answer.status_code == 422
    assert kept_names(answer.text) == ["công văn số 12.pdf", "IMG_0001.jpg"]
    again = visitor.form(answer, action="/questions")
    out = visitor.press(again, button="Gỡ tệp IMG_0001.jpg")
    assert out.status_code == 200
    assert kept_names(out.text) == ["công văn số 12.pdf"]


def test_what_a_file_shows_is_said_and_read(people: People) -> None:
    visitor, typed = people.site.visitor(), people.question(title="")
    answer = visitor.enclose(visitor.form("/questions/ask", action="/questions"), PHOTO, typed)
    (field,) = (name for name, _ in visitor.form(answer, action="/questions").pairs if name.startswith("about-"))
    whole = people.question()
    sent = visitor.fill(answer, whole | {field: "Giấy xác nhận của\u202e công ty"}, action="/questions")
    asked = people.asked(visitor, sent, whole)
    asked.visitor.get("/track/question")
    asked.visitor.see("Giấy xác nhận của công ty")


def test_too_many_files_are_refused_by_name(people: People) -> None:
    visitor = people.site.visitor()
    files = [(f"tệp {number}.pdf", papers.pdf(number + 1)) for number in range(4)]
    answer = visitor.enclose(visitor.form("/questions/ask", action="/questions"), files, people.question())
    assert answer.status_code == 422
    visitor.see("Nhận nhiều nhất 3 tệp. Tệp “tệp 3.pdf” chưa được giữ.")
    assert len(kept_names(answer.text)) == 3


def test_a_file_that_is_too_large_is_refused_by_name(people: People) -> None:
    visitor = people.site.visitor()
    files = [("quét.pdf", papers.pdf() + bytes(11_000_000))]
    answer = visitor.enclose(visitor.form("/questions/ask", action="/questions"), files, people.question())
    assert answer.status_code == 422
    visitor.see("Tệp “quét.pdf” lớn hơn 10 MB.")


def test_a_form_larger_than_any_hears_why(people: People) -> None:
    visitor = people.site.visitor()
    files = [(f"{number}.pdf", bytes(9_000_000)) for number in range(3)]
    answer = visitor.enclose(visitor.form("/questions/ask", action="/questions"), files, people.question())
    assert answer.status_code == 413
    visitor.see("Các tệp cộng lại lớn hơn 20 MB.")


def test_words_alone_are_bounded_as_everywhere(people: People) -> None:
    visitor = people.site.visitor()
    form = visitor.form("/questions/ask", action="/questions")
    assert visitor.press(form, people.question(body="x" * 70_000)).status_code == 413
    assert visitor.enclose(form, LETTER, people.question(body="x" * 70_000)).status_code in {400, 413, 422}


@pytest.mark.parametrize("is_closed", [True, False], ids=["the connection breaks", "the form ends early"])
def test_an_upload_that_breaks_off_leaves_nothing(people: People, is_closed: bool) -> None:
    visitor = people.site.visitor()
    form = visitor.form("/questions/ask", action="/questions")
    texts = [(name, (None, value)) for name, value in form.filled(people.question())]
    whole = visitor.build_request("POST", form.action, files=[*texts, ("files", LETTER[0])])
    body, before = whole.read(), count(people)
    half, headers = body[: len(body) // 2], dict(whole.headers)
    if is_closed:
        headers |= {"cookie": "; ".join(f"{one.name}={one.value}" for one in visitor.cookies.jar)}
        said = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        with socket.create_connection(("127.0.0.1", people.site.port)) as line:
            line.sendall(f"POST /questions HTTP/1.1\r\n{said}\r\n".encode() + half)
        assert visitor.get("/questions/ask").status_code == 200
    else:
        kind = {"content-type": headers["content-type"]}
        assert visitor.post(form.action, content=half, headers=kind).status_code in {400, 403, 422}
    assert count(people) == before


def count(people: People) -> int:
    return int(people.site.rows("select count(*) as n from attachment")[0].n)


def test_of_a_denunciation_no_file_is_kept(people: People) -> None:
    visitor = people.site.visitor()
    typed = people.question(
        title="Chủ tịch xã nhận hối lộ thì báo ai?",
        body="Tôi tố cáo ông Nguyễn Văn A, chủ tịch xã, đã nhận hối lộ của người dân và chiếm đoạt tiền hỗ trợ dân nghèo.",
    )
    form = visitor.form("/questions/ask", action="/questions")
    before = count(people)
    answer = visitor.enclose(form, LETTER, typed)
    assert answer.status_code == 422
    visitor.see("Tệp đính kèm không được giữ lại.")
    assert count(people) == before


def test_a_form_that_is_not_ours_leaves_no_file(people: People) -> None:
    visitor = people.site.visitor()
    form = visitor.form("/questions/ask", action="/questions")
    before = count(people)
    answer = visitor.enclose(form, LETTER, people.question(csrf="1.x"))
    assert answer.status_code == 403
    assert count(people) == before


def test_another_visitor_with_the_same_draft_finds_nothing(people: People) -> None:
    visitor, thief = people.site.visitor(), people.site.visitor()
    answer = visitor.enclose(visitor.form("/questions/ask", action="/questions"), LETTER, people.question(title=""))
    draft = dict(visitor.form(answer, action="/questions").pairs)["draft"]
    theirs = thief.fill("/questions/ask", people.question(title="", draft=draft), action="/questions")
    assert kept_names(theirs.text) == []


def test_with_a_script_files_go_up_one_by_one(people: People) -> None:
    visitor = people.site.visitor()
    form = dict(visitor.form("/questions/ask", action="/questions").pairs)
    texts = {"csrf": form["csrf"], "key": form["key"], "draft": form["draft"], "surface": "question"}
    first = visitor.post("/attachments", data=texts, files=[("files", LETTER[0])])
    assert first.status_code == 200
    visitor.see("công văn số 12.pdf")
    bad = visitor.post("/attachments", data=texts, files=[("files", ("a.jpg", papers.HEIC))])
    assert bad.status_code == 422
    visitor.see("dạng HEIC")
    visitor.see("công văn số 12.pdf")
    assert visitor.post("/attachments", data=texts | {"surface": "answer"}).status_code == 403


def test_a_citizens_document_does_not_say_who_wrote_it_and_the_moderator_is_told_what_may(people: People) -> None:
    core = b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"><dc:creator>Kim</dc:creator></cp:coreProperties>'
    asked = people.accepted(files=[("đơn.docx", papers.docx(**{"docProps/core.xml": core})), *LETTER])
    desk = people.staff(CLEARED)
    page = desk.get(f"/review/attachments?question={asked.id}").text
    desk.see("Tên người soạn trong phần thuộc tính đã được xóa khi nhận.")
    desk.see("Tệp PDF có thể còn ghi tên người soạn.")
    (address,) = re.findall(r'href="([^"]+)" download>đơn\.docx', page)
    with zipfile.ZipFile(io.BytesIO(desk.get(address).content)) as archive:
        assert b"Kim" not in archive.read("docProps/core.xml")
