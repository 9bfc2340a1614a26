"""The versions of posts and comments that readers may open: never one that holds what a moderator covered."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from engage import authoring, redactions, remarks, work
from engage.access import Actor
from engage.remarks import Remark
from moderation.screening import Submission, Verdict
from tests.unit.commenting import paper
from tests.unit.test_forum import PHONE, Talk
from tests.unit.test_forum import talk as talk  # the fixture
from tests.unit.test_leaks import opened, reading

pytestmark = pytest.mark.anyio
NUMBER = "0912"


@pytest.fixture
async def reader(talk: Talk, tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    async with opened(talk.town, tmp_path) as app, reading(app) as client:
        yield client


async def test_what_was_covered_before_a_post_came_in_is_in_no_version(talk: Talk, reader: httpx2.AsyncClient) -> None:
    post = await talk.reply(await talk.thread(), f"Tôi bàn thêm một ý.{PHONE}")
    await talk.town.decide(await talk.case_of(post), decision="redact")
    page = await reader.get(f"/forum/posts/{post.key}/revisions")
    assert page.status_code == 200
    assert "Tôi bàn thêm một ý." in page.text
    assert NUMBER not in page.text


async def test_the_same_of_a_comment(talk: Talk, reader: httpx2.AsyncClient) -> None:
    bao = await paper(talk.town)
    comment = await bao.say(f"Tôi cũng đi tuyến này.{PHONE}")
    await talk.town.decide(await bao.case_of(comment), decision="redact")
    page = await reader.get(f"/comments/{comment.key}/revisions")
    assert page.status_code == 200
    assert NUMBER not in page.text


async def test_what_was_covered_later_goes_from_older_versions_too(talk: Talk, reader: httpx2.AsyncClient) -> None:
    post = await talk.reply(await talk.thread(), "Nhà tôi ở ngõ nhỏ cuối làng, họp ở đấy tiện lắm.")
    await work.settle_received(talk.town.store)
    await _edited(talk, post, "Nhà tôi ở ngõ nhỏ cuối làng, họp ở đấy rất tiện.")
    page = f"/forum/posts/{post.key}/revisions"
    assert "tiện lắm" in (await reader.get(page)).text
    async with talk.town.store.transaction() as db:
        row = await remarks.one(db, post.key)
        spans = redactions.chosen(row.text, (), "ngõ nhỏ cuối làng", is_every=True)
        await redactions.redact(db, row, spans, by=talk.town["moderator"].person_id or 0)
    await _edited(talk, post, "Nhà tôi ở [đã che], họp ở đấy được.")
    text = (await reader.get(page)).text
    assert "được" in text
    assert "ngõ nhỏ" not in text


async def _edited(talk: Talk, post: Remark, body: str) -> None:
    async with talk.town.store.transaction() as db:
        row = await remarks.one(db, post.key)
        await authoring.edit(
            db, Actor(person_id=talk.author.id), row, Submission("", body), Verdict(), over=row.version
        )
