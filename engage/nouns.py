"""The kinds of rows an administrator edits, and the form of each: the directory's, and the rules'.

A row's values are what its form and its sheet hold: names of other rows are slugs, lists are lists, times are texts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, field_validator, model_validator
from pydantic import Field as Input
from pydantic_core import PydanticCustomError

from engage import policies
from engage.agencies import Agency, Province, Topic
from engage.ask import Lines
from engage.deadlines import LEAST_DAYS, MOST_DAYS, Term
from engage.flags import FlagReason
from engage.office_hours import OfficeHours
from engage.policies import USUAL_UNDO, Limit, Policy, Readership, Reason
from engage.retention import Retention
from engage.sections import Section, Writers
from moderation.text import clean

MOST_LIST, MOST_WORD, MOST_PLACE = 60, 200, 99
MOST_HOPS, MOST_UNDO, MOST_KEPT, MOST_VOTES, MOST_FLAGS = 20, 600, 36_500, 1_000_000, 10_000
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CODE = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
WAYS = frozenset({"new", "import", "export"})  # addresses beside those of rows
FORUM_PAGES = frozenset({"search", "mine", "threads", "posts", "unfollow"})
NO_VALUES = frozenset({"version", "slug"})  # of a form: what names a row is no value of it
Values = dict[str, Any]


def _line(value: object) -> str:
    return " ".join(clean(str(value)).split())


def several(value: object) -> list[str]:
    """One a line, or between semicolons; each once."""
    parts = str(value).replace("\n", ";").split(";") if isinstance(value, str) else list(value)  # type: ignore[call-overload]  # a list from a sheet
    words = list(dict.fromkeys(word for part in parts if (word := _line(part))))
    if len(words) > MOST_LIST or any(len(word) > MOST_WORD for word in words):
        raise PydanticCustomError("list_too_long", "", {"most": MOST_LIST, "length": MOST_WORD})
    return words


def _named(value: object) -> str:
    line = _line(value)
    if not line:
        raise PydanticCustomError("row_name_missing", "")
    return line


def _said(value: str) -> str:
    if not value:
        raise PydanticCustomError("reason_words_both", "")
    return value


def _clock(value: object) -> str:
    """07:30, as people write it."""
    try:
        return time.fromisoformat(_line(value)).strftime("%H:%M")
    except ValueError:
        raise PydanticCustomError("clock_wrong", "") from None


def between(least: int, most: int) -> BeforeValidator:
    """A whole number, and not just any."""

    def checked(value: object) -> int:
        text = _line(value)
        if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and least <= int(text) <= most):
            raise PydanticCustomError("term_days_wrong", "", {"least": least, "most": most})
        return int(text)

    return BeforeValidator(checked)


Line = Annotated[str, BeforeValidator(_line)]
Name = Annotated[str, BeforeValidator(_named)]
Words = Annotated[list[str], BeforeValidator(several)]
Clock = Annotated[str, BeforeValidator(_clock)]


class RowForm(BaseModel):
    """What all have. `version` is the last change somebody saw when they began to write."""

    model_config = ConfigDict(extra="forbid", validate_default=False)

    version: int = 0
    slug: Line = ""  # only of a row that is new; afterwards it is an address, and stays

    @property
    def values(self) -> Values:
        return self.model_dump(exclude=set(NO_VALUES))


class NamedForm(RowForm):
    name_vi: Name = Input(max_length=200)
    name_en: Name = Input(max_length=200)
    active: bool = False


class AgencyForm(NamedForm):
    level: Line = Input(max_length=20, pattern=r"^(central|provincial)$")
    kind: Line = Input(max_length=40, pattern=r"^[a-z][a-z_]*$")
    parent: Line = Input(default="", max_length=80)
    province: Line = Input(default="", max_length=40)
    keywords: Words = []
    aliases: Words = []
    answers: bool = False


class TopicForm(NamedForm):
    field: Line = Input(max_length=60, pattern=r"^[a-z][a-z-]*$")
    agency: Line = Input(max_length=80)
    keywords: Words = []
    note: Line = Input(default="", max_length=500)


class ProvinceForm(NamedForm):
    name_vi: Name = Input(max_length=80)
    name_en: Name = Input(max_length=80)
    merged_from: Words = []
    aliases: Words = []


class ReasonForm(NamedForm):
    name_vi: Name = Input(max_length=120)
    name_en: Name = Input(max_length=120)
    words_vi: Lines = Input(default="", max_length=1000, validate_default=True)
    words_en: Lines = Input(default="", max_length=1000, validate_default=True)

    _words = field_validator("words_vi", "words_en")(_said)


class FlagReasonForm(NamedForm):
    name_vi: Name = Input(max_length=120)
    name_en: Name = Input(max_length=120)
    at_once: bool = False


class TermForm(RowForm):
    days: Annotated[int, between(LEAST_DAYS, MOST_DAYS)]


class LimitForm(RowForm):
    """An unreadable limit would silently mean "unlimited" later, so it is parsed here, before it is saved."""

    per_caller: Line = Input(max_length=120)
    per_address: Line = Input(max_length=120)
    overall: Line = Input(max_length=120)

    @field_validator("per_caller", "per_address", "overall")
    @classmethod
    def _readable(cls, value: str) -> str:
        if not policies.is_sound(value):
            raise ValueError("limit")
        return value


class HoursForm(RowForm):
    opens: Clock
    closes: Clock

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens >= self.closes:
            raise PydanticCustomError("hours_wrong", "")
        return self


class PolicyForm(RowForm):
    accepts_clean: bool = False
    most_hops: Annotated[int, between(1, MOST_HOPS)]
    most_votes: Annotated[int, between(1, MOST_VOTES)] = 60
    flags_needed: Annotated[int, between(1, MOST_FLAGS)] = 12
    undo_seconds: Annotated[int, between(0, MOST_UNDO)] = int(USUAL_UNDO.total_seconds())
    readership: Readership = Readership.PUBLIC
    allowed_hosts: Words = []


class RetentionForm(RowForm):
    days: Annotated[int, between(1, MOST_KEPT)]


class SectionForm(NamedForm):
    name_vi: Name = Input(max_length=120)
    name_en: Name = Input(max_length=120)
    about_vi: Lines = Input(default="", max_length=500)
    about_en: Lines = Input(default="", max_length=500)
    place: Annotated[int, between(1, MOST_PLACE)] = MOST_PLACE
    writers: Writers = Writers.CITIZENS
    accepts_clean: bool = False


@dataclass(frozen=True, slots=True)
class Noun:
    """A kind of rows: its table, and the form of one. `keys` name a row; where it `grows`, rows are added and switched off."""

    name: str
    table: Any
    form: type[RowForm]
    keys: tuple[str, ...] = ("slug",)
    longest_slug: int = 80
    grows: bool = False
    spelling: re.Pattern[str] = SLUG
    is_rule: bool = True  # else of the directory
    reserved: frozenset[str] = WAYS  # addresses that are no row's

    def slug_of(self, row: Any) -> str:
        return ".".join(str(getattr(row, key)) for key in self.keys)

    def is_slug(self, slug: str) -> bool:
        return (
            len(slug) <= self.longest_slug and self.spelling.fullmatch(slug) is not None and slug not in self.reserved
        )

    @property
    def fields(self) -> list[str]:
        return [name for name in self.form.model_fields if name not in NO_VALUES]


_DIRECTORY: Mapping[str, Any] = {"grows": True, "is_rule": False}
NOUNS: Mapping[str, Noun] = {
    "agencies": Noun("agency", Agency, AgencyForm, **_DIRECTORY),
    "topics": Noun("topic", Topic, TopicForm, **_DIRECTORY),
    "provinces": Noun("province", Province, ProvinceForm, longest_slug=40, **_DIRECTORY),
    "sections": Noun("section", Section, SectionForm, reserved=WAYS | FORUM_PAGES, **_DIRECTORY),
    "reasons": Noun("reason", Reason, ReasonForm, ("code",), 40, grows=True, spelling=CODE),
    "flag-reasons": Noun("flag_reason", FlagReason, FlagReasonForm, ("code",), 40, grows=True, spelling=CODE),
    "terms": Noun("term", Term, TermForm, ("surface", "step", "complexity")),
    "hours": Noun("hours", OfficeHours, HoursForm, ("whose",)),
    "limits": Noun("limit", Limit, LimitForm, ("door",)),
    "policies": Noun("policy", Policy, PolicyForm, ("surface",)),
    "retention": Noun("retention", Retention, RetentionForm, ("kind",)),
}
