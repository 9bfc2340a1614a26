"""Words of a dialogue's room, for its readers."""

from collections.abc import Mapping

from engage.dialogues import Stage
from engage.turns import Floor

REASONS: Mapping[str, str] = {
    "dialogue_takes_none_yet": "Buổi đối thoại chưa mở nhận câu hỏi. Ngày giờ mở ghi ở trang giới thiệu.",
    "dialogue_takes_none_now": "Người dẫn chương trình đang tạm ngừng nhận câu hỏi. Bạn cứ viết sẵn rồi gửi lại sau ít phút.",
    "dialogue_takes_no_more": "Buổi đối thoại không nhận câu hỏi mới nữa.",
    "slow_mode": "Để ai cũng kịp hỏi, hai câu của một người cách nhau ít nhất %(slow)s giây. Gửi lại được sau %(wait)s giây nữa.",
    "sent_before": "Bạn đã gửi đúng câu này lúc %(at)s. Câu ấy vẫn còn, không cần gửi lại.",
    "asked_enough": "Mỗi người gửi nhiều nhất %(most)s câu tới buổi đối thoại này, và bạn đã gửi đủ.",
}
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
# What became of a question that was sent to a dialogue, as its asker reads it.
FLOORS: Mapping[str, str] = {
    "": "Câu hỏi đang chờ được duyệt, rồi vào phòng đối thoại.",
    Floor.WAITING: "Câu hỏi đã vào phòng, đang chờ đến lượt.",
    Floor.QUEUED: "Câu hỏi sắp được trả lời.",
    Floor.ON_STAGE: "Câu hỏi đang được trả lời.",
    Floor.ANSWERED: "Câu hỏi đã được trả lời trong buổi đối thoại.",
    Floor.ASIDE: "Câu hỏi chưa trả lời được trong giờ này, sau đó sẽ được chuyển cơ quan, có hạn trả lời.",
    Floor.CARRIED: "Buổi đối thoại chưa kịp trả lời, nên câu hỏi đã được chuyển cơ quan có trách nhiệm.",
}
# Where a question of a dialogue stands, for its readers.
STANDS: Mapping[str, str] = {
    Floor.WAITING: "Đang chờ",
    Floor.QUEUED: "Sắp trả lời",
    Floor.ON_STAGE: "Đang được trả lời",
    Floor.ANSWERED: "Đã trả lời",
    Floor.ASIDE: "Sẽ chuyển cơ quan",
    Floor.CARRIED: "Đã chuyển cơ quan",
}
