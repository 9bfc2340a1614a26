"""Rehearsals through the doors: begun and wiped by an editor, seen by the crew, and by nobody else on any page."""

import httpx2
import pytest

from tests.site import Site
from tests.visitor import Visitor
from tests.web.people import CLEARED, UNCLEARED, People

CANARY = "Kim oanh hót"
SAMPLE = "Câu hỏi mẫu"
PUBLIC = (
    "/",
    "/dialogues",
    "/questions",
    "/questions?q=câu+hỏi+mẫu",
    "/questions/search?q=câu+hỏi+mẫu",
    "/questions/search?q=kim+oanh+hót",
    "/feed.xml",
    "/live/questions/0/snapshot.json",
    "/agencies",
)
HOST, SCRIBE, SPEAKER = "dau-moi.bhxh", "can-bo.bhxh", "duyet.bhxh"


@pytest.fixture(scope="module")
def announced(people: People) -> str:
    """The address of a dialogue whose editor may rehearse: a guest, a group, a host, a scribe, and a guest who signs in."""
    return _announced(people)


def _announced(people: People) -> str:
    editor, path = people.staff(CLEARED), f"/dialogues/{people.dialogue()}"
    guest = {"guest": "", "guest_name": "Lê Văn Bình", "guest_title": "Phó Giám đốc", "guest_agency": "", "act": "save"}
    assert editor.post(f"{path}/guests", data=people.proof(editor) | guest).is_redirect
    assert editor.post(f"{path}/groups", data=people.proof(editor) | {"groups": "Lương hưu"}).is_redirect
    (invited,) = people.site.rows("select id from guest where dialogue_id = :id", id=int(path.rpartition("/")[2]))
    for who, part, of in ((HOST, "host", ""), (SCRIBE, "scribe", ""), (SPEAKER, "guest", str(invited.id))):
        form = {"login": f"{who}@engage.example", "part": part, "crew_guest": of}
        assert editor.post(f"{path}/crew", data=people.proof(editor) | form).is_redirect
    return path


def begun(people: People, path: str) -> str:
    """The rehearsal's address."""
    began = people.staff(CLEARED).fill(f"{path}/edit", action="/rehearse")
    assert began.is_redirect, began.text
    return str(began.headers["location"]).removesuffix("/edit")


def played(people: People, rehearsal: str) -> None:
    """A question goes over the stage and is answered; the host says something."""
    host, scribe, speaker = (people.staff(who) for who in (HOST, SCRIBE, SPEAKER))
    for act in ("open", "start"):
        _press(people, host, f"{rehearsal}/host/course", act=act, reason="", ends_at="")
    _press(people, host, f"{rehearsal}/host/message", message=CANARY)
    number = int(rehearsal.rpartition("/")[2])
    (asked, *_) = people.site.rows("select id from question where dialogue_id = :id order by id", id=int(number))
    (guest,) = people.site.rows("select id from guest where dialogue_id = :id", id=int(number))
    _press(people, host, f"{rehearsal}/host/turn", question=asked.id, act="stage", instead_of="")
    _press(people, scribe, f"{rehearsal}/replies/begin", desk="scribe", question=asked.id, guest=guest.id)
    (reply,) = people.site.rows("select id from reply where question_id = :id", id=asked.id)
    words = {"desk": "scribe", "reply": reply.id, "version": 0, "text": CANARY, "act": "hand_up"}
    _press(people, scribe, f"{rehearsal}/replies", **words)
    _press(people, speaker, f"{rehearsal}/guest/reply", reply=reply.id, version=1, act="release")


def _press(people: People, visitor: Visitor, door: str, **typed: object) -> None:
    form = {name: str(value) for name, value in typed.items()}
    pressed = visitor.post(door, data=people.proof(visitor) | form)
    assert pressed.is_redirect, f"{door}\n{pressed.text}"


def test_the_crew_sees_it_under_a_banner_and_readers_nowhere(people: People, site: Site, announced: str) -> None:
    rehearsal = begun(people, announced)
    played(people, rehearsal)
    desks = {HOST: ("/host", "", "/screen"), SCRIBE: ("/scribe", ""), SPEAKER: ("/guest", ""), CLEARED: ("/edit", "")}
    for who, pages in desks.items():
        for page in pages:
            shown = people.staff(who).get(rehearsal + page)
            assert shown.text.count("Diễn tập: bạn đọc không thấy.") == 1, page
    people.staff(HOST).get(rehearsal)
    people.staff(HOST).see(CANARY)
    reader, number = site.visitor(), rehearsal.rpartition("/")[2]
    for page in ("", "/screen", "/snapshot.json", "/events", "/stream", "/minutes", "/figures", "/calendar.ics"):
        assert reader.get(rehearsal + page).status_code == 404, page
    assert people.staff(UNCLEARED).get(rehearsal).status_code == 404
    for page in PUBLIC:
        said = reader.get(page)
        assert said.status_code == 200, page
        spoken = said.text.replace("câu hỏi mẫu", "").replace("kim oanh hót", "")  # what was searched for stands there
        assert not [one for one in (CANARY, SAMPLE, f"/dialogues/{number}") if one in spoken], page
    written = site.rows(
        "select count(*) as mails from notice where surface = 'dialogue' and thing_id = :id", id=int(number)
    )
    assert not written[0].mails
    assert not [mail for mail in site.mails() if CANARY in mail.as_string() or SAMPLE in mail.as_string()]
    _wiped(people, rehearsal)


def test_its_end_leads_back_and_leaves_nothing(people: People, site: Site, announced: str) -> None:
    rehearsal = begun(people, announced)
    played(people, rehearsal)
    number = int(rehearsal.rpartition("/")[2])
    assert _wiped(people, rehearsal).headers["location"] == f"{announced}/edit"
    for who, page in ((CLEARED, "/edit"), (HOST, "/host"), (SCRIBE, "/scribe"), (HOST, "")):
        assert people.staff(who).get(rehearsal + page).status_code == 404, page
    assert not site.rows("select id from question where dialogue_id = :id", id=int(number))
    people.staff(CLEARED).get(f"{announced}/edit")
    people.staff(CLEARED).not_see("Diễn tập: bạn đọc không thấy.")


def test_a_second_one_is_refused_in_words_and_the_first_is_shown(people: People, announced: str) -> None:
    editor = people.staff(CLEARED)
    page = editor.form(f"{announced}/edit", action="/rehearse")
    rehearsal = begun(people, announced)
    late = editor.press(page)
    assert late.status_code == 409
    editor.see("Một buổi diễn tập đang mở.")
    assert f'href="{rehearsal}/edit"' in late.text
    _wiped(people, rehearsal)


def test_without_a_guest_there_is_nothing_to_rehearse(people: People) -> None:
    editor = people.staff(CLEARED)
    refused = editor.fill(f"/dialogues/{people.dialogue()}/edit", action="/rehearse")
    assert refused.status_code == 422
    editor.see("khách mời")


def test_who_does_not_edit_neither_begins_nor_ends_one(people: People, announced: str) -> None:
    rehearsal = begun(people, announced)
    host = people.staff(HOST)
    for door in (f"{announced}/rehearse", f"{rehearsal}/wipe"):
        assert host.post(door, data=people.proof(host)).status_code == 403, door
    assert "/wipe" not in host.get(f"{rehearsal}/host").text
    editor = people.staff(CLEARED)
    assert editor.post(f"{announced}/wipe", data=people.proof(editor)).status_code == 422
    _wiped(people, rehearsal)


def _wiped(people: People, rehearsal: str) -> httpx2.Response:
    ended = people.staff(CLEARED).fill(f"{rehearsal}/edit", action="/wipe")
    assert ended.is_redirect, ended.text
    return ended
