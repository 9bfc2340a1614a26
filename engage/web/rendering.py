"""Making a page out of a template: what every page may use, and the hidden fields of its forms."""

import secrets
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from markupsafe import Markup
from starlette.requests import Request

from engage.access import Role
from engage.agencies import Post
from engage.web import proofs
from engage.web.house import actor, house, language
from engage.web.language import localized, other_than
from engage.web.templates import initials


def render(request: Request, name: str, context: Mapping[str, Any]) -> str:
    mine, spoken, path = house(request), language(request), request.scope["path"]
    other = other_than(spoken)
    asked = request.scope["query_string"].decode("latin-1")
    return mine.templates.get(name, spoken).render(
        {
            "url": partial(localized, language=spoken),
            # With one slash: "//elsewhere" would be an address of somebody else's.
            "other_language": localized("/" + path.lstrip("/\\"), other)
            + (f"?{asked}" if asked and request.method in {"GET", "HEAD"} else ""),
            "viewer": viewer(request),
            "site": mine.settings.site,
            "demonstration": not mine.settings.is_production,
            **context,
        }
    )


def viewer(request: Request) -> Mapping[str, Any] | None:
    """The signed-in person, as pages show them."""
    who = actor(request)
    if who.person_id is None:
        return None
    return {
        "name": who.name,
        "initials": initials(who.name),
        "is_moderator": who.is_moderator,
        "is_administrator": who.is_administrator,
        "agencies": sorted(who.posts),
        "is_staff": who.has(Role.STAFF),
        "has_dialogues": who.has(Role.CREW),
        "coordinates": any(Post.COORDINATOR in posts for posts in who.posts.values()),
    }


def media_type(name: str) -> str:
    return "application/atom+xml" if name.endswith(".xml") else "text/html"


def guarding(request: Request) -> Callable[[], Markup]:
    """The two hidden fields of every form: proof that it is ours, the same for all forms of a page, and a key that makes sending
    it twice harmless."""
    token = ""

    def guard() -> Markup:
        nonlocal token
        token = token or proofs.token_for(request)
        return proofs.fields(token, secrets.token_urlsafe(18))

    return guard


def no_guard() -> Markup:
    raise RuntimeError("a page that is kept for everybody cannot hold a form that writes")
