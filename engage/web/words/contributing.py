"""Words about feedback (reports, proposals, contributions) and the campaigns that ask for it."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "subject_missing": "Tóm lại điều bạn gửi trong một câu.",
    "subject_too_short": "Câu tóm tắt mới có %(length)s ký tự. Viết ít nhất %(least)s ký tự.",
    "subject_too_long": "Câu tóm tắt dài %(length)s ký tự. Rút còn nhiều nhất %(most)s, phần còn lại kể ở ô dưới.",
    "place_missing": "Cho biết việc xảy ra ở đâu.",
    "time_missing": "Cho biết việc xảy ra khi nào.",
    "situation_missing": "Kể hiện nay việc ấy đang thế nào.",
    "outcome_missing": "Chọn kết quả: tiếp thu, tiếp thu một phần, giải trình hay ghi nhận.",
    "campaign_missing": "Chọn đợt bạn muốn góp ý.",
    "merge_restricted": "Nội dung này không công khai nên không gộp được vào nội dung bạn đọc thấy.",
    "merge_of_another_kind": "Câu hỏi chỉ gộp với câu hỏi; phản ánh, kiến nghị, góp ý chỉ gộp với nhau.",
    "together_kind": "“%(title)s” khác loại, hoặc không công khai như các mục kia, nên phải trả lời riêng.",
    "campaign_title_short": "Tên đợt góp ý cần ít nhất %(least)s ký tự.",
    "campaign_words_short": "Nói rõ hơn muốn nghe góp ý về điều gì: ít nhất %(least)s ký tự.",
    "campaign_order": "Ngày đóng phải sau ngày mở.",
    "campaign_closes_in_the_past": "Ngày đóng đã qua. Đặt ngày khác rồi công bố.",
    "campaign_changed": "Người khác vừa sửa đợt góp ý này. Bản của bạn vẫn ở đây; so với bản đã lưu rồi lưu lại.",
    "campaign_not_yet": "Đợt góp ý này chưa mở.",
    "campaign_over": "Đợt góp ý này đã hết hạn nhận. Nội dung bạn viết vẫn còn; bạn có thể chọn gửi dưới dạng kiến nghị.",
    "campaign_summary_short": "Viết điều đã tiếp thu, giải trình: ít nhất %(least)s ký tự.",
}
STEPS: Mapping[str, str] = {}
EVERY = "Tất cả"
READERS = "Nếu bạn chọn không công khai, chỉ ban biên tập và cơ quan trả lời đọc."
RESTRICTED: Mapping[str, str] = {
    "readers": "Chỉ ban biên tập và cơ quan trả lời đọc. Không hiện ở trang nào.",
    "retention": "Nội dung, thư và số điện thoại chỉ giữ để xử lý và theo quy định lưu trữ, không đăng công khai.",
}
FEED = "Phản ánh, kiến nghị, góp ý mới được trả lời"
STANDINGS: Mapping[str, tuple[str, str, str]] = {
    "draft": ("Bản nháp", "", "pen"),
    "soon": ("Sắp mở", "info", "clock"),
    "open": ("Đang nhận góp ý", "ok", "talk"),
    "ended": ("Đã hết hạn nhận", "wait", "clock"),
    "closed": ("Đã kết thúc", "", "check"),
}
OUTCOMES: Mapping[str, str] = {
    "accepted": "Tiếp thu",
    "partly": "Tiếp thu một phần",
    "explained": "Giải trình",
    "noted": "Ghi nhận",
}
KINDS: Mapping[str, str] = {
    "question": "Câu hỏi",
    "report": "Phản ánh",
    "proposal": "Kiến nghị",
    "contribution": "Góp ý",
}
