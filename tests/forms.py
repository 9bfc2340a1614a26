"""The forms of a page, as a browser would send them. Knows HTML only: no address, no session."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

Value = str | Sequence[str] | bool | None
Pairs = list[tuple[str, str]]
Said = dict[str, str]
LINE_END = re.compile(r"\r\n|\r|\n")  # a browser sends each as CRLF


@dataclass
class Button:
    pairs: Pairs
    words: str = ""
    action: str = ""


@dataclass
class Form:
    """What would be sent if nobody typed anything, and what could be typed, ticked and pressed."""

    action: str
    method: str
    pairs: Pairs = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    ticks: dict[str, str] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)

    def filled(self, values: Mapping[str, Value]) -> Pairs:
        """The pairs to send: a text, several texts, True for a tick, None or False to leave the name out."""
        pairs = [(name, value) for name, value in self.pairs if name not in values]
        pairs += [(name, one) for name, value in values.items() for one in self._as_sent(name, value)]
        return [(name, LINE_END.sub("\r\n", value)) for name, value in pairs]

    def button(self, wanted: str) -> Button | None:
        """The button with that value, else the first with those words on it."""
        by_value = (one for one in self.buttons if any(value == wanted for _, value in one.pairs))
        by_words = (one for one in self.buttons if wanted in one.words)
        return next(by_value, None) or next(by_words, None)

    def _as_sent(self, name: str, value: Value) -> Sequence[str]:
        if value is None or value is False:
            return ()
        if value is True:
            return (self.ticks.get(name, "on"),)
        return (value,) if isinstance(value, str) else value


def forms(page: str) -> list[Form]:
    named: dict[str, Form] = {}
    for _ in range(2):  # a control may name its form before that one begins
        reader = _Reader(named)
        reader.feed(page)
        reader.close()
        named = reader.named
    return reader.forms


def folded(text: str) -> str:
    return " ".join(text.split())


class _Reader(HTMLParser):
    def __init__(self, named: dict[str, Form]) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.named: dict[str, Form] = {}
        self._known = {name: Form(form.action, form.method) for name, form in named.items()}
        self._form: Form | None = None
        self._owner: Form | None = None  # of the control that is open
        self._unseen = 0  # inside <template>, which is no part of the page
        self._button: Button | None = None
        self._options: list[tuple[str, bool]] | None = None  # of the open select: value, is selected
        self._typed: list[str] | None = None  # in the open textarea
        self._name = ""  # of that select or textarea

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "template" or self._unseen:
            self._unseen += tag == "template"
            return
        if tag == "form":
            self._begin(said)
            return
        owner = self._known.get(said["form"]) if "form" in said else self._form
        if tag in {"input", "button", "select", "textarea"}:
            self._owner = owner if "disabled" not in said else None
        if self._owner is None:
            return
        if tag == "input":
            _input(self._owner, said)
        elif tag == "button":
            self._open_button(self._owner, said)
        elif tag in {"select", "textarea"}:
            self._name = said.get("name", "")
            self._owner.names.add(self._name)
            self._options, self._typed = ([], None) if tag == "select" else (None, [])
        elif tag == "option" and self._options is not None:
            self._options.append((said.get("value", ""), "selected" in said))

    def _begin(self, said: Said) -> None:
        name = said.get("id", "")
        form = Form(said.get("action", ""), said.get("method", "get").lower())
        self._form = self._known.get(name, form) if name else form
        self.forms.append(self._form)
        if name:
            self.named[name] = self._form

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._unseen -= 1
        if tag == "form":
            self._form = None
        elif tag == "button":
            self._button = None
        elif self._owner is None:
            return
        elif tag == "select" and self._options is not None:
            chosen = [value for value, is_selected in self._options if is_selected]
            self._owner.pairs += [(self._name, value) for value in (chosen or [v for v, _ in self._options[:1]])]
            self._options = None
        elif tag == "textarea" and self._typed is not None:
            self._owner.pairs.append((self._name, "".join(self._typed).removeprefix("\n")))
            self._typed = None

    def handle_data(self, data: str) -> None:
        if self._typed is not None:
            self._typed.append(data)
        if self._button is not None:
            self._button.words = folded(f"{self._button.words} {data}")

    def _open_button(self, form: Form, said: Said) -> None:
        if said.get("type", "submit") == "submit":
            self._button = _button(said)
            form.buttons.append(self._button)


def _button(said: Said, words: str = "") -> Button:
    pairs = [(said["name"], said.get("value", ""))] if said.get("name") else []
    return Button(pairs, words, said.get("formaction", ""))


def _input(form: Form, said: Said) -> None:
    kind, name = said.get("type", "text"), said.get("name", "")
    if kind == "submit":
        form.buttons.append(_button(said, said.get("value", "")))
        return
    if not name or kind in {"file", "button", "reset"}:
        return
    form.names.add(name)
    is_choice = kind in {"checkbox", "radio"}
    value = said.get("value", "on" if is_choice else "")
    if is_choice:
        form.ticks.setdefault(name, value)
    if not is_choice or "checked" in said:
        form.pairs.append((name, value))
