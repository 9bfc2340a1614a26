"""Every table of the house, imported once: what migrations compare against."""

from engage import (
    access,
    agencies,
    answers,
    assignments,
    audit,
    beats,
    deadlines,
    factors,
    follows,
    kept,
    links,
    notices,
    people,
    policies,
    questions,
    records,
    revisions,
    routing,
    tries,
)
from live import log
from moderation import cases

__all__ = [
    "access",
    "agencies",
    "answers",
    "assignments",
    "audit",
    "beats",
    "cases",
    "deadlines",
    "factors",
    "follows",
    "kept",
    "links",
    "log",
    "notices",
    "people",
    "policies",
    "questions",
    "records",
    "revisions",
    "routing",
    "tries",
]
