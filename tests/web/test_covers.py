"""Promises of a dialogue's cover picture: readers see it with what it shows in words, nobody sees it where they see no dialogue."""

import io
from typing import Any

import httpx2
from PIL import Image

from tests import papers
from tests.site import Site
from tests.web.people import CLEARED, UNCLEARED, People

ABOUT = "Hội trường Bảo hiểm xã hội Việt Nam trước giờ đối thoại"
PICTURE = ("hoi-truong.jpg", papers.picture("JPEG", (2000, 1200)))


def brought(people: People, number: int, *files: tuple[str, bytes], **typed: Any) -> httpx2.Response:
    editor = people.staff(CLEARED)
    form = editor.form(f"/dialogues/{number}/edit", action="/cover", button="save")
    return editor.enclose(form, files, {"cover_about": ABOUT} | typed, button="save")


def covered(people: People, number: int) -> str:
    assert brought(people, number, PICTURE).is_redirect
    return f"/dialogues/{number}/cover"


def test_readers_see_it_on_the_announcement_in_the_list_at_home_and_when_it_is_shared(
    people: People, site: Site
) -> None:
    number, reader = people.announced(), site.visitor()
    cover = covered(people, number)
    shown = f'<img class="cover" src="{cover}"'
    page = reader.get(f"/dialogues/{number}").text
    assert shown in page
    assert f'alt="{ABOUT}"' in page
    assert f'<meta property="og:image" content="{site.url}{cover}">' in page
    assert shown in reader.get("/dialogues").text
    assert f'src="/en{cover}"' in site.visitor("en").get("/dialogues").text


def test_it_comes_from_the_dialogues_own_address_smaller_and_without_what_the_camera_added(
    people: People, site: Site
) -> None:
    number = people.announced()
    assert brought(people, number, ("IMG_1.jpg", papers.picture_with_place())).is_redirect
    assert not Image.open(io.BytesIO(site.visitor().get(f"/dialogues/{number}/cover").content)).getexif()
    answer = site.visitor().get(covered(people, number))
    assert answer.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(answer.content)).size == (1280, 768)
    again = site.visitor().get(answer.url.path, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_who_may_not_see_the_dialogue_finds_no_cover(people: People, site: Site) -> None:
    cover = covered(people, people.dialogue())
    assert site.visitor().get(cover).status_code == people.staff(UNCLEARED).get(cover).status_code == 404
    assert people.staff(CLEARED).get(cover).headers["cache-control"] == "no-store"


def test_it_is_replaced_described_anew_and_removed(people: People, site: Site) -> None:
    number, reader, editor = people.announced(), site.visitor(), people.staff(CLEARED)
    cover = covered(people, number)
    assert brought(people, number, ("khac.png", papers.picture("PNG", (320, 180)))).is_redirect
    assert reader.get(cover).headers["content-type"] == "image/png"
    assert brought(people, number, cover_about="Khách mời và người dẫn chương trình").is_redirect
    assert "Khách mời và người dẫn chương trình" in reader.get(f"/dialogues/{number}").text
    assert editor.fill(f"/dialogues/{number}/edit", action="/cover", button="remove").is_redirect
    assert reader.get(cover).status_code == 404
    assert cover not in reader.get(f"/dialogues/{number}").text + reader.get("/dialogues").text


def test_a_picture_without_words_is_kept_until_they_come_and_readers_see_the_old_one(
    people: People, site: Site
) -> None:
    number, reader = people.announced(), site.visitor()
    cover = covered(people, number)
    answer = brought(people, number, ("moi.png", papers.picture("PNG")), cover_about="")
    assert answer.status_code == 422
    assert "Ghi ảnh cho thấy gì. Ảnh bạn chọn đã được giữ, không cần chọn lại." in answer.text
    assert "Đã nhận ảnh “moi.png”" in answer.text
    assert reader.get(cover).headers["content-type"] == "image/jpeg"
    assert brought(people, number).is_redirect
    assert reader.get(cover).headers["content-type"] == "image/png"


def test_what_is_no_picture_or_too_large_is_refused_by_name_and_the_words_stay(people: People) -> None:
    number = people.dialogue()
    for name, content in (("thư mời.pdf", papers.pdf()), ("ghi chú.txt", b"xin chao"), ("ảnh.png", b"xin chao")):
        answer = brought(people, number, (name, content))
        assert answer.status_code == 422
        assert f"Tệp “{name}” không phải ảnh JPEG, PNG hoặc WebP. Chọn tệp ảnh." in answer.text
        assert ABOUT in answer.text
    answer = brought(people, number, ("lớn.jpg", papers.picture() + bytes(11_000_000)))
    assert answer.status_code == 422
    assert "Tệp “lớn.jpg” lớn hơn 10 MB." in answer.text
    assert ABOUT in answer.text
    answer = brought(people, number)
    assert answer.status_code == 422
    assert "Chọn một ảnh." in answer.text


def test_only_editors_bring_one(people: People) -> None:
    number = people.announced()
    mine, path = people.staff(UNCLEARED), f"/dialogues/{number}/cover"
    files = [*((name, (None, value)) for name, value in people.proof(mine).items()), ("files", PICTURE)]
    assert mine.post(path, files=[*files, ("cover_about", (None, ABOUT))]).status_code == 403
    assert people.site.visitor().get(path).status_code == 404
