"""Words on the asker's side."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {}
STEPS: Mapping[str, str] = {}
