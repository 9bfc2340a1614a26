"""Everything people read has words in both languages, and every reason that code gives has words at all."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from engage.web import words
from tests.house import source

ENGLISH = source.CHECKOUT / "templates" / "locale" / "en"
SHOWN = {".html", ".xml", ".txt"}
SAYING = ("_", "gettext", "ngettext", "pgettext")
REFUSING = ("Refused", "Conflict", "TooMany", "PydanticCustomError")
FIGURE = re.compile(r"%\((\w+)\)[sd]")
CODE = re.compile(r"[a-z0-9_#-]*")  # a tone, an icon: for machines, not for people
Said = tuple[str, ...]  # one form, the two of a count, or a context and a form


def test_everything_said_has_an_english_translation() -> None:
    missing = {said for said in _said() if said not in _english() or not all(_forms(_english()[said]))}
    assert not missing, _listed(missing)


def test_the_catalogue_holds_nothing_that_is_not_said() -> None:
    unused = set(_english()) - _said()
    assert not unused, _listed(unused)


def test_the_catalogue_says_nothing_twice() -> None:
    said = [_key(message) for message in _messages()]
    assert not [one for one, times in Counter(said).items() if times > 1]


def test_a_translation_names_the_same_figures() -> None:
    wrong = {
        said for said, message in _english().items() for form in _forms(message) if _figures(*said) != _figures(form)
    }
    assert not wrong, _listed(wrong)


def test_every_reason_that_code_gives_has_words() -> None:
    wordless = {
        f"{source.name(path)}:{call.lineno}: {ast.unparse(call.args[0])}"
        for path in source.python("engage")
        for call in source.calls(source.tree(path), *REFUSING)
        if call.args and not _has_words(call.args[0])
    }
    assert not wordless, "\n".join(wordless)


def _listed(said: set[Said]) -> str:
    return "\n".join(sorted(" / ".join(forms) for forms in said))


def _has_words(reason: ast.expr) -> bool:
    """A reason put together from parts needs words for at least one outcome; a name was checked where it was given."""
    match reason:
        case ast.Constant(value=str(code)):
            return code in words.REASONS
        case ast.JoinedStr(values=parts):
            shape = "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"\w+" for p in parts)
            return any(re.fullmatch(shape, code) for code in words.REASONS)
        case ast.IfExp(body=one, orelse=other):
            return _has_words(one) and _has_words(other)
    return True


# What is said


@cache
def _said() -> frozenset[Said]:
    return frozenset([*_in_templates(), *_in_tables(), *_in_code()])


def _in_templates() -> Iterator[Said]:
    options: dict[str, Any] = {"silent": "false", "trim_blocks": "true", "lstrip_blocks": "true", "encoding": "utf-8"}
    for path in source.files():
        if not source.name(path).startswith("templates/") or path.suffix not in SHOWN or "static" in path.parts:
            continue
        with path.open("rb") as template:
            for _, _, message, _ in babel_extract(template, SAYING, (), options):
                parts = message if isinstance(message, tuple) else (message,)
                yield tuple(part for part in parts if part is not None)  # None: a figure, given by an expression


def _in_tables() -> Iterator[Said]:
    for name, value in (pair for module in (words, *words.AREAS) for pair in vars(module).items()):
        if name.isupper():
            yield from ((text,) for text in _texts(value) if not CODE.fullmatch(text))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for one in value.values() for text in _texts(one))
    elif isinstance(value, tuple):
        yield from (text for one in value for text in _texts(one))


def _in_code() -> Iterator[Said]:
    for path in source.python("engage"):
        for call in source.calls(source.tree(path), "gettext", "say"):
            texts = [text for argument in call.args if (text := source.literal(argument)) and not CODE.fullmatch(text)]
            yield from ((text,) for text in texts)


# What the catalogue holds


@cache
def _english() -> Mapping[Said, Message]:
    return {_key(message): message for message in _messages()}


def _messages() -> list[Message]:
    messages: list[Message] = []
    for path in sorted(ENGLISH.glob("*.po")):
        with path.open("rb") as lines:
            messages += [message for message in read_po(lines, locale="en", abort_invalid=True) if message.id]
    return messages


def _key(message: Message) -> Said:
    if message.context:
        return (message.context, str(message.id))
    return tuple(message.id) if isinstance(message.id, (tuple, list)) else (str(message.id),)


def _forms(message: Message) -> Said:
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (str(message.string or ""),)


def _figures(*forms: str) -> set[str]:
    return {figure for form in forms for figure in FIGURE.findall(form)}
