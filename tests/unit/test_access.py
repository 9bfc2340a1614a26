"""Promises of access: who sees and who works on a text, for every role, state and seal, written out by hand."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from engage import access, people, signin
from engage.access import PUBLIC, Actor, Moderation, Role, actor_of, visible, workable
from engage.agencies import Post
from engage.errors import NotFound, Refused
from engage.people import SignIn
from engage.questions import Question, seen_by
from engage.receipts import code_for
from tests.unit.town import BODY, HEALTH, INSURANCE, Town

pytestmark = pytest.mark.anyio
# One column per moderation state, in the order of the enum: received, held, accepted, returned, refused, withdrawn, hidden.
PUBLIC_ONLY, ALL, NONE = "..x....", "xxxxxxx", "......."
# role: (sees of open texts, sees of sealed texts, works on open texts, works on sealed texts)
TRUTH: Mapping[str, tuple[str, str, str, str]] = {
    "anyone": (PUBLIC_ONLY, NONE, NONE, NONE),
    "administrator": (PUBLIC_ONLY, NONE, NONE, NONE),
    "moderator": (ALL, NONE, NONE, NONE),
    "cleared moderator": (ALL, NONE, NONE, NONE),  # through the case, which keeps each reading
    "cleared, but no moderator": (PUBLIC_ONLY, NONE, NONE, NONE),
    "coordinator": (PUBLIC_ONLY, NONE, PUBLIC_ONLY, NONE),
    "official": (PUBLIC_ONLY, NONE, PUBLIC_ONLY, NONE),
    "approver": (PUBLIC_ONLY, NONE, PUBLIC_ONLY, NONE),
    "coordinator elsewhere": (PUBLIC_ONLY, NONE, NONE, NONE),
    "moderator and official": (ALL, NONE, PUBLIC_ONLY, NONE),
    "asker": (ALL, ALL, NONE, NONE),
    "asker and moderator": (ALL, ALL, NONE, NONE),
    "asker of another question": (PUBLIC_ONLY, NONE, NONE, NONE),
    "code of another person": (PUBLIC_ONLY, NONE, NONE, NONE),
    "code of another surface": (PUBLIC_ONLY, NONE, NONE, NONE),
}
ROLES: Mapping[str, set[Role]] = {
    "anyone": {Role.ANYONE},
    "administrator": {Role.ANYONE, Role.STAFF, Role.ADMINISTRATOR, Role.CREW},
    "moderator": {Role.ANYONE, Role.STAFF, Role.MODERATOR, Role.CREW},
    "official": {Role.ANYONE, Role.STAFF, Role.AGENCY},
    "asker": {Role.ANYONE, Role.ASKER},
    "asker and moderator": {Role.ANYONE, Role.ASKER, Role.STAFF, Role.MODERATOR, Role.CREW},
}


def actor_in(role: str, town: Town, question: Question) -> Actor:
    here, elsewhere = town.agencies[INSURANCE], town.agencies[HEALTH]
    mine, author = f"question:{question.id}", question.author_id
    made: dict[str, dict[str, Any]] = {
        "anyone": {},
        "administrator": {"is_administrator": True},
        "moderator": {"is_moderator": True},
        "cleared moderator": {"is_moderator": True, "may_unseal": True},
        "cleared, but no moderator": {"may_unseal": True},
        "coordinator": {"posts": {here: frozenset({Post.COORDINATOR})}},
        "official": {"posts": {here: frozenset({Post.OFFICIAL})}},
        "approver": {"posts": {here: frozenset({Post.APPROVER})}},
        "coordinator elsewhere": {"posts": {elsewhere: frozenset({Post.COORDINATOR})}},
        "moderator and official": {"is_moderator": True, "posts": {here: frozenset({Post.OFFICIAL})}},
        "asker": {"opened": mine, "opened_by": author},
        "asker and moderator": {"opened": mine, "opened_by": author, "is_moderator": True},
        "asker of another question": {"opened": f"question:{question.key + 1}", "opened_by": author},
        "code of another person": {"opened": mine, "opened_by": author + 1},
        "code of another surface": {"opened": f"comment:{question.id}", "opened_by": author},
    }
    return Actor(**made[role])


async def test_every_role_sees_and_works_on_exactly_what_the_table_says(town: Town) -> None:
    question_id = await town.accepted()
    question = await town.question(question_id)
    found: dict[str, list[str]] = {role: [] for role in TRUTH}
    async with town.store.transaction() as db:
        for rule in (visible, workable):
            for sealed in (False, True):
                marks = dict.fromkeys(TRUTH, "")
                for state in Moderation:
                    change = sa.update(Question).where(col(Question.id) == question_id)
                    await db.exec(change.values(moderation=state, sealed=sealed))
                    for role in TRUTH:
                        seen = select(Question.id).where(rule(Question, actor_in(role, town, question)))
                        marks[role] += "x" if (await db.exec(seen)).all() else "."
                for role in TRUTH:
                    found[role].append(marks[role])
    assert {role: tuple(lines) for role, lines in found.items()} == TRUTH


@pytest.mark.parametrize("role", ROLES)
async def test_an_actor_has_the_doors_of_its_roles_and_no_other(town: Town, role: str) -> None:
    actor = actor_in(role, town, await town.question(await town.ask()))
    assert {door for door in Role if actor.has(door)} == ROLES[role]


async def test_posts_give_the_rights_of_their_own_agency_only(town: Town) -> None:
    question = await town.question(await town.accepted())
    can = {
        name: "".join("x" if rule(town[name], question) else "." for rule in RIGHTS)
        for name in ("coordinator", "official", "approver", "moderator", "elsewhere", "elsewhere_official")
    }
    assert can == {
        "coordinator": "xx.",
        "official": ".x.",
        "approver": "..x",
        "moderator": "...",
        "elsewhere": "...",
        "elsewhere_official": "...",
    }


async def test_nobody_has_rights_over_a_text_without_an_agency(town: Town) -> None:
    question = Question(author_id=1, title="", body="", code="", fingerprint="", consent="", created_at=town.clock.now)
    assert not any(rule(actor, question) for rule in RIGHTS for actor in town.actors.values())


async def test_a_receipt_code_opens_its_question_and_no_other(town: Town) -> None:
    mine, other = await town.ask(body=f"{BODY} Gọi 0912345678."), await town.ask(body=f"{BODY} Gọi 0987654321.")
    async with town.store.transaction() as db:
        token = await signin.with_code(db, code_for("secret", "visitor", "1").lower().replace("-", " "))
    actor = await signin.actor(town.store, "", token)
    assert actor.has(Role.ASKER)
    assert not actor.has(Role.STAFF)
    async with town.store.reading() as db:
        assert (await seen_by(db, actor, mine)).id == mine
        with pytest.raises(NotFound):
            await seen_by(db, actor, other)


async def test_a_receipt_codes_session_is_nobodys_sign_in(town: Town) -> None:
    """Brought in the cookie of a sign-in it makes nobody of the asker, and the other way round it opens nothing."""
    question = await town.question(await town.ask())
    async with town.store.transaction() as db:
        opened = await people.sign_in(db, question.author_id, only=f"question:{question.id}")
        staff = await people.sign_in(db, town.id("moderator"))
    assert await signin.actor(town.store, opened, "") == PUBLIC
    assert await signin.actor(town.store, "", staff) == PUBLIC
    both = await signin.actor(town.store, staff, opened)
    assert (both.is_moderator, both.opened) == (True, f"question:{question.id}")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("", "code_unreadable"), ("HD-0000-0000-0000-1", "code_unreadable"), ("HD-0000-0000-0000-0", "code_unknown")],
)
async def test_a_wrong_code_says_what_is_wrong_with_it(town: Town, typed: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason) as refused:
        async with town.store.transaction() as db:
            await signin.with_code(db, typed)
    assert refused.value.field == "code"


def test_an_actor_is_made_of_a_person_and_a_code_each_alone_or_together() -> None:
    assert actor_of(None, {}) == PUBLIC
    at = datetime(2026, 11, 25, tzinfo=UTC)
    code = SignIn(token="", person_id=7, only="question:3", created_at=at, seen_at=at, ends_at=at)
    assert actor_of(None, {}, code) == Actor(opened="question:3", opened_by=7)


RIGHTS = (access.can_assign, access.can_write, access.can_approve)
