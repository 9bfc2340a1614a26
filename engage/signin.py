"""Signing in, and who makes a request: a session cookie's person, and the one question a receipt code opened."""

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import agencies, people, questions
from engage.access import PUBLIC, Actor, actor_of
from engage.ask import Line
from engage.db import Store, now
from engage.errors import NotFound, Refused
from engage.receipts import read


class SignInForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    email: Line = Field(default="", max_length=254)
    password: str = Field(default="", max_length=200)
    next: str = Field(default="", max_length=300)


class TrackForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Line = Field(default="", max_length=80)


async def with_password(store: Store, form: SignInForm, *, before: str = "") -> str:
    """A session token for a staff member; the session the browser had `before` ends.

    The same words whatever was wrong; only an account that exists can be told to wait, and officials' addresses are no secret. The
    slow hash is checked outside any transaction.
    """
    async with store.reading() as db:
        person = await people.by_login(db, form.email)
        people.may_try(person, now(db))
    if not await people.password_fits(person, form.password):
        if person is not None:
            async with store.transaction() as db:  # outlives the refusal
                await people.note_failure(db, person)
        raise Refused("sign_in_wrong")
    if person is None or person.id is None:
        raise Refused("sign_in_wrong")
    async with store.transaction() as db:
        await people.sign_out(db, before)
        return await people.sign_in(db, person.id)


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
        posts = await agencies.posts_of(db, found[1].id or 0) if found else {}
        at = now(db)
    if found and people.needs_touch(found[0], at):
        async with store.transaction() as db:
            await people.touch(db, found[0])
    staff = found[1] if found and found[0].only is None else None
    return actor_of(staff, posts if staff else {}, opened[0] if opened and opened[0].only else None)
