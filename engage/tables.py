"""Every table of the house, imported once: what migrations compare against."""

from engage import (
    absences,
    access,
    agencies,
    answers,
    assignments,
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
    "absences",
    "access",
    "agencies",
    "answers",
    "assignments",
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
