"""Words about due dates and chasing."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "extend_overdue": "Hạn trả lời đã qua nên không gia hạn được. Trả lời sớm nhất có thể.",
    "extend_answer_on_its_way": "Câu trả lời đang chờ duyệt hoặc đã đăng, nên không gia hạn nữa.",
    "extend_accept_first": "Nhận xử lý trước khi gia hạn.",
    "extend_too_often": "Mỗi câu hỏi chỉ được gia hạn %(times)s lần, và đã dùng hết.",
    "extend_too_long": "Ghi số ngày làm việc từ 1 đến %(most)s.",
    "extend_reason_short": "Ghi lý do gia hạn, ít nhất %(least)s ký tự. Người hỏi và bạn đọc đều thấy.",
    "term_days_wrong": "Ghi một số từ %(least)s đến %(most)s.",
    "hours_wrong": "Giờ bắt đầu phải trước giờ kết thúc.",
    "calendar_day_wrong": "Ghi ngày dạng 02/09/2026 hoặc 2026-09-02.",
    "calendar_kind_wrong": "Loại ngày là “holiday” (ngày nghỉ) hoặc “make_up_day” (ngày làm bù).",
    "calendar_name_missing": "Ghi tên ngày bằng cả tiếng Việt và tiếng Anh.",
    "calendar_name_garbled": "Chữ Việt bị lỗi. Lưu tệp với bảng mã UTF-8 rồi dán lại.",
    "calendar_certainty_wrong": "Độ chắc chắn là “official”, “announced”, “unverified” hoặc “projected”.",
    "calendar_too_many_lines": "Tệp có quá %(most)s dòng. Chia thành từng năm rồi nhập.",
    "calendar_column_missing": "Dòng đầu phải ghi tên các cột; còn thiếu: %(column)s.",
    "calendar_day_twice": "Ngày này đã có ở một dòng trước.",
    "calendar_nothing_to_do": "Không có gì để ghi: sửa các dòng sai, hoặc tệp giống hệt lịch đang dùng.",
    "calendar_moved_on": "Lịch vừa được người khác sửa. Xem lại những thay đổi dưới đây rồi ghi.",
}
STEPS: Mapping[str, str] = {"step_extended": "%(agency)s gia hạn trả lời"}

# Why a date is that date. Each sentence stands alone.
COUNTED: Mapping[str, str] = {
    "acknowledge": "Cơ quan có %(days)s ngày làm việc để nhận xử lý hoặc chuyển đi, tính từ sau ngày được giao %(start)s.",
    "again": "Cơ quan có %(days)s ngày làm việc để trả lời lại, tính từ sau ngày ban biên tập gửi lại %(start)s.",
    "approve": "Lãnh đạo có %(days)s ngày làm việc để duyệt, tính từ sau ngày gửi duyệt %(start)s.",
}
WHY: Mapping[str, str] = {
    "worked": "Có tính ngày làm bù %(day)s.",
    "complexity_set": "Ngày %(on)s, câu hỏi được xếp là phức tạp: thêm %(days)s ngày làm việc.",
    "complexity_unset": "Ngày %(on)s, câu hỏi được xếp là đơn giản: bớt %(days)s ngày làm việc.",
    "paused": "Tạm dừng từ ngày %(on)s để chờ người hỏi bổ sung; những ngày này không tính.",
    "resumed": "Đã tạm dừng từ ngày %(since)s đến ngày %(on)s để chờ người hỏi bổ sung: lùi %(days)s ngày làm việc.",
    "extended": "Ngày %(on)s, %(agency)s gia hạn thêm %(days)s ngày làm việc. Lý do: %(reason)s",
    "handed_over": "Ngày %(on)s, câu hỏi sang cơ quan khác khi gần hết hạn: cơ quan nhận được thêm %(days)s ngày làm việc, "
    "tính cho %(agency)s đã giữ câu hỏi.",
    "calendar_changed": "Ngày %(on)s, lịch ngày nghỉ thay đổi: hạn từ %(before)s thành %(after)s.",
}
PORTAL_DESK = "ban biên tập"

TERMS: Mapping[str, str] = {
    "moderate_simple": "Kiểm duyệt một câu hỏi phải đọc trước",
    "acknowledge_simple": "Cơ quan nhận xử lý, hoặc chuyển đi",
    "answer_simple": "Trả lời một câu hỏi đơn giản, kể từ khi chuyển cơ quan",
    "answer_complex": "Trả lời một câu hỏi phức tạp, kể từ khi chuyển cơ quan",
    "approve_simple": "Lãnh đạo duyệt câu trả lời",
    "clarify_simple": "Người hỏi bổ sung điều cơ quan cần biết",
    "second_look_simple": "Cơ quan trả lời lại sau khi ban biên tập xem xét lại",
    "data_request_simple": "Quyết định yêu cầu về dữ liệu cá nhân",
    "extend_simple": "Gia hạn một câu hỏi đơn giản, nhiều nhất",
    "extend_complex": "Gia hạn một câu hỏi phức tạp, nhiều nhất",
    "handed_over_simple": "Cơ quan nhận câu hỏi chuyển đến có ít nhất",
    "extensions_simple": "Số lần gia hạn một câu hỏi",
    "due_soon_simple": "Nhắc trước hạn",
    "supervisor_simple": "Báo lãnh đạo và cơ quan cấp trên sau khi quá hạn",
    "portal_desk_simple": "Báo ban biên tập sau khi quá hạn",
    "rounds_simple": "Cơ quan được đề nghị người hỏi bổ sung",
    "rating_simple": "Người hỏi sửa được đánh giá, kể từ lần đầu",
    "follow_up_simple": "Người hỏi gửi được câu hỏi nối tiếp, kể từ khi có trả lời",
}

# One line of a digest, and of the portal desk's list: which clock, how far.
CLOCKS: Mapping[str, str] = {
    "acknowledge": "Nhận xử lý",
    "answer": "Trả lời",
    "approve": "Duyệt trả lời",
    "again": "Trả lời lại",
}
CHASED: Mapping[str, str] = {
    "acknowledge_offered": "Mới giao, nhận xử lý hoặc chuyển đi chậm nhất %(day)s",
    "acknowledge_due": "Hôm nay là hạn nhận xử lý (%(day)s)",
    "acknowledge_overdue": "Quá hạn nhận xử lý (%(day)s)",
    "answer_due_soon": "Sắp đến hạn trả lời %(day)s",
    "answer_due": "Hôm nay là hạn trả lời (%(day)s)",
    "answer_overdue": "Quá hạn trả lời (%(day)s)",
    "again_due_soon": "Sắp đến hạn trả lời lại %(day)s",
    "again_due": "Hôm nay là hạn trả lời lại (%(day)s)",
    "again_overdue": "Quá hạn trả lời lại (%(day)s)",
    "approve_due": "Hôm nay là hạn duyệt (%(day)s)",
    "approve_overdue": "Quá hạn duyệt (%(day)s)",
}
CHASE_STEPS: Mapping[str, str] = {
    "offered": "Báo mới giao",
    "due_soon": "Nhắc sắp đến hạn",
    "due": "Nhắc đến hạn",
    "overdue": "Nhắc quá hạn",
    "supervisor": "Báo lãnh đạo, cấp trên",
    "portal_desk": "Báo ban biên tập",
}

DAY_KINDS: Mapping[str, str] = {"holiday": "Ngày nghỉ", "make_up_day": "Ngày làm bù"}
CERTAINTIES: Mapping[str, str] = {
    "official": "Chính thức",
    "announced": "Đã công bố",
    "unverified": "Chưa kiểm chứng",
    "projected": "Dự kiến",
}
