"""Words about administration: rules, what is kept how long, and what needs attention."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {}
STEPS: Mapping[str, str] = {}

# What askers said of an agency's answers, for whoever reads the sum.
SAID_OF_ANSWERS: Mapping[str, str] = {
    "yes": "đúng điều được hỏi",
    "partly": "đúng một phần",
    "no": "chưa đúng điều được hỏi",
}
