"""Words about administration: the rules, what is kept how long, and what needs attention."""

from collections.abc import Mapping

from engage.web.words import timing

REASONS: Mapping[str, str] = {
    "reason_words_both": "Ghi lời gửi người hỏi bằng cả tiếng Việt và tiếng Anh.",
    "clock_wrong": "Ghi giờ dạng 07:30.",
    "kept_too_short": "Luật hoặc quy chế buộc giữ ít nhất %(least)s ngày.",
}
STEPS: Mapping[str, str] = {}

# What askers said of an agency's answers, for whoever reads the sum.
SAID_OF_ANSWERS: Mapping[str, str] = {
    "yes": "đúng điều được hỏi",
    "partly": "đúng một phần",
    "no": "chưa đúng điều được hỏi",
}

# How a number of a rule is counted.
WORKING_DAYS, DAYS, TIMES = "Số ngày làm việc", "Số ngày", "Số lần"
COUNTED: Mapping[str, str] = {WORKING_DAYS: "%(n)s ngày làm việc", DAYS: "%(n)s ngày", TIMES: "%(n)s lần"}

# What rows are called that have no name of their own: noun → key → words.
NAMES: Mapping[str, Mapping[str, str]] = {
    "term": timing.TERMS,
    "limit": {
        "ask": "Gửi câu hỏi",
        "ask_try": "Bấm gửi câu hỏi, kể cả khi biểu mẫu bị trả lại",
        "upload": "Gửi tệp",
        "search": "Tìm kiếm",
        "listen": "Theo dõi trực tiếp",
        "screen": "Màn hình lớn",
        "track": "Tra cứu bằng mã",
        "post": "Viết trên diễn đàn",
        "post_try": "Bấm gửi bài diễn đàn, kể cả khi biểu mẫu bị trả lại",
        "follow": "Theo dõi câu hỏi",
        "flag": "Báo vi phạm",
        "vote": "Tôi cũng hỏi",
        "sign_in": "Đăng nhập",
        "embed": "Phiên viết bài trên trang tích hợp",
        "embed_mail": "Mã qua thư trên trang tích hợp",
        "tell": "Việc trên trang riêng",
        "leave": "Đăng xuất",
        "decide": "Kiểm duyệt",
        "work": "Bàn cơ quan",
        "administer": "Quản trị",
    },
    "hours": {"agencies": "Giờ gửi thư cho cơ quan"},
    "policy": {
        "question": "Câu hỏi",
        "feedback": "Phản ánh, kiến nghị, góp ý",
        "dialogue": "Đối thoại trực tuyến",
        "post": "Bài viết diễn đàn",
        "comment": "Bình luận dưới bài",
    },
    "retention": {
        "access_record": "Nhật ký truy cập theo luật",
        "mail": "Thư đã gửi",
        "contact": "Thư, số điện thoại của người đã được trả lời",
        "refused": "Câu hỏi không được tiếp nhận",
        "withdrawn": "Câu hỏi người hỏi đã rút",
        "follow": "Việc theo dõi buổi đối thoại đã xong",
        "flag": "Lượt bạn đọc báo vi phạm",
        "log": "Tín hiệu cập nhật của bàn làm việc và trang riêng",
    },
}
# What waits at the desks.
WAITING: Mapping[str, str] = {
    "received": "Mới gửi, chờ máy sàng lọc",
    "cases": "Chờ kiểm duyệt",
    "overdue": "Quá hạn trả lời",
    "looks": "Chờ xem xét lại",
    "requests": "Yêu cầu về dữ liệu chờ quyết định",
    "notices": "Thư chờ gửi",
}
# What is wrong, and what to do about it.
ALARMS: Mapping[str, tuple[str, str]] = {
    "worker": (
        "Tiến trình chạy nền không báo còn sống.",
        "Thư, nhắc hạn và quét tệp đang dừng. Người vận hành khởi động lại tiến trình “engage work”.",
    ),
    "mail": (
        "%(n)s thư gửi mãi không được.",
        "Kiểm tra máy chủ thư. Thư không mất, sẽ gửi tiếp khi máy chủ trả lời.",
    ),
    "scan": (
        "%(n)s tệp chờ quét vi-rút quá mười phút.",
        "Kiểm tra máy quét. Chưa quét xong thì không ai mở được tệp.",
    ),
    "chain": (
        "Nhật ký kiểm toán không khớp chữ ký lưu ngoài cơ sở dữ liệu.",
        "Có dòng bị sửa, xóa hoặc cơ sở dữ liệu vừa được khôi phục. Chạy “engage audit verify” để biết dòng nào.",
    ),
}

# What goes, kind by kind, when its days are over.
ERASED: Mapping[str, str] = {
    "access_record": "Xóa từng dòng; luật buộc giữ ít nhất mười hai tháng.",
    "mail": "Xóa thư và việc đã gửi nó, tính từ lúc gửi.",
    "contact": "Xóa thư điện tử, số điện thoại và việc theo dõi; tên, câu hỏi và câu trả lời còn lại.",
    "refused": "Xóa mọi chữ của câu hỏi và người hỏi, tính từ quyết định cuối.",
    "withdrawn": "Xóa mọi chữ của câu hỏi và người hỏi, tính từ lúc rút.",
    "follow": "Xóa việc theo dõi và thư điện tử để lại, tính từ lúc kết thúc; thư của người gửi câu hỏi giữ theo câu hỏi.",
    "flag": "Xóa từng lượt báo và lời kèm theo, tính từ lúc báo.",
    "log": "Chỉ gồm số hiệu. Trang mở lâu hơn số ngày này sẽ tự tải lại; tín hiệu của trang công khai không xóa.",
}
ADDING: Mapping[str, str] = {
    "agencies": "Thêm cơ quan",
    "topics": "Thêm lĩnh vực",
    "provinces": "Thêm tỉnh, thành phố",
    "sections": "Thêm chuyên mục",
    "reasons": "Thêm lý do",
    "flag-reasons": "Thêm lý do báo",
}
LEADS: Mapping[str, str] = {
    "sections": "Bạn đọc thấy các chuyên mục theo thứ tự này. "
    "Chuyên mục ngừng dùng không nhận chủ đề mới và không có trên trang đầu; chủ đề cũ vẫn đọc được.",
    "reasons": "Người kiểm duyệt chọn một lý do ở đây; lời mẫu được gửi cho người hỏi. "
    "Lý do ngừng dùng vẫn còn trong các quyết định cũ.",
    "flag-reasons": "Bạn đọc chọn một lý do ở đây khi báo vi phạm. Lý do ngừng dùng vẫn còn trong các lượt báo cũ.",
    "terms": "Mỗi bước được bao lâu, mỗi việc được mấy lần. Trang Quy chế hiện các số này.",
    "limits": "Mỗi giới hạn tính riêng cho một người, một địa chỉ mạng và cho tất cả.",
    "policies": "Cách tiếp nhận và chuyển câu hỏi.",
}
COLUMNS: Mapping[str, str] = {
    "about_vi": "Giới thiệu, tiếng Việt",
    "about_en": "Giới thiệu, tiếng Anh",
    "place": "Thứ tự",
    "writers": "Ai được viết",
    "days": "Số",
    "certainty": "Độ chắc chắn",
    "words_vi": "Lời gửi người hỏi, tiếng Việt",
    "words_en": "Lời gửi người hỏi, tiếng Anh",
    "per_caller": "Một người",
    "per_address": "Một địa chỉ mạng",
    "overall": "Tất cả cùng lúc",
    "opens": "Từ giờ",
    "closes": "Đến giờ",
    "accepts_clean": "Tiếp nhận ngay câu không có gì cần xem lại",
    "most_hops": "Một câu đi qua nhiều nhất mấy cơ quan",
    "most_votes": "Số phiếu tính ngay từ một nơi, cho một câu trong một giờ",
    "flags_needed": "Báo vi phạm nặng đến mức nào thì người kiểm duyệt xem",
    "at_once": "Một lượt báo là người kiểm duyệt xem ngay",
    "undo_seconds": "Số giây còn hoàn tác được một quyết định kiểm duyệt",
    "allowed_hosts": "Trang mà đường dẫn tới được đăng ngay",
}
