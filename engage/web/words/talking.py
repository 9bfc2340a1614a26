"""What is said about remarks: posts of the forum, comments under articles."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "thread_closed": "Chủ đề đã đóng, không viết thêm được nữa.",
    "answers_nothing": "Bài mà bạn trả lời không còn hiện với bạn đọc.",
}
STEPS: Mapping[str, str] = {}
