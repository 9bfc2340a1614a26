"""Bodies that no honest form sends, or that only look hostile. They know no door: what is typed goes into the fields given."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

FORM = "application/x-www-form-urlencoded"
BOUNDARY = "edge"
# Longer than the shortest field of every form may be, so that a form made of it comes back with the words.
LONG = 1_500
Pairs = list[tuple[str, str]]
Sent = tuple[str, bytes]
Hostile = Callable[[Pairs, tuple[str, ...]], Sent]


def long(text: str) -> str:
    return (text * (LONG // len(text) + 1))[:LONG]


# What people type, paste, or try. Every one of them is a text, and comes back as that text.
TEXTS: Mapping[str, str] = {
    "decomposed letters": unicodedata.normalize("NFD", long("Tôi được hưởng chế độ gì? ")),
    "invisible characters": long("giấy\u200b\u2060 tờ\ufeff\u00ad gì "),
    "turned writing": long("\u202eđảo\u202c \u2067chiều\u2069 "),
    "a database command": long("'); drop table question; -- \" ; select 1 "),
    "markup": long('<script>alert(1)</script><img src=x onerror="alert(1)">&lt;b&gt;'),
    "a template": long("{{ 7 * 7 }} {% raw %} ${7*7} %(name)s {0} "),
    "letters beyond the plane": long("🙏🏽 𝒜𝓃 ﷽ "),
    "one endless word": "ă" * LONG,
}


def form(pairs: Pairs) -> Sent:
    return FORM, urlencode(pairs).encode()


def _typed(pairs: Pairs, texts: tuple[str, ...], value: str) -> Pairs:
    return [(name, value if name in texts else kept) for name, kept in pairs]


def _raw(pairs: Pairs, texts: tuple[str, ...], value: str) -> Sent:
    """`value` stands already encoded."""
    said = "&".join(f"{quote(name)}={value if name in texts else quote(kept)}" for name, kept in pairs)
    return FORM, said.encode()


def with_file(pairs: Pairs, _texts: tuple[str, ...]) -> Sent:
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in pairs]
    parts.append('Content-Disposition: form-data; name="file"; filename="a.exe"\r\n\r\nMZ')
    return _multipart(parts)


def in_a_code_of_its_own(pairs: Pairs, texts: tuple[str, ...]) -> Sent:
    """A charset whose reading yields what no text may hold: half a surrogate pair."""
    typed = _typed(pairs, texts, long(r"x\ud800 "))
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in typed]
    kind, body = _multipart(parts)
    return f"{kind}; charset=unicode_escape", body


def _multipart(parts: list[str]) -> Sent:
    body = "".join(f"--{BOUNDARY}\r\n{part}\r\n" for part in parts) + f"--{BOUNDARY}--\r\n"
    return f"multipart/form-data; boundary={BOUNDARY}", body.encode()


@dataclass(frozen=True)
class Body:
    """`kept` is what the fields must hold when the form comes back: None for nothing, empty for what was typed."""

    make: Hostile
    kept: str | None = None


READABLE = long("a ")
# Bodies that are no honest form.
BODIES: Mapping[str, Body] = {
    "nothing": Body(lambda pairs, _: form([pair for pair in pairs if pair[0] in {"csrf", "key"}])),
    "ten megabytes": Body(lambda pairs, texts: form(_typed(pairs, texts or ("key",), "x" * 10_000_000))),
    "an empty character": Body(lambda pairs, texts: _raw(pairs, texts, quote(READABLE) + "%00"), READABLE),
    "bytes that are no text": Body(
        lambda pairs, texts: _raw(pairs, texts, quote(READABLE) + "%ff%fe%ed%a0%80"), READABLE
    ),
    "half a character": Body(lambda pairs, texts: _raw(pairs, texts, quote(READABLE) + "%e1%ba"), READABLE),
    "an empty key": Body(lambda pairs, _: form([(n, "\0" * 20 if n == "key" else v) for n, v in pairs]), ""),
    "an unknown field": Body(lambda pairs, _: form([*pairs, ("is_moderator", "1")]), ""),
    "a field twice": Body(
        lambda pairs, texts: form([*pairs, *[pair for pair in pairs if pair[0] in (texts or ("key",))]]), ""
    ),
    "a thousand fields": Body(lambda pairs, _: form([*pairs, *((f"f{n}", "x") for n in range(1_000))])),
    "lists for values": Body(lambda pairs, _: form([(n if n in {"csrf", "key"} else f"{n}[]", v) for n, v in pairs])),
    "another document": Body(lambda *_: ("application/json", b'{"title": NaN}')),
    "a deep document": Body(lambda *_: ("application/json", b"[" * 10_000 + b"]" * 10_000)),
    "no form at all": Body(lambda pairs, _: ("text/plain", urlencode(pairs).encode())),
    "a form cut short": Body(lambda pairs, texts: (with_file(pairs, texts)[0], with_file(pairs, texts)[1][:-9])),
    "a form with a file": Body(with_file),
    "a code of its own": Body(in_a_code_of_its_own),
}
