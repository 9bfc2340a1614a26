"""Signing in, and who makes a request: a session cookie's person, and the one question a receipt code opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies, audit, crews, factors, people, questions, records, tries
from engage.access import PUBLIC, Actor, actor_of
from engage.agencies import Post
from engage.ask import Line
from engage.crews import Parts
from engage.db import Store, now
from engage.errors import NotFound, Refused
from engage.people import Person, SignIn
from engage.receipts import read
from engage.records import Act
from engage.tries import Origin

NOWHERE = Origin()
Session = tuple[SignIn, Person]


class SignInForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    email: Line = Field(default="", max_length=254)
    password: str = Field(default="", max_length=200)
    next: str = Field(default="", max_length=300)


class TrackForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Line = Field(default="", max_length=80)


class CodeForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Line = Field(default="", max_length=40)
    next: str = Field(default="", max_length=300)


class Step(StrEnum):
    """What is still missing; a session of a step opens nothing else."""

    CODE = "code"
    ENROL = "enrol"


@dataclass(frozen=True, slots=True)
class Entry:
    """A session's token, and the step it is for; no step: the person is in."""

    token: str
    step: Step | None = None


async def with_password(
    store: Store, form: SignInForm, *, origin: Origin = NOWHERE, before: str = "", needs_factor: bool = False
) -> Entry:
    """The first step; the session the browser had `before` ends.

    The same words, the same writes and the same time whether or not such an account exists. The slow hash is checked outside any
    transaction.
    """
    login = form.email.lower()
    async with store.transaction() as db:  # outlives the refusal
        await tries.begin(db, login, origin)
    async with store.reading() as db:
        person = await people.by_login(db, login)
    fits = await people.password_fits(person, form.password)
    if not fits or person is None or person.id is None:
        async with store.transaction() as db:
            await audit.count(db, person.id if person else None, "sign_in.refused")
        raise Refused("sign_in_wrong")
    async with store.transaction() as db:
        await people.sign_out(db, before)
        step = await _step_after(db, person.id, needs_factor)
        if step is None:
            return Entry(await _enter(db, person, origin))
        return Entry(await people.sign_in(db, person.id, only=step), step)


async def with_factor(store: Store, secret: str, half: str, form: CodeForm, *, origin: Origin = NOWHERE) -> str:
    """The second step: a full session for that of the step. Wrong codes count as wrong passwords do."""
    async with store.reading() as db:
        person = await at_step(db, half, Step.CODE)
    async with store.transaction() as db:
        await tries.begin(db, person.login or "", origin)
    try:
        async with store.transaction() as db:
            await factors.prove(db, secret, person.id or 0, form.code)
            await people.sign_out(db, half)
            return await _enter(db, person, origin)
    except Refused:
        async with store.transaction() as db:
            await audit.count(db, person.id, "sign_in.refused", reason="code")
        raise


async def after_enrolling(db: AsyncSession, half: str, person: Person, origin: Origin) -> str:
    """Who had to enrol first is in."""
    await people.sign_out(db, half)
    return await _enter(db, person, origin)


async def at_step(db: AsyncSession, half: str, step: Step) -> Person:
    """Whose password was right, and who is at this step. Raises NotFound."""
    found = await people.signed_in(db, half) if half else None
    if found is None or found[0].only != step:
        raise NotFound()
    return found[1]


async def leave(db: AsyncSession, token: str, person_id: int, origin: Origin) -> None:
    await people.sign_out(db, token)
    await audit.note(db, person_id, "person.signed_out", person=person_id)
    await records.note(db, origin, person_id, Act.SIGNED_OUT)


async def _step_after(db: AsyncSession, person_id: int, needs_factor: bool) -> Step | None:
    if await factors.is_on(db, person_id):
        return Step.CODE
    return Step.ENROL if needs_factor else None


async def _enter(db: AsyncSession, person: Person, origin: Origin) -> str:
    person_id = person.id or 0
    await tries.forgive(db, person.login or "", origin)
    await audit.note(db, person_id, "person.signed_in", person=person_id)
    await records.note(db, origin, person_id, Act.SIGNED_IN)
    return await people.sign_in(db, person_id)


async def with_code(db: AsyncSession, typed: str) -> str:
    """A session for one question only."""
    code = read(typed)
    if code is None:
        raise Refused("code_unreadable", field="code")
    try:
        question = await questions.by_code(db, code)
    except NotFound:
        raise Refused("code_unknown", field="code") from None
    return await people.sign_in(db, question.author_id, only=f"question:{question.id}")


async def actor(store: Store, token: str, code_token: str) -> Actor:
    """Who this is, by the cookies they brought; nobody for a token that is unknown, idle too long or over."""
    if not token and not code_token:
        return PUBLIC
    async with store.reading() as db:
        found = await people.signed_in(db, token) if token else None
        opened = await people.signed_in(db, code_token) if code_token else None
        ids = [found[1].id or 0] if found else []
        posts = await agencies.posts_of_all(db, ids) if ids else {}
        parts = await crews.parts_of_all(db, ids) if ids else {}
        at = now(db)
    if found and people.needs_touch(found[0], at):
        async with store.transaction() as db:
            await people.touch(db, found[0])
    return actor_by(found, opened, posts, parts)


def actor_by(
    found: Session | None,
    opened: Session | None,
    posts: Mapping[int, Mapping[int, frozenset[Post]]],
    parts: Mapping[int, Parts],
) -> Actor:
    """Who has these two sessions: a person's, and that of one thing. `posts` and `parts` by person."""
    staff = found[1] if found and found[0].only is None else None
    is_thing = opened is not None and ":" in (opened[0].only or "")  # a step of signing in opens no thing
    held = posts.get(staff.id or 0, {}) if staff else {}
    had = parts.get(staff.id or 0, {}) if staff else {}
    return actor_of(staff, held, opened[0] if opened and is_thing else None, had)
