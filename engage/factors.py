"""The second factor of staff: codes of an authenticator app, and recovery codes for a lost phone.

An app's secret is computed (the house's secret, a nonce), not stored: whoever reads the database can make no code.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

import pyotp
import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage import audit
from engage.db import now
from engage.errors import Conflict, Refused

ISSUER = "Engage"
STEP_SECONDS = 30
RECOVERY_CODES = 10
RECOVERY_BYTES = 10  # 80 bits: nobody tries them all, so a plain hash is enough


class Factor(SQLModel, table=True):
    __tablename__ = "factor"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    nonce: str = Field(sa_type=sa.String(64))
    since: datetime
    last_step: int


class RecoveryCode(SQLModel, table=True):
    __tablename__ = "recovery_code"

    digest: str = Field(primary_key=True, sa_type=sa.String(64))
    person_id: int = Field(foreign_key="person.id", index=True)


def nonce_for(secret: str, token: str) -> str:
    """The same as long as a session lasts, so that a page can show the secret before anything is stored."""
    return _mac(secret, "nonce", token).hex()


async def next_nonce(db: AsyncSession, secret: str, token: str, person_id: int) -> str:
    """Of another phone: the same as long as the session and the factor last that it takes the place of."""
    factor = await db.get(Factor, person_id)
    if factor is None:
        raise Conflict("factor_is_off")
    return nonce_for(secret, f"{token}\0{factor.nonce}")


def key_of(secret: str, nonce: str) -> str:
    """What the app keeps."""
    return base64.b32encode(_mac(secret, "totp", nonce)[:20]).decode()


def address(secret: str, nonce: str, login: str) -> str:
    """What the square code says."""
    return pyotp.TOTP(key_of(secret, nonce)).provisioning_uri(name=login, issuer_name=ISSUER)


async def is_on(db: AsyncSession, person_id: int) -> bool:
    return await db.get(Factor, person_id) is not None


async def turn_on(db: AsyncSession, secret: str, person_id: int, nonce: str, code: str) -> Sequence[str]:
    """Once the app has proved that it knows the secret. The recovery codes are returned this once."""
    if await is_on(db, person_id):
        raise Conflict("factor_is_on")
    step = _step(secret, nonce, code, now(db), after=0)
    if step is None:
        raise Refused("factor_wrong", field="code")
    db.add(Factor(person_id=person_id, nonce=nonce, since=now(db), last_step=step))
    await audit.note(db, person_id, "factor.turned_on", person=person_id)
    return await _new_codes(db, person_id)


async def prove(db: AsyncSession, secret: str, person_id: int, typed: str) -> None:
    """A code of the app or a recovery code, each of them once. Raises Refused."""
    if not (await _prove_app(db, secret, person_id, typed) or await _spend(db, person_id, typed)):
        raise Refused("factor_wrong", field="code")


async def renew_codes(db: AsyncSession, person_id: int) -> Sequence[str]:
    """The old ones are worth nothing from now on."""
    if not await is_on(db, person_id):
        raise Conflict("factor_is_off")
    await db.exec(sa.delete(RecoveryCode).where(col(RecoveryCode.person_id) == person_id))
    await audit.note(db, person_id, "factor.codes_renewed", person=person_id)
    return await _new_codes(db, person_id)


async def turn_off(db: AsyncSession, person_id: int) -> None:
    await db.exec(sa.delete(RecoveryCode).where(col(RecoveryCode.person_id) == person_id))
    await db.exec(sa.delete(Factor).where(col(Factor.person_id) == person_id))


async def move(db: AsyncSession, secret: str, person_id: int, nonce: str, code: str) -> Sequence[str]:
    """To another phone, whose app has proved that it knows its secret. Until then the old one works, from then on nothing of it."""
    factor = await db.get(Factor, person_id)
    if factor is None:
        raise Conflict("factor_is_off")
    step = _step(secret, nonce, code, now(db), after=0)
    if step is None:
        raise Refused("factor_wrong", field="fresh")
    await turn_off(db, person_id)
    db.add(Factor(person_id=person_id, nonce=nonce, since=now(db), last_step=step))
    await audit.note(db, person_id, "factor.moved", person=person_id)
    return await _new_codes(db, person_id)


async def codes_left(db: AsyncSession, person_id: int) -> int:
    return (await db.exec(select(func.count()).where(col(RecoveryCode.person_id) == person_id))).one()


async def _prove_app(db: AsyncSession, secret: str, person_id: int, typed: str) -> bool:
    factor = await db.get(Factor, person_id)
    if factor is None:
        return False
    step = _step(secret, factor.nonce, typed, now(db), after=factor.last_step)
    if step is None:
        return False
    # Of two who bring the same code at once, one gets in.
    spent = sa.update(Factor).where(col(Factor.person_id) == person_id, col(Factor.last_step) < step)
    return (await db.exec(spent.values(last_step=step))).rowcount == 1


async def _spend(db: AsyncSession, person_id: int, typed: str) -> bool:
    code = sa.delete(RecoveryCode).where(
        col(RecoveryCode.digest) == _digest(person_id, typed), col(RecoveryCode.person_id) == person_id
    )
    is_spent = (await db.exec(code)).rowcount == 1
    if is_spent:
        await audit.note(db, person_id, "factor.recovery_used", person=person_id)
    return is_spent


async def _new_codes(db: AsyncSession, person_id: int) -> Sequence[str]:
    codes = [base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode() for _ in range(RECOVERY_CODES)]
    db.add_all(RecoveryCode(digest=_digest(person_id, code), person_id=person_id) for code in codes)
    await db.flush()
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]


def _step(secret: str, nonce: str, typed: str, at: datetime, *, after: int) -> int | None:
    """The half minute this code belongs to: now, the one before or the one after, if it was not used yet."""
    code, app = _plain(typed), pyotp.TOTP(key_of(secret, nonce))
    here = int(at.timestamp()) // STEP_SECONDS
    steps = (step for step in (here, here - 1, here + 1) if step > after)
    return next((step for step in steps if hmac.compare_digest(app.generate_otp(step), code)), None)


def _plain(typed: str) -> str:
    """Without what people type between the digits."""
    return "".join(char for char in typed.upper() if char.isascii() and char.isalnum())


def _digest(person_id: int, code: str) -> str:
    return hashlib.sha256(f"{person_id}\0{_plain(code)}".encode()).hexdigest()


def _mac(secret: str, purpose: str, text: str) -> bytes:
    return hmac.new(secret.encode(), f"{purpose}\0{text}".encode(), hashlib.sha256).digest()
