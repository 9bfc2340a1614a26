"""Words about the directory, and about finding."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "row_name_missing": "Ghi tên, cả tiếng Việt và tiếng Anh.",
    "list_too_long": "Ghi nhiều nhất %(most)s mục, mỗi mục nhiều nhất %(length)s ký tự.",
    "slug_wrong": "Địa chỉ chỉ gồm chữ thường không dấu, chữ số và dấu gạch nối, ví dụ: bo-y-te.",
    "slug_taken": "Địa chỉ này đã có trong danh bạ.",
    "slug_unknown": "Không có dòng nào như vậy; bảng này chỉ sửa dòng đã có.",
    "slug_twice": "Dòng này lặp lại một địa chỉ đã có ở trên.",
    "row_changed": "%(by)s vừa sửa dòng này lúc %(at)s. Bản của bạn chưa được lưu và còn nguyên bên dưới.",
    "row_has_ended": "Dòng này đã ngừng dùng và có nơi kế tiếp, nên không sửa được.",
    "not_undoable": "Lần sửa cuối kéo theo nhiều việc khác, nên không hoàn tác được.",
    "agency_has_open_questions": "Cơ quan còn %(n)s câu chưa trả lời. Gộp vào cơ quan khác, hoặc chuyển các câu này đi trước.",
    "topic_has_open_questions": "Lĩnh vực còn %(n)s câu chưa trả lời. Chọn lĩnh vực kế tiếp ở mục “Ngừng dùng” bên dưới.",
    "agency_has_topics": "Cơ quan đang là nơi trả lời mặc định của lĩnh vực “%(topic)s”. Đổi nơi trả lời của lĩnh vực ấy trước.",
    "parent_is_below": "Cơ quan cấp trên này lại thuộc chính cơ quan đang sửa.",
    "successor_missing": "Chọn nơi kế tiếp, khác với dòng này và đang dùng.",
    "directory_moved_on": "Danh bạ vừa được người khác sửa sau khi bạn xem trước. "
    "Chưa có gì được ghi; xem lại bên dưới rồi áp dụng.",
    "sheet_has_faults": "Còn %(n)s dòng sai. Sửa trong bảng rồi xem trước lần nữa; chưa có gì được ghi.",
    "sheet_line_refused": "Dòng %(line)s (%(slug)s) không ghi được: nơi mà nó nhắc tới không có, "
    "hoặc dòng còn câu hỏi chưa trả lời. Chưa có gì được ghi.",
    "sheet_without_headings": "Dòng đầu phải là tên cột, trong đó có cột slug, mỗi tên một lần.",
    "sheet_unreadable": "Không đọc được bảng từ dòng %(line)s. Kiểm tra dấu ngoặc kép ở quanh đó.",
    "sheet_short_line": "Dòng này thiếu ô so với dòng tên cột.",
    "sheet_too_long": "Bảng dài quá %(most)s dòng. Chia ra rồi nhập từng phần.",
    "sheet_too_large": "Bảng lớn hơn %(most)s MB. Quay lại, chia ra rồi nhập từng phần.",
    "sheet_empty": "Bảng chưa có dòng nào dưới dòng tên cột.",
    "string_pattern_mismatch": "Giá trị này không có trong danh sách.",
    "bool_parsing": "Ghi yes hoặc no.",
    "missing": "Thiếu cột này.",
}
STEPS: Mapping[str, str] = {}

# Finding
WHICH: Mapping[str, str] = {
    "answered": "Đã trả lời",
    "open": "Đang chờ trả lời",
    "overdue": "Quá hạn trả lời",
    "all": "Tất cả",
}
# What ending a row came to.
ENDED: Mapping[str, str] = {
    "agencies": "Đã gộp cơ quan; %(n)s câu chưa trả lời sang cơ quan kế tiếp, người hỏi đọc được lý do.",
    "topics": "Đã ngừng dùng lĩnh vực; %(n)s câu chưa trả lời sang lĩnh vực kế tiếp.",
}
ORDERS: Mapping[str, str] = {"best": "Khớp nhất", "newest": "Mới nhất"}
MONTHS: Mapping[str, str] = {"from": "Từ tháng %(month)s", "to": "Đến tháng %(month)s"}

# The directory
NOUNS: Mapping[str, str] = {
    "agencies": "Cơ quan",
    "topics": "Lĩnh vực",
    "provinces": "Tỉnh, thành phố",
    "sections": "Chuyên mục diễn đàn",
    "reasons": "Lý do từ chối",
    "flag-reasons": "Lý do báo vi phạm",
    "terms": "Số ngày của mỗi bước",
    "hours": "Giờ gửi thư",
    "limits": "Giới hạn gửi",
    "policies": "Cách tiếp nhận",
    "retention": "Thời gian lưu giữ",
}
LEVELS: Mapping[str, str] = {"central": "Trung ương", "provincial": "Tỉnh, thành phố"}
KINDS: Mapping[str, str] = {
    "ministry": "Bộ",
    "ministerial_level": "Cơ quan ngang bộ",
    "government_agency": "Cơ quan thuộc Chính phủ",
    "sub_ministry": "Cơ quan thuộc bộ",
    "party_advisory": "Cơ quan tham mưu của Đảng",
    "party_committee_central": "Đảng ủy trực thuộc Trung ương",
    "party_non_business_unit": "Đơn vị sự nghiệp của Đảng",
    "party_press": "Báo chí của Đảng",
    "socio_political": "Mặt trận, đoàn thể",
    "state_office": "Văn phòng cơ quan nhà nước",
    "judiciary": "Tòa án, viện kiểm sát",
    "state_audit": "Kiểm toán nhà nước",
    "umbrella": "Cơ quan chỉ để ghi tên cấp trên",
    "provincial_party_committee": "Tỉnh ủy, thành ủy",
    "provincial_people_committee": "Ủy ban nhân dân tỉnh, thành phố",
}
COLUMNS: Mapping[str, str] = {
    "name_vi": "Tên tiếng Việt",
    "name_en": "Tên tiếng Anh",
    "active": "Đang dùng",
    "level": "Cấp",
    "kind": "Loại",
    "parent": "Cơ quan cấp trên",
    "province": "Tỉnh, thành phố",
    "keywords": "Từ khóa để phân luồng",
    "aliases": "Tên khác, tên trước đây",
    "answers": "Có trả lời câu hỏi",
    "field": "Nhóm",
    "agency": "Cơ quan trả lời mặc định",
    "note": "Ghi chú cho người phân luồng",
    "merged_from": "Sáp nhập từ",
}
ACTS: Mapping[str, str] = {
    "added": "thêm",
    "edited": "sửa",
    "imported": "nhập từ bảng",
    "undone": "hoàn tác",
    "removed": "xóa",
    "succeeded": "sáp nhập, kế tiếp",
}
SHEET: Mapping[str, str] = {
    "bad": "dòng sai",
    "added": "dòng thêm mới",
    "changed": "dòng thay đổi",
    "unchanged": "dòng giữ nguyên",
}
YES, NO, NOTHING = "có", "không", "(trống)"
