"""What is said about comments under articles."""

from collections.abc import Mapping

from engage.access import Moderation

REASONS: Mapping[str, str] = {
    "article_missing": "Thiếu mã bài hoặc địa chỉ bài.",
    "article_wrong": "Mã bài hoặc ngày đăng chưa đúng dạng.",
    "article_elsewhere": "Địa chỉ bài không thuộc trang đã đăng ký.",
    "article_unknown": "Chưa có bình luận nào ở bài mang mã ấy. Kiểm tra lại mã bài.",
    "article_same": "Đây là mã của chính bài này.",
    "article_closed": "Ban biên tập đã đóng bình luận ở bài này. Bình luận đã đăng vẫn đọc được.",
    "article_old": "Bài này đã hết thời gian nhận bình luận. Bình luận đã đăng vẫn đọc được.",
    "article_section": "Chuyên mục của bài này không nhận bình luận.",
    "articles_many": "Mỗi lần đếm được từ 1 đến %(most)s bài.",
    "comment_missing": "Viết bình luận của bạn trước khi gửi.",
    "comment_answers_nothing": "Bình luận mà bạn trả lời không còn hiện với bạn đọc.",
    "comment_site": "Trang này chưa đăng ký nhận bình luận ở đây.",
    "comment_sign_in": "Bạn cần đăng nhập trước khi gửi. Mở trang đăng nhập ở cửa sổ khác, xong thì quay lại đây gửi: "
    "điều bạn viết vẫn còn.",
    "comment_in_review": "Bình luận đang chờ người kiểm duyệt đọc nên chưa sửa được. Bạn có thể rút lại rồi viết bình luận khác.",
    "comment_changed": "Bình luận đã được sửa ở nơi khác. Xem bản mới rồi sửa tiếp; điều bạn vừa viết còn nguyên.",
    "denunciation_hint": "Điều bạn viết có thể là tố cáo. Việc tố cáo không gửi qua bình luận: luật có cách tiếp nhận riêng "
    "để bảo vệ bạn. Chưa có gì được lưu; không phải tố cáo thì bạn gửi lại và xác nhận.",
    "no_visitor": "Trình duyệt chưa nhận ra bạn. Tải lại trang rồi bấm lại.",
    "own_comment": "Đây là bình luận của bạn; lượt hữu ích do người khác chọn.",
    "embed_site_differs": "Phiên viết bài thuộc một trang khác. Tải lại trang rồi gửi lần nữa.",
}
STEPS: Mapping[str, str] = {}
ORDERS: Mapping[str, str] = {"newest": "Mới nhất", "oldest": "Cũ nhất", "useful": "Hữu ích nhất"}
MARKS = "Bình luận viết có dấu thì dễ đọc và được nhiều người trả lời hơn. Bạn có thể sửa lại bất cứ lúc nào."
# Where a comment stands, as its author reads it: what is said, its tone, its icon.
STANDS: Mapping[str, tuple[str, str, str]] = {
    Moderation.RECEIVED: ("Đã nhận bình luận, sẽ hiện trong giây lát", "info", "clock"),
    Moderation.HELD: ("Đã nhận bình luận, đang chờ người kiểm duyệt đọc", "wait", "eye"),
    Moderation.ACCEPTED: ("Bình luận đang hiện với bạn đọc", "ok", "check"),
    Moderation.RETURNED: ("Bình luận chưa được đăng", "", "info"),
    Moderation.REFUSED: ("Bình luận không được đăng", "bad", "x"),
    Moderation.HIDDEN: ("Bình luận đã được gỡ", "bad", "hide"),
    Moderation.WITHDRAWN: ("Bạn đã rút bình luận", "", "undo"),
}
