"""Words about answers."""

from collections.abc import Mapping

# What an act on an answer came to, and how it is taken back.
DONE: Mapping[str, str] = {
    "approval": "Đã gửi lãnh đạo duyệt. Cần sửa tiếp, nhờ lãnh đạo trả để sửa.",
    "published": "Đã duyệt; câu trả lời hiện công khai. Cần sửa thì mở đính chính.",
    "returned": "Đã trả để sửa kèm ý kiến của bạn.",
    "extended": "Đã gia hạn; người hỏi được báo lý do và hạn mới.",
    "marked": "Đã đánh dấu không còn phù hợp; người hỏi và người theo dõi được báo. Muốn bỏ dấu, xóa ngày rồi lưu.",
    "unmarked": "Đã bỏ dấu “không còn phù hợp”.",
}
REASONS: Mapping[str, str] = {
    "approver_was_first": "Bản này được xem lại lần hai, nên người đã duyệt bản trước không duyệt tiếp.",
    "citation_missing": "Bài dẫn [%(number)s] nhưng chỉ có %(count)s căn cứ.",
    "citations_missing": "Bài dẫn [%(number)s] nhưng chưa có căn cứ nào.",
    "citation_not_in_force": "%(numbers)s không còn hiệu lực hoặc chưa có hiệu lực. Nếu vẫn cần dẫn, đánh dấu ô này rồi gửi lại.",
    "letter_missing": "Ghi số và ngày của văn bản trả lời đã ký.",
    "answered_together": "Câu hỏi này trả lời chung với câu khác. Soạn và duyệt ở câu chính, hoặc tách câu này ra.",
    "together_count": "Chọn từ hai câu trở lên, nhiều nhất %(most)s câu đi cùng.",
    "together_agency": "Chỉ trả lời chung được các câu của cùng một cơ quan.",
    "together_step": "“%(title)s” chưa nhận xử lý, đang chờ duyệt hoặc đã trả lời, nên không gộp vào được.",
    "together_already": "“%(title)s” đang trả lời chung với một câu khác.",
    "together_leads": "“%(title)s” đang là câu chính của một nhóm khác.",
    "together_draft": "“%(title)s” đã có bản thảo riêng. Chọn câu ấy làm câu chính, hoặc trả lời riêng.",
    "correction_reason_missing": "Ghi lý do đính chính để người đọc hiểu, ít nhất %(least)s ký tự.",
    "correction_open": "Một bản đính chính của câu trả lời này đang được soạn hoặc chờ duyệt.",
    "outdated_day_missing": "Ghi ngày câu trả lời không còn phù hợp.",
    "outdated_reason_missing": "Ghi lý do để người đọc hiểu, ít nhất %(least)s ký tự.",
    "outdated_in_future": "Ngày này chưa tới. Ghi hôm nay hoặc một ngày trước đó.",
    "newer_unknown": "Ghi số của một câu hỏi khác đã có trả lời công khai.",
    "translation_short_missing": "Viết bản ngắn bằng tiếng Anh, ít nhất %(least)s ký tự.",
    "translation_full_missing": "Viết bản đầy đủ bằng tiếng Anh, ít nhất %(least)s ký tự.",
    "snippets_full": "Đã có %(most)s mẫu. Sửa mẫu ít dùng thay vì thêm mẫu mới.",
    "document_known": "Số hiệu này đã có trong danh mục.",
    "document_unknown": "Chưa có văn bản nào mang số hiệu này trong danh mục. Thêm văn bản ấy trước.",
    "document_replaces_itself": "Một văn bản không thay thế chính nó.",
    "document_ends_before_it_begins": "Ngày hết hiệu lực đứng trước ngày có hiệu lực.",
    "document_import_empty": "Dán ít nhất một dòng dưới dòng tiêu đề.",
    "document_import_large": "Mỗi lần nhập nhiều nhất %(most)s dòng.",
    "document_import_broken": "Có dòng không đọc được theo kiểu CSV. Kiểm tra dấu ngoặc kép và dấu phân cách.",
    "document_import_columns": "Dòng đầu phải có các cột number và title.",
}
STEPS: Mapping[str, str] = {"step_answer_corrected": "%(agency)s đính chính câu trả lời"}

# A cited document that is not in force.
STANDING: Mapping[str, str] = {
    "ended": "Hết hiệu lực sau ngày %(day)s.",
    "not_yet": "Có hiệu lực từ ngày %(day)s.",
}
# What of a document was changed.
DOCUMENT_FIELDS: Mapping[str, str] = {
    "number": "số hiệu",
    "title": "tên",
    "issuer": "cơ quan ban hành",
    "issued_on": "ngày ban hành",
    "link": "đường dẫn",
    "in_force_from": "ngày có hiệu lực",
    "in_force_until": "ngày hết hiệu lực",
    "replaced_by": "văn bản thay thế",
    "note": "ghi chú",
    "active": "còn dùng",
}
