"""What is said about remarks: posts of the forum, comments under articles."""

from collections.abc import Mapping

from engage.access import Moderation
from engage.sections import Writers

REASONS: Mapping[str, str] = {
    "thread_closed": "Chủ đề đã đóng, không viết thêm được nữa.",
    "answers_nothing": "Bài mà bạn trả lời không còn hiện với bạn đọc.",
    "thread_forwarded": "Chủ đề này đã được gửi thành câu hỏi rồi; mỗi chủ đề gửi một lần.",
    "thread_has_poll": "Chủ đề này đã có một cuộc thăm dò. Rút lại cuộc ấy trước khi mở cuộc khác.",
    "poll_until_wrong": "Ghi ngày cuối của cuộc thăm dò, từ hôm nay, trong vòng %(days)s ngày.",
    "poll_sign_in": "Bạn cần đăng nhập để chọn: mỗi người một lần chọn.",
    "forum_sign_in": "Bạn cần đăng nhập trước khi gửi. Mở trang đăng nhập ở cửa sổ khác, xong thì quay lại đây gửi: "
    "điều bạn viết vẫn còn.",
    "edit_must_be_clean": "Bản sửa có chỗ phải có người đọc trước: thông tin riêng, đường dẫn hoặc lời lẽ. Bỏ chỗ ấy rồi lưu lại; "
    "bản cũ vẫn giữ nguyên.",
    "post_changed": "Bài đã được sửa ở nơi khác; bản mới ở phía trên. Điều bạn vừa viết còn nguyên, lưu lại là thay bản mới.",
    "opening_was_answered": "Chủ đề đã có người đáp nên không rút được bài mở đầu. Cần gỡ thì báo người kiểm duyệt.",
}
STEPS: Mapping[str, str] = {}
WRITERS: Mapping[str, str] = {
    Writers.GUESTS: "Khách xác nhận thư ngay khi gửi bài",
    Writers.CITIZENS: "Người đã đăng nhập",
}
FEED = "Diễn đàn: chủ đề có bài mới"
SAID = "%(n)s bài."
POST = "Bài %(n)s: %(name)s"
# Where a post stands, as its author reads it: what is said, its tone, its icon.
STANDS: Mapping[str, tuple[str, str, str]] = {
    Moderation.RECEIVED: ("Đã nhận, sẽ hiện trong giây lát", "info", "clock"),
    Moderation.HELD: ("Đang chờ người kiểm duyệt đọc", "wait", "eye"),
    Moderation.ACCEPTED: ("Đang hiện với bạn đọc", "ok", "check"),
    Moderation.RETURNED: ("Chưa được đăng", "", "info"),
    Moderation.REFUSED: ("Không được đăng", "bad", "x"),
    Moderation.HIDDEN: ("Đã được gỡ", "bad", "hide"),
    Moderation.WITHDRAWN: ("Bạn đã rút bài", "", "undo"),
}
