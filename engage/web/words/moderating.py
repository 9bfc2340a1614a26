"""Words at the moderator's desk."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "call_words_missing": "Ghi đã gọi cho ai và hẹn gì, ít nhất %(least)s ký tự.",
    "changed_since_covered": "Bài đã thay đổi sau lần che, nên không bỏ che được nữa.",
    "personal_stays_visible": "Che rồi nhận, hoặc bấm “Vẫn nhận, để hiện %(places)s chỗ” nếu ai cũng được đọc các chỗ ấy.",
    "words_not_in_the_text": "Không thấy “%(words)s” trong câu hỏi. Chép đúng từng chữ như trong bài.",
    "nothing_to_cover": "Chưa chọn đoạn nào để che.",
    "returned_before": "Câu này đã trả để sửa một lần. Lần này nhận hoặc từ chối.",
    "merge_target_missing": "Không có câu hỏi công khai nào với số hoặc đường dẫn này.",
    "merge_into_itself": "Đây chính là câu hỏi đang xem, hoặc đã gộp vào nó.",
    "undo_too_late": "Đã quá thời gian hoàn tác; quyết định đã được thực hiện.",
    "undo_not_yours": "Quyết định này do người khác ghi. Chỉ người ghi hoàn tác được.",
    "undo_withdrawn": "Người hỏi vừa rút câu hỏi, nên không còn quyết định nào để hoàn tác.",
    "undo_author_changed": "Người hỏi vừa sửa câu hỏi, nên quyết định về bản cũ không còn hiệu lực. Đọc bản mới rồi quyết định.",
    "body_to_hand_over_missing": "Ghi tên cơ quan đã nhận bàn giao.",
    "second_person_needed": "Người đã niêm phong không tự xác nhận được. Nhờ một đồng nghiệp được phép mở hồ sơ niêm phong.",
    "hand_over_first": "Ghi việc bàn giao, hoặc xác nhận không có gì để bàn giao, rồi mới xóa nội dung.",
    "decide_first": "Quyết định hồ sơ này trước.",
    "none_chosen": "Chọn ít nhất một mục trong hàng chờ.",
    "too_many_chosen": "Chọn nhiều nhất %(most)s mục một lần.",
    "not_in_bulk": "Mục niêm phong, mục có thể là tố cáo, mục bạn đọc báo vi phạm phải xem từng cái.",
    "case_decided_return": "%(by)s đã trả mục này để sửa lúc %(at)s. Quyết định của bạn chưa được ghi.",
    "case_decided_merge": "%(by)s đã gộp mục này lúc %(at)s. Quyết định của bạn chưa được ghi.",
}
STEPS: Mapping[str, str] = {
    "step_return": "Trả lại để người hỏi sửa",
    "step_merge": "Gộp vào câu hỏi khác",
    "step_merged": "Gộp vào câu hỏi tương tự",
    "step_parted": "Tách ra thành câu hỏi riêng",
    "step_hidden": "Gỡ khỏi trang công khai",
    "step_restored": "Hiện lại trên trang công khai",
}
FILTERS: Mapping[str, str] = {
    "denunciation": "Có thể là tố cáo",
    "personal": "Thông tin riêng",
    "language": "Lời lẽ",
    "link": "Đường dẫn",
    "repeated": "Gửi lại",
    "other": "Lý do khác",
    "flagged": "Bạn đọc báo",
    "late": "Quá hạn duyệt",
    "sealed": "Niêm phong",
}
# What an act on a public question came to, and the way back.
ACTED: Mapping[str, str] = {
    "covered": "Đã che trên trang công khai; bản gốc vẫn giữ. Che nhầm thì người được mở nội dung niêm phong bỏ che được.",
    "uncovered": "Đã bỏ che; những chữ ấy hiện lại với mọi người. Cần che lại thì bấm “Che một đoạn…”.",
}
DONE: Mapping[str, str] = {
    "accept": "Đã nhận",
    "redact": "Đã che và nhận",
    "refuse": "Đã từ chối",
    "return": "Đã trả để sửa",
    "merge": "Đã gộp",
}
