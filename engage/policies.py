"""Rules an administrator edits while the service runs: what a surface accepts, why a text is refused, how fast one may write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import sqlalchemy as sa
from limits import parse_many
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from engage.db import detached, one_of, remembered
from engage.errors import NotFound

# Whoever changes a policy, a reason, a term or the calendar records it here: every process keeps what it once read.
CHANNEL = "rules"


class Readership(StrEnum):
    """Who reads what is let in."""

    PUBLIC = "public"
    CHOICE = "choice"  # everybody, or the desk and the agency alone, as its author wishes
    RESTRICTED = "restricted"


USUAL_UNDO = timedelta(seconds=20)


class Policy(SQLModel, table=True):
    """One row a surface. `accepts_clean`: a text without findings is accepted by this rule; else a person looks first."""

    __tablename__ = "policy"
    __table_args__ = (one_of("policy_readership", "readership", Readership),)

    surface: str = Field(primary_key=True, sa_type=sa.String(20))
    accepts_clean: bool = True
    most_hops: int = Field(default=3, sa_column_kwargs={"server_default": "3"})  # agencies that may pass a text on
    most_votes: int = Field(default=60, sa_column_kwargs={"server_default": "60"})  # from one address, a text and hour
    # How much flags of one text must weigh until a moderator looks at it (`flags`).
    flags_needed: int = Field(default=12, sa_column_kwargs={"server_default": "12"})
    allowed_hosts: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    readership: str = Field(
        default=Readership.PUBLIC, sa_type=sa.String(10), sa_column_kwargs={"server_default": Readership.PUBLIC.value}
    )
    undo_seconds: int | None = None  # how long a decision waits before it is carried out; None: as long as is usual

    @property
    def undo_for(self) -> timedelta:
        return USUAL_UNDO if self.undo_seconds is None else timedelta(seconds=self.undo_seconds)


class Reason(SQLModel, table=True):
    """Why a text is refused: a name for the desk, words for the author, both languages."""

    __tablename__ = "reason"

    code: str = Field(primary_key=True, sa_type=sa.String(40))
    place: int = 99  # in the list; whoever is added comes last
    name_vi: str = Field(sa_type=sa.String(120))
    name_en: str = Field(sa_type=sa.String(120))
    words_vi: str = Field(sa_type=sa.String(1000))
    words_en: str = Field(sa_type=sa.String(1000))
    active: bool = True


class Limit(SQLModel, table=True):
    """How often one door may be used: by one caller, from one address, and by everybody together."""

    __tablename__ = "limit_rule"

    door: str = Field(primary_key=True, sa_type=sa.String(40))
    per_caller: str = Field(sa_type=sa.String(120))
    per_address: str = Field(sa_type=sa.String(120))
    overall: str = Field(sa_type=sa.String(120))


@dataclass(frozen=True, slots=True)
class Rates:
    """The three limits of one door, as `limits` reads them."""

    per_caller: str
    per_address: str
    overall: str


MOST_TIMES, LONGEST_SECONDS = 10**9, 366 * 24 * 3600
# What a fresh installation starts with. Addresses get far more than callers: whole towns share one behind a carrier.
SEEDED = {
    "ask": Rates(
        "5/10minutes;20/day", "120/10minutes", "1200/minute"
    ),  # what was stored; forms that were refused are tries
    "ask_try": Rates("40/10minutes;200/day", "600/10minutes", "3000/minute"),
    "post": Rates("10/10minutes;60/day", "240/10minutes", "1200/minute"),
    "post_try": Rates("60/10minutes;300/day", "1200/10minutes", "3000/minute"),
    "upload": Rates("30/10minutes;100/day", "600/10minutes", "1200/minute"),
    "follow": Rates("30/10minutes;200/day", "600/10minutes", "3000/minute"),
    "vote": Rates("60/10minutes;400/day", "3000/10minutes", "60000/minute"),
    "flag": Rates("10/10minutes;40/day", "200/10minutes", "1200/minute"),
    "search": Rates("60/minute", "1200/minute", "6000/minute"),
    "screen": Rates("600/minute", "3000/minute", "12000/minute"),  # asked anew with each fact of the room
    "listen": Rates("60/minute", "1200/minute", "6000/minute"),
    "track": Rates("10/10minutes;40/day", "200/10minutes", "1200/minute"),
    "tell": Rates("30/10minutes;120/day", "600/10minutes", "3000/minute"),
    "sign_in": Rates("10/5minutes", "60/5minutes", "600/minute"),
    # Widgets have no cookie to be counted by: a token of the portal or a code from a mail stands behind each.
    "embed": Rates("600/5minutes", "600/5minutes", "6000/minute"),
    "embed_mail": Rates("60/10minutes", "60/10minutes", "600/minute"),
    "decide": Rates("120/minute", "1200/minute", "6000/minute"),
    "work": Rates("120/minute", "1200/minute", "6000/minute"),
    "administer": Rates("60/minute", "600/minute", "600/minute"),
    "leave": Rates("60/minute", "600/minute", "6000/minute"),
}


class LimitsNow:
    """The limits in force in this process. Refreshed from the rows; a row that cannot be read leaves the last good one."""

    def __init__(self) -> None:
        self._rates: dict[str, Rates] = dict(SEEDED)

    def of(self, door: str) -> Rates:
        return self._rates[door]

    async def refresh(self, db: AsyncSession) -> None:
        for row in await every_limit(db):
            rates = Rates(row.per_caller, row.per_address, row.overall)
            if _is_readable(rates):
                self._rates[row.door] = rates


async def every_limit(db: AsyncSession) -> Sequence[Limit]:
    return (await db.exec(select(Limit).order_by(col(Limit.door)))).all()


async def every_reason(db: AsyncSession) -> Sequence[Reason]:
    return (await db.exec(select(Reason).order_by(col(Reason.place), col(Reason.code)))).all()


async def active_reasons(db: AsyncSession) -> Sequence[Reason]:
    return [reason for reason in await every_reason(db) if reason.active]


async def reason_of(db: AsyncSession, code: str | None) -> Reason | None:
    return await db.get(Reason, code) if code else None


async def policy_of(db: AsyncSession, surface: str) -> Policy:
    async def read() -> Mapping[str, Policy]:
        return {row.surface: detached(db, row) for row in (await db.exec(select(Policy))).all()}

    known = await remembered(db, "policies", CHANNEL, read)
    if surface not in known:
        raise NotFound()
    return known[surface]


def seeded_limits() -> Mapping[str, Rates]:
    return SEEDED


def _is_readable(rates: Rates) -> bool:
    try:
        return all(is_sound(text) for text in (rates.per_caller, rates.per_address, rates.overall))
    except ValueError:
        return False


def is_sound(text: str) -> bool:
    """A door that never opens, or counts for longer than anybody waits, is a slip of the key: no time could be named then."""
    return all(1 <= one.amount <= MOST_TIMES and one.get_expiry() <= LONGEST_SECONDS for one in parse_many(text))
