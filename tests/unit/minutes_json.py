"""The shape of the minutes as JSON, as docs/minutes.md promises it. Written again: who reads the file has no code of ours."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, HttpUrl


def _with_offset(value: object) -> object:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


Moment = Annotated[AwareDatetime, BeforeValidator(_with_offset)]
Url = Annotated[HttpUrl, Field(strict=False)]
Count = Annotated[int, Field(ge=0)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Person(Shape):
    name: str
    title: str


class Dialogue(Shape):
    id: int
    url: Url
    title: str
    started_at: Moment
    ended_at: Moment
    place: str
    hosts: list[str]
    guests: list[Person]


class Move(Shape):
    type: Annotated[str, Field(pattern=r"^dialogue\.[a-z_]+$")]
    at: Moment
    reason: str


class Correction(Shape):
    at: Moment
    reason: Annotated[str, Field(min_length=1)]


class Answer(Shape):
    guest: Person
    released_at: Moment
    text: Annotated[str, Field(min_length=1)]
    html: Annotated[str, Field(min_length=1)]
    corrections: list[Correction]


class Question(Shape):
    number: Annotated[int, Field(ge=1)]
    id: int
    url: Url
    title: str
    asker: str
    place: str
    asked_at: Moment
    votes: Count
    html: str
    answers: Annotated[list[Answer], Field(min_length=1)]


class Group(Shape):
    name: str | None
    questions: Annotated[list[Question], Field(min_length=1)]


class Later(Shape):
    id: int
    title: str
    url: Url


class Choice(Shape):
    words: str
    times: Count


class Poll(Shape):
    question: str
    voters: Annotated[int, Field(ge=10)] | None
    choices: list[Choice]


class Figures(Shape):
    advance: Count
    live: Count
    persons: Count
    votes: Count
    peak: Annotated[int, Field(ge=5)] | None
    answered_live: Count
    answered_later: Count
    waiting: Count
    median_seconds: float | None


class Minutes(Shape):
    version: Literal[1]
    url: Url
    dialogue: Dialogue
    published_at: Moment | None
    approved_at: Moment | None
    corrected: bool
    opening_html: str
    closing_html: str
    course: list[Move]
    groups: list[Group]
    answered_later: list[Later]
    polls: list[Poll]
    figures: Figures


SHAPES = (Minutes, Dialogue, Person, Move, Group, Question, Answer, Correction, Later, Poll, Choice, Figures)
