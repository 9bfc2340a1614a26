"""Readers under an article of a portal, for tests of verbs."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import select

from engage import articles, comments, discussions, namings, remarks, review, sites, work
from engage.access import PUBLIC, Actor
from engage.articles import Article, Named
from engage.comments import CommentForm
from engage.discussions import Order
from engage.people import Kind, Person
from engage.remarks import Remark
from engage.site_forms import NewSiteForm
from engage.sites import Portal
from moderation import cases
from moderation.screening import Submission
from tests.unit.town import Town

ORIGIN = "https://bao.example.vn"


@dataclass
class Reader:
    """Somebody who reads and writes there."""

    town: Town
    person: Person

    @property
    def actor(self) -> Actor:
        return Actor(person_id=self.person.id, name=self.person.name)


async def somebody(town: Town, name: str = "Vũ Thị Thử") -> Reader:
    async with town.store.transaction() as db:
        person = Person(kind=Kind.CITIZEN, name=name, created_at=town.clock())
        db.add(person)
    return Reader(town, person)


@dataclass
class Paper:
    """A portal and what is said under its articles."""

    town: Town
    reader: Reader
    portal: Portal

    def named(self, article: str = "123", **values: Any) -> Named:
        return Named.model_validate({"site": "bao", "article": article, "title": "Xe buýt điện", **values})

    async def say(
        self, body: str, to: int | None = None, *, named: Named | None = None, by: Reader | None = None
    ) -> Remark:
        async with self.town.store.transaction() as db:
            verdict = await review.examine(db, comments.SURFACE, Submission("", body), least=2)
            article = await namings.opened(db, self.portal, named or self.named())
            form = CommentForm(body=body, reply_to=to)
            made = await comments.write(db, (by or self.reader).person, article, form)
            await review.look_at(db, comments.SURFACE, made.key, verdict)
        return made

    async def said(self, body: str, to: int | None = None, **more: Any) -> Remark:
        """Let in, as what is clean is."""
        made = await self.say(body, to, **more)
        await work.settle_received(self.town.store)
        return await self.one(made)

    async def one(self, remark: Remark) -> Remark:
        async with self.town.store.reading() as db:
            return await remarks.one(db, remark.key)

    async def article(self, named: Named | None = None) -> Article:
        async with self.town.store.reading() as db:
            found = await articles.found(db, self.portal, named or self.named())
        assert found is not None
        return found

    async def lines(self, order: Order = Order.OLDEST, number: int = 1) -> list[tuple[str, list[str]]]:
        """What readers see of a page: each comment with its replies; what is gone is empty."""
        article = await self.article()
        async with self.town.store.reading() as db:
            found = await discussions.page(db, article, order, number, PUBLIC)
        return [(line.remark.body if line.remark else "", [one.body for one in line.answers]) for line in found]

    async def case_of(self, remark: Remark) -> int:
        async with self.town.store.reading() as db:
            return (await cases.of(db, comments.SURFACE, remark.key))[-1].id or 0

    async def numbers(self) -> list[tuple[int | None, int | None]]:
        article = await self.article()
        async with self.town.store.reading() as db:
            rows = select(Remark).where(Remark.surface == comments.SURFACE, Remark.place_id == article.key)
            return sorted((row.number or 0, row.line) for row in await db.exec(rows))


async def paper(town: Town, **values: Any) -> Paper:
    async with town.store.transaction() as db:
        form = NewSiteForm.model_validate({"slug": "bao", "name": "Báo Thử", "origins": ORIGIN, **values})
        site = await sites.register(db, town["administrator"], form)
    async with town.store.reading() as db:
        portal = (await sites.portals(db)).by_id[site.key]
    return Paper(town, await somebody(town), portal)
