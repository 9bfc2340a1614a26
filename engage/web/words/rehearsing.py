"""Words of rehearsals: what an editor is told."""

from collections.abc import Mapping

STEPS: Mapping[str, str] = {}

REASONS: Mapping[str, str] = {
    "rehearsal_is_on": "Một buổi diễn tập đang mở. Kết thúc và xóa buổi đó trước khi diễn tập lần nữa.",
    "only_rehearsals_are_wiped": "Chỉ xóa được buổi diễn tập. Buổi đối thoại thật thì hủy, có lý do cho bạn đọc.",
}
