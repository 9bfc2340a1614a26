"""Words of polls in a dialogue: what may go wrong, and how one stands."""

from collections.abc import Mapping

STEPS: Mapping[str, str] = {}

REASONS: Mapping[str, str] = {
    "poll_choice_too_long": "Mỗi lựa chọn có nhiều nhất %(most)s ký tự.",
    "poll_choice_missing": "Bạn chưa chọn mục nào.",
    "poll_choices_changed": "Các lựa chọn vừa được sửa. Đọc lại rồi chọn.",
    "poll_is_marked": "Đã có người chọn nên không sửa được nữa. Nếu có chỗ sai, hãy rút lại cuộc thăm dò và nêu lý do.",
    "poll_needs_the_room": "Chỉ mở thăm dò được từ khi mở phòng đến khi buổi đối thoại kết thúc.",
    "poll_reason_missing": "Viết lý do rút lại để bạn đọc biết, ít nhất %(least)s ký tự.",
    "too_many_polls": "Một buổi đối thoại có nhiều nhất %(most)s cuộc thăm dò.",
}
# Where a poll stands: words, tone and icon.
STATES: Mapping[str, tuple[str, str, str]] = {
    "draft": ("Chưa mở", "", "pen"),
    "open": ("Đang thăm dò", "live", "figures"),
    "closed": ("Đã đóng", "ok", "check"),
    "withdrawn": ("Đã rút lại", "bad", "x"),
}
