"""Every table of the house, imported once: what migrations compare against."""

from engage import (
    access,
    agencies,
    answers,
    assignments,
    attachments,
    beats,
    deadlines,
    follows,
    kept,
    notices,
    people,
    policies,
    questions,
    revisions,
    routing,
)
from live import log
from moderation import cases

__all__ = [
    "access",
    "agencies",
    "answers",
    "assignments",
    "attachments",
    "beats",
    "cases",
    "deadlines",
    "follows",
    "kept",
    "log",
    "notices",
    "people",
    "policies",
    "questions",
    "revisions",
    "routing",
]
