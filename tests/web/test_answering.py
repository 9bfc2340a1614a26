"""Answering over HTTP: known law, corrections, questions answered together, letters, English, drafts that save themselves."""

import re
import xml.etree.ElementTree as ET

import httpx2
import pytest

from tests import papers
from tests.site import Site
from tests.visitor import Visitor
from tests.web.people import (
    AGENCY,
    ANSWER,
    APPROVER,
    CLEARED,
    COORDINATOR,
    OFFICIAL,
    OTHER_COORDINATOR,
    SECOND_OFFICIAL,
    UNCLEARED,
    Asked,
    People,
)

ATOM = "{http://www.w3.org/2005/Atom}"
DEAD = {"cite_number": ["58/2014/QH13", "", "", "", ""], "cite_title": [""] * 5, "cite_link": [""] * 5}
WHY = {"reason": "Số ngày ghi nhầm ở đoạn hai."}


def autosave(people: People, asked: Asked, version: int, who: str = OFFICIAL, **typed: str) -> httpx2.Response:
    fields = {name: value for name, value in ANSWER.items() if isinstance(value, str)} | typed
    proof = people.proof(people.staff(who))
    return people.staff(who).post(
        f"{asked.desk}/answer", data={**proof, **fields, "act": "autosave", "version": str(version)}
    )


def corrected(people: People, asked: Asked, **values: str) -> None:
    official = people.staff(OFFICIAL)
    assert official.fill(asked.desk, WHY, action="/correct").is_redirect
    people.write(asked, button="send", **{"short": "Có, và thời hạn là mười lăm ngày.", **values})
    assert people.staff(APPROVER).fill(asked.desk, action="/approve").is_redirect


def test_a_dead_law_is_pointed_out_while_writing_on_approval_and_to_readers(people: People, site: Site) -> None:
    asked = people.taken()
    people.write(asked, **DEAD)
    warning = "Hết hiệu lực sau ngày 30/06/2025."
    official = people.staff(OFFICIAL)
    assert warning in official.get(asked.desk).text
    asked_once = official.fill(asked.desk, ANSWER | DEAD, action="/answer", button="send")
    assert asked_once.status_code == 422
    official.see("Nếu vẫn cần dẫn, đánh dấu ô này rồi gửi lại.")
    assert official.fill(asked_once, {"sure": True}, action="/answer", button="send").is_redirect
    assert warning in official.get(asked.desk).text  # and stays before whoever sent it
    assert warning in people.staff(APPROVER).get(asked.desk).text
    assert people.staff(APPROVER).fill(asked.desk, action="/approve").is_redirect
    page = site.visitor().get(asked.page).text
    assert warning in page
    assert "41/2024/QH15" in page
    assert "Luật Bảo hiểm xã hội" in page


def test_a_draft_saves_itself_and_overwrites_nobody(people: People) -> None:
    asked = people.taken()
    first = autosave(people, asked, 0, short="Bản tự lưu thứ nhất.")
    assert (first.status_code, first.json()["version"]) == (200, 1)
    assert re.fullmatch(r"\d\d:\d\d", first.json()["at"])
    lost = autosave(people, asked, 0, SECOND_OFFICIAL, short="Bản của người khác.")
    assert lost.status_code == 409
    assert "Bản tự lưu thứ nhất." in lost.json()["theirs"]
    assert 'data-version="1"' in lost.json()["theirs"]
    wrong = autosave(people, asked, 1, as_of="hôm qua")
    assert (wrong.status_code, "Ghi ngày dạng" in wrong.json()["words"]) == (422, True)
    assert autosave(people, asked, 1, SECOND_OFFICIAL, short="Bản viết tiếp.").json()["version"] == 2
    assert autosave(people, asked, 2, OTHER_COORDINATOR).status_code == 404
    assert "Bản viết tiếp." in people.staff(OFFICIAL).get(asked.desk).text


def test_a_correction_shows_its_reason_and_what_changed_and_everybody_is_told(people: People, site: Site) -> None:
    asked, reader = people.answered(), site.visitor()
    assert reader.get(f"{asked.page}/revisions").status_code == 200
    official = people.staff(OFFICIAL)
    assert official.fill(asked.desk, WHY, action="/correct").is_redirect
    assert str(ANSWER["short"]) in reader.get(asked.page).text
    people.write(asked, button="send", short="Có, ông được cộng nối thời gian ở mọi nơi.")
    page = reader.get(asked.page).text
    assert "mọi nơi" not in page
    assert people.staff(APPROVER).fill(asked.desk, action="/approve").is_redirect
    page = reader.get(asked.page).text
    assert "mọi nơi" in page
    assert "Đính chính ngày" in page
    assert WHY["reason"] in page
    versions = reader.get(f"{asked.page}/revisions").text
    assert "<ins>" in versions
    assert "<del>" in versions
    assert str(ANSWER["short"]) in versions
    assert any("đã đính chính câu trả lời" in subject for subject, _ in people.mails_to(asked.email, at_least=4))


def test_versions_of_an_answer_that_is_not_there_are_missing(people: People, site: Site) -> None:
    for asked in (people.taken(), people.in_approval(), people.held()):
        assert site.visitor().get(f"{asked.page}/revisions").status_code == 404


def test_a_correction_without_a_reason_keeps_what_was_typed(people: People) -> None:
    asked = people.answered()
    page = people.staff(OFFICIAL).fill(asked.desk, {"reason": "Sai"}, action="/correct")
    assert page.status_code == 422
    assert ">\nSai</textarea>" in page.text
    assert "ít nhất 10 ký tự" in page.text


def updated(site: Site, asked: Asked) -> tuple[str, str]:
    """Of the feed itself, and of one answer in it."""
    feed = ET.fromstring(site.visitor().get("/feed.xml?topic=bao-hiem-xa-hoi").text)
    entries = {entry.findtext(f"{ATOM}id"): entry.findtext(f"{ATOM}updated") for entry in feed.iter(f"{ATOM}entry")}
    return feed.findtext(f"{ATOM}updated") or "", entries.get(f"{site.url}{asked.page}") or ""


def test_the_feed_tells_when_an_answer_was_marked_and_when_the_mark_went(people: People, site: Site) -> None:
    asked, coordinator = people.answered(), people.staff(COORDINATOR)
    shown: list[str] = []
    for day, reason in (("20/11/2026", "Nghị định mới thay mức hưởng."), ("", "")):
        old = "2026-01-05 10:00:00.000000"  # so long ago that whatever happens now is later
        site.write(f"update answer set published_at = '{old}' where question_id = :id", id=asked.id)
        site.write(f"update revision set at = '{old}' where kind = 'answer_mark'")
        marked = coordinator.fill(asked.desk, {"outdated_on": day, "outdated_reason": reason}, action="/outdated")
        assert marked.is_redirect, marked.text
        newest, its = site.wait(lambda: pair if (pair := updated(site, asked))[1] > "2026-02" else None)
        assert its == newest
        shown.append(its)
    assert shown[0] <= shown[1]


def test_an_outdated_answer_stays_readable_and_leads_to_the_newer_one_and_back(people: People, site: Site) -> None:
    old, new = people.answered(), people.answered()
    form = {"outdated_on": "20/11/2026", "outdated_reason": "Nghị định mới thay mức hưởng.", "newer": str(new.id)}
    assert people.staff(COORDINATOR).fill(old.desk, form, action="/outdated").is_redirect
    feed = "/feed.xml?topic=bao-hiem-xa-hoi"
    site.wait(lambda: "<summary>Câu trả lời này không còn phù hợp." in site.visitor().get(feed).text)
    page = site.visitor().get(old.page).text
    assert "Không còn phù hợp từ ngày 20/11/2026" in page
    assert str(ANSWER["short"]) in page
    assert new.title in page
    assert old.title in site.visitor().get(new.page).text


def test_several_questions_get_one_answer(people: People, site: Site) -> None:
    lead, other = people.taken(), people.taken()
    official = people.staff(OFFICIAL)
    ids = [str(lead.id), str(other.id)]
    page = official.post("/desk/answers/together", data={**people.proof(official), "ids": ids})
    assert page.status_code == 200
    assert lead.title in page.text
    assert other.title in page.text
    done = official.fill(page, {"lead": str(lead.id)}, action="/together")
    assert done.headers["location"] == lead.desk
    assert "Trả lời chung cho 1 câu nữa" in official.get(lead.desk).text
    assert lead.title in official.get(other.desk).text
    people.write(lead, button="send")
    assert people.staff(APPROVER).fill(lead.desk, action="/approve").is_redirect
    for asked in (lead, other):
        assert str(ANSWER["short"]) in site.visitor().get(asked.page).text


def test_questions_of_another_desk_are_not_answered_together(people: People) -> None:
    mine, stranger = people.taken(), people.staff(OTHER_COORDINATOR)
    ids = [str(mine.id), str(mine.id + 1)]
    assert stranger.post("/desk/answers/together", data={**people.proof(stranger), "ids": ids}).status_code == 404


def test_a_signed_letter_is_typed_by_one_moderator_and_approved_by_another(people: People, site: Site) -> None:
    asked = people.on_paper()
    path, typist, judge = f"/review/transcribe/{asked.id}", people.staff(CLEARED), people.staff(UNCLEARED)
    assert asked.title in typist.get("/review/transcribe").text
    letter = {"letter_number": "4567/BXD-VP", "letter_date": "18/11/2026"}
    missing = typist.fill(path, ANSWER, action="/answer", button="send")
    assert missing.status_code == 422
    assert "Ghi số và ngày của văn bản" in missing.text
    scanned = ("công văn 4567.pdf", papers.pdf(200))
    form = typist.form(missing, action="/answer")
    assert typist.enclose(form, [scanned], ANSWER | letter, button="send").is_redirect
    for moderator in (typist, judge):
        found = re.search(r'href="(/attachments/[^"]+)"[^>]*>công văn 4567', moderator.get(path).text)
        assert found, "the letter is not there to compare"
        assert moderator.get(found[1]).status_code == 200
    assert "Người soạn không tự duyệt" in typist.get(path).text
    assert judge.fill(path, action="/approve").headers["location"] == "/review/transcribe"
    page = site.visitor().get(asked.page).text
    assert "Ban biên tập nhập theo văn bản số 4567/BXD-VP ngày 18/11/2026" in page


def listed(approver: Visitor, path: str) -> str:
    """How the row that leads there is marked in the list of what waits for approval."""
    row = approver.get("/desk?tab=approval").text.partition(f'href="{path}"')[2].partition("</tr>")[0]
    return "Bản dịch" if "Bản dịch" in row else row


def counted(approver: Visitor) -> int:
    found = re.search(r'Chờ duyệt <span class="count"[^>]*>(\d+)', approver.get("/desk?tab=approval").text)
    assert found is not None
    return int(found[1])


def test_an_english_version_is_marked_as_a_translation_and_as_older_after_a_correction(
    people: People, site: Site
) -> None:
    asked, reader = people.answered(), site.visitor()
    path, official = f"/translations/{asked.id}", people.staff(OFFICIAL)
    english = {"short": "Yes, both periods count.", "full": "The periods in both places are added together [1]."}
    assert official.fill(path, english, action=path).is_redirect
    assert english["short"] not in reader.get(f"/en{asked.page}").text
    approver = people.staff(APPROVER)
    assert listed(approver, path) == "Bản dịch"
    assert path not in approver.get("/desk?tab=approval&due=late").text
    assert path in approver.get(asked.desk).text
    approver.see("Bản tiếng Anh chờ duyệt")
    before = counted(approver)
    assert approver.fill(path, action="/approve").is_redirect
    assert counted(approver) == before - 1
    assert path not in approver.get("/desk?tab=approval").text
    page = reader.get(f"/en{asked.page}").text
    assert english["short"] in page
    assert "the Vietnamese text prevails" in page
    assert english["short"] not in reader.get(asked.page).text
    corrected(people, asked)
    assert "was corrected after this translation" in reader.get(f"/en{asked.page}").text


def test_the_picker_finds_documents_without_tone_marks(people: People) -> None:
    found = people.staff(OFFICIAL).get("/review/documents/find?q=luat+bao+hiem+xa+hoi").json()
    assert {"41/2024/QH15", "58/2014/QH13"} <= {one["number"] for one in found}
    assert {one["number"]: one["ended"] for one in found}["58/2014/QH13"] is True
    assert people.staff(OFFICIAL).get("/review/documents/find?q=%25").json() == []


def test_the_portal_desk_keeps_the_list_and_officials_read_it(people: People) -> None:
    form = {"number": "77/2030/NĐ-CP", "title": "Nghị định về việc thử nghiệm", "issued_on": "1/2/2030"}
    desk = people.staff(CLEARED)
    saved = desk.fill("/review/documents", form, action="/documents")
    assert saved.is_redirect, saved.text
    page = desk.go(saved).text
    assert "Thêm vào danh mục" in page
    changed = desk.fill(saved.headers["location"], {"title": "Nghị định đổi tên"}, action="/documents")
    assert "<del>Nghị định về việc thử nghiệm</del>" in desk.go(changed).text
    official = people.staff(OFFICIAL)
    assert "77/2030/NĐ-CP" in official.get("/review/documents?q=77/2030").text
    refused = official.post(
        "/review/documents", data={**people.proof(official), "id": "0", **form, "number": "78/2030"}
    )
    assert refused.status_code == 403


def test_a_pasted_list_is_shown_before_it_is_taken(people: People) -> None:
    desk = people.staff(CLEARED)
    text = "number;title;in_force_until\n88/2031/QH16;Luật mới thêm vào;\n89/2031/QH16;Luật sai ngày;hôm qua"
    page = desk.fill("/review/documents/import", {"text": text}, action="/import", button="preview")
    assert page.status_code == 200
    assert "1 dòng thêm, 0 dòng sửa, 0 dòng không đổi, 1 dòng chưa đọc được." in page.text
    assert "88/2031/QH16" not in desk.get("/review/documents?q=88/2031").text.partition("<tbody>")[2]
    assert desk.fill(page, action="/import", button="take").is_redirect
    assert "88/2031/QH16" in desk.get("/review/documents?q=88/2031").text.partition("<tbody>")[2]


@pytest.mark.parametrize("who", [OFFICIAL, APPROVER])
def test_a_coordinators_snippet_is_offered_to_those_who_write(people: People, who: str) -> None:
    form = {"id": "0", "agency": AGENCY, "name": f"Nơi nộp {who}", "text": "Nộp tại nơi bạn cư trú.", "active": "yes"}
    coordinator = people.staff(COORDINATOR)
    assert coordinator.post("/desk/snippets", data=people.proof(coordinator) | form).is_redirect
    page = people.staff(who).get(people.taken().desk).text
    assert (form["name"] in page) == (who == OFFICIAL)
