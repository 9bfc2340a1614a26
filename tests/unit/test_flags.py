"""Promises of flags: weighed, never taking a text down; a moderator looks once, and what is decided answers everybody."""

from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from engage import flagging, policies, questions, redactions, takedowns, timeline
from engage.access import Moderation
from engage.decisions import Decision
from engage.errors import Conflict, NotFound, Refused
from engage.flags import Flag, FlagForm, Flagger, Record, State, worth
from engage.notices import Kind, Notice
from engage.people import Kind as PersonKind
from engage.people import Person
from engage.policies import Policy
from engage.takedowns import HideForm
from live import log
from moderation import cases
from moderation.cases import Case
from moderation.kinds import BITS
from tests.unit.town import Town

pytestmark = pytest.mark.anyio
records = st.builds(Record, upheld=st.integers(0, 40), dismissed=st.integers(0, 40), lately=st.integers(0, 40))


@dataclass
class Readers:
    town: Town
    question_id: int

    async def flag(self, name: str, reason: str = "insulting", *, source: str = "", **more: object) -> Flag:
        """By a visitor, or by a person where `person_id` is given."""
        form = FlagForm.model_validate(
            {"thing": "question", "id": self.question_id, "reason": reason}
            | {field: more[field] for field in ("words", "tell") if field in more}
        )
        person_id = more.get("person_id")
        flagger = Flagger(name, source, person_id if isinstance(person_id, int) else None, person_id is not None)
        async with self.town.store.transaction() as db:
            return await flagging.flag(db, flagger, form)

    async def many(self, times: int, start: int = 0, source: str = "") -> None:
        for number in range(start, start + times):
            await self.flag(f"v:{number}", source=source)

    async def case(self) -> Case | None:
        async with self.town.store.reading() as db:
            flagged = [one for one in await cases.of(db, "question", self.question_id) if one.kinds & BITS["flagged"]]
        return flagged[-1] if flagged else None

    async def decide(self, decision: str, who: str = "moderator", **more: object) -> None:
        case = await self.case()
        assert case
        form = Decision.model_validate({"version": case.version, "decision": decision, **more})
        async with self.town.store.transaction() as db:
            await flagging.decide(db, self.town[who], case.id or 0, form)

    async def states(self) -> set[str]:
        async with self.town.store.reading() as db:
            return set((await db.exec(select(Flag.state))).all())

    async def moderation(self) -> str:
        async with self.town.store.reading() as db:
            return (await questions.one(db, self.question_id)).moderation


@pytest.fixture
async def readers(town: Town) -> Readers:
    return Readers(town, await town.accepted())


async def a_citizen(town: Town, *, email: str = "minh@thu.example") -> int:
    async with town.store.transaction() as db:
        person = Person(kind=PersonKind.CITIZEN, name="Minh", email=email, created_at=town.clock())
        person.verified_at = town.clock()
        db.add(person)
        await db.flush()
    return person.id or 0


# What a flag counts


@given(records, st.booleans())
def test_a_flag_always_counts_something_and_never_much(record: Record, is_proved: bool) -> None:
    assert 1 <= worth(record, is_proved=is_proved) <= 16


@given(records)
def test_whoever_proved_an_address_counts_more_than_a_visitor_with_the_same_record(record: Record) -> None:
    assert worth(record, is_proved=True) > worth(record, is_proved=False)


@given(records, st.booleans())
def test_nobody_counts_more_for_being_wrong_more_often(record: Record, is_proved: bool) -> None:
    worse = Record(record.upheld, record.dismissed + 1, record.lately)
    assert worth(worse, is_proved=is_proved) <= worth(record, is_proved=is_proved)


def test_who_was_right_counts_twice_and_who_flags_everything_a_quarter() -> None:
    assert worth(Record(), is_proved=False) == 4
    assert worth(Record(upheld=2, dismissed=1), is_proved=True) == 16
    assert worth(Record(dismissed=3), is_proved=True) == worth(Record(upheld=9, lately=12), is_proved=True) == 2


# When a moderator looks


async def test_a_few_visitors_are_enough_for_a_moderator_to_look_and_the_text_stays(readers: Readers) -> None:
    await readers.many(2)
    assert await readers.case() is None
    await readers.flag("v:third", words="Câu này chửi người khác.")
    case = await readers.case()
    assert case
    assert case.verdict.findings[0].reason == "flagged"
    assert case.verdict.findings[0].figures == {"flags": 3}
    assert await readers.moderation() == Moderation.ACCEPTED


async def test_the_weight_is_a_rule_of_the_surface(readers: Readers) -> None:
    async with readers.town.store.transaction() as db:
        await db.exec(sa.update(Policy).where(col(Policy.surface) == "question").values(flags_needed=4))
        log.record(db, policies.CHANNEL, "policy.edited")
    await readers.flag("v:1")
    assert await readers.case()


@pytest.mark.parametrize("reason", ["personal", "danger"])
async def test_what_cannot_wait_is_looked_at_with_the_first_flag(readers: Readers, reason: str) -> None:
    await readers.flag("v:1", reason)
    assert await readers.case()


async def test_a_burst_from_one_address_counts_once(readers: Readers) -> None:
    await readers.many(40, source="a-house")
    assert await readers.case() is None
    await readers.many(2, start=40)
    assert await readers.case()


async def test_a_neighbour_with_a_proved_address_adds_what_they_count_more(readers: Readers) -> None:
    first = await readers.flag("v:1", source="a-house")
    citizen = await a_citizen(readers.town)
    second = await readers.flag(f"p:{citizen}", source="a-house", person_id=citizen)
    assert (first.weight, second.weight) == (4, 4)


async def test_a_mob_gets_one_look_and_no_text_down(readers: Readers) -> None:
    """Sixty people who agreed to flag what they dislike: readers keep the text, moderators look once."""
    await readers.many(60)
    assert await readers.moderation() == Moderation.ACCEPTED
    case = await readers.case()
    assert case
    assert case.version == 1, "whoever has it open may still decide"
    await readers.decide("accept")
    assert await readers.states() == {State.DISMISSED}
    await readers.many(60, start=60)
    await readers.flag("v:angry", "danger")
    again = await readers.case()
    assert again
    assert (again.id, again.decision) == (case.id, "accept")
    assert await readers.states() == {State.DISMISSED}
    assert await readers.moderation() == Moderation.ACCEPTED


async def test_flagging_twice_is_one_flag(readers: Readers) -> None:
    first, second = await readers.flag("v:1"), await readers.flag("v:1", "danger")
    assert first.id == second.id
    assert second.reason == "insulting"


async def test_only_what_readers_see_is_flagged(town: Town) -> None:
    held = Readers(town, (await town.held())[0])
    with pytest.raises(NotFound):
        await held.flag("v:1")


async def test_a_reason_of_the_list_is_needed_and_ones_own_text_is_not_flagged(readers: Readers) -> None:
    with pytest.raises(Refused, match="flag_reason_missing"):
        await readers.flag("v:1", "none")
    async with readers.town.store.reading() as db:
        author = (await questions.one(db, readers.question_id)).author_id
    with pytest.raises(Refused, match="flag_own"):
        await readers.flag(f"p:{author}", person_id=author)


# What is decided


async def test_what_was_taken_down_answers_every_flag_and_tells_who_wished_it(readers: Readers) -> None:
    citizen = await a_citizen(readers.town)
    told = await readers.flag(f"p:{citizen}", "danger", person_id=citizen, tell=True)
    await readers.flag("v:1")
    await readers.decide("refuse", reason="insulting", words="Có lời xúc phạm.")
    assert await readers.moderation() == Moderation.HIDDEN
    assert await readers.states() == {State.UPHELD}
    async with readers.town.store.reading() as db:
        mails = (await db.exec(select(Notice).where(Notice.kind == Kind.FLAG_ANSWERED))).all()
        assert [(one.person_id, one.thing_id) for one in mails] == [(citizen, told.id)]
        made = await takedowns.standing(db, await questions.one(db, readers.question_id))
        assert made
        assert (made.reason, made.words) == ("insulting", "Có lời xúc phạm.")


async def test_a_part_is_covered_and_the_rest_stays(readers: Readers) -> None:
    await readers.flag("v:1", "personal")
    await readers.decide("redact", cover="chín năm", picked=True)
    assert await readers.moderation() == Moderation.ACCEPTED
    assert await readers.states() == {State.UPHELD}
    async with readers.town.store.reading() as db:
        question = await questions.one(db, readers.question_id)
        assert "chín năm" not in question.body
        assert len(await redactions.of(db, question)) == 1


async def test_a_covered_text_is_another_one_and_may_be_flagged_anew(readers: Readers) -> None:
    await readers.flag("v:1", "personal")
    await readers.decide("redact", cover="chín năm", picked=True)
    await readers.flag("v:1", "danger")
    case = await readers.case()
    assert case
    assert case.decided_at is None


async def test_a_denunciation_that_readers_notice_is_sealed(readers: Readers) -> None:
    await readers.flag("v:1", "danger")
    await readers.decide("seal", "cleared")
    async with readers.town.store.reading() as db:
        question = await questions.one(db, readers.question_id)
        every = await cases.of(db, "question", readers.question_id)
    assert question.sealed
    assert all(case.sealed for case in every if case.kinds & BITS["flagged"])


async def test_what_is_taken_down_elsewhere_leaves_nothing_to_decide(readers: Readers) -> None:
    await readers.many(3)
    async with readers.town.store.transaction() as db:
        question = await questions.one(db, readers.question_id)
        await takedowns.hide(db, readers.town["moderator"], question, HideForm(reason="insulting"))
    case = await readers.case()
    assert case
    assert case.decided_at
    assert await readers.states() == {State.UPHELD}


async def test_of_two_moderators_one_decides(readers: Readers) -> None:
    await readers.many(3)
    await readers.decide("accept")
    with pytest.raises(Conflict, match="case_decided_accept"):
        await readers.decide("refuse", "colleague", reason="insulting")


@pytest.mark.parametrize("decision", ["return", "merge"])
async def test_what_readers_have_is_neither_returned_nor_merged_here(readers: Readers, decision: str) -> None:
    await readers.many(3)
    with pytest.raises(Refused, match="wrong_value"):
        await readers.decide(decision, reason="unclear", target="1")


async def test_readers_and_the_asker_are_not_told_of_flags(readers: Readers) -> None:
    async def steps() -> list[str]:
        async with readers.town.store.reading() as db:
            return [step.code for step in await timeline.of(db, await questions.one(db, readers.question_id))]

    before = await steps()
    await readers.many(3)
    await readers.decide("accept")
    assert await steps() == before
