from pathlib import Path

from playwright.sync_api import expect

from tests import papers
from tests.browser import acts, look, stories
from tests.browser.conftest import Open
from tests.site import Site


def test_a_picture_is_asked_with_on_a_phone(page: Open, site: Site) -> None:
    opened, form = page("/questions/ask", width=look.PHONE), stories.ask_form()
    acts.enclose(opened)
    opened.locator(".files input").fill("Giấy xác nhận của công ty")
    acts.ask(opened, form)
    opened.wait_for_url("**/questions/sent/*")
    row = site.rows(
        "select about, state from attachment where thing_id = :id", id=stories.id_of(site, str(form["title"]))
    )[0]
    assert tuple(row) == ("Giấy xác nhận của công ty", "private")
    opened.goto("/track/question")
    expect(opened.get_by_role("link", name="Giấy xác nhận của công ty")).to_be_visible()
    assert not look.sticking_out(opened)


def test_a_file_that_lies_is_named_and_the_good_one_stays(page: Open) -> None:
    opened = page("/questions/ask", expected=("status of 422",))
    acts.enclose(opened)
    opened.set_input_files("#files", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": papers.PROGRAM})
    expect(opened.locator(".tray-files .error")).to_contain_text("Tệp “a.pdf”")
    expect(opened.locator(".files li")).to_have_count(1)
    opened.locator("[data-file-remove]").click()
    expect(opened.locator(".files li")).to_have_count(0)


def test_a_file_too_large_is_not_sent_at_all(page: Open, tmp_path: Path) -> None:
    opened, large = page("/questions/ask"), tmp_path / "quét.pdf"
    large.write_bytes(bytes(11_000_000))
    opened.set_input_files("#files", large)
    expect(opened.locator("[data-files-status]")).to_contain_text("lớn hơn 10 MB")


def test_without_a_script_the_form_takes_files_all_the_same(page: Open) -> None:
    opened, form = page("/questions/ask", javascript=False, expected=("status of 422",)), stories.ask_form()
    letter = {"name": "đơn.pdf", "mimeType": "application/pdf", "buffer": papers.pdf()}
    acts.fill(opened, form | {"title": ""})
    opened.set_input_files("#files", letter)
    acts.send(opened)
    expect(opened.locator(".files li")).to_contain_text("đơn.pdf")
    acts.fill(opened, {"title": form["title"]})
    opened.locator("#title").press("Enter")  # sends; it does not take the file out
    opened.wait_for_url("**/questions/sent/*")
