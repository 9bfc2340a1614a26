"""Words of a dialogue's room, for its readers."""

from collections.abc import Mapping

from engage.dialogues import Stage

REASONS: Mapping[str, str] = {}
STEPS: Mapping[str, str] = {}

# Stage of a room: what is said, its tone, its icon.
STAGES: Mapping[str, tuple[str, str, str]] = {
    Stage.SCHEDULED: ("Sắp diễn ra", "info", "date"),
    Stage.INTAKE: ("Đang nhận câu hỏi trước", "info", "ask"),
    Stage.LOBBY: ("Sắp bắt đầu", "wait", "clock"),
    Stage.LIVE: ("Đang diễn ra", "live", "mic"),
    Stage.PAUSED: ("Đang tạm dừng", "wait", "pause"),
    Stage.CLOSING: ("Đang trả lời những câu cuối", "live", "mic"),
    Stage.ENDED: ("Đã kết thúc", "", "check"),
    Stage.PUBLISHED: ("Đã có biên bản", "ok", "check"),
    Stage.CANCELLED: ("Đã hủy", "bad", "x"),
}
# Whether questions are taken, and what becomes of those that nobody answers in time.
INTAKES: Mapping[str, str] = {
    "open": "Câu hỏi hiện ra sau khi được duyệt. Câu chưa kịp trả lời sẽ được chuyển cơ quan, có hạn trả lời.",
    "off": "Tạm ngừng nhận câu hỏi. Câu đã gửi vẫn chờ đến lượt.",
    "closing": "Không nhận câu hỏi mới nữa. Câu chưa kịp trả lời sẽ được chuyển cơ quan, có hạn trả lời.",
    "over": "Câu chưa kịp trả lời trong buổi đối thoại được chuyển cơ quan, có hạn trả lời.",
}
SIZES: Mapping[str, str] = {"": "Chữ vừa", "large": "Chữ lớn", "largest": "Chữ rất lớn"}
