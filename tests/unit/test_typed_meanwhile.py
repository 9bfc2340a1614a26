"""What somebody was writing stays when others were faster: a thread closes, a post goes, a campaign ends, a text is edited."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import httpx2
import pytest
from starlette.applications import Starlette

from engage import authoring, flagging, forum, people, remarks, removals, work
from engage.access import Actor
from engage.flags import FlagForm, Flagger
from engage.takedowns import HideForm
from engage.web.house import SESSION
from moderation import cases
from moderation.screening import Submission, Verdict
from tests.forms import Form, Value, forms
from tests.unit import test_campaigns
from tests.unit.test_forum import Talk
from tests.unit.test_forum import talk as talk  # the fixture
from tests.unit.test_leaks import opened, reading
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
WORDS = "Tôi đang viết lại cho rõ hơn, gần xong rồi."
STAYS = "Điều bạn viết còn nguyên bên dưới, để chép lại."


@dataclass
class Writer:
    """Somebody who is signed in, with a page open."""

    client: httpx2.AsyncClient

    async def form(self, path: str, action: str, button: str = "") -> Form:
        page = await self.client.get(path)
        assert page.status_code == 200, page.text
        fitting = [form for form in forms(page.text) if form.action.endswith(action)]
        return next(form for form in fitting if not button or form.button(button))

    async def press(self, form: Form, button: str = "", **values: Value) -> httpx2.Response:
        pressed = form.button(button) if button else None
        body = urlencode(form.filled(values) + (pressed.pairs if pressed else []))
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return await self.client.post(form.action, content=body, headers=headers)


@pytest.fixture
async def app(town: Town, tmp_path: Path) -> AsyncIterator[Starlette]:
    async with opened(town, tmp_path) as app:
        yield app


async def signed_in(app: Starlette, town: Town, person_id: int) -> Writer:
    async with town.store.transaction() as db:
        token = await people.sign_in(db, person_id)
    client = reading(app)
    client.cookies.set(SESSION, token)
    return Writer(client)


async def post_of(talk: Talk) -> remarks.Remark:
    made = await talk.reply(await talk.thread(), "Tổ tôi họp vào tối thứ bảy.")
    await work.settle_received(talk.town.store)
    return await talk.one(made)


async def test_what_an_author_was_writing_stays_when_the_thread_closes(app: Starlette, talk: Talk) -> None:
    post, town = await post_of(talk), talk.town
    author = await signed_in(app, town, talk.author.id or 0)
    edit = await author.form(f"/forum/posts/{post.key}", "/edit")
    reply = await author.form(f"/forum/threads/{post.place_id}/reply", "/reply")
    async with town.store.transaction() as db:
        await forum.close(db, town["moderator"], await forum.one(db, post.place_id), "Đã bàn xong.")
    for form in (edit, reply):
        late = await author.press(form, body=WORDS)
        assert late.status_code == 422
        assert WORDS in late.text
        assert STAYS in late.text
        assert "Chủ đề đã đóng" in late.text
        assert not [button for form in forms(late.text) for button in form.buttons if button.words == "Lưu bản sửa"]
    assert WORDS not in await talk.shown(post.place_id)


async def test_an_author_who_edits_in_two_windows_sees_the_first_edit_before_the_second_takes_its_place(
    app: Starlette, talk: Talk
) -> None:
    post, first = await post_of(talk), "Tổ tôi nay họp vào tối thứ sáu."
    author = await signed_in(app, talk.town, talk.author.id or 0)
    one, other = [await author.form(f"/forum/posts/{post.key}", "/edit") for _ in range(2)]
    assert (await author.press(one, body=first)).is_redirect
    late = await author.press(other, body=WORDS)
    assert late.status_code == 422
    assert first in late.text
    assert WORDS in late.text
    assert WORDS not in await talk.shown(post.place_id)
    (again,) = [form for form in forms(late.text) if form.action.endswith("/edit")]
    assert (await author.press(again)).is_redirect
    assert WORDS in await talk.shown(post.place_id)


async def test_what_an_author_was_writing_stays_when_the_post_is_taken_down(app: Starlette, talk: Talk) -> None:
    post, town = await post_of(talk), talk.town
    author = await signed_in(app, town, talk.author.id or 0)
    edit = await author.form(f"/forum/posts/{post.key}", "/edit")
    async with town.store.transaction() as db:
        await removals.hide(db, town["moderator"], await remarks.one(db, post.key), HideForm(reason="unclear"))
    late = await author.press(edit, body=WORDS)
    assert late.status_code == 409
    assert WORDS in late.text
    assert STAYS in late.text


async def test_what_an_editor_was_writing_stays_when_a_colleague_closes_the_campaign(
    app: Starlette, town: Town
) -> None:
    campaign = await test_campaigns.opened(town)
    town.clock.move(days=2)
    editor, page = await signed_in(app, town, town.id("administrator")), f"/admin/campaigns/{campaign}"
    edit = await editor.form(page, page)
    await test_campaigns.close(town, campaign)
    late = await editor.press(edit, words=WORDS, closes_at="05/12/2036 16:00")
    assert late.status_code == 409
    assert STAYS in late.text
    assert WORDS in late.text
    assert "05/12/2036 16:00" in late.text
    assert STAYS not in (await editor.client.get(page)).text


async def test_a_moderator_is_told_that_a_post_was_edited_while_they_read_it(app: Starlette, talk: Talk) -> None:
    post, town = await post_of(talk), talk.town
    async with town.store.transaction() as db:
        await flagging.flag(db, Flagger("v:1"), FlagForm(thing="post", id=post.key, reason="danger"))
    async with town.store.reading() as db:
        page = f"/review/cases/{(await cases.of(db, post.surface, post.key))[-1].id}"
    moderator = await signed_in(app, town, town.id("moderator"))
    assert (await moderator.press(await moderator.form(page, "/claim"))).is_redirect
    decision = await moderator.form(page, "/decision", "refuse")
    async with town.store.transaction() as db:
        writer, text = Actor(person_id=talk.author.id), Submission("", WORDS)
        await authoring.edit(db, writer, await remarks.one(db, post.key), text, Verdict(), over=0)
    late = await moderator.press(decision, "refuse", reason="insulting", words="Câu cuối xúc phạm người khác.")
    assert late.status_code == 409
    assert "Nội dung vừa được xem lại sau khi bạn mở." in late.text
    assert "<h1>Bài viết diễn đàn</h1>" in late.text
    assert "Nội dung đã xóa" not in late.text
    assert "Câu cuối xúc phạm người khác." in late.text
    assert WORDS in late.text
    assert WORDS in await talk.shown(post.place_id)
