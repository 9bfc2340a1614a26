"""Words of the desks of a dialogue, and of the hall's screen."""

from collections.abc import Mapping

STEPS: Mapping[str, str] = {}

REASONS: Mapping[str, str] = {}

# Where a dialogue stands: words and tone.
STAGES: Mapping[str, tuple[str, str]] = {
    "draft": ("Bản thảo", ""),
    "scheduled": ("Đã công bố", "info"),
    "intake": ("Đang nhận câu hỏi trước", "info"),
    "lobby": ("Sắp bắt đầu", "wait"),
    "live": ("Đang diễn ra", "live"),
    "paused": ("Tạm dừng", "wait"),
    "closing": ("Ngừng nhận câu hỏi", "wait"),
    "ended": ("Đã kết thúc", "ok"),
    "published": ("Đã công bố biên bản", "ok"),
    "cancelled": ("Đã hủy", "bad"),
}
# Where a reply stands.
WRITTEN: Mapping[str, tuple[str, str]] = {
    "drafting": ("Đang soạn", "info"),
    "handed_up": ("Chờ khách mời", "wait"),
    "released": ("Đã đăng", "ok"),
}
