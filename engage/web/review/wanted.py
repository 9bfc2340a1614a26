"""What the queue is narrowed by, as it stands in the address: it survives every decision and every way back."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from engage.db import MOST_ID
from engage.queues import Wanted
from engage.web import cursors
from engage.web.house import actor
from engage.web.templates import query
from engage.web.views import View
from moderation.kinds import KINDS
from moderation.queue import Place

FILTERS = ("surface", "kind", "late", "sealed", "topic", "dialogue", "q")
LONGEST = 80


def asked(request: Request) -> dict[str, str]:
    """Without what is not asked: two addresses of the same queue are the same."""
    typed = {name: request.query_params.get(name, "")[:LONGEST] for name in FILTERS}
    if typed["kind"] not in KINDS:
        typed["kind"] = ""
    if cursors.number(typed["dialogue"]) is None:
        typed["dialogue"] = ""
    return {name: value for name, value in typed.items() if value}


def after(request: Request) -> Place | None:
    return cursors.read(request.query_params.get("after", ""))


def wanted(request: Request, view: View) -> Wanted:
    """An unknown topic finds nothing rather than everything."""
    typed = asked(request)
    topic = typed.get("topic", "")
    return Wanted(
        surface=typed.get("surface", ""),
        kind=typed.get("kind", ""),
        is_late="late" in typed,
        is_sealed="sealed" in typed and actor(request).may_unseal,
        topic_id=next((row.id for row in view.directory.topics.values() if row.slug == topic), 0) if topic else None,
        dialogue_id=cursors.number(typed.get("dialogue", "")),
        words=typed.get("q", ""),
    )


def kept(request: Request) -> str:
    """What every address of the desk ends with."""
    return query(asked(request))


def without(typed: Mapping[str, str], **changed: Any) -> str:
    return query({**typed, **changed})


def case_path(request: Request, case_id: int | None) -> str:
    """To a case, or to the queue when there is none."""
    path = f"/review/cases/{case_id}" if case_id and case_id <= MOST_ID else "/review"
    return path + kept(request)
