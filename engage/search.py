"""Finding public texts by words, with or without tone marks, and finding what resembles a text. Knows ids and words, no noun.

Two indexes over the same words: as written (NFC, one tone placement) and folded (no marks, đ is d, abbreviations written
out). Every word of a query must occur, folded; words that also occur as written count four times as much. Words in quotes must
stand together: as they are written when they have tone marks, else folded. At most the newest thousand matches are ranked, so
the cost does not grow with the archive. SQLite uses FTS5, PostgreSQL tsvector 'simple': the same words, the same answers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlmodel.ext.asyncio.session import AsyncSession

from moderation.text import expand, fold, has_tone_marks, respell, syllables, words_with_places

RANKED = 1_000
NEAREST = 200
MOST_WORDS = 16
MOST_REMEMBERED = 20_000
WRITTEN_WEIGHT = 4.0
# Too common to say what a question is about.
_COMMON = """
la co khong duoc thi va cua cho toi em anh chi ong ba bi o tai ve voi den tu khi nao nhu the gi ai bao nhieu phai hay hoac
nay do da dang se nhung cac mot xin hoi muon can lam sao vi de ra vao trong ngoai theo nam ngay
"""
SPELT = ("query", "written", "exact")
# Archives that are searched apart: each has tables of its own, with ids of its own.
QUESTIONS, REMARKS = "", "_remark"
EMPTY_WORDS = frozenset(_COMMON.split())
_QUOTED = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]')
Span = tuple[int, int]
_PUT = {
    "sqlite": "insert into fts_search (rowid, written, folded) values (:id, :written, :folded)",
    "postgresql": "insert into search_entry (id, written, folded) values "
    "(:id, to_tsvector('simple', :written), to_tsvector('simple', :folded))",
}
_DROP = {"sqlite": "delete from fts_search where rowid = :id", "postgresql": "delete from search_entry where id = :id"}
_NEWEST = {
    "sqlite": "select rowid as id, bm25(fts_search, :weight, 1.0) as far from fts_search "
    "where fts_search match :query order by rowid desc limit :ranked",
    "postgresql": "select id, - ts_rank(folded, to_tsquery('simple', :query)) "
    "- :weight * ts_rank(written, to_tsquery('simple', :written)) as far from "
    "(select * from search_entry where folded @@ to_tsquery('simple', :query) "
    "and (:exact = '' or written @@ to_tsquery('simple', :exact)) order by id desc limit :ranked) newest",
}
_ANY = {
    "sqlite": "select rowid from fts_search where fts_search match :query order by rowid desc limit :most",
    "postgresql": "select id from search_entry where folded @@ to_tsquery('simple', :query) order by id desc limit :most",
}

_ENTRY = sa.table("search_entry", sa.column("id"), sa.column("folded"))


async def put(db: AsyncSession, thing_id: int, text: str, archive: str = QUESTIONS) -> None:
    """Make a public text findable, or find it by its new words."""
    await drop(db, thing_id, archive)
    await _run(db, _PUT, archive, id=thing_id, written=_written(text), folded=_folded(text))


def reword(connection: sa.Connection, thing_id: int, text: str) -> None:
    """As `put`, inside a migration."""
    kind = connection.dialect.name
    connection.execute(sa.text(_DROP[kind]), {"id": thing_id})
    connection.execute(sa.text(_PUT[kind]), {"id": thing_id, "written": _written(text), "folded": _folded(text)})


async def drop(db: AsyncSession, thing_id: int, archive: str = QUESTIONS) -> None:
    await _run(db, _DROP, archive, id=thing_id)


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, as both indexes spell it. `phrases` stand together, folded; `exact` ones as they are written."""

    folded: tuple[str, ...]
    written: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]
    exact: tuple[tuple[str, ...], ...]
    is_unfinished: bool

    @classmethod
    def of(cls, typed: str) -> "Query":
        quoted = [words for words in _QUOTED.findall(typed) if syllables(words)]
        plain = _QUOTED.sub(" ", typed)
        every = " ".join([*quoted, plain])
        return cls(
            tuple(syllables(_folded(every))[:MOST_WORDS]),
            tuple(syllables(_written(every))[:MOST_WORDS]),
            tuple(_phrase(_folded(words)) for words in quoted if not has_tone_marks(words)),
            tuple(_phrase(_written(words)) for words in quoted if has_tone_marks(words)),
            bool(syllables(plain)),
        )


def matches(db: AsyncSession, typed: str, archive: str = QUESTIONS) -> sa.CTE | None:
    """At most a thousand texts that hold every word, for a statement that goes on with them: `id`, and `far`, the least for the
    best. The last word may be unfinished. None when nothing was asked."""
    query = Query.of(typed)
    if not query.folded:
        return None
    if _dialect(db) == "sqlite":
        wanted = [f"folded : ({_all(query.folded, query.is_unfinished)})"]
        wanted += [f'folded : "{" ".join(words)}"' for words in query.phrases]
        wanted += [f'written : "{" ".join(words)}"' for words in query.exact]
        every = " AND ".join(f"({one})" for one in wanted)
        values = {"query": f"({every}) OR ({every} AND (written : ({_all(query.written, query.is_unfinished)})))"}
    else:
        values = {
            "query": " & ".join([_tsquery(query.folded, query.is_unfinished), *map(_adjoining, query.phrases)]),
            "exact": " & ".join(map(_adjoining, query.exact)),
            "written": _tsquery(query.written, query.is_unfinished),
        }
    newest = _statement(db, _NEWEST, archive, **values, weight=WRITTEN_WEIGHT, ranked=RANKED)
    # On its own: as a part of the join, every row would carry its words along.
    return newest.columns(id=sa.Integer, far=sa.Float).cte("matches").prefix_with("materialized", dialect="postgresql")


async def find(db: AsyncSession, typed: str, archive: str = QUESTIONS) -> Sequence[int]:
    """Their ids, the best first."""
    found = matches(db, typed, archive)
    if found is None:
        return []
    ids = sa.select(found.c.id).order_by(found.c.far, found.c.id.desc())
    return list((await (await db.connection()).execute(ids)).scalars())


def spans(text: str, query: Query) -> list[Span]:
    """Where the words that were looked for stand in a text; neighbours are one span. Common words count only beside others."""
    every = set(query.folded)
    telling = every - EMPTY_WORDS or every
    begun = query.folded[-1] if query.is_unfinished and query.folded and query.folded[-1] in telling else None
    found: list[tuple[int, int, bool]] = []
    for word, start, end in words_with_places(text):
        parts = _spelt(word)
        begins = bool(begun and parts and parts[0].startswith(begun))
        if not (begins or (parts and every.issuperset(parts))):
            continue
        tells = begins or not telling.isdisjoint(parts)
        if found and not text[found[-1][1] : start].strip(" "):
            first, _, told = found.pop()
            found.append((first, end, told or tells))
        else:
            found.append((start, end, tells))
    return [(start, end) for start, end, tells in found if tells]


def holds(db: AsyncSession, typed: str, thing_id: Any) -> sa.ColumnElement[bool]:
    """Whether the text with the id in this column holds every word: for lists that are short before words narrow them.

    PostgreSQL asks each row in turn; planned as a join it would gather every text of the archive that holds a common word.
    """
    folded = syllables(_folded(typed))[:MOST_WORDS]
    if not folded:
        return sa.false()
    if _dialect(db) == "sqlite":
        query = f"folded : ({_all(folded, True)})"
        found = sa.text("select rowid as id from fts_search where fts_search match :holds").bindparams(holds=query)
        return sa.type_coerce(thing_id.in_(found.columns(id=sa.Integer)), sa.Boolean)
    wanted = sa.func.to_tsquery(sa.literal_column("'simple'"), _tsquery(folded, True))
    asked = sa.select(_ENTRY.c.folded.op("@@", is_comparison=True)(wanted)).where(_ENTRY.c.id == thing_id)
    return sa.type_coerce(asked.correlate_except(_ENTRY).scalar_subquery(), sa.Boolean)


async def resembling(db: AsyncSession, text: str) -> Sequence[int]:
    """Ids of the newest texts that share two neighbouring words with this one; the caller compares them in earnest."""
    words = syllables(_folded(text))
    pairs = [pair for pair in pairwise(words) if not EMPTY_WORDS.issuperset(pair)][:MOST_WORDS]
    if not pairs:
        return []
    if _dialect(db) == "sqlite":
        query = "folded : (" + " OR ".join(f'"{one} {two}"' for one, two in pairs) + ")"
    else:
        query = " | ".join(f"('{one}' <-> '{two}')" for one, two in pairs)
    return list((await _run(db, _ANY, QUESTIONS, query=query, most=NEAREST)).scalars())


def _written(text: str) -> str:
    return " ".join(syllables(respell(text.lower())))


def _folded(text: str) -> str:
    return " ".join(syllables(fold(expand(text))))


@lru_cache(MOST_REMEMBERED)
def _spelt(word: str) -> tuple[str, ...]:
    """As the index has it. A page of results holds thousands of words, and most of them again and again."""
    return tuple(syllables(_folded(word)))


def _phrase(text: str) -> tuple[str, ...]:
    return tuple(text.split()[:MOST_WORDS])


def _all(words: Sequence[str], is_unfinished: bool) -> str:
    """FTS5: every word in quotes, the last one maybe as a beginning. Words are letters and digits only."""
    return " AND ".join(f'"{word}"' for word in words) + ("*" if is_unfinished else "")


def _tsquery(words: Sequence[str], is_unfinished: bool) -> str:
    return " & ".join(f"'{word}'" for word in words) + (":*" if is_unfinished else "")


def _adjoining(words: Sequence[str]) -> str:
    return "(" + " <-> ".join(f"'{word}'" for word in words) + ")"


def _dialect(db: AsyncSession) -> str:
    return db.get_bind().dialect.name


async def _run(db: AsyncSession, statements: dict[str, str], archive: str, **values: Any) -> Any:
    return await (await db.connection()).execute(_statement(db, statements, archive, **values))


def _statement(db: AsyncSession, statements: dict[str, str], archive: str, **values: Any) -> sa.TextClause:
    # What is looked for is written into the statement: planned without knowing the words, a common one costs PostgreSQL as much
    # as a rare one, and more.
    is_spelt = _dialect(db) == "postgresql"
    said = re.sub(r"\b(fts_search|search_entry)\b", rf"\1{archive}", statements[_dialect(db)])
    return sa.text(said).bindparams(
        *(
            sa.bindparam(name, value, type_=sa.Text(), literal_execute=True)
            if is_spelt and name in SPELT
            else sa.bindparam(name, value)
            for name, value in values.items()
        )
    )
