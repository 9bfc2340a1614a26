"""Words about citizens, the portals they come from, and their widgets."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "citizen_link_used": "Liên kết này đã dùng hoặc hết hạn. Xin một liên kết mới, rồi mở thư mới nhất.",
    "citizen_code_over": "Mã này hết hạn, đã dùng, hoặc đã nhập sai quá năm lần. Xin một mã mới.",
    "citizen_code_wrong": "Mã chưa đúng. Xem lại sáu chữ số trong thư mới nhất.",
    "citizen_is_staff": "Tài khoản cán bộ do quản trị viên đổi tên và kết thúc, không phải ở trang này.",
}
STEPS: Mapping[str, str] = {}
