"""Flags among what may happen: who flagged and in which words is nobody's to read, and what is decided for it holds everywhere."""

from typing import Any

from engage import flagging, questions, remarks
from engage.access import is_public
from engage.decisions import Decision
from engage.flags import FlagForm, Flagger
from engage.people import Kind, Person
from engage.questions import Question
from engage.remarks import Remark
from engage.votes import of_person
from moderation import cases
from tests.unit.leaks import Told, Verb, World, canary, verb

SAID = {"thread": "post", "post": "post", "comment": "comment"}  # surfaces, by where a text stands


async def of(db: Any, told: Told) -> Question | Remark:
    return await (remarks if told.shelf in SAID else questions).one(db, told.id)


async def flag(world: World, told: Told) -> None:
    """By somebody with a proved address, who wishes to be told; a moderator looks at once."""
    word, at = canary(), world.town.clock()
    told.words |= {f"flag {word}": word, f"flagger {word}": canary(), f"mail {word}": canary()}
    async with world.town.store.transaction() as db:
        thing = await of(db, told)
        assert is_public(thing)
        email, name = f"{told.words[f'mail {word}']}@thu.example", told.words[f"flagger {word}"].capitalize()
        reader = Person(kind=Kind.CITIZEN, name=name, email=email, created_at=at, verified_at=at)
        db.add(reader)
        await db.flush()
        form = FlagForm(thing=thing.surface, id=thing.key, reason="danger", words=f"Vì {word}.", tell=True)
        flagger = Flagger(of_person(reader.id or 0), person_id=reader.id, is_proved=True)
        await flagging.flag(db, flagger, form)


async def decide(world: World, told: Told, **decision: Any) -> None:
    await flag(world, told)
    async with world.town.store.transaction() as db:
        case = (await cases.of(db, (await of(db, told)).surface, told.id))[-1]
        form = Decision.model_validate({"version": case.version, "confirmed": True, **decision})
        await flagging.decide(db, world.town["cleared"], case.id or 0, form)


async def keep(world: World, told: Told) -> None:
    await decide(world, told, decision="accept")


async def take_down(world: World, told: Told) -> None:
    told.words["hidden"] = canary()
    await decide(world, told, decision="refuse", reason="unclear", words=f"Vì {told.words['hidden']}.")


async def seal(world: World, told: Told) -> None:
    await decide(world, told, decision="seal")


async def cover(world: World, told: Told) -> None:
    """The word itself, wherever it stands in the text; with what its author wrote before."""
    told.hides |= {"body", "later"}
    told.public -= {"body", "later"}
    word = told.words.get("later", told.words["body"])
    await decide(world, told, decision="redact", cover=word, picked=True, every=True)


# Of questions and feedback. What was left once is not decided again.
FLAGGED: tuple[Verb, ...] = (
    verb("offered taken answered", flag, is_of_readers=True),
    verb("offered", keep, "kept", is_of_readers=True),
    verb("taken answered", take_down, "hidden", takes_back=True, is_of_readers=True),
    verb("answered", seal, "sealed", takes_back=True, is_of_readers=True),
    verb("offered", cover, "covered", is_of_readers=True),
)
