"""Words about the directory, and about finding."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {}
STEPS: Mapping[str, str] = {}
WHICH: Mapping[str, str] = {
    "answered": "Đã trả lời",
    "open": "Đang chờ trả lời",
    "overdue": "Quá hạn trả lời",
    "all": "Tất cả",
}
ORDERS: Mapping[str, str] = {"best": "Khớp nhất", "newest": "Mới nhất"}
MONTHS: Mapping[str, str] = {"from": "Từ tháng %(month)s", "to": "Đến tháng %(month)s"}
