"""Every table of the house, imported once: what migrations compare against."""

from engage import (
    access,
    agencies,
    answers,
    assignments,
    beats,
    deadlines,
    follows,
    kept,
    merges,
    notices,
    people,
    policies,
    presence,
    questions,
    revisions,
    routing,
    seals,
    takedowns,
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
    "kept",
    "log",
    "merges",
    "notices",
    "people",
    "policies",
    "presence",
    "questions",
    "revisions",
    "routing",
    "seals",
    "takedowns",
]
