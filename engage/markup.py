"""A writer's text as safe HTML. The one place where user text becomes markup; nothing rewrites its HTML afterwards."""

import re

import bleach
import nh3
from bleach.linkifier import Linker
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from moderation.text import clean

# bleach is quadratic in nesting, so the input is capped before it.
LONGEST = 10_000
COVER = "[đã che]"  # stands where something private was; readers see it as a mark
TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a", "h3", "h4", "sup", "code", "hr", "mark"}
ATTRIBUTES = {"a": {"href", "title"}}
SCHEMES = {"http", "https", "mailto"}
REL = "nofollow ugc noopener"

MOST_MARKS = 200
_ADDRESS = re.compile(r"(https?://[^\s<>\"']{1,500}[^\s<>\"'.,;:!?)\]])")
_CITED = re.compile(r"(?<![\\!\]])\[([0-9]{1,2})\](?![(\[])")
_MARKDOWN = MarkdownIt("js-default", {"html": False, "linkify": False, "breaks": True}).disable("image")
_LINKER = Linker(callbacks=[], skip_tags={"code"}, parse_email=False)


def plain(text: str) -> Markup:
    """A citizen's text: paragraphs and whole addresses as links, nothing else. No link can wear another one's words."""
    blocks = [block for block in clean(text)[:LONGEST].split("\n\n") if block.strip()]
    html = "".join(f"<p>{_linked(block)}</p>" for block in blocks)
    return _safe(html)


def cited(text: str) -> str:
    """`[2]` leads to the second document below the answer."""
    return _CITED.sub(r"[\\[\1\\]](#c\1)", text)


def references(text: str) -> list[int]:
    """The numbers of the documents that a text leads to."""
    return [int(number) for number in _CITED.findall(text)]


def has_too_many_marks(text: str) -> bool:
    """Some marks cost the renderer far more than a letter; no honest answer has hundreds of them."""
    return sum(text.count(mark) for mark in "[<&") > MOST_MARKS


def rendered(text: str) -> Markup:
    """Markdown → allow-list by bleach, with links found → the same allow-list by nh3, last."""
    html = _MARKDOWN.render(clean(text)[:LONGEST])
    cleaned = bleach.clean(
        html,
        tags=TAGS,
        attributes={tag: list(names) for tag, names in ATTRIBUTES.items()},
        protocols=SCHEMES,
        strip=True,
    )
    linked = _LINKER.linkify(cleaned)
    return _safe(linked)


def _safe(html: str) -> Markup:
    return Markup(  # noqa: S704 the sanitiser's own output
        nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=REL)
    )


def _linked(block: str) -> str:
    pieces = _ADDRESS.split(block)
    shown = [escape(piece) if place % 2 == 0 else _link(piece) for place, piece in enumerate(pieces)]
    return "<br>".join("".join(shown).split("\n")).replace(COVER, f"<mark>{COVER}</mark>")


def _link(address: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, address)
