"""What the script on a portal's page says by itself: everything else it shows comes from our pages."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {}
STEPS: Mapping[str, str] = {}

WIDGET: Mapping[str, str] = {
    "loading": "Đang tải…",
    "trouble": "Chưa tải được phần này lúc này.",
    "unsent": "Chưa gửi được: mạng hoặc máy chủ đang bận. Bài bạn viết vẫn còn nguyên ở đây.",
    "retry": "Thử lại",
    "page": "Mở ở trang của chúng tôi",
    "more": "Xem tiếp",
    "one": "1 bình luận mới",
    "many": "{n} bình luận mới",
    "gone": "Một bình luận vừa được gỡ.",
    "sent": "Đã nhận bình luận của bạn, đang chờ duyệt.",
    "shown": "Bình luận của bạn đã hiện với bạn đọc.",
    "reply": "Trả lời {name}",
    "cancel": "Thôi",
    "writing_as": "Bạn viết với tên {name}.",
    "sign_in": "Đăng nhập ở trang này để gửi. Điều bạn viết vẫn còn nguyên ở đây.",
    "who": "Cho biết bạn là ai, một lần cho lần ghé này",
    "name": "Họ và tên",
    "email": "Địa chỉ thư điện tử",
    "mail_hint": "Chỉ để gửi mã xác nhận, không hiện ra.",
    "send_code": "Gửi mã cho tôi",
    "code": "Mã sáu chữ số trong thư",
    "code_sent": "Mã đang tới {mail}, dùng được trong 10 phút. Không thấy thư thì xem cả hộp thư rác.",
    "other_code": "Đổi địa chỉ hoặc xin mã mới",
    "confirm": "Xác nhận và gửi",
    "count_one": "1 bình luận",
    "count_many": "{n} bình luận",
    "count_none": "Chưa có bình luận",
}
