"""What readers say under an article: let in by the rule or by a person, one level deep, in an order that pages can name."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlmodel import func, select

from engage import articles, authoring, comments, namings, remarks, removals, review, search, votes, work
from engage.access import Moderation
from engage.articles import Article, Named
from engage.comments import EditForm
from engage.discussions import PAGE, Order
from engage.errors import Conflict, NotAllowed, Refused
from engage.remarks import Remark
from engage.takedowns import HideForm
from moderation.screening import Submission
from tests.unit.commenting import ORIGIN, Paper, paper, somebody
from tests.unit.town import DENUNCIATION, Town

pytestmark = pytest.mark.anyio
PHONE = " Ai quan tâm gọi tôi số 0912 345 678 nhé."


@pytest.fixture
async def bao(town: Town) -> Paper:
    return await paper(town)


async def test_a_clean_comment_is_let_out_and_what_may_harm_waits_for_a_person(bao: Paper) -> None:
    clean = await bao.said("Xe chạy êm, tôi đi làm đúng giờ.")
    held = await bao.say(f"Tôi cũng đi tuyến này.{PHONE}")
    assert (clean.moderation, (await bao.one(held)).moderation) == (Moderation.ACCEPTED, Moderation.HELD)
    assert await bao.lines() == [(clean.body, [])]
    await bao.town.decide(await bao.case_of(held), decision="redact")
    (_, (body, _)) = await bao.lines()
    assert "0912" not in body
    async with bao.town.store.reading() as db:
        assert await search.find(db, "chay em", search.REMARKS) == [clean.key]
        assert await articles.counts(db, bao.portal, ["123", "khac"]) == {"123": 2, "khac": 0}


async def test_an_accusation_is_sealed_and_comes_nowhere(bao: Paper) -> None:
    made = await bao.one(await bao.say(DENUNCIATION))
    assert (made.moderation, made.sealed) == (Moderation.HELD, True)
    await bao.town.decide(await bao.case_of(made), "cleared", decision="refuse", reason="denunciation")
    assert await bao.lines() == []


async def test_replies_are_one_level_deep(bao: Paper) -> None:
    root = await bao.said("Bến xe nên có mái che.")
    reply = await bao.said("Đúng thế, trời mưa đứng rất khổ.", root.key)
    deeper = await bao.said("Xã tôi đã có mái che rồi.", reply.key)
    assert (reply.reply_to_id, deeper.reply_to_id) == (root.key, root.key)
    assert await bao.lines() == [(root.body, [reply.body, deeper.body])]
    assert (root.line, reply.line, deeper.line) == (1, 1, 2)


async def test_what_readers_do_not_see_is_not_answered(bao: Paper) -> None:
    root = await bao.said("Bến xe nên có mái che.")
    elsewhere = await bao.said("Bài khác.", named=bao.named("khac"))
    async with bao.town.store.transaction() as db:
        await comments.refuse(db, await remarks.one(db, root.key))
    for remark_id in (root.key, elsewhere.key, 999):
        with pytest.raises(Refused, match="comment_answers_nothing"):
            await bao.say("Tôi đồng ý.", remark_id)


async def test_a_comment_taken_down_leaves_its_place_only_while_it_has_replies(bao: Paper) -> None:
    answered, alone = await bao.said("Ý kiến thứ nhất."), await bao.said("Ý kiến thứ hai.")
    reply = await bao.said("Tôi trả lời ý thứ nhất.", answered.key)
    moderator = bao.town["moderator"]
    for remark in (answered, alone):
        async with bao.town.store.transaction() as db:
            await removals.hide(db, moderator, await remarks.one(db, remark.key), HideForm(reason="out_of_scope"))
    assert await bao.lines() == [("", [reply.body])]
    assert (await bao.town.facts(f"article:{answered.place_id}"))[-1] == "remark.hidden"
    assert (await bao.article()).many == 1
    async with bao.town.store.transaction() as db:
        await removals.restore(db, moderator, await remarks.one(db, alone.key))
    assert await bao.lines() == [("", [reply.body]), (alone.body, [])]


async def test_pages_are_named_by_lines_and_hold_what_belongs_to_them(bao: Paper) -> None:
    said = [(await bao.say(f"Ý kiến số {n} về tuyến xe.")).body for n in range(PAGE + 3)]
    await work.settle_received(bao.town.store)
    assert [body for body, _ in await bao.lines(Order.OLDEST)] == said[:PAGE]
    assert [body for body, _ in await bao.lines(Order.OLDEST, 2)] == said[PAGE:]
    assert [body for body, _ in await bao.lines(Order.NEWEST)] == said[::-1][:PAGE]
    assert [body for body, _ in await bao.lines(Order.NEWEST, 2)] == said[::-1][PAGE:]


async def test_the_most_useful_come_first_and_every_voter_counts_once(bao: Paper) -> None:
    first, second = await bao.said("Ý kiến thứ nhất."), await bao.said("Ý kiến thứ hai.")
    other = await somebody(bao.town, "Lê An")
    voter = votes.of_person(other.person.id or 0)
    for on, expected in ((True, 1), (True, 1), (False, 0), (True, 1)):
        async with bao.town.store.transaction() as db:
            assert await comments.find_useful(db, first.key, voter, "", on=on) == expected
    assert [body for body, _ in await bao.lines(Order.USEFUL)] == [first.body, second.body]
    async with bao.town.store.transaction() as db:
        with pytest.raises(Refused, match="own_comment"):
            await comments.find_useful(db, first.key, votes.of_person(first.author_id), "", on=True)


async def test_an_edit_keeps_what_readers_had_and_is_written_over_what_its_author_saw(bao: Paper) -> None:
    made = await bao.said("Xe chạy êm.")
    verdict = await _verdict(bao, "Xe chạy rất êm.")
    async with bao.town.store.transaction() as db:
        await comments.edit(db, await remarks.one(db, made.key), EditForm(body="Xe chạy rất êm.", version=0), verdict)
    assert (await bao.one(made)).version == 1
    async with bao.town.store.transaction() as db:
        with pytest.raises(Refused, match="comment_changed"):
            await comments.edit(db, await remarks.one(db, made.key), EditForm(body="Xe ồn.", version=0), verdict)
    bad = f"Xe ồn.{PHONE}"
    async with bao.town.store.transaction() as db:
        form = EditForm(body=bad, version=1)
        with pytest.raises(Refused, match="edit_must_be_clean"):
            await comments.edit(db, await remarks.one(db, made.key), form, await _verdict(bao, bad))


async def test_what_a_moderator_is_reading_is_not_changed_but_can_be_taken_back(bao: Paper) -> None:
    held = await bao.say(f"Tôi cũng đi tuyến này.{PHONE}")
    case_id = await bao.case_of(held)
    async with bao.town.store.transaction() as db:
        form = EditForm(body="Lời khác.", version=0)
        with pytest.raises(Refused, match="comment_in_review"):
            await comments.edit(db, await remarks.one(db, held.key), form, await _verdict(bao, "Lời khác."))
    async with bao.town.store.transaction() as db:
        await authoring.withdraw_comment(db, await remarks.one(db, held.key))
    with pytest.raises(Conflict):
        await bao.town.decide(case_id, decision="accept")
    assert await bao.lines() == []


async def test_an_editor_picks_a_comment_and_nobody_else_does(bao: Paper) -> None:
    made = await bao.said("Xe chạy êm.")
    async with bao.town.store.transaction() as db:
        with pytest.raises(NotAllowed):
            await comments.pick(db, bao.town["coordinator"], await remarks.one(db, made.key), on=True)
    for on in (True, False):
        async with bao.town.store.transaction() as db:
            await comments.pick(db, bao.town["moderator"], await remarks.one(db, made.key), on=on)
        assert ((await bao.one(made)).picked_at is not None) == on


# Which article


async def test_an_address_alone_names_an_article_that_later_gets_its_id(bao: Paper) -> None:
    by_address = bao.named("", address=f"{ORIGIN}/bai-1.html#binh-luan")
    made = await bao.said("Ý kiến thứ nhất.", named=by_address)
    both = bao.named("1", address=f"{ORIGIN}/bai-1.html")
    assert (await bao.said("Ý kiến thứ hai.", named=both)).place_id == made.place_id
    assert (await bao.article(bao.named("1"))).key == made.place_id


async def test_an_article_keeps_its_comments_when_its_address_changes(bao: Paper) -> None:
    first = await bao.said("Ý kiến thứ nhất.", named=bao.named("1", address=f"{ORIGIN}/cu.html"))
    second = await bao.said("Ý kiến thứ hai.", named=bao.named("1", address=f"{ORIGIN}/moi.html"))
    assert first.place_id == second.place_id
    assert (await bao.article(bao.named("", address=f"{ORIGIN}/cu.html"))).key == first.place_id


@pytest.mark.parametrize("values", [{}, {"article": "", "address": f"{ORIGIN}/bai-1.html"}])
async def test_the_first_comments_that_come_at_once_stand_under_one_article(bao: Paper, values: dict[str, str]) -> None:
    """Nobody is told to try again because somebody else began to speak at that moment."""
    named = bao.named(**values)
    made = await asyncio.gather(*(bao.say(f"Ý kiến của người thứ {number}.", named=named) for number in range(5)))
    assert len({one.place_id for one in made}) == 1
    async with bao.town.store.reading() as db:
        assert (await db.exec(select(func.count()).select_from(Article))).one() == 1


async def test_a_reader_cannot_put_two_articles_together(bao: Paper) -> None:
    """Whoever claims that one's address is the other's only comments where the id says."""
    first = await bao.said("Ý kiến một.", named=bao.named("1", address=f"{ORIGIN}/1.html"))
    second = await bao.said("Ý kiến hai.", named=bao.named("2", address=f"{ORIGIN}/1.html"))
    assert first.place_id != second.place_id
    assert (await bao.article(bao.named("", address=f"{ORIGIN}/1.html"))).key == first.place_id


async def test_a_moderator_puts_them_together_in_the_order_of_time(bao: Paper) -> None:
    target = [await bao.said("Đến trước tiên.")]
    old = bao.named("cu")
    bao.town.clock.move(60)
    source = [await bao.said("Đến thứ hai.", named=old)]
    source.append(await bao.said("Trả lời thứ hai.", source[0].key, named=old))
    bao.town.clock.move(60)
    target.append(await bao.said("Đến cuối cùng."))
    async with bao.town.store.transaction() as db:
        await namings.merge(db, bao.town["moderator"], await articles.one(db, source[0].place_id), "123")
    assert await bao.lines() == [
        ("Đến trước tiên.", []),
        ("Đến thứ hai.", ["Trả lời thứ hai."]),
        ("Đến cuối cùng.", []),
    ]
    assert await bao.numbers() == [(1, 1), (2, 2), (3, 1), (4, 3)]
    article = await bao.article()
    assert (article.top, article.many, article.lines) == (4, 4, 3)
    assert (await bao.article(old)).key == article.key
    async with bao.town.store.reading() as db:
        assert await articles.counts(db, bao.portal, ["cu", "123"]) == {"cu": 4, "123": 4}
    assert (await bao.said("Sau khi gộp.", named=old)).line == 4


@pytest.mark.parametrize(
    "address",
    [
        "https://khac.example.vn/1.html",
        "https://bao.example.vn.khac.vn/",
        "javascript:1",
        "https://[bao",
        "//bao.example.vn/",
    ],
)
async def test_an_address_elsewhere_is_no_article_of_the_site(bao: Paper, address: str) -> None:
    with pytest.raises(Refused, match="article_elsewhere"):
        await bao.say("Ý kiến.", named=bao.named("1", address=address))


@pytest.mark.parametrize("published", ["hôm qua", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_that_is_none_is_told_in_words(published: str) -> None:
    with pytest.raises(ValidationError, match="article_wrong"):
        Named(site="bao", article="1", published=published)


# Open and closed


async def test_a_closed_article_takes_no_more_but_what_waited_still_comes_in(bao: Paper) -> None:
    waits = await bao.say("Tôi gửi trước khi đóng.")
    async with bao.town.store.transaction() as db:
        await articles.close(db, bao.town["moderator"], await articles.one(db, waits.place_id), "Đã đủ ý kiến.")
    with pytest.raises(Refused, match="article_closed"):
        await bao.say("Tôi đến muộn.")
    await work.settle_received(bao.town.store)
    assert (await bao.one(waits)).moderation == Moderation.ACCEPTED
    async with bao.town.store.transaction() as db:
        await articles.reopen(db, bao.town["moderator"], await articles.one(db, waits.place_id))
    assert (await bao.said("Tôi viết tiếp.")).moderation == Moderation.ACCEPTED


@pytest.mark.parametrize(
    ("rule", "named", "reason"),
    [
        ({"comment_days": 3}, {"published": "2020-01-01"}, "article_old"),
        ({"sections": "Thời sự\nXã hội"}, {"section": "Quảng cáo"}, "article_section"),
        ({"sections": "Thời sự"}, {}, "article_section"),
    ],
)
async def test_the_sites_rules_close_an_article(town: Town, rule: Any, named: Any, reason: str) -> None:
    bao = await paper(town, **rule)
    with pytest.raises(Refused, match=reason):
        await bao.say("Ý kiến.", named=bao.named(**named))
    late = bao.named("xa", section="Thời sự", published="9999-12-31T23:59:59Z")  # as if it were new
    assert (await bao.said("Ý kiến sớm.", named=late)).moderation == Moderation.ACCEPTED
    fresh = bao.named("moi", section="Thời sự", published=(town.clock() - timedelta(days=1)).isoformat())
    assert (await bao.said("Ý kiến.", named=fresh)).moderation == Moderation.ACCEPTED


async def _verdict(bao: Paper, body: str) -> Any:
    async with bao.town.store.reading() as db:
        return await review.examine(db, comments.SURFACE, Submission("", body), least=2)


def test_a_comment_says_on_which_channel_it_is_told() -> None:
    assert Remark(surface="comment", place_id=7, body="", name="").channel == "article:7"
