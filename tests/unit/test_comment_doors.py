"""The doors of comments on the town's own store: what a portal's page is shown, and how long it may keep it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from engage import embeds, remarks, removals, work
from engage.takedowns import HideForm
from tests.unit.commenting import ORIGIN, Paper, paper, somebody
from tests.unit.test_leaks import opened, reading
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
ASKED = "/embed/comments?site=bao&article=123"
FROM = {"origin": ORIGIN, "sec-fetch-site": "cross-site"}


@pytest.fixture
async def bao(town: Town) -> Paper:
    return await paper(town)


@pytest.fixture
async def reader(bao: Paper, tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    async with opened(bao.town, tmp_path) as app, reading(app) as client:
        yield client


async def _bearer(bao: Paper, person_id: int) -> dict[str, str]:
    async with bao.town.store.transaction() as db:
        return FROM | {"authorization": f"Bearer {await embeds.begin(db, bao.portal, ORIGIN, person_id)}"}


async def test_an_unwritten_article_is_read_without_a_row(bao: Paper, reader: httpx2.AsyncClient) -> None:
    answer = await reader.get(ASKED, headers=FROM)
    assert answer.status_code == 200, answer.text
    assert "Chưa có bình luận. Bạn viết đầu tiên nhé." in answer.text
    assert "data-room" not in answer.text
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert answer.headers["cache-control"] == "public, max-age=15"
    again = await reader.get(ASKED, headers=FROM | {"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert (await reader.get("/embed/counts?site=bao&article=123")).json() == {"counts": {"123": 0}}
    for path in ("/embed/comments?site=bao", "/embed/comments?site=bao&article=a%20b", "/embed/counts?site=bao"):
        assert (await reader.get(path, headers=FROM)).status_code == 422
    assert (await reader.get("/embed/comments?site=x&article=1", headers=FROM)).status_code == 404


async def test_what_is_let_in_is_shown_and_what_is_taken_down_is_not(bao: Paper, reader: httpx2.AsyncClient) -> None:
    await reader.get(ASKED, headers=FROM)
    made = await bao.said("Xe chạy êm, tôi đi làm đúng giờ.")
    reply = await bao.said("Tôi cũng thấy thế.", made.key)
    for path in (ASKED, f"{ASKED}&order=oldest", f"{ASKED}&order=useful&lang=en", f"/articles/{made.place_id}"):
        text = (await reader.get(path, headers=FROM if path.startswith("/embed") else {})).text
        assert f'id="comment-{made.key}"' in text
        assert f'data-reply-to="{made.key}"' in text
        assert "Xe chạy êm" in text
    text = (await reader.get(f"{ASKED}&lang=en")).text
    assert f'data-room="article/{made.place_id}"' in text
    assert "Useful" in text
    assert (await reader.get(f"/comments/{made.key}/answers")).status_code == 200
    assert (await reader.get(f"/comments/{reply.key}/useful")).status_code == 200
    assert (await reader.get(f"/comments/{made.key}/revisions")).status_code == 200
    assert (await reader.get(f"/articles/{made.place_id}/write?to={made.key}")).status_code == 200
    events = await reader.get(f"/live/article/{made.place_id}/events?after=0")
    assert f"comment-{made.key}" in events.text
    async with bao.town.store.transaction() as db:
        form = HideForm(reason="out_of_scope")
        await removals.hide(db, bao.town["moderator"], await remarks.one(db, made.key), form)
    text = (await reader.get(ASKED, headers=FROM)).text
    assert "Xe chạy êm" not in text
    assert "Bình luận này không còn hiện với bạn đọc." in text
    assert "Xe chạy êm" not in (await reader.get(f"/articles/{made.place_id}")).text
    assert (await reader.get("/embed/counts?site=bao&article=123&article=x")).json()["counts"] == {"123": 1, "x": 0}


async def test_a_bearer_writes_once_a_key_and_sees_what_waits(bao: Paper, reader: httpx2.AsyncClient) -> None:
    mine = await _bearer(bao, bao.reader.person.id or 0)
    body: dict[str, Any] = {"site": "bao", "article": "123", "title": "Xe buýt", "body": "Xe chạy êm.", "key": "k" * 36}
    first = await reader.post("/embed/comments", json=body, headers=mine)
    assert (first.status_code, first.json()["state"]) == (202, "received"), first.text
    again = await reader.post("/embed/comments", json=body | {"body": "Lời khác."}, headers=mine)
    assert again.json()["id"] == first.json()["id"]
    held = await reader.post(
        "/embed/comments", json=body | {"body": "Goi so 0912 345 678 nhe", "key": ""}, headers=mine
    )
    assert (held.json()["state"], "hint" in held.json()) == ("held", True)
    waiting = await reader.get("/embed/comments/mine?site=bao&article=123", headers=mine)
    assert 'data-state="held"' in waiting.text
    assert 'data-act="edit"' not in waiting.text
    assert 'data-act="withdraw"' in waiting.text
    other = await _bearer(bao, (await somebody(bao.town)).person.id or 0)
    assert "0912" not in (await reader.get("/embed/comments/mine?site=bao&article=123", headers=other)).text
    path = f"/embed/comments/{held.json()['id']}"
    assert (await reader.post(f"{path}/withdraw", json={}, headers=other)).status_code == 404
    assert (await reader.post(f"{path}/withdraw", json={}, headers=mine)).json()["state"] == "withdrawn"
    await work.settle_received(bao.town.store)
    signed_out = await reader.get(f"/comments/{first.json()['id']}")  # the way in, and back to it
    assert signed_out.headers["location"] == f"/citizens/sign-in?next=/comments/{first.json()['id']}"
    shown = await reader.get("/embed/comments/mine?site=bao&article=123", headers=mine)
    assert 'data-act="edit"' in shown.text
    assert 'data-act="withdraw"' in shown.text
    assert "href" not in shown.text  # nobody is signed in on our own pages there
    path = f"/embed/comments/{first.json()['id']}"
    edited = {"body": "Xe chạy rất êm.", "version": 0}
    assert (await reader.post(f"{path}/edit", json=edited, headers=mine)).status_code == 200
    assert (await reader.post(f"{path}/edit", json=edited, headers=mine)).status_code == 422
    assert (await reader.post(f"{path}/useful", json={"useful": True}, headers=other)).json() == {"useful": 1}
    assert (await reader.post(f"{path}/useful", json={}, headers=mine)).json()["error"] == "own_comment"


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"body": ""}, 422, "comment_missing"),
        ({"body": "x" * 2001}, 422, "body_too_long"),
        ({"article": ""}, 422, "article_missing"),
        ({"address": "https://khac.example.vn/"}, 422, "article_elsewhere"),
        ({"reply_to": 999_999}, 422, "comment_answers_nothing"),
        ({"published": "hôm qua"}, 422, "article_wrong"),
        ({"site": "khac"}, 403, "embed_site_differs"),
        ({"unknown": 1}, 422, "unknown_field"),
        ({"body": "Tôi tố cáo ông Nguyễn Văn A, chủ tịch xã, nhận hối lộ của dân."}, 422, "denunciation_hint"),
    ],
)
async def test_bad_input_is_told_in_words(
    bao: Paper, reader: httpx2.AsyncClient, changed: Any, status: int, error: str
) -> None:
    mine = await _bearer(bao, bao.reader.person.id or 0)
    body = {"site": "bao", "article": "123", "body": "Xe chạy êm."} | changed
    answer = await reader.post("/embed/comments", json=body, headers=mine)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert (await reader.post("/embed/comments", json=body, headers=FROM)).json()["error"] == "embed_session_over"
    assert (await reader.post("/embed/comments", json=body)).status_code in {403, 404}


async def test_a_plain_form_of_a_portals_page_is_shown_on_ours(bao: Paper, reader: httpx2.AsyncClient) -> None:
    body = {"site": "bao", "article": "123", "body": "Xe chạy êm.", "reply_to": ""}
    landed = await reader.post("/comments", data=body, headers=FROM)
    assert landed.status_code == 200, landed.text
    assert "Xe chạy êm." in landed.text
    assert (await reader.post("/comments", data=body | {"site": "x"}, headers=FROM)).status_code in {200, 422}
