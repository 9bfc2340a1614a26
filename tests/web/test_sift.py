"""Sifting over HTTP: choose many, see what would happen, press, take it back; clusters with one press; only for whom it is."""

import re

import httpx2
import pytest

from tests.site import Site
from tests.visitor import Visitor
from tests.web import halls
from tests.web.halls import Asked
from tests.web.people import CLEARED, COORDINATOR, OFFICIAL, UNCLEARED, People

ONCE = "Rút bảo hiểm xã hội một lần sau bao lâu thì nhận tiền?"
OTHER = "Con tôi học lớp một ở trường nào khi chuyển chỗ ở?"
UNCLEAR = "Đường vào làng bao giờ được sửa lại cho xe cứu thương?"
HOST = COORDINATOR


@pytest.fixture(scope="module")
def hall(people: People) -> Asked:
    return halls.asked(people, [ONCE, ONCE, OTHER, UNCLEAR])


def test_a_press_is_previewed_done_and_taken_back(hall: Asked, people: People, site: Site) -> None:
    visitor, (first, second, *_) = people.staff(HOST), hall.question_ids
    desk = f"/dialogues/{hall.id}/sift"
    assert f'href="{desk}"' in visitor.get("/dialogues/mine").text
    assert ONCE in visitor.get(desk).text
    preview = visitor.get(f"{desk}/preview?ids={first}&ids={second}&act=queue&group={hall.group_ids[0]}")
    assert "2 câu sẽ vào cuối hàng chờ" in preview.text
    assert _floors(site, hall) == ["waiting"] * 4
    done = _post(people, visitor, desk, {"ids": f"{first},{second}", "act": "queue", "to": ""})
    assert done.is_redirect, done.text
    told = visitor.get(done.headers["location"])
    assert "Đã xếp hàng 2 câu." in told.text
    assert _floors(site, hall) == ["queued", "queued", "waiting", "waiting"]
    undone = _post(people, visitor, f"{desk}/undo", {"batch": _batch(told)})
    assert "Đã hoàn tác: 2 câu trở lại như trước." in visitor.get(undone.headers["location"]).text
    assert _floors(site, hall) == ["waiting"] * 4
    again = _post(people, visitor, f"{desk}/undo", {"batch": _batch(told)})
    assert again.status_code == 409
    assert "Việc này đã được hoàn tác rồi." in again.text


def test_everything_that_fits_the_filter_is_chosen_at_once(hall: Asked, people: People, site: Site) -> None:
    visitor, desk = people.staff(HOST), f"/dialogues/{hall.id}/sift"
    preview = visitor.get(f"{desk}/preview?every=yes&act=hand&to_guest={hall.guest_id}&q=nhan+tien&order=newest")
    assert "2 câu sẽ đổi người trả lời" in preview.text
    ids = re.search(r'name="ids" value="([\d,]+)"', preview.text)
    assert ids
    done = _post(people, visitor, desk, {"ids": ids[1], "act": "hand", "to": str(hall.guest_id)})
    assert done.is_redirect
    handed = site.rows("select question_id from turn where guest_id = :guest", guest=hall.guest_id)
    assert [row.question_id for row in handed] == hall.question_ids[:2]


def test_a_choice_that_cannot_be_is_said_in_words_on_the_desk(hall: Asked, people: People) -> None:
    visitor, desk = people.staff(HOST), f"/dialogues/{hall.id}/sift"
    for query, words in {
        "act=queue": "Chọn ít nhất một mục",
        f"act=merge&ids={hall.question_ids[0]}": "Chọn ít nhất hai câu",
        "act=nonsense": "",
        f"act=queue&{'&'.join(f'ids={n}' for n in range(1, 203))}": "Chọn nhiều nhất 200 mục",
    }.items():
        answer = visitor.get(f"{desk}/preview?{query}")
        assert answer.status_code == 422, query
        assert words in answer.text
        assert ONCE in answer.text  # the list is still there
    for query in ("state=x&order=y&group=z", "after=9-9-9-9", "after=999999999", "cluster=0&twins=q", "q=%00"):
        assert visitor.get(f"{desk}?{query}").status_code == 200, query


def test_a_cluster_is_merged_with_one_press_and_taken_back(hall: Asked, people: People, site: Site) -> None:
    visitor, (first, second, *_) = people.staff(CLEARED), hall.question_ids
    page = f"/dialogues/{hall.id}/clusters"
    shown = visitor.get(page)
    assert "2 câu hỏi gần giống" in shown.text
    assert OTHER not in shown.text
    done = _post(people, visitor, page, {"cluster": str(first), "into": str(second)})
    assert done.is_redirect, done.text
    told = visitor.get(done.headers["location"])
    assert "Đã gộp 1 câu." in told.text
    assert "Không còn câu nào gần giống nhau." in told.text
    assert _into(site, first) == second
    assert "2 người hỏi" in visitor.get(f"/dialogues/{hall.id}/sift?q=bao+hiem").text
    undone = _post(people, visitor, f"{page}/undo", {"batch": _batch(told)})
    assert undone.is_redirect
    assert _into(site, first) is None
    apart = _post(people, visitor, f"{page}/apart", {"question": str(second)})
    assert apart.is_redirect
    assert "Không còn câu nào gần giống nhau." in visitor.get(page).text


def test_a_moderator_groups_and_merges_and_nobody_else_sees_the_desk(hall: Asked, people: People) -> None:
    desk = f"/dialogues/{hall.id}/sift"
    moderator, ids = people.staff(CLEARED), f"{hall.question_ids[2]}"
    assert _post(people, moderator, desk, {"ids": ids, "act": "group", "to": str(hall.group_ids[1])}).is_redirect
    scribe = people.staff(OFFICIAL)
    for path in (desk, f"{desk}/preview?act=queue&ids={ids}", f"/dialogues/{hall.id}/clusters"):
        assert scribe.get(path).status_code == 404
    assert _post(people, scribe, desk, {"ids": ids, "act": "queue", "to": ""}).status_code == 404


def _post(people: People, visitor: Visitor, path: str, typed: dict[str, str]) -> httpx2.Response:
    return visitor.post(path, data=people.proof(visitor) | typed)


def _batch(told: httpx2.Response) -> str:
    found = re.search(r'name="batch" value="(\d+)"', told.text)
    assert found
    return found[1]


def _floors(site: Site, hall: Asked) -> list[str]:
    return [row.floor for row in site.rows("select floor from turn where dialogue_id = :id order by id", id=hall.id)]


def _into(site: Site, question_id: int) -> int | None:
    found: int | None = site.rows("select merged_into_id from question where id = :id", id=question_id)[
        0
    ].merged_into_id
    return found


def test_a_moderator_without_a_part_meets_the_way_there_with_the_dialogue(
    hall: Asked, people: People, site: Site
) -> None:
    number = people.announced(UNCLEARED)
    moderator, way = people.staff(CLEARED), f'href="/dialogues/{number}/sift"'
    for page in (f"/dialogues/{number}", f"/review?dialogue={number}"):
        assert way in moderator.get(page).text
    assert moderator.get(f"/dialogues/{number}/sift").status_code == 200
    assert way not in site.visitor().get(f"/dialogues/{number}").text
    scribe = people.staff(OFFICIAL)
    assert f"/dialogues/{hall.id}/sift" not in scribe.get(f"/dialogues/{hall.id}").text
