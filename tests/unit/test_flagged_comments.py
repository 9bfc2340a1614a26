"""Comments that readers flag: looked at as posts are, covered or taken down under their article."""

import pytest
from sqlmodel import select

from engage import comments, flagging, remarks, removals
from engage.access import PUBLIC, Moderation
from engage.decisions import Decision
from engage.errors import Conflict, NotFound, Refused
from engage.flags import Flag, FlagForm, Flagger, State
from engage.remarks import Remark, Said
from engage.takedowns import HideForm
from moderation import cases
from moderation.screening import Verdict
from tests.unit.commenting import Paper
from tests.unit.commenting import paper as a_paper
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
SAID = "Nhà ông Bảy ở ngõ 12 cuối làng, ai cũng biết cả."


@pytest.fixture
async def paper(town: Town) -> Paper:
    return await a_paper(town)


async def _flag(
    paper: Paper, remark: Remark, name: str = "v:1", reason: str = "personal", person_id: int | None = None
) -> Flag:
    form = FlagForm(thing="comment", id=remark.key, reason=reason)
    async with paper.town.store.transaction() as db:
        return await flagging.flag(db, Flagger(name, person_id=person_id), form)


async def _decide(paper: Paper, remark: Remark, decision: str, who: str = "moderator", **more: object) -> None:
    async with paper.town.store.transaction() as db:
        case = (await cases.of(db, Said.COMMENT, remark.key))[-1]
        form = Decision.model_validate({"version": case.version, "decision": decision, **more})
        await flagging.decide(db, paper.town[who], case.id or 0, form)


async def _states(paper: Paper) -> list[str]:
    async with paper.town.store.reading() as db:
        return list((await db.exec(select(Flag.state))).all())


async def test_a_flagged_comment_is_covered_where_it_stands(paper: Paper) -> None:
    said = await paper.said(SAID)
    await _flag(paper, said)
    await _decide(paper, said, "redact", cover="ngõ 12 cuối làng", picked=True)
    shown = await paper.one(said)
    assert shown.moderation == Moderation.ACCEPTED
    assert "ngõ 12" not in shown.body + shown.body_html
    assert await _states(paper) == [State.UPHELD]


async def test_a_flagged_comment_is_taken_down_with_its_count_and_can_be_put_back(paper: Paper) -> None:
    said = await paper.said(SAID)
    await _flag(paper, said)
    await _decide(paper, said, "refuse", reason="private_matter")
    assert (await paper.article()).many == 0
    async with paper.town.store.transaction() as db:
        await removals.restore(db, paper.town["moderator"], await remarks.one(db, said.key))
    assert (await paper.article()).many == 1
    assert await paper.lines() == [(SAID, [])]


async def test_a_comment_that_was_left_stays_and_later_flags_are_answered_at_once(paper: Paper) -> None:
    said = await paper.said(SAID)
    await _flag(paper, said)
    await _decide(paper, said, "accept")
    assert await paper.lines() == [(SAID, [])]
    assert (await _flag(paper, said, "v:2", "danger")).state == State.DISMISSED


async def test_a_denunciation_among_comments_is_sealed(paper: Paper) -> None:
    said = await paper.said(SAID)
    await _flag(paper, said, reason="danger")
    await _decide(paper, said, "seal", "cleared")
    assert (await paper.one(said)).sealed
    async with paper.town.store.reading() as db:
        with pytest.raises(NotFound):
            await comments.one(db, PUBLIC, said.key)


async def test_only_comments_that_readers_see_are_flagged_and_none_by_its_author(paper: Paper) -> None:
    said, held = await paper.said(SAID), await paper.say("Gọi tôi số 0912 345 678.")
    with pytest.raises(NotFound):
        await _flag(paper, held)
    with pytest.raises(Refused, match="flag_own"):
        await _flag(paper, said, person_id=said.author_id)
    async with paper.town.store.transaction() as db:
        await removals.hide(db, paper.town["moderator"], await remarks.one(db, said.key), HideForm(reason="unclear"))
    with pytest.raises(NotFound):
        await _flag(paper, said)


async def test_nobody_decides_on_words_that_their_author_changed_meanwhile(paper: Paper) -> None:
    said = await paper.said(SAID)
    await _flag(paper, said)
    async with paper.town.store.transaction() as db:
        read = (await cases.of(db, Said.COMMENT, said.key))[-1].version
        form = comments.EditForm(body="Nhà ông Bảy thì ai cũng biết.")
        await comments.edit(db, await remarks.one(db, said.key), form, Verdict())
    with pytest.raises(Conflict, match="case_changed"):
        await _decide(paper, said, "accept", version=read)


async def test_a_post_is_no_comment(paper: Paper) -> None:
    said = await paper.said(SAID)
    with pytest.raises(NotFound):
        async with paper.town.store.transaction() as db:
            await flagging.flag(db, Flagger("v:1"), FlagForm(thing="post", id=said.key, reason="personal"))
