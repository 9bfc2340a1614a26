"""Which agency a text belongs to, and why, in reasons a person can read. Knows no noun; decides nothing by itself.

Rule: each sign adds weight to an agency (the asker's wish, the topic, the place, words of the remit, what was answered before);
the heaviest comes first. Weights are ordered so that one strong sign beats any sum of weaker ones only when words agree.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.agencies import CHANNEL, Agency, Topic, every_agency, every_topic
from engage.db import remembered
from moderation import identifiers
from moderation.text import expand, fold, has_tone_marks, respell, syllables

WISH, TOPIC, WORD, PLACE, BEFORE = 6.0, 5.0, 2.0, 4.0, 3.0
COMMITTEE = "provincial_people_committee"
MOST_WORDS = 3
SHOWN = 3
# A case on the ground: what a commune or a province decides, whatever ministry makes the rule.
LOCAL_SIGNS = (
    "xã tôi", "phường tôi", "thôn tôi", "tổ dân phố", "ủy ban nhân dân xã", "ủy ban nhân dân phường", "địa phương tôi", "nhà tôi",
    "thửa đất", "sổ đỏ của tôi", "đường vào", "khu phố", "xã em", "phường em", "ở quê",
)  # fmt: skip


class Precedent(SQLModel, table=True):
    """How often an agency answered a topic for a province; written when an answer is published."""

    __tablename__ = "precedent"

    topic_id: int = Field(primary_key=True, foreign_key="topic.id")
    province_id: int = Field(primary_key=True)  # 0: no province
    agency_id: int = Field(primary_key=True, foreign_key="agency.id")
    times: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """What routing may know of a text besides its words."""

    topic_id: int | None = None
    province_slug: str | None = None
    wished_agency_id: int | None = None
    is_follow_up: bool = False  # it goes where the first one was answered


@dataclass(frozen=True, slots=True)
class Route:
    """`reasons` are (code, figures) pairs; the words for the codes are in the catalogue."""

    agency_id: int
    weight: float
    reasons: tuple[tuple[str, dict[str, Any]], ...]


@dataclass(slots=True)
class _Signs:
    weight: float = 0.0
    reasons: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def codes(self) -> set[str]:
        return {code for code, _ in self.reasons}

    def add(self, weight: float, code: str, **figures: Any) -> None:
        self.weight += weight
        self.reasons.append((code, figures))


def _written(text: str) -> str:
    """Lower-case syllables with one tone placement, abbreviations written out, so that a word is found only as a whole."""
    return " ".join(syllables(respell(expand(text).lower())))


@dataclass(frozen=True, slots=True)
class Word:
    """A word to look for: as written, and folded for texts without tone marks."""

    shown: str
    written: str
    folded: str

    @classmethod
    def of(cls, shown: str) -> "Word":
        return cls(shown, _written(shown), fold(_written(shown)))

    def is_in(self, text: "Read") -> bool:
        """Folded, a single syllable says nothing: "cho" is also "chợ"."""
        if text.has_marks:
            return f" {self.written} " in text.written
        return " " in self.folded and f" {self.folded} " in text.folded


@dataclass(frozen=True, slots=True)
class Read:
    """A text, read once: whole syllables between single spaces."""

    has_marks: bool
    written: str
    folded: str

    @classmethod
    def of(cls, text: str) -> "Read":
        written = f" {_written(text)} "
        return cls(has_tone_marks(text), written, fold(written))


_LOCAL = tuple(Word.of(sign) for sign in LOCAL_SIGNS)


@dataclass(frozen=True, slots=True)
class Directory:
    """Agencies and topics, made ready for matching. Pure."""

    agencies: Mapping[int, Agency]
    topics: Mapping[int, Topic]
    words: Mapping[int, tuple[Word, ...]]
    local: Mapping[tuple[str, str], int]  # by kind and province

    @classmethod
    def of(cls, agencies: Iterable[Agency], topics: Iterable[Topic]) -> "Directory":
        known = {agency.id: agency for agency in agencies if agency.id is not None and agency.may_answer}
        return cls(
            agencies=known,
            topics={topic.id: topic for topic in topics if topic.id is not None},
            words={
                agency_id: tuple(Word.of(word) for word in agency.keywords)
                for agency_id, agency in known.items()
                if agency.level == "central"
            },
            local={
                (agency.kind, agency.province_slug): agency_id
                for agency_id, agency in known.items()
                if agency.province_slug
            },
        )

    def routes(self, text: str, place: Place, precedents: Sequence[Precedent] = ()) -> list[Route]:
        """The likeliest agencies, best first; empty when nothing points anywhere."""
        signs: dict[int, _Signs] = {}
        read = Read.of(text)
        self._by_wish(signs, place)
        self._by_topic(signs, place)
        self._by_words(signs, read)
        self._by_place(signs, read, place)
        self._by_precedent(signs, place, precedents)
        ranked = sorted(signs.items(), key=lambda item: (-item[1].weight, item[0]))
        return [Route(agency_id, sign.weight, tuple(sign.reasons)) for agency_id, sign in ranked[:SHOWN]]

    def _by_wish(self, signs: dict[int, _Signs], place: Place) -> None:
        code = "route_follow_up" if place.is_follow_up else "route_wish"
        if place.wished_agency_id is not None and place.wished_agency_id in self.agencies:
            signs.setdefault(place.wished_agency_id, _Signs()).add(WISH, code)

    def _by_topic(self, signs: dict[int, _Signs], place: Place) -> None:
        topic = self.topics.get(place.topic_id or 0)
        if topic and topic.agency_id in self.agencies:
            signs.setdefault(topic.agency_id, _Signs()).add(
                TOPIC, "route_topic", topic=topic.name_vi, topic_en=topic.name_en
            )

    def _by_words(self, signs: dict[int, _Signs], read: Read) -> None:
        for agency_id, words in self.words.items():
            found = [word.shown for word in words if word.is_in(read)]
            # One syllable ("điện" in "gọi điện") only supports what something else already says.
            if any(" " in word for word in found) or (found and agency_id in signs):
                weight = WORD * min(len(found), MOST_WORDS)
                signs.setdefault(agency_id, _Signs()).add(weight, "route_words", words=", ".join(found[:MOST_WORDS]))

    def _by_place(self, signs: dict[int, _Signs], read: Read, place: Place) -> None:
        agency_id = self.local.get((COMMITTEE, place.province_slug or ""))
        if agency_id is not None and any(sign.is_in(read) for sign in _LOCAL):
            signs.setdefault(agency_id, _Signs()).add(PLACE, "route_place")

    def _by_precedent(self, signs: dict[int, _Signs], place: Place, precedents: Sequence[Precedent]) -> None:
        """What other provinces answered for their people, the asker's own province answers for its."""
        total, elsewhere = sum(row.times for row in precedents), Counter[int]()
        for row in precedents:
            agency = self.agencies.get(row.agency_id)
            if agency is None or not row.times:
                continue
            if place.province_slug and agency.province_slug not in {None, place.province_slug}:
                elsewhere[self.local.get((agency.kind, place.province_slug), 0)] += row.times
                continue
            signs.setdefault(row.agency_id, _Signs()).add(BEFORE * row.times / total, "route_before", times=row.times)
        for agency_id, times in elsewhere.items():
            if agency_id and "route_place" not in signs.get(agency_id, _Signs()).codes:
                signs.setdefault(agency_id, _Signs()).add(BEFORE * times / total, "route_place")


async def directory(db: AsyncSession) -> Directory:
    async def read() -> Directory:
        return Directory.of(await every_agency(db), await every_topic(db))

    return await remembered(db, "routing", CHANNEL, read)


async def routes(db: AsyncSession, text: str, place: Place) -> list[Route]:
    known = await directory(db)
    return known.routes(identifiers.without(text), place, await precedents(db, place.topic_id))


async def precedents(db: AsyncSession, topic_id: int | None) -> Sequence[Precedent]:
    """Per agency, over all provinces of the topic."""
    if topic_id is None:
        return ()
    summed = (
        select(col(Precedent.agency_id), sa.func.sum(col(Precedent.times)))
        .where(Precedent.topic_id == topic_id)
        .group_by(col(Precedent.agency_id))
    )
    rows = (await db.exec(summed)).all()
    return [Precedent(topic_id=topic_id, province_id=0, agency_id=agency, times=int(times)) for agency, times in rows]


async def note_precedent(db: AsyncSession, topic_id: int, province_id: int | None, agency_id: int) -> None:
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(Precedent).values(topic_id=topic_id, province_id=province_id or 0, agency_id=agency_id, times=1)
    key = ["topic_id", "province_id", "agency_id"]
    await db.exec(row.on_conflict_do_update(index_elements=key, set_={"times": Precedent.times + 1}))
