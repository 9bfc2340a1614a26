"""Whether a form was ours, and which submission it is."""

import time
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape
from starlette.requests import Request

from engage import kept
from engage.web import guards
from engage.web.house import SESSION, cookie, house

GUEST = "guest"  # stands for the visitor where a form came from a portal's page, and no cookie was looked at


def is_guest_form(request: Request) -> bool:
    """Whether it came from a portal's page: it is shown, and counts when it is sent once more from there."""
    return bool(getattr(request.state, "is_guest_form", False))


def token_for(request: Request) -> str:
    """What every form of this page carries."""
    secret, at = house(request).settings.secret, int(time.time())
    if is_guest_form(request) or request.state.visitor.startswith(
        f"{GUEST} "
    ):  # confirmed, and something is still missing
        return guards.form_token(secret, GUEST, request.scope["path"], at)
    if not request.state.visitor:
        request.state.visitor = guards.new_visitor()
    return guards.form_token(secret, request.state.visitor, cookie(request, SESSION), at)


def fields(token: str, key: str) -> Markup:
    return Markup('<input type="hidden" name="csrf" value="{}"><input type="hidden" name="key" value="{}">').format(
        escape(token), escape(key)
    )


def verify(request: Request, token: str) -> None:
    """Made for this visitor in this session; or on the page that asks to confirm what came from a portal's page, which
    knew neither. That one counts only where the browser itself says that the request is ours."""
    secret, at = house(request).settings.secret, int(time.time())
    visitor, session = request.state.visitor, cookie(request, SESSION)
    is_ours = guards.is_form_token(secret, visitor, session, token, at)
    if not is_ours and not is_guest_form(request) and {"origin", "sec-fetch-site"} & set(request.headers.keys()):
        is_ours = guards.is_form_token(secret, GUEST, request.scope["path"], token, at)
        request.state.visitor = visitor or (f"{GUEST} {token}" if is_ours else "")
        request.state.had_visitor = request.state.had_visitor or is_ours
    request.state.is_verified = is_ours and not is_guest_form(request)


def name_submission(request: Request, items: Sequence[tuple[str, Any]], key: str) -> None:
    if not 16 <= len(key) <= 64 or not request.state.visitor:
        return
    body = "\0".join(f"{name}={value}" for name, value in sorted(items) if name != "csrf")
    request.state.sent = kept.Submission(
        visitor=guards.digest(request.state.visitor),
        door=request.scope["path"][:80],
        key=key,
        fingerprint=guards.digest(body),
    )
