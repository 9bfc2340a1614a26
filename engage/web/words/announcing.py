"""Words of a dialogue before it begins: its stages, what readers are told of its way, what may go wrong in its editor."""

from collections.abc import Mapping

STEPS: Mapping[str, str] = {}

REASONS: Mapping[str, str] = {}

# (words, tone, icon)
STAGES: Mapping[str, tuple[str, str, str]] = {
    "draft": ("Bản nháp", "", "pen"),
    "scheduled": ("Sắp diễn ra", "info", "date"),
    "intake": ("Đang nhận câu hỏi trước", "info", "ask"),
    "lobby": ("Sắp bắt đầu", "wait", "clock"),
    "live": ("Đang diễn ra", "live", "mic"),
    "paused": ("Đang tạm dừng", "wait", "pause"),
    "closing": ("Đang trả lời những câu cuối", "live", "mic"),
    "ended": ("Đã kết thúc", "", "check"),
    "published": ("Đã có biên bản", "ok", "check"),
    "cancelled": ("Đã hủy", "bad", "x"),
}

# What readers are told of a dialogue's way, by the fact that was recorded.
STEPS_TOLD: Mapping[str, str] = {
    "dialogue.announced": "Công bố buổi đối thoại",
    "dialogue.intake_opened": "Bắt đầu nhận câu hỏi trước",
    "dialogue.lobby_opened": "Mở phòng đối thoại",
    "dialogue.started": "Bắt đầu",
    "dialogue.paused": "Tạm dừng",
    "dialogue.resumed": "Tiếp tục",
    "dialogue.questions_closed": "Thôi nhận câu hỏi",
    "dialogue.extended": "Đổi giờ kết thúc",
    "dialogue.ended": "Kết thúc",
    "dialogue.published": "Công bố biên bản",
    "dialogue.cancelled": "Hủy buổi đối thoại",
}
