"""Words of the sifting desk and of the page of clusters."""

from collections.abc import Mapping

STEPS: Mapping[str, str] = {}

REASONS: Mapping[str, str] = {
    "nothing_to_merge": "Chọn ít nhất hai câu còn chờ trả lời để gộp.",
}

STATES: Mapping[str, str] = {
    "open": "Còn chờ",
    "waiting": "Chưa xếp",
    "queued": "Trong hàng chờ",
    "aside": "Để lại sau",
    "answered": "Đã trả lời",
    "carried": "Đã chuyển cơ quan",
    "merged": "Đã gộp",
}
# Where one question stands: words and tone.
FLOORS: Mapping[str, tuple[str, str]] = {
    "waiting": ("Chưa xếp", ""),
    "queued": ("Trong hàng chờ", "info"),
    "on_stage": ("Đang trên hình", "live"),
    "answered": ("Đã trả lời", "ok"),
    "aside": ("Để lại sau", "wait"),
    "carried": ("Đã chuyển cơ quan", "ok"),
}
ORDERS: Mapping[str, str] = {
    "oldest": "gửi trước",
    "newest": "gửi sau",
    "cluster": "nhiều câu gần giống",
}
AGES: Mapping[str, str] = {
    "day": "trong 24 giờ qua",
    "week": "trong 7 ngày qua",
    "older": "trước đó nữa",
}
TWINS: Mapping[str, str] = {"some": "có câu gần giống", "none": "không có câu gần giống"}

# What one press would do, what its button says, and what it did.
WOULD: Mapping[str, str] = {
    "queue": "%(n)s câu sẽ vào cuối hàng chờ, theo thứ tự gửi.",
    "wait": "%(n)s câu sẽ ra khỏi hàng chờ hoặc thôi để lại sau.",
    "aside": "%(n)s câu sẽ để lại sau buổi đối thoại rồi chuyển cơ quan.",
    "hand": "%(n)s câu sẽ đổi người trả lời.",
    "group": "%(n)s câu sẽ đổi nhóm chủ đề.",
    "propose": "%(n)s câu sẽ vào nhóm chủ đề được đề xuất.",
    "merge": "%(n)s câu sẽ gộp vào một câu. Người hỏi, phiếu và người theo dõi đi cùng.",
}
BUTTONS: Mapping[str, str] = {
    "queue": "Xếp hàng %(n)s câu",
    "wait": "Đưa %(n)s câu về chưa xếp",
    "aside": "Để lại sau %(n)s câu",
    "hand": "Giao %(n)s câu",
    "group": "Đổi nhóm %(n)s câu",
    "propose": "Nhận đề xuất cho %(n)s câu",
    "merge": "Gộp %(n)s câu",
}
DONE: Mapping[str, str] = {
    "queue": "Đã xếp hàng %(n)s câu.",
    "wait": "Đã đưa %(n)s câu về chưa xếp.",
    "aside": "Đã để lại sau %(n)s câu.",
    "hand": "Đã đổi người trả lời của %(n)s câu.",
    "group": "Đã đổi nhóm chủ đề của %(n)s câu.",
    "propose": "Đã xếp %(n)s câu vào nhóm được đề xuất.",
    "merge": "Đã gộp %(n)s câu.",
    "apart": "Đã tách %(n)s câu khỏi cụm.",
    "undo": "Đã hoàn tác: %(n)s câu trở lại như trước.",
}
# Why some stay as they are.
LEFT: Mapping[str, str] = {
    "same": "%(n)s câu đã như vậy rồi.",
    "moved_on": "%(n)s câu đang trên hình, đã trả lời, đã gộp hoặc không còn hiện.",
    "unclear": "%(n)s câu không rõ thuộc nhóm nào.",
}
STAYED = "%(n)s câu giữ nguyên vì vừa có người làm trước."
