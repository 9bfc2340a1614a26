"""A writer's text as safe HTML. The one place where user text becomes markup; nothing rewrites its HTML afterwards."""

import bleach
import nh3
from bleach.linkifier import Linker
from markdown_it import MarkdownIt
from markupsafe import Markup

from moderation.text import clean

# bleach is quadratic in nesting, so the input is capped before it.
LONGEST = 10_000
TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a", "h3", "h4", "sup", "code", "hr"}
ATTRIBUTES = {"a": {"href", "title"}}
SCHEMES = {"http", "https", "mailto"}
REL = "nofollow ugc noopener"

_MARKDOWN = MarkdownIt("js-default", {"html": False, "linkify": False, "breaks": True}).disable("image")
_LINKER = Linker(callbacks=[], skip_tags={"code"}, parse_email=False)


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
    return Markup(  # noqa: S704 the sanitiser's own output
        nh3.clean(linked, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=REL)
    )
