"""What is said about flags: what readers report, and what became of it."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "flag_reason_missing": "Chọn một lý do.",
    "flag_own": "Đây là bài của chính bạn. Không muốn để bài nữa thì bạn sửa hoặc rút bài.",
}
STEPS: Mapping[str, str] = {}
# What became of a flag, as its reader is told.
STANDS: Mapping[str, str] = {
    "waiting": "Đã nhận. Người kiểm duyệt xem khi có đủ căn cứ, hoặc ngay khi việc gấp.",
    "upheld": "Người kiểm duyệt đã xem và đã che phần vi phạm hoặc gỡ nội dung này.",
    "dismissed": "Người kiểm duyệt đã xem và để nguyên nội dung này.",
}
# What a moderator decided about a text that readers have.
DECIDED: Mapping[str, str] = {
    "accept": "Để nguyên",
    "redact": "Đã che",
    "refuse": "Đã gỡ xuống",
}
