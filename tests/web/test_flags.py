"""Reporting a text as readers meet it: without a script, from a portal's page; and what a moderator sees and decides."""

import json

from tests.site import Site
from tests.visitor import Visitor
from tests.web import commented, talks
from tests.web.people import CLEARED, Asked, People
from tests.web.portals import registered


def _page(asked: Asked) -> str:
    return f"/flags/new?thing=question&id={asked.id}"


def _flag(reader: Visitor, page: str, reason: str = "insulting", words: str = "") -> None:
    sent = reader.fill(page, {"reason": reason, "words": words}, action=page.rpartition("=")[2])
    assert sent.is_redirect, sent.text
    reader.go(sent)


def _case(site: Site, surface: str, thing_id: int) -> int:
    rows = "select id from moderation_case where surface = :surface and thing_id = :id order by id desc"
    return int(site.rows(rows, surface=surface, id=thing_id)[0].id)


def _decide(people: People, case: int, button: str, **typed: str) -> None:
    """The moderator takes the case and presses that button."""
    moderator, page = people.staff(CLEARED), f"/review/cases/{case}"
    assert moderator.fill(page, action="/claim").is_redirect
    sent = moderator.fill(page, typed, action="/decision", button=button)
    assert sent.is_redirect, sent.text
    people.release()


def test_a_reader_reports_a_question_without_a_script_and_reads_what_became_of_it(people: People, site: Site) -> None:
    asked, reader = people.accepted(), site.visitor()
    assert f"thing=question&amp;id={asked.id}" in reader.get(asked.page).text
    reader.get(_page(asked))
    reader.see("Báo vi phạm không tự gỡ bài")
    _flag(reader, _page(asked), "danger", "Câu cuối dọa người khác.")
    reader.see("Bạn đã báo vi phạm")
    reader.see("Người viết và bạn đọc khác không biết ai đã báo.")
    assert reader.get(asked.page).status_code == 200, "the text stays"
    case = _case(site, "question", asked.id)
    moderator = people.staff(CLEARED)
    moderator.get(f"/review/cases/{case}")
    for said in ("Bạn đọc báo vi phạm", "Đe dọa hoặc gây nguy hiểm cho ai đó", "Câu cuối dọa người khác."):
        moderator.see(said)
    _decide(people, case, "accept")
    reader.get(_page(asked))
    reader.see("Người kiểm duyệt đã xem và để nguyên nội dung này.")


def test_what_a_moderator_takes_down_for_it_is_gone_and_can_be_put_back(people: People, site: Site) -> None:
    asked, reader = people.accepted(), site.visitor()
    _flag(reader, _page(asked), "danger")
    _decide(people, _case(site, "question", asked.id), "refuse", reason="insulting")
    assert reader.get(asked.page).status_code == 404
    assert people.staff(CLEARED).fill(f"/review/questions/{asked.id}", action="/restore").is_redirect
    assert reader.get(asked.page).status_code == 200


def test_a_report_without_a_reason_keeps_what_was_typed(people: People, site: Site) -> None:
    asked, reader = people.accepted(), site.visitor()
    answer = reader.fill(_page(asked), {"words": "Vì sao tôi báo"}, action=str(asked.id))
    assert answer.status_code == 422
    assert "Chọn một lý do." in answer.text
    assert "Vì sao tôi báo" in answer.text


def test_nobody_else_learns_that_a_text_was_reported(people: People, site: Site) -> None:
    asked, reader, other = people.accepted(), site.visitor(), site.visitor()
    _flag(reader, _page(asked), "untrue", "kimtuoccobao")
    other.get(_page(asked))
    other.not_see("Bạn đã báo vi phạm")
    asker = asked.visitor
    for page in (asked.page, f"{asked.page}/revisions", "/", "/questions", "/feed.xml"):
        assert "kimtuoccobao" not in other.get(page).text
    assert "kimtuoccobao" not in asker.get("/track/question").text
    assert "kimtuoccobao" not in asker.get("/track/question/data").text


def test_what_readers_do_not_see_cannot_be_reported(people: People, site: Site) -> None:
    held, reader = people.held(), site.visitor()
    for page in (_page(held), "/flags/new", "/flags/new?thing=person&id=1", "/flags/new?thing=question&id=x"):
        assert reader.get(page).status_code == 404


def test_a_post_is_reported_from_its_row_in_the_thread(people: People, site: Site) -> None:
    thread, reader = talks.thread(people), site.visitor()
    post = talks.posted(people, thread)
    page = f"/flags/new?thing=post&id={post}"
    assert page.replace("&", "&amp;") in reader.get(f"/forum/threads/{thread}").text
    _flag(reader, page, "personal")
    _decide(people, _case(site, "post", post), "accept")
    assert 'id="p2"' in reader.get(f"/forum/threads/{thread}").text


def test_a_comment_is_reported_from_our_page_and_from_the_portals(people: People, site: Site) -> None:
    under = commented.article(people)
    first, second = under.written("Nhà bác Bảy cuối làng ai cũng biết."), under.written("Xe chạy êm.")
    reader, page = site.visitor(), f"/flags/new?thing=comment&id={first}"
    assert page.replace("&", "&amp;") in reader.get(f"/articles/{under.id}").text
    assert f'href="{site.url}{page.replace("&", "&amp;")}" rel="nofollow noopener" target="_blank"' in under.fragment
    assert 'name="reason" value="personal"' in under.fragment, "the portal's script asks why"
    _flag(reader, page, "personal")
    reader.see("Bình luận dưới bài")
    assert f'href="/comments/{first}/answers#comment-{first}"' in reader.get(page).text
    told = {"thing": "comment", "id": second, "reason": "danger", "words": "Câu này dọa người khác."}
    sent = under.portal.send("/embed/flags", told, bearer=under.portal.bearer(sub="u-55", name="Lê An"))
    assert (sent.status_code, sent.json()["state"]) == (202, "waiting")
    _decide(people, _case(site, "comment", first), "refuse", reason="private_matter")
    _decide(people, _case(site, "comment", second), "accept")
    assert f'id="comment-{first}"' not in under.fragment
    assert f'id="comment-{second}"' in under.fragment


def test_a_widget_reports_for_who_writes_on_a_portals_page(people: People, site: Site) -> None:
    portal, asked = registered(people), people.accepted()
    body = {"thing": "question", "id": asked.id, "reason": "insulting", "words": ""}
    assert portal.send("/embed/flags", body).status_code == 403, "nobody is known there"
    bearer = portal.bearer()
    sent = portal.send("/embed/flags", body, bearer=bearer)
    assert sent.status_code == 202, sent.text
    assert json.loads(sent.text)["state"] == "waiting"
    again = portal.send("/embed/flags", body, bearer=bearer)
    assert json.loads(again.text)["id"] == json.loads(sent.text)["id"]
    unknown = portal.send("/embed/flags", body | {"id": 999_999}, bearer=bearer)
    assert unknown.status_code == 404
