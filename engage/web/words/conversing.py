"""Words of dialogues: what may go wrong on their desks, and what was done."""

from collections.abc import Mapping

STEPS: Mapping[str, str] = {}

REASONS: Mapping[str, str] = {
    "dialogue_is_over": "Buổi đối thoại đã kết thúc hoặc đã hủy, nên không sửa được nữa.",
    "dialogue_starts_in_the_past": "Giờ bắt đầu đã qua. Chọn một giờ sắp tới.",
    "dialogue_ends_too_early": "Giờ kết thúc phải sau giờ bắt đầu và sau lúc này.",
    "dialogue_has_no_guest": "Chưa có khách mời nào. Thêm ít nhất một người trước khi công bố.",
    "dialogue_has_no_group": "Chưa có nhóm chủ đề nào. Thêm ít nhất một nhóm trước khi công bố.",
    "dialogue_has_no_host": "Chưa có người dẫn chương trình. Thêm người dẫn trước khi mở phòng.",
    "no_guest_confirmed": "Chưa khách mời nào xác nhận tham dự. Mở phòng được khi có ít nhất một người.",
    "dialogue_reason_missing": "Viết lý do để bạn đọc biết, ít nhất %(least)s ký tự.",
    "dialogue_not_on_air": "Chỉ đưa câu hỏi lên hình được khi buổi đối thoại đang diễn ra.",
    "dialogue_has_not_ended": "Biên bản soạn được sau khi buổi đối thoại kết thúc.",
    "too_many_guests": "Một buổi đối thoại có nhiều nhất %(most)s khách mời.",
    "too_many_groups": "Một buổi đối thoại có nhiều nhất %(most)s nhóm chủ đề.",
    "group_is_announced": "Nhóm “%(name)s” đã công bố nên không bỏ được nữa.",
    "guest_missing": "Chọn khách mời mà người này đại diện.",
    "last_editor": "Mỗi buổi đối thoại cần ít nhất một người biên tập.",
    "stage_moved_on": "%(by)s vừa đưa một câu hỏi khác lên hình lúc %(at)s. Lần bấm của bạn chưa được ghi.",
    "reply_is_held": "%(by)s đang soạn câu trả lời này. Bạn có thể nhận lại để viết tiếp.",
    "reply_changed": "%(by)s vừa lưu một bản mới lúc %(at)s. Phần bạn viết vẫn còn ở đây, chưa được ghi.",
    "reply_is_handed_up": "Câu trả lời đang chờ khách mời xem. Muốn sửa, hãy lấy lại trước.",
    "reply_is_the_guests": "Chỉ khách mời, hoặc cán bộ giúp việc của khách mời, cho đăng câu trả lời này.",
    "reply_missing": "Chưa có chữ nào để gửi.",
    "minutes_are_empty": "Biên bản chưa có câu hỏi nào.",
    "minutes_not_approved": "Biên bản chưa được duyệt. Gửi duyệt, rồi công bố.",
    "minutes_changed": "Biên bản vừa được sửa lúc %(at)s. Phần bạn viết chưa được ghi.",
    "minutes_note_missing": "Viết rõ điều cần sửa, ít nhất %(least)s ký tự.",
    "poll_words_missing": "Viết câu hỏi thăm dò.",
    "poll_choices": "Cần từ %(least)s đến %(most)s lựa chọn khác nhau, mỗi dòng một lựa chọn.",
    "poll_is_closed": "Cuộc thăm dò đã đóng. Lựa chọn của bạn chưa được ghi.",
    "poll_takes_one": "Chỉ chọn được một mục.",
}
