"""What our pages are made of, made fit for somebody else's page: whole addresses, icons brought along, styles that stay inside
`.engage` and hang on no size of the page around them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from engage.web.templates import Asset

SHEETS = ("tokens", "base", "layout", "parts", "notes", "lists", "forms", "dialogue", "comments", "widget", "modes")
SCRIPTS = (
    *("asking", "line", "session", "frame", "counts", "answers", "dialogue"),
    *("writing", "replying", "fresh", "comments", "tags"),
)
# Room for the tags before their script has come, as much as it reserves itself (`reserved` in js/widget).
RESERVED = {"engage-comments": 480, "engage-answers": 440, "engage-dialogue": 360}
PIXELS = 16  # a rem of ours; of the page around it nobody knows

_SYMBOL = re.compile(r'<symbol id="i-([a-z_-]+)" viewBox="([^"]+)">.*?</symbol>', re.DOTALL)
_USE = re.compile(r'<use href="[^"#]*#i-([a-z_-]+)"\s*/>')
_ADDRESS = re.compile(r'\b(href|src|action)="/(?!/)')
_LINK = re.compile(r"<a (?=[^>]*\bhref=)(?![^>]*\btarget=)")
_ROOT = re.compile(r"<section\b[^>]*>")
_REM = re.compile(r"(\d*\.?\d+)rem\b")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"\s*([^{};]*)([{;])")
_IMPORT = re.compile(r"^import .*?;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
_SPACE = re.compile(r"\s+")
_DROPPED = frozenset({":root", "html", "body", ".desk"})


# A fragment


def fragment(html: str, address: str, assets: Mapping[str, Asset], more: Iterable[str] = ()) -> str:
    """`more`: icons of pieces that may come later. Text that people wrote holds no such attribute: its quotes are escaped."""
    used = sorted({*_USE.findall(html), *more})
    html = _USE.sub(r'<use href="#i-\1"/>', html)
    html = _LINK.sub('<a target="_top" ', _ADDRESS.sub(rf'\1="{address}/', html))
    symbols = "".join(symbol for name, symbol in _symbols(assets) if name in used)
    sprite = f'<svg width="0" height="0" aria-hidden="true" hidden>{symbols}</svg>' if symbols else ""
    return _ROOT.sub(lambda root: root[0] + sprite, html.strip(), count=1)


def _symbols(assets: Mapping[str, Asset]) -> list[tuple[str, str]]:
    return [(found[1], found[0]) for found in _SYMBOL.finditer(assets["icons.svg"].body.decode())]


# Its styles


def sheet(assets: Mapping[str, Asset]) -> str:
    """Everything inside one layer and below `.engage`: a page that links it is not touched, and a shadow root takes it as it is."""
    found = [assets[name].body.decode() for one in SHEETS if (name := f"css/{one}.css") in assets]
    hoisted: list[str] = []
    rules = "".join(_inside(_COMMENT.sub("", text), hoisted) for text in found)
    order = "@layer tokens, base, layout, parts, modes;"
    room = " ".join(
        f"{tag}:not(:defined) {{ display: block; min-block-size: {high}px; }}" for tag, high in RESERVED.items()
    )
    text = f"@layer engage {{ {order} {room} {' '.join(hoisted)} .engage {{ {rules} }} }}"
    text = text.replace("color-scheme: light dark;", "color-scheme: inherit;")  # as the page around it
    text = _REM.sub(lambda size: f"{float(size[1]) * PIXELS:g}px", text)
    return _SPACE.sub(" ", text) + "\n"


def _inside(css: str, hoisted: list[str]) -> str:
    said = []
    for prelude, body in _rules(css):
        if body is None or prelude.startswith(("@font-face", "@page")):  # the order of layers; fonts are the page's own
            continue
        if prelude.startswith("@keyframes"):
            hoisted.append(f"{prelude} {{{body}}}")
        elif prelude.startswith("@"):
            said.append(f"{prelude} {{{_inside(body, hoisted)}}}")
        elif selectors := _selectors(prelude):
            said.append(f"{selectors} {{{body}}}")
    return "\n".join(said)


def _selectors(prelude: str) -> str:
    kept = [one for one in map(str.strip, re.split(r",(?![^()]*\))", prelude)) if one not in _DROPPED]
    return ", ".join("&" if one == ".engage" else one for one in kept)


def _rules(css: str) -> Iterator[tuple[str, str | None]]:
    """Each rule with what stands in its braces; None where there are none."""
    at = 0
    while found := _RULE.match(css, at):
        at = found.end()
        if found[2] == ";":
            yield found[1].strip(), None
            continue
        begin, depth = at, 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[at], 0)
            at += 1
        yield found[1].strip(), css[begin : at - 1]


# Its script


def script(assets: Mapping[str, Asset], words: str) -> str:
    """One module of several files, in their order: a page elsewhere loads one file. `words`: what it says, as JSON."""
    texts = (assets[f"js/widget/{name}.js"].body.decode() for name in SCRIPTS)
    body = "".join(_EXPORT.sub("", _IMPORT.sub("", text)) for text in texts)
    return f"const WORDS = {words};\n" + re.sub(r"^\s*//.*\n", "", body, flags=re.MULTILINE)
