"""Words when texts go to agencies and officials."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "official_has_it": "%(by)s vừa được giao câu này sau khi bạn mở trang. Việc của bạn chưa được ghi.",
    "person_missing": "Chọn một người trong danh sách.",
    "not_passed_on": "Câu hỏi này không do cơ quan khác chuyển tới. Nếu không thuộc việc của đơn vị, hãy chuyển tiếp hoặc trả lại.",
    "had_it_before": "%(agency)s đã từng có câu hỏi này. Chuyển lần nữa dễ thành vòng quanh; người hỏi thấy từng lần chuyển.",
    "exchanged_often": "Gần đây hai cơ quan đã chuyển cho nhau %(times)s câu cùng lĩnh vực. Nên để ban biên tập chọn nơi trả lời.",
    "work_has_begun": "Đã có người bắt đầu soạn hoặc nhờ phối hợp, nên không hoàn tác việc nhận xử lý được.",
    "batch_undone": "Việc này đã được hoàn tác rồi.",
    "batch_too_late": "Đã quá 15 phút nên không hoàn tác cùng lúc được nữa. Sửa từng câu.",
    "nothing_picked": "Chưa chọn câu nào. Đánh dấu những câu cần làm rồi bấm lại.",
    # Absences
    "date_missing": "Ghi ngày.",
    "ends_before_it_starts": "Ngày cuối không thể trước ngày đầu.",
    "absence_is_over": "Những ngày này đã qua.",
    "absence_too_long": "Một lần báo vắng dài nhất là một năm.",
    "already_away": "Người này đã được báo vắng đến %(until)s.",
    "stand_in_is_the_same": "Chọn một người khác làm thay.",
    "stand_in_is_away": "Người làm thay cũng vắng trong những ngày này. Chọn người khác.",
    # Coordinating agencies
    "share_note_missing": "Ghi điều cần phối hợp, ít nhất %(least)s ký tự.",
    "share_due_too_late": "Hẹn gửi ý kiến muộn nhất ngày %(last)s để kịp trả lời. Giảm số ngày.",
    "share_days_wrong": "Ghi số ngày làm việc, từ 1 đến 60.",
    "too_many_shares": "Một câu hỏi nhờ nhiều nhất %(most)s cơ quan phối hợp.",
    "share_asked_already": "Cơ quan này đã được nhờ phối hợp.",
    "share_part_missing": "Viết ý kiến của đơn vị, ít nhất %(least)s ký tự.",
    "share_reason_missing": "Ghi lý do, ít nhất %(least)s ký tự.",
}
STEPS: Mapping[str, str] = {
    "step_declined": "%(sender)s không nhận, câu hỏi trở lại %(agency)s",
    "step_handed": "Giao cho cán bộ",
    "step_handed_back": "Chưa giao ai",
    "step_shared": "%(agency)s cùng phối hợp trả lời",
}
# What a selection of texts comes to: for each act, what is said of those it was done to.
DONE: Mapping[str, str] = {
    "left": "%(n)s câu của người thôi việc về lại “chưa giao ai”; bản thảo còn nguyên.",
    "passed": "Đã cho thôi việc; %(n)s câu đang làm sang người bạn chọn.",
    "hand": "Đã giao %(n)s câu.",
    "accept": "Đã nhận xử lý %(n)s câu.",
    "take": "Đã nhận làm %(n)s câu.",
    "undo": "Đã hoàn tác: %(n)s câu trở lại như trước.",
    "complexity": "Đã đặt độ phức tạp cho %(n)s câu.",
}
LOST: Mapping[str, str] = {
    "official_has_it": "vừa được giao cho người khác",
    "answer_is_on_its_way": "câu trả lời đang chờ duyệt hoặc đã đăng",
    "not_found": "không còn ở đơn vị",
    "work_has_begun": "đã có người bắt đầu soạn hoặc nhờ phối hợp",
    "not_allowed": "bạn không có quyền làm việc này",
    "moved_on": "đã sang bước khác",
}
# One line of a digest: what was brought to somebody.
BROUGHT: Mapping[str, str] = {
    "handed": "Bạn được giao trả lời câu hỏi này",
    "official_left": "Một cán bộ của %(agency)s đã thôi nhiệm vụ; các câu đang làm dở chờ giao lại, bản thảo còn nguyên",
    "share_asked": "%(agency)s nhờ đơn vị bạn cho ý kiến",
    "share_answered": "Cơ quan được nhờ phối hợp đã hồi âm",
    "clarified": "Người hỏi đã bổ sung điều bạn cần biết; thời hạn trả lời chạy tiếp",
    "sent_back": "Ban biên tập đề nghị trả lời lại; người đã duyệt bản trước không duyệt bản mới",
    "translation": "Bản tiếng Anh của câu trả lời này chờ bạn duyệt",
}
# What an asked agency reads of its own part; whatever is not here it reads as the lead does.
OUR_SHARE_STATES: Mapping[str, tuple[str, str, str]] = {
    "asked": ("Chờ đơn vị gửi ý kiến", "wait", "clock"),
    "given": ("Đã gửi ý kiến", "ok", "check"),
}
# What an act on a part of an answer came to, and what can be done next.
PARTS: Mapping[str, str] = {
    "part_given": "Đã gửi ý kiến cho cơ quan chủ trì. Sửa lại được cho đến khi câu trả lời được gửi duyệt.",
    "part_declined": "Đã báo không phối hợp được; cơ quan chủ trì đọc được lý do. Đổi ý thì nhắn họ nhờ lại.",
    "part_withdrawn": "Đã thôi nhờ. Cần lại thì gửi lời nhờ mới.",
}
# What became of a question that left a desk: by how its turn there ended.
SENT: Mapping[str, str] = {
    "transferred": "Đã chuyển tới %(agency)s. Nơi ấy không nhận thì câu hỏi trở lại đơn vị bạn; người hỏi đã được báo.",
    "given_back": "Đã trả lại ban biên tập để chọn cơ quan khác. Cần lấy lại, nhắn ban biên tập.",
    "declined": "Đã trả câu hỏi về %(agency)s kèm lý do; người hỏi đã được báo.",
}
# How a row is marked that is no question to answer: (words, tone, icon).
TRANSLATION = ("Bản dịch", "wait", "share")
LEFT = "Người làm trước đã thôi việc."
SHARE_STATES: Mapping[str, tuple[str, str, str]] = {
    "asked": ("Chờ ý kiến", "wait", "clock"),
    "given": ("Đã có ý kiến", "ok", "check"),
    "declined": ("Không phối hợp được", "bad", "x"),
    "withdrawn": ("Đã thôi nhờ", "", "undo"),
}
