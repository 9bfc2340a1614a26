"""Words of the minutes of a dialogue and of its figures."""

from collections.abc import Mapping

STEPS: Mapping[str, str] = {}
REASONS: Mapping[str, str] = {}

# What the minutes say, in every form of them.
MINUTES: Mapping[str, str] = {
    "title": "Biên bản: %(title)s",
    "time": "Thời gian: từ %(start)s đến %(end)s",
    "place": "Địa điểm: %(place)s",
    "host": "Người dẫn: %(names)s",
    "corrected": "Có đính chính sau khi công bố.",
    "guests": "Khách mời",
    "guest": "%(name)s, %(title)s",
    "course": "Diễn biến",
    "no_group": "Câu hỏi khác",
    "question": "Câu %(n)s. %(title)s",
    "asked": "%(who)s hỏi lúc %(at)s",
    "asked_from": "%(who)s (%(place)s) hỏi lúc %(at)s",
    "votes": "%(n)s người cũng hỏi",
    "answered": "Trả lời lúc %(at)s.",
    "permalink": "Địa chỉ của câu trả lời",
    "correction": "Đính chính %(at)s. Lý do: %(reason)s",
    "versions": "Xem các bản trước",
    "later": "Trả lời sau buổi đối thoại",
    "later_by": "%(agency)s trả lời ngày %(at)s",
    "polls": "Thăm dò ý kiến",
    "poll_of": "%(words)s (%(n)s người tham gia)",
    "poll_choice": "Lựa chọn",
    "poll_times": "Số lượt chọn",
    "poll_few": "Ít hơn 10 người tham gia nên không nêu kết quả.",
    "figures": "Số liệu của buổi đối thoại",
    "figure": "Nội dung",
    "number": "Số lượng",
    "board": "BAN BIÊN TẬP",
    "approved": "Duyệt ngày %(at)s",
}
HAPPENED: Mapping[str, str] = {
    "dialogue.started": "Bắt đầu",
    "dialogue.paused": "Tạm dừng",
    "dialogue.resumed": "Tiếp tục",
    "dialogue.extended": "Đổi giờ kết thúc",
    "dialogue.questions_closed": "Ngừng nhận câu hỏi",
    "dialogue.ended": "Kết thúc",
}
WHY = "%(at)s: %(words)s. Lý do: %(reason)s"
FIGURES: Mapping[str, str] = {
    "advance": "Câu hỏi gửi trước",
    "live": "Câu hỏi gửi trong buổi",
    "persons": "Số người hỏi",
    "votes": "Lượt “Tôi cũng hỏi”",
    "peak": "Lúc đông nhất, số người cùng theo dõi",
    "answered_live": "Trả lời trong buổi",
    "answered_later": "Trả lời sau buổi",
    "waiting": "Chưa trả lời",
    "median": "Thời gian chờ trả lời ở giữa (trung vị), phút",
}
STATES: Mapping[str, str] = {
    "draft": "Đang soạn biên bản",
    "sent": "Biên bản chờ duyệt",
    "approved": "Biên bản đã duyệt",
}
