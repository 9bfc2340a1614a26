"""Every table of the house, imported once: what migrations compare against."""

from engage import (
    access,
    agencies,
    answers,
    assignments,
    beats,
    calendars,
    chases,
    deadlines,
    digests,
    due_changes,
    follows,
    kept,
    notices,
    office_hours,
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
    "calendars",
    "cases",
    "chases",
    "deadlines",
    "digests",
    "due_changes",
    "follows",
    "kept",
    "log",
    "notices",
    "office_hours",
    "people",
    "policies",
    "questions",
    "revisions",
    "routing",
]
