"""Words about people and their accounts."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "sign_in_wait": "Đăng nhập sai nhiều lần. Thử lại sau %(n)s phút, từ %(until)s.",
    "sign_in_wait_seconds": "Đăng nhập sai nhiều lần. Thử lại sau %(n)s giây.",
    "factor_wrong": "Mã chưa đúng hoặc đã dùng. Xem mã mới trong ứng dụng, hoặc nhập một mã dự phòng.",
    "factor_is_on": "Tài khoản này đã bật mã thứ hai. Muốn đổi máy, tắt mã cũ ở trang tài khoản trước.",
    "factor_is_off": "Tài khoản này chưa bật mã thứ hai.",
    "password_wrong": "Mật khẩu hiện tại chưa đúng.",
    "link_used": "Liên kết này đã dùng hoặc hết hạn. Xin một liên kết mới ở trang đăng nhập.",
    "email_taken": "Địa chỉ này đã có tài khoản, đang dùng hoặc đã kết thúc.",
    "last_administrator": "Đây là quản trị viên cuối cùng. Giao quyền quản trị cho người khác trước.",
    "own_administrator": "Bạn không tự bỏ quyền quản trị của mình. Nhờ một quản trị viên khác.",
    "own_account": "Bạn không tự kết thúc tài khoản của mình. Nhờ một quản trị viên khác.",
    "account_ended": "Tài khoản này đã kết thúc. Mở lại trước khi thay đổi.",
    "coordinator_by_administrator": "Đầu mối do quản trị viên của cổng thay đổi, không phải đầu mối khác.",
    "access_reason_missing": "Ghi lý do xem, ít nhất 10 ký tự. Lý do được lưu cùng tên bạn.",
    "access_what_missing": "Ghi ít nhất một điều cần tìm: địa chỉ mạng, tài khoản hoặc số câu hỏi.",
    "unknown_account": "Không có tài khoản cán bộ nào dùng địa chỉ này.",
    "question_number_wrong": "Số câu hỏi gồm toàn chữ số, như trong địa chỉ trang.",
}
STEPS: Mapping[str, str] = {}

ROLES: Mapping[str, str] = {
    "anyone": "Mọi người",
    "asker": "Người có mã tra cứu",
    "staff": "Mọi cán bộ đã đăng nhập",
    "moderator": "Kiểm duyệt viên",
    "unseal": "Được mở nội dung niêm phong",
    "agency": "Người của một cơ quan",
    "administrator": "Quản trị",
    "coordinator": "Đầu mối",
    "official": "Cán bộ",
    "approver": "Lãnh đạo duyệt",
}
STATES: Mapping[str, str] = {"active": "Đang dùng", "invited": "Đã mời, chưa đặt mật khẩu", "ended": "Đã kết thúc"}

# What an audit row says was done.
ACTS: Mapping[str, str] = {
    "person.signed_in": "Đăng nhập",
    "person.signed_out": "Đăng xuất",
    "sign_in.refused": "Đăng nhập không thành",
    "access.refused": "Bị từ chối vào",
    "factor.turned_on": "Bật mã thứ hai",
    "factor.turned_off": "Tắt mã thứ hai",
    "factor.codes_renewed": "Tạo mã dự phòng mới",
    "factor.recovery_used": "Dùng một mã dự phòng",
    "factor.reset": "Đặt lại mã thứ hai cho một người",
    "password.changed": "Đổi mật khẩu",
    "account.added": "Thêm tài khoản",
    "account.renamed": "Sửa tên của tài khoản",
    "account.changed": "Sửa quyền hoặc địa chỉ của tài khoản",
    "account.ended": "Kết thúc tài khoản",
    "account.reopened": "Mở lại tài khoản",
    "account.link_sent": "Gửi liên kết đặt mật khẩu",
    "account.signed_out": "Đăng xuất một người ở mọi nơi",
    "official.added": "Đầu mối mời cán bộ",
    "official.changed": "Đầu mối đổi việc của cán bộ",
    "official.ended": "Đầu mối cho cán bộ thôi việc ở cơ quan",
    "audit.read": "Xem nhật ký kiểm toán",
    "audit.exported": "Tải nhật ký kiểm toán",
    "access_record.read": "Xem nhật ký truy cập",
    "case.decided": "Quyết định kiểm duyệt",
    "case.sealed_read": "Đọc nội dung niêm phong",
    "clarification.sealed_read": "Đọc phần bổ sung niêm phong",
    "assignment.accepted": "Nhận xử lý",
    "assignment.given_back": "Trả lại ban biên tập",
    "assignment.transferred": "Chuyển tiếp",
    "assignment.rerouted": "Giao cơ quan khác",
    "assignment.due_changed": "Đổi độ phức tạp, tính lại hạn",
    "answer.sent": "Gửi lãnh đạo duyệt",
    "answer.given": "Duyệt và đăng câu trả lời",
    "answer.returned": "Trả bản thảo để sửa",
    "limit.changed": "Sửa giới hạn gửi",
    "reason.changed": "Sửa lý do từ chối",
}
RECORDED: Mapping[str, str] = {"signed_in": "Đăng nhập", "signed_out": "Đăng xuất", "posted": "Gửi nội dung"}
