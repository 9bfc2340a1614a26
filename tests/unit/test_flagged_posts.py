"""Posts that readers flag: looked at as questions are, covered or taken down in their thread; edited ones are read anew."""

import pytest
from sqlmodel import select

from engage import authoring, flagging, flags, remarks, removals, work
from engage.access import Actor, Moderation
from engage.decisions import Decision
from engage.errors import Conflict, NotFound
from engage.flags import Flag, FlagForm, Flagger, State
from engage.remarks import Remark, Said
from engage.takedowns import HideForm
from moderation import cases
from moderation.cases import Case
from moderation.screening import Submission, Verdict
from tests.unit.test_forum import Talk
from tests.unit.test_forum import talk as talk  # the fixture

pytestmark = pytest.mark.anyio
SAID = "Chi bộ tôi họp ở nhà bác Tư, ngõ nhỏ cuối làng."


async def _post(talk: Talk) -> Remark:
    made = await talk.reply(await talk.thread(), SAID)
    await work.settle_received(talk.town.store)
    return await talk.one(made)


async def _flag(talk: Talk, remark: Remark, name: str = "v:1", reason: str = "personal") -> Flag:
    form = FlagForm(thing="post", id=remark.key, reason=reason)
    async with talk.town.store.transaction() as db:
        return await flagging.flag(db, Flagger(name), form)


async def _case(talk: Talk, remark: Remark) -> Case:
    async with talk.town.store.reading() as db:
        return (await cases.of(db, Said.POST, remark.key))[-1]


async def _decide(talk: Talk, case: Case, decision: str, **more: object) -> None:
    form = Decision.model_validate({"version": case.version, "decision": decision, **more})
    async with talk.town.store.transaction() as db:
        await flagging.decide(db, talk.town["moderator"], case.id or 0, form)


async def test_a_flagged_post_is_covered_in_its_thread(talk: Talk) -> None:
    post = await _post(talk)
    await _flag(talk, post)
    await _decide(talk, await _case(talk, post), "redact", cover="ngõ nhỏ cuối làng", picked=True)
    shown = await talk.one(post)
    assert shown.moderation == Moderation.ACCEPTED
    assert "ngõ nhỏ" not in shown.body + shown.body_html
    assert await talk.found("ngo nho cuoi lang") == []


async def test_a_flagged_post_is_taken_down_and_can_be_put_back(talk: Talk) -> None:
    post = await _post(talk)
    await _flag(talk, post)
    await _decide(talk, await _case(talk, post), "refuse", reason="private_matter")
    assert SAID not in await talk.shown(post.place_id)
    async with talk.town.store.transaction() as db:
        await removals.restore(db, talk.town["moderator"], await remarks.one(db, post.key))
    assert SAID in await talk.shown(post.place_id)


async def test_a_post_that_was_left_stays_where_it_is(talk: Talk) -> None:
    post = await _post(talk)
    await _flag(talk, post)
    await _decide(talk, await _case(talk, post), "accept")
    assert (await talk.one(post)).number == post.number
    assert SAID in await talk.shown(post.place_id)


async def test_nobody_decides_on_words_that_their_author_changed_meanwhile(talk: Talk) -> None:
    post = await _post(talk)
    await _flag(talk, post)
    read = await _case(talk, post)
    async with talk.town.store.transaction() as db:
        writer, text = Actor(person_id=talk.author.id), Submission("", "Chi bộ tôi họp ở nhà văn hóa.")
        await authoring.edit(db, writer, await remarks.one(db, post.key), text, Verdict(), over=0)
    with pytest.raises(Conflict, match="case_changed"):
        await _decide(talk, read, "accept")
    await _flag(talk, post, "v:1")
    async with talk.town.store.reading() as db:
        wordings = (await db.exec(select(Flag.wording))).all()
    assert len(set(wordings)) == 2


async def test_a_post_in_a_thread_that_readers_do_not_see_is_not_flagged(talk: Talk) -> None:
    post = await _post(talk)
    async with talk.town.store.transaction() as db:
        opening = (await remarks.numbered(db, Said.POST, post.place_id, 1, 1, talk.town["moderator"]))[0]
        await removals.hide(db, talk.town["moderator"], opening, HideForm(reason="unclear"))
    with pytest.raises(NotFound):
        await _flag(talk, post)


async def test_what_only_one_reader_dislikes_waits_and_is_answered_with_a_removal(talk: Talk) -> None:
    post = await _post(talk)
    await _flag(talk, post, reason="untrue")
    async with talk.town.store.transaction() as db:
        assert await cases.of(db, Said.POST, post.key) == []
        await removals.hide(db, talk.town["moderator"], await remarks.one(db, post.key), HideForm(reason="unclear"))
    async with talk.town.store.reading() as db:
        assert (await db.exec(select(Flag.state))).all() == [State.UPHELD]
        assert await flags.waiting(db, Said.POST, post.key) == []
