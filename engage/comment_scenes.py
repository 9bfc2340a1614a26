"""What readers say under articles in the demonstration, by the verbs themselves at invented times, and the portal they stand in."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import comments, namings, review, sites, votes
from engage.access import Actor
from engage.articles import Article, Named
from engage.comments import CommentForm
from engage.people import Kind, Person
from engage.remarks import Remark
from engage.site_forms import NewSiteForm
from engage.sites import Portal
from engage.stories import Cast, Past, Row
from engage.surfaces import LEAST_REMARK

HOUR = timedelta(hours=1)
ADMINISTRATOR = "quan-tri@engage.example"
SITE = "bao"
SECTIONS = "Thời sự\nĐời sống\nXây dựng Đảng"


async def tell(db: AsyncSession, clock: Past, cast: Cast, rows: list[Row], origins: Sequence[str]) -> None:
    clock.move_to(clock.present - timedelta(days=60))
    portal = await _portal(db, cast, origins)
    readers = _Readers(db, clock)
    for row in rows:
        await _article(db, clock, cast, portal, readers, row)


async def _portal(db: AsyncSession, cast: Cast, origins: Sequence[str]) -> Portal:
    """Registered with a key, so that its pages can say who reads them."""
    editor = Actor(person_id=cast.staff[ADMINISTRATOR], is_administrator=True)
    form = NewSiteForm(
        slug=SITE, name="Báo Minh Họa", origins="\n".join(origins), sections=SECTIONS, accent="#1b6b4a", guests=True
    )
    site = await sites.register(db, editor, form)
    await sites.add_key(db, editor, site, "")
    return sites.portal_of(site)


class _Readers:
    """Whoever speaks again is the same person."""

    def __init__(self, db: AsyncSession, clock: Past) -> None:
        self._db, self._clock = db, clock
        self._known: dict[str, Person] = {}

    async def __call__(self, name: str) -> Person:
        if name not in self._known:
            self._known[name] = Person(kind=Kind.CITIZEN, name=name, created_at=self._clock.at)
            self._db.add(self._known[name])
            await self._db.flush()
        return self._known[name]


async def _article(db: AsyncSession, clock: Past, cast: Cast, portal: Portal, readers: _Readers, row: Row) -> None:
    published = clock.present - timedelta(days=row["days_ago"])
    clock.at = published
    address = f"{sorted(portal.origins)[-1]}/{row['page']}"
    named = Named(
        site=SITE, article=row["id"], address=address, title=row["title"], section=row["section"], published=published
    )
    article, said = await namings.opened(db, portal, named), list[Remark]()
    for one in row.get("comment", ()):
        clock.move_to(clock.at + HOUR * one.get("after", 3))
        said.append(await _say(db, cast, article, await readers(one["name"]), one, said))
        for reader in one.get("useful", ()):
            voter = votes.of_person((await readers(reader)).id or 0)
            await comments.find_useful(db, said[-1].key, voter, "", on=True)


async def _say(
    db: AsyncSession, cast: Cast, article: Article, author: Person, one: Row, said: Sequence[Remark]
) -> Remark:
    """Let in, as most are; held, where screening finds something; or picked."""
    reply_to = said[one["to"] - 1].key if "to" in one else None
    made = await comments.write(db, author, article, CommentForm(body=one["body"], reply_to=reply_to))
    if one.get("held"):
        verdict = await review.examine(db, comments.SURFACE, made.text, least=LEAST_REMARK)
        await review.hold(db, comments.SURFACE, made.key, verdict)
        return made
    await comments.accept(db, made)
    if one.get("picked"):
        await comments.pick(db, cast.moderators[0], made, on=True)
    return made
