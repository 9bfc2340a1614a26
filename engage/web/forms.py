"""A form as it came: what was typed, what is wrong with it in words, and the model when nothing is. Loses nothing typed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from unicodedata import combining

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.datastructures import FormData

from engage.errors import Failure, NotFound
from engage.web import words
from engage.web.enclosed import Enclosed
from engage.web.language import Translator
from engage.web.templates import clock, day, moment

Model = TypeVar("Model", bound=BaseModel)
Shape = Callable[[FormData], dict[str, Any]]
GUARDS = ("csrf", "key")
MOST_MARKS = 12
BUILT_IN = {
    "string_too_long": "too_long_for_field",
    "extra_forbidden": "unknown_field",
    "too_long": "wrong_value",
}


class Nothing(BaseModel):
    """A button without fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(slots=True)
class Filled(Generic[Model]):
    """`model` is there exactly when the form can be acted on. `note` is about the form as a whole."""

    values: Mapping[str, Any] = field(default_factory=dict)
    lists: Mapping[str, list[dict[str, str]]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    note: str = ""
    model: Model | None = None
    status: int = 422
    enclosed: Enclosed = field(default_factory=Enclosed)

    @property
    def answer_status(self) -> int:
        """Of the page that shows this form: 200 while nothing is wrong with it."""
        return self.status if self.errors or self.note else 200

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name, "")

    def rows(self, name: str) -> list[dict[str, str]]:
        return self.lists.get(name, [])

    def refuse(self, failure: Failure, translator: Translator) -> None:
        """A verb said no: on the field it names, or on the whole form. What is missing has no form it could stand on."""
        if failure.status == NotFound.status:
            raise failure
        said = said_by(failure, translator)
        self.model, self.status = None, failure.status
        if failure.field:
            self.errors[failure.field] = said
        else:
            self.note = said


def said_by(failure: Failure, translator: Translator) -> str:
    """A reason in words, with its figures as people write them."""
    figures = {
        name: _spoken(value) if isinstance(value, datetime) else value for name, value in failure.figures.items()
    }
    return translator.say(words.REASONS.get(failure.reason, words.REASONS["moved_on"]), **figures)


def _spoken(at: datetime) -> str:
    """The hour; of another day, the day too."""
    return moment(at) if day(at) != day(datetime.now(UTC)) else clock(at)


def filled(form: type[Model], shaped: Mapping[str, Any], translator: Translator) -> Filled[Model]:
    """Check what was typed. Every error is said, each beside its field."""
    result: Filled[Model] = Filled(values=dict(shaped))
    try:
        result.model = form.model_validate(dict(shaped))
    except ValidationError as wrong:
        for error in wrong.errors(include_url=False, include_input=False):
            _note(result, error, form, translator)
    return result


def flat(form: FormData) -> dict[str, Any]:
    """One value a name; files are not welcome here."""
    return {name: value for name, value in form.items() if isinstance(value, str) and name not in GUARDS}


def faults(form: FormData, listed: tuple[str, ...] = ()) -> str:
    """The reason why a body is no honest form, or nothing."""
    names = [name for name, _ in form.multi_items() if name not in listed]
    if len(names) != len(set(names)):
        return "repeated_field"
    for name, value in form.multi_items():
        if not isinstance(value, str):
            return "unknown_field"
        if _is_stacked(name + value):
            return "unreadable_characters"
        if any(char in "\0\ufffd" or "\ud800" <= char <= "\udfff" for char in name + value):
            return "unreadable_characters"
    return ""


def _is_stacked(text: str) -> bool:
    """Whether some letter carries more marks than any writing does: sorting them takes Unicode time that grows with the square."""
    stack = 0
    for char in "" if text.isascii() else text:
        stack = stack + 1 if combining(char) else 0
        if stack > MOST_MARKS:
            return True
    return False


def readable(text: str) -> str:
    if _is_stacked(text):
        text = "".join(char for char in text if not combining(char))
    return "".join(char for char in text if char not in "\0\ufffd" and not "\ud800" <= char <= "\udfff")


def _note(result: Filled[Model], error: Any, form: type[Model], translator: Translator) -> None:
    where = str(error["loc"][0]) if error["loc"] else ""
    code = BUILT_IN.get(error["type"], error["type"])
    said = translator.say(words.REASONS.get(code, words.REASONS["wrong_value"]), **error.get("ctx", {}))
    if where in form.model_fields:
        result.errors.setdefault(where, said)
    else:
        result.note = said
