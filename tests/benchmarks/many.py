"""An archive of hundreds of thousands of invented questions, written by COPY: what finding and desks are measured on.

Sentences are chains of words as the demonstration's questions put them, so words are as common and as rare as people's are.
"""

import json
import random
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import asyncpg
from sqlalchemy.dialects import postgresql

from engage import search, tallies
from engage.access import Moderation
from engage.assigned import Answered, Assigned
from engage.seed import DATA
from moderation.kinds import BITS
from moderation.text import fold

SEED = 20_261_126
SENTENCES = 40_000
YEARS = 5
Row = tuple[Any, ...]
# How many of a thousand stand where: (moderation, assignment, answer).
STANDS = (
    (60, (Moderation.HELD, Assigned.UNASSIGNED, Answered.NONE)),
    (40, (Moderation.REFUSED, Assigned.UNASSIGNED, Answered.NONE)),
    (20, (Moderation.ACCEPTED, Assigned.OFFERED, Answered.NONE)),
    (45, (Moderation.ACCEPTED, Assigned.ACCEPTED, Answered.NONE)),
    (15, (Moderation.ACCEPTED, Assigned.ACCEPTED, Answered.DRAFTING)),
    (10, (Moderation.ACCEPTED, Assigned.ACCEPTED, Answered.IN_APPROVAL)),
    (810, (Moderation.ACCEPTED, Assigned.ACCEPTED, Answered.PUBLISHED)),
)
TABLES = {
    "person": (
        "id", "kind", "name", "email", "is_moderator", "is_administrator", "may_unseal", "language", "created_at",
    ),
    "question": (
        "id", "author_id", "moderation", "sealed", "agency_id", "assignment", "answer", "complexity", "answer_due_at",
        "answer_from", "answer_days", "title", "body", "body_html", "topic_id", "province_id", "anonymous", "code",
        "fingerprint", "has_marks", "consent", "created_at", "accepted_at", "published_at",
    ),
    "moderation_case": (
        "surface", "thing_id", "state", "version", "findings", "weight", "sealed", "opened_at", "due_at", "decided_by",
        "decided_at", "decision", "kinds", "folded",
    ),
    "assignment": (
        "surface", "thing_id", "agency_id", "hop", "why", "reason", "offered_at", "acknowledge_due_at", "accepted_at",
        "ended_reason",
    ),
    "answer": (
        "id", "question_id", "agency_id", "version", "short", "full", "full_html", "signatory", "signatory_title", "writers",
        "written_by", "written_at", "returned_note", "published_at",
    ),
    "words": ("id", "written", "folded"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    said: str
    written: str
    folded: str


@dataclass(frozen=True, slots=True)
class Directory:
    """What is in the database already, and may be named."""

    topics: Sequence[tuple[int, int]]  # with their agencies
    provinces: Sequence[int]
    staff: int
    first_person: int
    first_question: int
    first_answer: int


class Archive:
    """Rows for every table, the oldest question first; the same every time."""

    def __init__(self, directory: Directory, size: int, now: datetime) -> None:
        self.directory, self.size, self.now = directory, size, now
        self._chance = random.Random(SEED)
        self._sentences = [_sentence(said) for said in _said(self._chance)]

    def rows(self, start: int, end: int) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {table: [] for table in TABLES}
        for number in range(start, end):
            self._one(found, number)
        return found

    def _one(self, found: dict[str, list[Row]], number: int) -> None:
        chance, directory = self._chance, self.directory
        question_id, person_id = directory.first_question + number, directory.first_person + number
        asked = self.now - timedelta(days=365 * YEARS) * (1 - number / self.size) - timedelta(hours=1)
        moderation, assignment, answer = self._stand()
        title, *body = chance.choices(self._sentences, k=chance.randint(4, 9))
        topic_id, agency_id = chance.choice(directory.topics)
        is_out = moderation == Moderation.ACCEPTED
        accepted_at = asked + timedelta(hours=2) if is_out else None
        published_at = asked + timedelta(days=chance.uniform(1, 14)) if answer == Answered.PUBLISHED else None
        published_at = min(published_at, self.now) if published_at else None
        text = " ".join(one.said for one in body)
        found["person"].append(
            (
                person_id,
                "guest",
                f"Người hỏi {number}",
                f"hoi-{number}@thu.example",
                False,
                False,
                False,
                "vi",
                asked,
            )
        )
        found["question"].append((
            question_id, person_id, str(moderation), False, agency_id if is_out else None, str(assignment), str(answer), "simple",
            asked + timedelta(days=14) if is_out else None, accepted_at, 10 if is_out else None, title.said[:240], text,
            f"<p>{text}</p>" if is_out else "", topic_id, chance.choice(directory.provinces), chance.random() < 0.3,
            f"many-{number}", f"many-{number}"[:32], True, "2026-11", asked, accepted_at, published_at,
        ))  # fmt: skip
        folded = " ".join(one.folded for one in (title, *body))
        self._case(found, question_id, moderation, asked, folded)
        if is_out:
            taken_at = accepted_at if assignment == Assigned.ACCEPTED else None
            found["assignment"].append(
                ("question", question_id, agency_id, 0, "[]", "", accepted_at, asked + timedelta(days=3), taken_at, "")
            )
            self._answer(found, (question_id, agency_id), answer, asked, published_at)
            words = [title, *body]
            found["words"].append(
                (question_id, " ".join(one.written for one in words), " ".join(one.folded for one in words))
            )

    def _case(
        self, found: dict[str, list[Row]], question_id: int, moderation: Moderation, asked: datetime, folded: str
    ) -> None:
        finding = {"reason": "phone", "weight": "hold", "certainty": "sure", "spans": [], "detail": ""}
        head = ("question", question_id)
        if moderation == Moderation.HELD:
            due = asked + timedelta(days=1)
            rest = ("open", 1, json.dumps([finding]), 1, False, asked, due, None, None, None, BITS["personal"], folded)
        elif moderation == Moderation.REFUSED:
            staff, at = self.directory.staff, asked + timedelta(hours=1)
            rest = ("decided", 2, "[]", 1, False, asked, asked + timedelta(days=1), staff, at, "refuse", 0, "")
        else:
            return
        found["moderation_case"].append((*head, *rest))

    def _answer(
        self,
        found: dict[str, list[Row]],
        which: tuple[int, int],
        answer: Answered,
        asked: datetime,
        at: datetime | None,
    ) -> None:
        if answer == Answered.NONE:
            return
        short, *full = self._chance.choices(self._sentences, k=6)
        text = " ".join(one.said for one in full)
        staff, number = self.directory.staff, self.directory.first_answer + which[0] - self.directory.first_question
        found["answer"].append((
            number, *which, 1, short.said[:400], text, f"<p>{text}</p>" if at else "", "Trịnh Thị Ánh Nguyệt", "Phó Giám đốc",
            f"[{staff}]", staff, asked + timedelta(days=1), "", at,
        ))  # fmt: skip

    def _stand(self) -> tuple[Moderation, Assigned, Answered]:
        return self._chance.choices([stand for _, stand in STANDS], weights=[times for times, _ in STANDS])[0]


async def fill(url: str, size: int, at_once: int = 20_000) -> None:
    """Into a database that has its tables, its directory and staff."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        archive = Archive(await _directory(connection), size, datetime.now(UTC))
        await connection.execute("create temporary table words (id integer, written text, folded text)")
        for start in range(0, size, at_once):
            rows = archive.rows(start, min(start + at_once, size))
            for table, columns in TABLES.items():
                await connection.copy_records_to_table(table, records=rows[table], columns=columns)
        await connection.execute(
            "insert into search_entry (id, written, folded)"
            " select id, to_tsvector('simple', written), to_tsvector('simple', folded) from words"
        )
        for table in ("person", "question", "answer"):
            await connection.execute(
                f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))"
            )
        counted = tallies.counted().compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
        await connection.execute(f"delete from tally; insert into tally {counted}")
        await connection.execute("analyze")
    finally:
        await connection.close()


def queries(many: int) -> list[str]:
    """What people would look for: two to four neighbouring words of some question, half of them typed without tone marks."""
    chance = random.Random(SEED + 1)
    texts = [sentence.split() for sentence in _said(random.Random(SEED))]
    found = []
    for place in range(many):
        words = chance.choice([text for text in chance.sample(texts, 50) if len(text) > 6] or texts)
        start, length = chance.randrange(len(words) - 4), chance.randint(2, 4)
        typed = " ".join(words[start : start + length]).strip(".,?:;")
        found.append(fold(typed) if place % 2 else typed)
    return found


async def _directory(connection: Any) -> Directory:
    async def last(table: str) -> int:
        return int(await connection.fetchval(f'select coalesce(max(id), 0) from "{table}"')) + 1

    topics = await connection.fetch(
        "select topic.id, agency_id from topic join agency on agency.id = agency_id where answers"
    )
    return Directory(
        topics=[(row["id"], row["agency_id"]) for row in topics],
        provinces=[row["id"] for row in await connection.fetch("select id from province")],
        staff=await connection.fetchval("select id from person where is_moderator order by id limit 1"),
        first_person=await last("person"),
        first_question=await last("question"),
        first_answer=await last("answer"),
    )


def _said(chance: random.Random) -> Iterator[str]:
    followers: dict[str, list[str]] = defaultdict(list)
    texts = [text for path in sorted(DATA.glob("demonstration/*.toml")) for text in _texts(path)]
    for text in texts:
        for one, next_one in pairwise(text.split()):
            followers[one].append(next_one)
    beginnings = [text.split()[0] for text in texts]
    for number in range(SENTENCES):
        words = [chance.choice(beginnings)]
        while len(words) < chance.randint(9, 22) and followers[words[-1]]:
            words.append(chance.choice(followers[words[-1]]))
        yield " ".join(words).rstrip(".,;:?") + (f" số {number}?" if number % 7 == 0 else ".")


def _texts(path: Any) -> list[str]:
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get("question", [])
    return [f"{row['title']} {row['body']} {row.get('answer', {}).get('full', '')}" for row in rows]


def _sentence(said: str) -> Sentence:
    return Sentence(said, search._written(said), search._folded(said))
