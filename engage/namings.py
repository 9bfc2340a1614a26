"""Which row an article's page means when somebody speaks there, and two rows that turn out to be one article.

Whoever writes says what the page is, so only a row without an id goes into another one by that. What bears two ids, people merge.
"""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import articles, audit
from engage.access import Actor, Moderation
from engage.articles import Article, ArticleAddress, Named, channel_of
from engage.db import now, upsert
from engage.errors import Conflict, Refused
from engage.remarks import Remark, Said
from engage.sites import Portal
from live import log

MOST_ADDRESSES = 20  # of one article


async def opened(db: AsyncSession, portal: Portal, named: Named) -> Article:
    """The row to comment under. What has no id yet is given the one that comes with its address."""
    address = articles.alias(portal, named)
    if not (named.article or address):
        raise Refused("article_missing", field="article")
    known = await articles.by_address(db, portal.id, address) if address else None
    row = await articles.by_id(db, portal.id, named.article) if named.article else known
    if row is None and known is not None and known.external is None:
        row = known
        row.external = named.article
        log.record(db, channel_of(portal.id), "article.opened", article=row.key)
    if row is None:
        row = await _open(db, portal, named, address)
    elif known is not None and known.key != row.key and known.external is None:
        await _take_in(db, known, row)
    row.title = row.title or named.title
    db.add(row)
    await db.flush()
    if address:
        await _note(db, row, address)
    return await articles.one(db, row.key)


async def merge(db: AsyncSession, actor: Actor, article: Article, external: str) -> Article:
    """What was said under it goes on under another article of its site, where its portal changed the id."""
    articles.must_moderate(actor)
    into = await articles.by_id(db, article.site_id, external) if external else None
    if into is None:
        raise Refused("article_unknown", field="external")
    if into.key == article.key:
        raise Refused("article_same", field="external")
    if article.merged_into_id is not None:
        raise Conflict("moved_on")
    await _take_in(db, article, into)
    await audit.note(db, actor.person_id, "article.merged", article=article.key, into=into.key)
    return into


async def _open(db: AsyncSession, portal: Portal, named: Named, address: str) -> Article:
    """Of two first comments at once one brings the row. The other has waited for it, and finds it now."""
    at = now(db)
    made = Article(
        site_id=portal.id,
        external=named.article or None,
        title=named.title,
        section=named.section,
        published_at=min(named.published or at, at),
        opened_at=at,
    )
    fresh = upsert(db, Article).values(**made.model_dump(exclude={"id"})).on_conflict_do_nothing()
    article_id = (await db.exec(fresh.returning(col(Article.id)))).scalar_one_or_none()
    if article_id is None:
        return await opened(db, portal, named)
    row = await articles.one(db, article_id)
    if not named.article and not await _note(db, row, address):  # its address is all it has
        await db.delete(row)
        await db.flush()
        return await opened(db, portal, named)
    log.record(db, channel_of(portal.id), "article.opened", article=row.key)
    return row


async def _note(db: AsyncSession, article: Article, address: str) -> bool:
    """Whether the address is new, and its own from now on: who came first with one has it."""
    of_it = select(func.count()).where(ArticleAddress.article_id == article.key)
    if (await db.exec(of_it)).one() >= MOST_ADDRESSES:
        return False
    row = {"site_id": article.site_id, "address": address, "article_id": article.key}
    added = await db.exec(upsert(db, ArticleAddress).values(**row).on_conflict_do_nothing())
    if added.rowcount == 1:
        log.record(db, channel_of(article.site_id), "article.opened", article=article.key)
    return bool(added.rowcount)


async def _take_in(db: AsyncSession, source: Article, into: Article) -> None:
    """Remarks keep their ids, and get numbers anew in the order of time; addresses, and the id, lead there from now on."""
    both = sorted((source.key, into.key))
    for key in both:  # in one order, so that two merges never wait for each other crosswise
        await articles.one(db, key)
    await _run(db, sa.update(ArticleAddress).where(col(ArticleAddress.article_id) == source.key), article_id=into.key)
    await _run(db, sa.update(Article).where(col(Article.merged_into_id) == source.key), merged_into_id=into.key)
    of_it = col(Remark.surface) == Said.COMMENT, col(Remark.place_id) == into.key
    were = sa.update(Remark).where(of_it[0], col(Remark.place_id).in_(both))
    await _run(db, were.where(col(Remark.reply_to_id).is_(None)), line=None)  # before two of them have the same one
    await _run(db, were, place_id=into.key, number=None)
    let_in = of_it[0], of_it[1], col(Remark.accepted_at).is_not(None)
    await _count_out(db, "number", *let_in)
    await _count_out(db, "line", *let_in, col(Remark.reply_to_id).is_(None))
    await _sum_up(db, source, into, let_in)
    source.merged_into_id, source.top, source.many, source.lines = into.key, 0, 0, 0
    db.add(source)
    db.add(into)
    await db.flush()
    for channel in (f"article:{source.key}", f"article:{into.key}", channel_of(into.site_id)):
        log.record(db, channel, "article.merged", article=source.key, into=into.key)


async def _count_out(db: AsyncSession, column: str, *wheres: Any) -> None:
    """1, 2, 3 … by when each was let in."""
    in_time = func.row_number().over(order_by=(col(Remark.accepted_at), col(Remark.id)))
    counted = sa.select(col(Remark.id).label("id"), in_time.label("n")).where(*wheres).subquery()
    await _run(db, sa.update(Remark).where(col(Remark.id) == counted.c.id), **{column: counted.c.n})


async def _sum_up(db: AsyncSession, source: Article, into: Article, let_in: Any) -> None:
    """What the place counts, from its rows."""
    shown = sa.and_(col(Remark.moderation) == Moderation.ACCEPTED, col(Remark.sealed).is_(False))
    counts = func.max(Remark.number), func.max(sa.case((col(Remark.reply_to_id).is_(None), col(Remark.line))))
    many = func.sum(sa.case((shown, 1), else_=0))
    top, lines, seen = (await db.exec(select(*counts, many).where(*let_in))).one()
    into.top, into.lines, into.many = int(top or 0), int(lines or 0), int(seen or 0)
    into.last_at = max((at for at in (source.last_at, into.last_at) if at), default=None)


async def _run(db: AsyncSession, statement: Any, **values: Any) -> None:
    await db.exec(statement.values(**values).execution_options(synchronize_session=False))
