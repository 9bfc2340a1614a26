"""Words about asking the same: who may not, and why."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "own_question": "Đây là câu hỏi của chính bạn, nên không tính thêm.",
    "too_many_votes": "Đang có rất nhiều người cùng bấm. Bấm lại sau ít giây.",
}
STEPS: Mapping[str, str] = {}
