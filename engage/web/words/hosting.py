"""Words of the desks of a dialogue, and of the hall's screen."""

from collections.abc import Mapping

from engage.boards import Order

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
# What the host's list says over questions that are in no section.
SECTIONLESS: Mapping[Order, str] = {Order.GROUP: "Chưa có nhóm", Order.GUEST: "Chưa giao khách mời"}
# Where a reply stands.
WRITTEN: Mapping[str, tuple[str, str]] = {
    "drafting": ("Đang soạn", "info"),
    "handed_up": ("Chờ khách mời", "wait"),
    "released": ("Đã đăng", "ok"),
}
