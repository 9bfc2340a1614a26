"""A world full of canaries: every text anybody writes holds a word that occurs nowhere else, and the world knows which are public.

`VERBS` is the table of everything that may happen to a question: one line each, saying when it may happen, what it lets out
and what it takes back. A new verb of the house is added by one line and, when it writes words, by a canary of its own.
"""

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from engage import approvals, assignments, follows, questions
from engage.work import settle_received
from moderation import cases
from tests.unit.town import BODY, DENUNCIATION, HEALTH, INSURANCE, Town

ASKED = frozenset({"title", "body", "name"})
_numbers = itertools.count(1)


def canary() -> str:
    """A word of letters only, that screening takes for a word."""
    number, letters = next(_numbers), ""
    while number:
        number, digit = divmod(number, 20)
        letters += "bcdghklmnpqrstvxaeiou"[digit]
    return f"kimtuoc{letters}z"


@dataclass
class Told:
    """One question as the test knows it. `state` is the test's own, so that it does not believe the code it tests."""

    id: int
    state: str
    words: dict[str, str]
    email: str
    is_restricted: bool = False
    shelf: str = "questions"  # where readers find it
    place: int = 0  # the thread or article in which it was said
    hides: frozenset[str] = frozenset()  # what stays covered whatever happens: an anonymous name, a redacted number
    public: set[str] = field(default_factory=set)
    was_public: set[str] = field(default_factory=set)  # before it was taken down

    def lets_out(self, *kinds: str) -> None:
        if not self.is_restricted:
            self.public |= (set(kinds) & set(self.words)) - self.hides


@dataclass
class World:
    town: Town
    told: list[Told] = field(default_factory=list)

    @property
    def secrets(self) -> dict[str, str]:
        """Canary → what it is, of everything that is not public at this moment."""
        return {
            word: f"{kind} of question {one.id} ({one.state})"
            for one in self.told
            for kind, word in one.words.items()
            if kind not in one.public
        }

    @property
    def open_words(self) -> dict[str, Told]:
        return {word: one for one in self.told for kind, word in one.words.items() if kind in one.public}

    def own(self, email: str) -> set[str]:
        """What only the author may be mailed: why the text was refused, and their own name and address."""
        mine = [one for one in self.told if one.email == email]
        return {
            word
            for one in mine
            for kind, word in one.words.items()
            if kind in {"refusal", "verdict", "back", "name", "email", "returned", "hidden", "clarify"}
        }

    async def verb(self, act: Callable[..., Awaitable[Any]], who: str, told: Told, *given: Any, **named: Any) -> None:
        async with self.town.store.transaction() as db:
            await act(db, self.town[who], await questions.one(db, told.id), *given, **named)

    async def asked(self, state: str, more: str, *, anonymous: bool = False, **columns: Any) -> None:
        """`columns`: of feedback."""
        words = {kind: canary() for kind in ("title", "body", "name", "email", "phone")}
        words["phone"] = f"09{next(_numbers):08}"
        words["number"] = f"03{next(_numbers):08}"
        shelf = "feedback" if "kind" in columns else "questions"
        told = Told(0, state, words, f"{words['email']}@thu.example", "restricted" in columns, shelf)
        told.hides = frozenset({"name"} if anonymous else ())
        more = more.replace("{number}", words["number"])
        told.id = await self.town.ask(
            columns,
            title=f"Trường hợp {words['title']} thì hỏi ở đâu cho đúng việc?",
            body=f"{BODY} Chuyện {words['body']} kéo dài. {more}",
            name=f"Trần {words['name'].capitalize()}",
            email=told.email,
            phone=words["phone"],
            anonymous=anonymous,
        )
        if words["number"] not in more:
            del words["number"]
        self.told.append(told)

    async def case(self, told: Told) -> int:
        async with self.town.store.reading() as db:
            question = await questions.one(db, told.id)
            return (await cases.of(db, question.surface, told.id))[-1].id or 0

    async def decide(self, told: Told, **decision: Any) -> None:
        await self.town.decide(await self.case(told), "cleared", **decision)


async def _clean(world: World, anonymous: bool = False) -> None:
    await world.asked("received", "", anonymous=anonymous)


async def _worker(world: World, told: Told) -> None:
    await settle_received(world.town.store)
    for one in world.told:
        if one.state == "received":
            one.state = "offered"
            one.lets_out(*ASKED)


async def _refuse(world: World, told: Told) -> None:
    told.words["refusal"] = canary()
    await world.decide(told, decision="refuse", reason="unclear", words=f"Vì {told.words['refusal']}.")


async def _refuse_as_denunciation(world: World, told: Told) -> None:
    told.words["verdict"] = canary()
    await world.decide(told, decision="refuse", reason="denunciation", words=f"Vì {told.words['verdict']}.")


async def _redact(world: World, told: Told) -> None:
    told.hides |= {"number"}
    await world.decide(told, decision="redact", agency=INSURANCE)


async def _write(world: World, told: Told) -> None:
    told.words |= {"short": canary(), "full": canary(), "signatory": canary()}
    await world.town.write(
        told.id,
        "official",
        0,
        short=f"Trả lời ngắn {told.words['short']} cho trường hợp này.",
        full=f"Theo quy định {told.words['full']} thì người lao động được hưởng đủ chế độ khi nộp đơn.",
        signatory=f"Lê {told.words['signatory'].capitalize()}",
    )


async def _return(world: World, told: Told) -> None:
    told.words["note"] = canary()
    async with world.town.store.transaction() as db:
        question = await questions.one(db, told.id)
        await approvals.return_(db, world.town["approver"], question, 1, f"Sửa chỗ {told.words['note']}.")


async def _transfer(world: World, told: Told) -> None:
    told.words["path"] = canary()
    reason = f"Đúng việc của nơi ấy {told.words['path']}."
    await world.verb(assignments.transfer, "coordinator", told, world.town.agencies[HEALTH], reason)


async def _give_back(world: World, told: Told) -> None:
    told.words["back"] = canary()
    await world.verb(assignments.give_back, "coordinator", told, f"Không thuộc việc {told.words['back']}.")


async def _follow(world: World, told: Told) -> None:
    word = told.words[f"follower{next(_numbers)}"] = canary()
    async with world.town.store.transaction() as db:
        await follows.follow(db, "question", told.id, word, email=f"{word}@thu.example")


Act = Callable[[World, Told], Awaitable[None]]


@dataclass(frozen=True)
class Verb:
    """From which states, by which act, into which state; what becomes public, and whether everything stops being so."""

    at: frozenset[str]
    act: Act
    to: str
    lets_out: frozenset[str] = frozenset()
    takes_back: bool = False
    gives_back: bool = False
    is_of_readers: bool = False  # what is restricted is not there for them

    def may_happen(self, told: Told) -> bool:
        return told.state in self.at and not (self.is_of_readers and told.is_restricted)


def verb(at: str, act: Act, to: str = "", lets_out: str = "", **more: bool) -> Verb:
    return Verb(frozenset(at.split()), act, to, frozenset(lets_out.split()), **more)


ASKING: tuple[Callable[[World], Awaitable[None]], ...] = (
    _clean,
    lambda world: _clean(world, anonymous=True),
    lambda world: world.asked("held", "Gọi cho tôi số {number}."),
    lambda world: world.asked("sealed-case", DENUNCIATION),
    lambda world: world.asked("received", "", kind="proposal", restricted=True),
    lambda world: world.asked("held", "Gọi cho tôi số {number}.", kind="report", restricted=True),
    lambda world: world.asked("received", "", kind="report"),
    lambda world: world.asked("held", "Gọi cho tôi số {number}.", anonymous=True, kind="contribution"),
)
FOLLOWED = "offered taken drafted approval answered"
VERBS: tuple[Verb, ...] = (
    verb("received", _worker),
    verb("held", lambda w, t: w.decide(t, decision="accept", agency=INSURANCE), "offered", "title body name number"),
    verb("held", _redact, "offered", "title body name"),
    verb("held sealed-case", _refuse, "refused"),
    verb("held sealed-case", _refuse_as_denunciation, "refused"),
    verb("offered", lambda w, t: w.verb(assignments.accept, "coordinator", t), "taken"),
    verb("offered taken", _transfer, "elsewhere", "path"),
    verb("offered taken", _give_back, "given-back"),
    verb("taken", _write, "drafted"),
    verb("drafted", lambda w, t: w.town.send(t.id), "approval"),
    verb("approval", _return, "returned"),
    verb(FOLLOWED, _follow, is_of_readers=True),
)


async def happen(world: World, verb: Verb, told: Told) -> None:
    await verb.act(world, told)
    if verb.takes_back:
        told.was_public, told.public = told.public, set()
    if verb.gives_back:
        told.lets_out(*told.was_public)
    told.lets_out(*verb.lets_out)
    told.state = verb.to or told.state
