"""Every table of the house, imported once: what migrations compare against."""

from engage import (
    access,
    agencies,
    answers,
    assignments,
    beats,
    deadlines,
    follows,
    histories,
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
    "beats",
    "cases",
    "deadlines",
    "follows",
    "histories",
    "kept",
    "log",
    "notices",
    "people",
    "policies",
    "questions",
    "revisions",
    "routing",
]
