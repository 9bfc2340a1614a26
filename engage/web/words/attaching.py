"""Words about attachments."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {}
STEPS: Mapping[str, str] = {}
