"""Words of a dialogue before it begins: its stages, what readers are told of its way, what may go wrong in its editor."""

from collections.abc import Mapping

STEPS: Mapping[str, str] = {}

REASONS: Mapping[str, str] = {
    "dialogue_title_missing": "Viết tên buổi đối thoại.",
    "dialogue_ends_before_it_starts": "Giờ kết thúc phải sau giờ bắt đầu.",
    "dialogue_changed": "Một biên tập viên khác vừa lưu trước bạn. Phần bạn viết vẫn còn ở đây, chưa được ghi.",
    "moment_wrong": "Ghi ngày giờ dạng 22/11/2026 14:00.",
    "cohost_wrong": "Dòng “%(line)s” cần có tên trang rồi địa chỉ bắt đầu bằng https://",
    "too_many_cohosts": "Ghi nhiều nhất %(most)s trang cùng tổ chức.",
    "guest_name_missing": "Viết họ tên khách mời.",
    "guest_title_missing": "Viết đầy đủ chức vụ của khách mời.",
    "group_name_too_long": "Tên mỗi nhóm dài nhất %(most)s ký tự.",
    "cover_missing": "Chọn một ảnh.",
    "cover_undescribed": "Ghi ảnh cho thấy gì. Ảnh bạn chọn đã được giữ, không cần chọn lại.",
    "cover_unscanned": "Chưa kiểm tra được mã độc của ảnh “%(name)s” nên ảnh chưa được giữ. Thử lại sau ít phút.",
}

# (words, tone, icon)
STAGES: Mapping[str, tuple[str, str, str]] = {
    "draft": ("Bản nháp", "", "pen"),
    "scheduled": ("Sắp diễn ra", "info", "date"),
    "intake": ("Đang nhận câu hỏi trước", "info", "ask"),
    "lobby": ("Sắp bắt đầu", "wait", "clock"),
    "live": ("Đang diễn ra", "live", "mic"),
    "paused": ("Đang tạm dừng", "wait", "pause"),
    "closing": ("Đang trả lời những câu cuối", "live", "mic"),
    "ended": ("Đã kết thúc", "", "check"),
    "published": ("Đã có biên bản", "ok", "check"),
    "cancelled": ("Đã hủy", "bad", "x"),
}

# What readers are told of a dialogue's way, by the fact that was recorded.
STEPS_TOLD: Mapping[str, str] = {
    "dialogue.announced": "Công bố buổi đối thoại",
    "dialogue.intake_opened": "Bắt đầu nhận câu hỏi trước",
    "dialogue.lobby_opened": "Mở phòng đối thoại",
    "dialogue.started": "Bắt đầu",
    "dialogue.paused": "Tạm dừng",
    "dialogue.resumed": "Tiếp tục",
    "dialogue.questions_closed": "Thôi nhận câu hỏi",
    "dialogue.postponed": "Đổi thời gian",
    "dialogue.extended": "Đổi giờ kết thúc",
    "dialogue.ended": "Kết thúc",
    "dialogue.published": "Công bố biên bản",
    "dialogue.cancelled": "Hủy buổi đối thoại",
}

PARTS: Mapping[str, str] = {
    "editor": "Biên tập viên",
    "host": "Người dẫn chương trình",
    "guest": "Khách mời",
    "officer": "Cán bộ giúp việc của khách mời",
    "scribe": "Người ghi câu trả lời",
}

# The button to the desk of each part.
DESKS: Mapping[str, str] = {
    "host": "Mở bàn người dẫn",
    "guest": "Mở bàn khách mời",
    "scribe": "Mở bàn ghi câu trả lời",
    "sift": "Sàng câu hỏi",
    "edit": "Sửa và công bố",
    "minutes/edit": "Soạn biên bản",
}

CHECKLIST: Mapping[str, str] = {
    "guests": "Ít nhất một khách mời (bắt buộc)",
    "groups": "Ít nhất một nhóm chủ đề (bắt buộc)",
    "about": "Lời dẫn hoặc phần giới thiệu",
    "confirmed": "Ít nhất một khách mời đã xác nhận",
    "host": "Người dẫn chương trình",
    "answers": "Tài khoản của khách mời hoặc cán bộ giúp việc",
    "agency": "Cơ quan trả lời những câu chưa kịp trả lời",
}

FIELDS: Mapping[str, str] = {
    "title": "Tên buổi đối thoại",
    "lead": "Lời dẫn",
    "about": "Giới thiệu",
    "starts_at": "Bắt đầu",
    "ends_at": "Kết thúc",
    "place": "Nơi tổ chức",
    "cohosts": "Trang cùng tổ chức",
    "video_url": "Địa chỉ hình trực tiếp",
}

# (title, what follows, button) of each next step.
NEXT: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "announce": (
        "Công bố buổi đối thoại này?",
        (
            "Trang giới thiệu hiện với mọi người, cùng khách mời và nhóm chủ đề.",
            "Từ lúc này, đổi thời gian hoặc hủy phải nêu lý do cho bạn đọc; nhóm chủ đề chỉ thêm, không bớt.",
        ),
        "Công bố",
    ),
    "intake": (
        "Mở nhận câu hỏi gửi trước?",
        (
            "Bạn đọc gửi câu hỏi được ngay; mỗi câu chờ kiểm duyệt rồi vào danh sách của buổi đối thoại.",
            "Câu nào buổi đối thoại chưa kịp trả lời được chuyển tới cơ quan, có hạn trả lời.",
        ),
        "Mở nhận câu hỏi",
    ),
    "time": (
        "Đổi thời gian buổi đối thoại",
        (
            "Trang giới thiệu ghi thời gian mới kèm lý do của bạn.",
            "Tệp lịch bạn đọc tải lại sẽ thay thời gian cũ.",
            "Người gửi câu hỏi trước và người nhờ nhắc được báo ngay qua thư.",
        ),
        "Đổi thời gian",
    ),
    "cancel": (
        "Hủy buổi đối thoại này?",
        (
            "Trang giới thiệu ghi là đã hủy kèm lý do của bạn. Việc này không lùi lại được.",
            "Câu hỏi đã được tiếp nhận chuyển tới cơ quan có trách nhiệm trả lời.",
            "Người gửi câu hỏi trước và người nhờ nhắc được báo ngay qua thư.",
        ),
        "Hủy buổi đối thoại",
    ),
}
