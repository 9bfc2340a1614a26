"""Words of the sifting desk and of the page of clusters."""

from collections.abc import Mapping

STEPS: Mapping[str, str] = {}

REASONS: Mapping[str, str] = {
    "nothing_to_merge": "Chọn ít nhất hai câu còn chờ trả lời để gộp.",
}
