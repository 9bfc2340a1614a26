"""Words about attachments."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "file_empty": "Tệp “%(name)s” trống, không có nội dung.",
    "file_lies": "Tệp “%(name)s” thực ra là %(kind)s, không như đuôi tên tệp. Đổi đúng đuôi hoặc chọn tệp khác.",
    "file_lies_wholly": "Tệp “%(name)s” thật ra không phải %(called)s. Chọn tệp PDF, ảnh, DOCX hoặc XLSX.",
    "file_kind": "Tệp “%(name)s” không thuộc loại nhận được: PDF, JPEG, PNG, WebP, DOCX, XLSX.",
    "file_heic": "Ảnh “%(name)s” ở dạng HEIC của điện thoại. Lưu hoặc gửi lại ảnh ở dạng JPEG rồi chọn lại.",
    "file_old_office": "Tệp “%(name)s” ở dạng Office cũ hoặc có mật khẩu. Lưu lại thành DOCX, XLSX hoặc PDF, không đặt mật khẩu.",
    "file_damaged": "Tệp “%(name)s” bị hỏng hoặc thiếu một phần. Mở thử trên máy của bạn rồi chọn lại.",
    "file_two_in_one": "Tệp “%(name)s” chứa một tệp khác bên trong. In hoặc lưu lại thành PDF mới rồi chọn lại.",
    "file_locked": "Tệp “%(name)s” có mật khẩu hoặc bị khóa. Bỏ mật khẩu rồi chọn lại.",
    "file_acts": "Tệp “%(name)s” có lệnh tự chạy hoặc tệp nhúng. In lại thành PDF mới rồi chọn lại.",
    "file_macros": "Tệp “%(name)s” có macro. Lưu lại bản không có macro rồi chọn lại.",
    "file_carries": "Tệp “%(name)s” nhúng một tệp khác. Bỏ phần nhúng hoặc lưu thành PDF rồi chọn lại.",
    "file_bomb": "Tệp “%(name)s” bung ra quá lớn so với dung lượng. Lưu lại gọn hơn hoặc thành PDF.",
    "file_infected": "Tệp “%(name)s” có mã độc nên không được nhận. Quét máy của bạn trước khi gửi tệp khác.",
    "file_too_large": "Tệp “%(name)s” lớn hơn %(most)s MB. Giảm dung lượng hoặc chia nhỏ rồi chọn lại.",
    "files_too_large": "Các tệp cộng lại lớn hơn %(most)s MB. Bớt tệp hoặc giảm dung lượng rồi gửi lại.",
    "too_many_files": "Nhận nhiều nhất %(most)s tệp. Tệp “%(name)s” chưa được giữ.",
    "picture_too_large": "Ảnh “%(name)s” có hơn %(most)s triệu điểm ảnh. Thu nhỏ rồi chọn lại.",
    "picture_moves": "Ảnh “%(name)s” là ảnh động. Chọn một ảnh tĩnh.",
    "picture_undescribed": "Ghi ảnh “%(name)s” cho thấy gì, để người không xem được ảnh cũng biết.",
    "picture_wanted": "Tệp “%(name)s” không phải ảnh JPEG, PNG hoặc WebP. Chọn tệp ảnh.",
    "file_unscanned": "Tệp đang được kiểm tra mã độc, chưa công khai được.",
    "file_note_missing": "Ghi lý do không nhận tệp, ít nhất 5 ký tự: người gửi sẽ đọc.",
}
STEPS: Mapping[str, str] = {}

# (words, tone, icon)
FILE_STATES: Mapping[str, tuple[str, str, str]] = {
    "uploaded": ("Đã tải lên", "ok", "check"),
    "private": ("Chưa công khai", "info", "lock"),
    "published": ("Công khai", "ok", "eye"),
    "refused": ("Không được nhận", "bad", "x"),
    "scanning": ("Đang kiểm tra mã độc", "wait", "clock"),
    "infected": ("Có mã độc, đã bỏ", "bad", "warn"),
}
