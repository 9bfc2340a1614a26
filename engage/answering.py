"""The form an answer is written in. Knows no row: a draft may be unfinished, sending it for approval asks for the rest."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from engage import markup
from engage.ask import Line, Lines


class Outcome(StrEnum):
    """What comes of feedback, as its agency says (tiếp thu, tiếp thu một phần, giải trình, ghi nhận)."""

    NONE = ""
    ACCEPTED = "accepted"
    PARTLY = "partly"
    EXPLAINED = "explained"
    NOTED = "noted"


MOST_SHORT, MOST_FULL, MOST_CITATIONS = 400, 9_000, 20
DAY = "%d/%m/%Y"


def as_date(value: object) -> object:
    """dd/MM/yyyy, as people here write it; the browser's ISO form is understood too."""
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    for form in (DAY, "%Y-%m-%d"):
        try:
            return datetime.strptime(value.strip(), form).date()
        except ValueError:
            continue
    raise PydanticCustomError("date_wrong", "")


Day = Annotated[date | None, BeforeValidator(as_date)]


def web_link(value: str) -> str:
    if value and not value.startswith(("https://", "http://")):
        raise PydanticCustomError("link_wrong", "")
    return value


def bearable(value: str) -> str:
    if markup.has_too_many_marks(value):
        raise PydanticCustomError("too_many_marks", "")
    return value


class CitationForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    number: Line = Field(default="", max_length=60)
    title: Line = Field(default="", max_length=300)
    article: Line = Field(default="", max_length=120)
    link: Line = Field(default="", max_length=500)

    _link = field_validator("link")(web_link)


class AnswerForm(BaseModel):
    """What an official types; of a signed letter that the portal desk transcribes, also the letter's number and date."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    short: Lines = Field(default="", max_length=MOST_SHORT)
    full: Lines = Field(default="", max_length=MOST_FULL)
    outcome: Outcome = Outcome.NONE
    as_of: Day = None
    signatory: Line = Field(default="", max_length=120)
    signatory_title: Line = Field(default="", max_length=200)
    citations: tuple[CitationForm, ...] = Field(default=(), max_length=MOST_CITATIONS)
    letter_number: Line = Field(default="", max_length=60)
    letter_date: Day = None

    _full = field_validator("full")(bearable)
