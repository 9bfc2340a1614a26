"""schema.org in a page: a dialogue as an Event, a question with its answers, and how either stands in a template.

Knows what readers see and nothing else: whoever calls has asked for what is public.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup

from engage.dialogues import Dialogue, Stage
from engage.guests import Guest
from engage.web.templates import iso

Thing = Mapping[str, Any]


def event(dialogue: Dialogue, guests: Iterable[Guest], url: str) -> Thing:
    """`url` is the dialogue's whole address; it is held there, so that is its place."""
    cancelled = dialogue.stage == Stage.CANCELLED
    return _filled(
        {
            "@type": "Event",
            "@id": url,
            "url": url,
            "name": dialogue.title,
            "description": dialogue.lead,
            "startDate": iso(dialogue.started_at or dialogue.starts_at),
            "endDate": iso(dialogue.ended_at or dialogue.ends_at),
            "eventStatus": f"https://schema.org/{'EventCancelled' if cancelled else 'EventScheduled'}",
            "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
            "location": {"@type": "VirtualLocation", "url": url},
            "performer": [person(guest) for guest in guests],
            "inLanguage": "vi",
        }
    )


def question(title: str, text: str, asked_at: datetime, votes: int, url: str, answers: Sequence[Thing]) -> Thing:
    return _filled(
        {
            "@type": "Question",
            "@id": url,
            "name": title,
            "text": text,
            "dateCreated": iso(asked_at),
            "upvoteCount": votes,
            "answerCount": len(answers),
            "acceptedAnswer": list(answers),
        }
    )


def answer(text: str, author: Thing, at: datetime, url: str, corrected_at: datetime | None = None) -> Thing:
    return _filled(
        {
            "@type": "Answer",
            "text": text,
            "url": url,
            "dateCreated": iso(at),
            "dateModified": iso(corrected_at) if corrected_at else "",
            "author": author,
        }
    )


def person(guest: Guest) -> Thing:
    return {"@type": "Person", "name": guest.name, "jobTitle": guest.title}


def agency(name: str) -> Thing:
    """Who answered afterwards."""
    return {"@type": "GovernmentOrganization", "name": name}


def qa_page(asked: Thing) -> Thing:
    """The page of one question."""
    return {"@type": "QAPage", "mainEntity": asked}


def report(held: Thing, asked: Sequence[Thing]) -> Thing:
    """The minutes: what was asked and answered at an event."""
    return {"@type": "Report", "about": held, "hasPart": list(asked)}


def block(thing: Thing) -> Markup:
    """The whole element, for a template to show; nothing inside can write its end."""
    said = json.dumps({"@context": "https://schema.org", **thing}, ensure_ascii=False)
    escaped = said.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(f'<script type="application/ld+json">{escaped}</script>')  # noqa: S704 escaped here


def _filled(thing: Thing) -> Thing:
    """Without what is not known."""
    return {name: value for name, value in thing.items() if value not in ("", None, [])}
