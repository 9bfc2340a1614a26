"""A thread with twenty thousand posts, an article with as many comments, and fifty articles of a front page: written at once.

The rows are those that the verbs leave behind, the same every time; one in two hundred was taken down.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import markup
from engage.access import Moderation
from engage.articles import Article
from engage.db import Store, into
from engage.forum import Thread
from engage.people import Person
from engage.remarks import Remark, Said
from engage.sections import Section
from engage.sites import Site
from tests.benchmarks.load import SYLLABLES

SEED = 20_261_127
SITE, LONG, COUNTED = "bao", "bai-dai", 50
LASTED = timedelta(days=14)  # from the first to the last
TEXTS, AT_ONCE = 500, 2_000
ANSWERING, TAKEN_DOWN = 0.4, 0.005
SECTION = "Đời sống"
ADD = into(Remark)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Talk:
    """`answered` is the comment with the most replies."""

    thread_id: int
    section: str
    article_id: int
    answered: int
    origin: str


class Speakers:
    """Rows of remarks, one after another."""

    def __init__(self, first_id: int, people: Sequence[int], at: datetime, many: int) -> None:
        self.chance = random.Random(SEED)
        self._id, self._people, self._many = first_id, people, many
        self._began, self._every = at - LASTED, LASTED / (2 * many)
        self._texts = [(text, str(markup.plain(text))) for text in (self._text() for _ in range(TEXTS))]

    def _text(self) -> str:
        return " ".join(self.chance.choice(SYLLABLES) for _ in range(self.chance.randint(15, 120))).capitalize() + "."

    def one(self, surface: Said, place_id: int, number: int, **rest: Any) -> Row:
        body, html = self.chance.choice(self._texts)
        self._id, self._began = self._id + 1, self._began + self._every
        gone = number > 1 and self.chance.random() < TAKEN_DOWN
        is_there = {"has_marks": True, "sealed": False, "restricted": False, "version": 0, "badge_id": None}
        return is_there | {
            "id": self._id - 1,
            "author_id": self.chance.choice(self._people),
            "moderation": Moderation.HIDDEN if gone else Moderation.ACCEPTED,
            "surface": surface,
            "place_id": place_id,
            "number": number,
            "reply_to_id": None,
            "line": None,
            "answers": 0,
            "title": "",
            "body": body,
            "body_html": html,
            "name": "Nguyễn Văn An",
            "useful": int(self.chance.paretovariate(1)) - 1 if surface == Said.COMMENT else 0,
            "fingerprint": f"talk-{self._id}",
            "created_at": self._began,
            "accepted_at": self._began,
            "picked_at": None,
            "corrected_at": None,
            "withdrawn_at": None,
            **rest,
        }

    def posts(self, thread_id: int) -> Iterator[Row]:
        first = self._id
        yield self.one(Said.POST, thread_id, 1, title="Một chủ đề được trao đổi rất nhiều")
        for number in range(2, self._many + 1):
            answers = self.chance.randrange(number - 1) if self.chance.random() < ANSWERING else None
            yield self.one(Said.POST, thread_id, number, reply_to_id=first + answers if answers is not None else None)

    def comments(self, article_id: int) -> list[Row]:
        """Two in five answer; every second of these the same comment, where half of the readers have something to say."""
        roots: list[Row] = []
        rows: list[Row] = []
        for number in range(1, self._many + 1):
            row = self.one(Said.COMMENT, article_id, number)
            if number > 10 and self.chance.random() < ANSWERING:
                root = roots[0] if self.chance.random() < 0.5 else self.chance.choice(roots)
                root["answers"] += 1
                row |= {"reply_to_id": root["id"], "line": root["answers"], "useful": 0}
            else:
                roots.append(row)
                row["line"] = len(roots)
            rows.append(row)
        return rows


async def fill(store: Store, many: int) -> Talk:
    async with store.transaction() as db:
        at = store.clock()
        people = [key or 0 for key in (await db.exec(select(col(Person.id)).order_by(col(Person.id)).limit(50))).all()]
        first = ((await db.exec(select(func.max(Remark.id)))).one() or 0) + 1
        site = (await db.exec(select(Site).where(Site.slug == SITE))).one()
        section = (await db.exec(select(col(Section.slug)).order_by(col(Section.slug)).limit(1))).one()
        thread = Thread(section=section, opened_at=at - LASTED, top=many, many=many, last_at=at)
        article = _article(site.key, LONG, at)
        db.add_all([thread, article, *(_article(site.key, f"bai-{one}", at, one) for one in range(COUNTED))])
        await db.flush()
        speakers = Speakers(first, people, at, many)
        posts = list(speakers.posts(thread.key))
        comments = speakers.comments(article.key)
        await _write(db, [*posts, *comments])
        thread.many, article.many = _shown(posts), _shown(comments)
        article.top, article.lines = many, sum(row["reply_to_id"] is None for row in comments)
        article.last_at = at
        db.add_all([thread, article])
        await _go_on_counting(db)
        return Talk(thread.key, section, article.key, comments[0]["id"], site.origins[0])


def _article(site_id: int, external: str, at: datetime, many: int = 0) -> Article:
    return Article(
        site_id=site_id,
        external=external,
        title="Một bài được bình luận rất nhiều",
        section=SECTION,
        published_at=at - LASTED,
        opened_at=at - LASTED,
        many=many,
        top=many,
    )


async def _write(db: AsyncSession, rows: Sequence[Row]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        await (await db.connection()).execute(ADD, rows[start : start + AT_ONCE])


async def _go_on_counting(db: AsyncSession) -> None:
    """PostgreSQL hands out ids by itself, and learns by itself what a table holds, but only after a while."""
    if db.get_bind().dialect.name == "postgresql":
        numbered = "select setval(pg_get_serial_sequence('remark', 'id'), (select max(id) from remark))"
        for sql in (numbered, "analyze"):
            await (await db.connection()).execute(sa.text(sql))


def _shown(rows: Sequence[Row]) -> int:
    return sum(row["moderation"] == Moderation.ACCEPTED for row in rows)
