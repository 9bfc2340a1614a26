"""Every table of the house, imported once: what migrations compare against."""

from engage import (
    access,
    agencies,
    answers,
    assignments,
    beats,
    companions,
    deadlines,
    documents,
    follows,
    kept,
    notices,
    people,
    policies,
    questions,
    revisions,
    routing,
    snippets,
    transcripts,
    translations,
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
    "companions",
    "deadlines",
    "documents",
    "follows",
    "kept",
    "log",
    "notices",
    "people",
    "policies",
    "questions",
    "revisions",
    "routing",
    "snippets",
    "transcripts",
    "translations",
]
