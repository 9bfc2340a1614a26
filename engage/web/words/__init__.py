"""The words for every reason that code gives: refusals, findings, steps, stages. Vietnamese here, English in the catalogue."""

from collections.abc import Mapping

from engage.web.words import (
    accounts,
    administering,
    announcing,
    answering,
    asking,
    assigning,
    attaching,
    citizens,
    commenting,
    contributing,
    conversing,
    directing,
    embedding,
    flagging,
    hosting,
    minuting,
    moderating,
    polling,
    refusals,
    rehearsing,
    rooming,
    sifting,
    talking,
    timing,
    voting,
)
from moderation.screening import Finding

AREAS = (
    accounts,
    administering,
    announcing,
    answering,
    asking,
    assigning,
    attaching,
    citizens,
    commenting,
    contributing,
    conversing,
    directing,
    embedding,
    flagging,
    hosting,
    minuting,
    moderating,
    polling,
    rooming,
    rehearsing,
    sifting,
    talking,
    timing,
    voting,
)

# Field errors of forms, and refusals of verbs. %(name)s are the figures that come with the reason.
REASONS: Mapping[str, str] = {code: said for area in (refusals, *AREAS) for code, said in area.REASONS.items()}

# Error pages: (heading, text) by status.
ERRORS: Mapping[int, tuple[str, str]] = {
    400: ("Yêu cầu không đọc được", "Trình duyệt gửi một yêu cầu chúng tôi không đọc được. Quay lại và thử lần nữa."),
    403: (
        "Bạn không có quyền làm việc này",
        "Việc này dành cho người khác, hoặc trang gửi đi không phải của chúng tôi.",
    ),
    404: ("Không có trang này", "Địa chỉ có thể đã gõ nhầm, hoặc nội dung không công khai."),
    405: ("Không làm được theo cách này", "Địa chỉ này không nhận cách gửi vừa rồi."),
    409: ("Có người vừa làm trước bạn", "Việc của bạn chưa được ghi. Tải lại trang để xem hiện trạng."),
    413: ("Nội dung quá lớn", "Biểu mẫu nhận nhiều nhất 64 KB. Quay lại, rút ngắn rồi gửi lần nữa."),
    422: ("Chưa gửi được", "Có chỗ cần sửa. Quay lại để xem."),
    429: ("Bạn gửi hơi nhanh", "Những gì bạn viết vẫn còn trong trình duyệt. Quay lại và gửi sau ít phút."),
    500: ("Lỗi của chúng tôi", "Chúng tôi đã ghi lại lỗi này. Việc của bạn chưa được ghi; thử lại sau ít phút."),
    503: ("Tạm thời chưa phục vụ được", "Nơi lưu trữ đang gián đoạn. Việc của bạn chưa được ghi; thử lại sau ít phút."),
}
RETRY = "Gửi tiếp được từ %(at)s."

STAGES: Mapping[str, tuple[str, str, str]] = {
    "new": ("Mới gửi", "info", "clock"),
    "in_review": ("Đang kiểm duyệt", "wait", "eye"),
    "sent": ("Đã chuyển cơ quan", "info", "route"),
    "working": ("Đang xử lý", "info", "pen"),
    "answered": ("Đã trả lời", "ok", "check"),
    "needs_more": ("Yêu cầu bổ sung", "wait", "pen"),
    "refused": ("Từ chối tiếp nhận", "bad", "x"),
    "withdrawn": ("Đã rút", "", "undo"),
    "merged": ("Đã gộp", "", "merge"),
    "hidden": ("Đã gỡ", "", "hide"),
    # Steps that only a desk sees
    "drafting": ("Đang soạn", "info", "pen"),
    "in_approval": ("Chờ duyệt", "wait", "user"),
    "offered": ("Mới giao", "wait", "route"),
    "again": ("Trả lời lại", "wait", "undo"),
}

STEPS: Mapping[str, str] = {code: said for area in AREAS for code, said in area.STEPS.items()} | {
    "step_received": "Đã gửi câu hỏi",
    "step_held": "Chờ kiểm duyệt",
    "step_accept": "Được tiếp nhận",
    "step_redact": "Được tiếp nhận, đã che thông tin riêng",
    "step_refuse": "Không được tiếp nhận",
    "step_accepted_by_rule": "Được tiếp nhận theo quy tắc đã công bố",
    "step_sent": "Chuyển tới %(agency)s",
    "step_transferred": "%(sender)s chuyển tiếp cho %(agency)s",
    "step_taken": "%(agency)s nhận xử lý",
    "step_given_back": "%(agency)s trả lại ban biên tập",
    "step_answered": "%(agency)s đã trả lời",
}

ROUTES: Mapping[str, str] = {
    "route_by_hand": "ban biên tập chọn %(agency)s",
    "route_by_guest": "khách mời của %(agency)s đã nhận câu hỏi này trong buổi đối thoại",
    "route_by_group": "nhóm chủ đề này của buổi đối thoại giao cho %(agency)s",
    "route_by_dialogue": "%(agency)s chủ trì buổi đối thoại",
    "route_wish": "người hỏi chọn %(agency)s",
    "route_follow_up": "câu hỏi nối tiếp câu đã được %(agency)s trả lời",
    "route_words": "câu hỏi nói đến %(words)s",
    "route_topic": "%(agency)s phụ trách lĩnh vực %(topic)s",
    "route_place": "việc này thuộc địa bàn của %(agency)s",
    "route_before": "%(agency)s đã trả lời %(times)s câu cùng lĩnh vực",
    "route_remit": "%(agency)s phụ trách việc này",
}
# One sentence out of the first two of these, in this order.
ROUTED = ("Vì %(first)s.", "Vì %(first)s và %(second)s.")

FINDINGS: Mapping[str, str] = {
    "denunciation": "Có thể là tố cáo",
    "complaint": "Có thể là khiếu nại",
    "phone": "Số điện thoại",
    "id_number": "Số căn cước hoặc chứng minh",
    "bank_account": "Số tài khoản ngân hàng",
    "email": "Địa chỉ thư điện tử",
    "address": "Địa chỉ nhà",
    "plate": "Biển số xe",
    "vulgar": "Lời thô tục",
    "insult": "Lời xúc phạm",
    "slur": "Lời miệt thị",
    "threat": "Lời đe dọa",
    "link": "Đường dẫn ra ngoài",
    "repeated": "Đã gửi trước đó",
    "repeats_itself": "Lặp đi lặp lại",
    "too_short": "Quá ngắn",
    "too_long": "Quá dài",
    "shouting": "Viết hoa hoặc chấm than dồn dập",
    "no_diacritics": "Viết không dấu",
    "flagged": "Bạn đọc báo vi phạm",
}
CERTAINTY: Mapping[str, str] = {"weak": "yếu, chỉ để biết", "fair": "khá chắc", "sure": "chắc chắn"}
TONES: Mapping[str, str] = {"note": "info", "hold": "warn", "seal": "bad"}

SURFACES: Mapping[str, str] = {
    "question": "Câu hỏi",
    "feedback": "Phản ánh, kiến nghị, góp ý",
    "post": "Bài viết diễn đàn",
    "comment": "Bình luận dưới bài",
}
POSTS: Mapping[str, str] = {
    "moderator": "Kiểm duyệt viên",
    "administrator": "Quản trị",
    "coordinator": "Đầu mối",
    "official": "Cán bộ",
    "approver": "Lãnh đạo duyệt",
}
FIELDS: Mapping[str, str] = {
    "xay-dung-dang": "Xây dựng Đảng",
    "he-thong-chinh-tri": "Mặt trận và đoàn thể",
    "bo-may-can-bo": "Bộ máy, cán bộ",
    "lao-dong-an-sinh": "Lao động, an sinh",
    "kinh-te-tai-chinh": "Kinh tế, tài chính",
    "ha-tang-do-thi": "Hạ tầng, đô thị",
    "van-hoa-xa-hoi": "Văn hóa, xã hội",
    "quoc-phong-an-ninh-tu-phap": "Quốc phòng, an ninh, tư pháp",
    "cong": "Cổng thông tin",
}
AGENCY_GROUPS: Mapping[str, str] = {
    "party": "Cơ quan Đảng ở trung ương",
    "state": "Quốc hội, Chính phủ, tòa án, viện kiểm sát",
    "ministry": "Bộ, cơ quan ngang bộ, cơ quan thuộc Chính phủ",
    "union": "Mặt trận Tổ quốc và các đoàn thể",
    "province": "Tỉnh, thành phố",
}
WHY_DUE: Mapping[str, str] = {
    "counted": "Hạn là %(days)s ngày làm việc, tính từ sau ngày cơ quan được giao %(start)s.",
    "weekends": "Không tính thứ Bảy, Chủ nhật.",
    "holiday": "Không tính ngày nghỉ %(day)s (%(name)s).",
}
FEED = "Câu hỏi mới được trả lời"
OUTDATED = "Câu trả lời này không còn phù hợp."
ANONYMOUS = "Người hỏi đề nghị ẩn tên"
ANONYMOUS_TO_READERS = "%(name)s (ẩn tên với bạn đọc)"
SEALED_TITLE = "Nội dung niêm phong"
TITLE_WITHHELD = "(nội dung xem trên trang riêng của bạn)"
WAITED_NOT = "vừa xong"
WAITED_MINUTES, WAITED_HOURS, WAITED_DAYS = "chờ %(n)s phút", "chờ %(n)s giờ", "chờ %(n)s ngày"
CONSENT: Mapping[str, str] = {
    "purpose": "Nhận câu hỏi, chuyển cơ quan có trách nhiệm trả lời, báo tin cho bạn.",
    "readers": "Bạn đọc thấy câu hỏi, và tên nếu bạn không ẩn. Thư và số điện thoại chỉ người kiểm duyệt và cơ quan trả lời xem.",
    "retention": "Câu hỏi đã trả lời được lưu công khai. Thư, số điện thoại chỉ giữ để xử lý câu hỏi và theo quy định lưu trữ.",
}


def of_finding(finding: Finding) -> str:
    return FINDINGS.get(finding.reason, finding.reason)
