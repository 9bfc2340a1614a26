"""Questions on their way, told over HTTP before a browser opens a page of theirs. Each story is the demonstration staff's work."""

import re
from dataclasses import dataclass
from itertools import count
from random import Random

from tests.forms import Value
from tests.site import Site
from tests.visitor import Visitor, words

MODERATOR = "kiem-duyet-1@engage.example"
COLLEAGUE = "kiem-duyet-2@engage.example"
COORDINATOR = "dau-moi.bhxh@engage.example"
OFFICIAL = "can-bo.bhxh@engage.example"
OTHER_COORDINATOR = "dau-moi.byt@engage.example"
APPROVER = "duyet.bhxh@engage.example"
ADMINISTRATOR = "quan-tri@engage.example"

AGENCY, AGENCY_NAME = "bao-hiem-xa-hoi-viet-nam", "Bảo hiểm xã hội Việt Nam"
CODE = re.compile(r"HD-\w{4}-\w{4}-\w{4}-\w")
PHONE = "0912 345 678"  # inside a text it is a reason to hold it
BODY = (
    "Công ty tôi ngừng đóng bảo hiểm xã hội cho người lao động từ tháng 6, hồ sơ số {number}. "
    "Tôi đã hỏi phòng nhân sự hai lần mà chưa rõ. Tôi cần biết phải làm giấy tờ gì và nộp ở đâu để chốt sổ."
)
HELD_BODY = BODY + " Cần hỏi thêm, xin gọi " + PHONE + "."
ANSWER: dict[str, Value] = {
    "short": "Có. Bạn được chốt sổ với thời gian đã đóng, không phải chờ công ty nộp đủ tiền.",
    "full": "Chào bạn,\n\nCông ty có trách nhiệm xác nhận thời gian đóng [1].\n\n- Đơn đề nghị chốt sổ\n- Sổ đang giữ\n\n"
    "Bạn nộp tại cơ quan bảo hiểm xã hội nơi công ty đóng [2].",
    "cite_number": ["41/2024/QH15", "158/2025/NĐ-CP"],
    "cite_title": ["Luật Bảo hiểm xã hội", "Nghị định hướng dẫn Luật Bảo hiểm xã hội"],
    "cite_article": ["Điều 17", "Điều 5"],
    "cite_link": ["https://vbpl.vn/", ""],
    "as_of": "20/11/2026",
    "signatory": "Trịnh Thị Ánh Nguyệt",
    "signatory_title": "Phó Trưởng ban",
}
# Unlike one another: what resembles an earlier question is not sent at the first press.
TITLES = (
    "Công ty nợ tiền thì người lao động có chốt sổ được không?",
    "Nghỉ ốm dài ngày được hưởng mấy phần lương?",
    "Vợ sinh đôi, chồng được nghỉ thêm bao nhiêu hôm?",
    "Làm hai nơi thì nộp ở đâu?",
    "Thợ hồ tự do muốn tham gia tự nguyện phải mang giấy gì?",
    "Tai nạn trên đường về nhà có tính là tai nạn lao động?",
    "Mẹ tôi mất, tiền tuất một lần chia thế nào?",
    "Giáo viên mầm non nghỉ hưu trước tuổi ra sao?",
    "Đi xuất khẩu lao động về, quãng trống có cộng dồn?",
    "Sai ngày sinh trên hồ sơ cũ, sửa lại bằng cách nào?",
    "Bệnh nghề nghiệp bụi phổi giám định ở bệnh viện nào?",
    "Trợ cấp thất nghiệp tháng đầu bị trễ, hỏi ai?",
    "Bộ đội phục viên chưa nhận khoản nào, nay còn kịp?",
    "Hợp đồng thử việc hai tháng có phải đóng gì chưa?",
    "Ủy quyền cho con lĩnh hộ lương hưu cần công chứng chăng?",
    "Mức trần tiền đóng năm tới là bao nhiêu?",
    "Chuyển khoản qua ngân hàng nào cũng nhận được chứ?",
    "Sảy thai tuần thứ mười, nghỉ dưỡng sức mấy ngày?",
    "Hộ kinh doanh cá thể, chủ hộ bắt buộc tham gia từ bao giờ?",
    "Ứng dụng VssID báo lỗi khuôn mặt khi đăng ký, xử lý sao?",
    "Nuôi con nuôi sơ sinh có chế độ gì?",
    "Người khuyết tật đi làm được giảm tỷ lệ nào?",
    "Điều chỉnh lương hưu tháng bảy áp dụng cho ai?",
    "Con dưới ba tuổi ốm, bố xin nghỉ thay được chăng?",
    "Thôi việc giữa chừng, giấy xác nhận do ai cấp?",
    "Phí giám định lại thương tật ai trả?",
    "Nghỉ không lương ba tháng, thẻ khám bệnh còn dùng chứ?",
    "Khai man tuổi để vào làm, giờ đính chính thế nào?",
    "Doanh nghiệp giải thể, giấy tờ gốc nằm chỗ nào?",
    "Tôi hai sổ, muốn gộp thành một!",
    "Cán bộ không chuyên trách ở thôn được chế độ hưu trí?",
    "Quân nhân dự bị tập trung huấn luyện, ai trả công?",
    "Đình công hợp pháp có bị gián đoạn đóng nộp?",
    "Giúp việc gia đình theo tháng, chủ nhà phải làm gì?",
    "Nhận lương bằng ngoại tệ quy đổi theo tỷ giá nào?",
    "Hưởng mai táng phí cần bản sao giấy báo tử?",
    "Thủy thủ tàu viễn dương tính công tác thế nào?",
    "Đóng bù quãng bỏ trống từ thập niên chín mươi?",
    "Nghệ nhân dân gian già yếu có khoản hỗ trợ gì?",
    "Xã viên hợp tác cũ còn hồ sơ gốc thì làm sao?",
    "Bảo mẫu trông trẻ tư nhân tự khai mức thu nhập?",
    "Diêm dân mất mùa có tạm dừng nộp được không?",
)
WORDS = sorted({word.strip(",?!") for title in TITLES for word in title.split()})
_numbers = count(1)


@dataclass(frozen=True)
class Told:
    """A question that was sent: its number, its title, and the code its asker got."""

    id: int
    title: str
    code: str


def ask_form(*, held: bool = False) -> dict[str, Value]:
    """A question nobody sent before, with everything a form needs."""
    number = next(_numbers)
    return {
        "title": _title(number),
        "body": (HELD_BODY if held else BODY).format(number=number),
        "topic": "bao-hiem-xa-hoi",
        "province": "ha-noi",
        "name": "Bùi Thị Ngọc Lan",
        "email": f"ngoc-lan-{number}@thu.example",
        "consent": True,
    }


def _title(number: int) -> str:
    """When the written ones are used up, their words in another order: senseless, and unlike any other."""
    if number <= len(TITLES):
        return TITLES[number - 1]
    return " ".join(Random(number).sample(WORDS, 10)).capitalize() + "?"


def sent(site: Site, *, held: bool = False) -> Told:
    """Asked. What need not be held, the worker lets out by the published rule and offers to the agency."""
    form = ask_form(held=held)
    asker = site.visitor()
    page = words(asker.go(asker.fill("/questions/ask", form, action="/questions")))
    code = CODE.search(page)
    assert code, page
    told = Told(id_of(site, str(form["title"])), str(form["title"]), code[0])
    site.wait(
        lambda: held or site.rows("select id from question where id = :id and assignment = 'offered'", id=told.id)
    )
    return told


def refused(site: Site) -> Told:
    told = sent(site, held=True)
    case = case_of(site, told)
    moderator = site.staff(MODERATOR)
    press(moderator, case, "claim")
    decision: dict[str, Value] = {
        "reason": "duplicate",
        "words": "Câu này đã có trả lời. Bạn xem giúp trong mục Bảo hiểm xã hội.",
    }
    press(moderator, case, "decision", decision, button="refuse")
    let_go(site)
    return told


def taken(site: Site) -> Told:
    """Accepted by rule, and by the agency: the public reads it, nobody has answered yet."""
    told = sent(site)
    press(site.staff(COORDINATOR), desk(told), "accept")
    return told


def drafted(site: Site) -> Told:
    """Sent for approval: one press from being published."""
    told = taken(site)
    press(site.staff(OFFICIAL), desk(told), "answer", ANSWER, button="send")
    return told


def answered(site: Site) -> Told:
    told = drafted(site)
    publish(site, told)
    return told


def helped(site: Site) -> Told:
    """Led by another agency, which asks ours for a part."""
    told = sent(site)
    passed = {"agency": "bo-y-te", "reason": "Việc này thuộc Bộ Y tế.", "sure": "yes"}
    press(site.staff(COORDINATOR), desk(told), "transfer", dict(passed))
    lead = site.staff(OTHER_COORDINATOR)
    press(lead, desk(told), "accept")
    press(lead, desk(told), "shares", {"agencies": [AGENCY], "note": "Nhờ cho biết mức hưởng.", "days": "2"})
    return told


def publish(site: Site, told: Told) -> None:
    press(site.staff(APPROVER), desk(told), "approve")


def reopened(site: Site) -> Told:
    """A correction is being written."""
    told = answered(site)
    press(site.staff(OFFICIAL), desk(told), "correct", {"reason": "Ghi nhầm số ngày ở bản ngắn."})
    return told


def corrected(site: Site) -> Told:
    """With a law that is no longer in force among its sources."""
    told = reopened(site)
    changed = {**ANSWER, "short": "Có, trong mười lăm ngày.", "cite_number": ["58/2014/QH13", "158/2025/NĐ-CP"]}
    press(site.staff(OFFICIAL), desk(told), "answer", changed, button="send")
    publish(site, told)
    return told


def given_back(site: Site) -> Told:
    told = sent(site)
    press(site.staff(COORDINATOR), desk(told), "give-back", {"reason": "Việc này do Sở Nội vụ giải quyết."})
    return told


def asked_for_more(site: Site) -> Told:
    """The agency waits for its asker."""
    told = taken(site)
    words: dict[str, Value] = {"words": "Bạn nghỉ việc từ tháng nào, và công ty có giấy xác nhận nợ tiền đóng không?"}
    press(site.staff(OFFICIAL), desk(told), "clarify", words)
    return told


def looked_at_again(site: Site) -> Told:
    """Answered, and its asker finds that it does not answer."""
    told = answered(site)
    words: dict[str, Value] = {"words": "Tôi hỏi về công ty đã giải thể, câu trả lời nói về công ty đang hoạt động."}
    press(opened(site, told), "/track/question", "second-look", words)
    return told


def wants_to_be_forgotten(site: Site) -> Told:
    told = sent(site, held=True)
    press(opened(site, told), "/track/question/data", "request", {"wish": "erase"})
    return told


def opened(site: Site, told: Told) -> Visitor:
    """Its asker, come back by the code."""
    asker = site.visitor()
    press(asker, "/track", "track", {"code": told.code})
    return asker


def newest(site: Site, table: str, told: Told) -> int:
    return int(site.rows(f"select max(id) from {table} where question_id = :id", id=told.id)[0][0])


def hidden(site: Site) -> Told:
    told = sent(site)
    press(site.staff(MODERATOR), f"/review/questions/{told.id}", "hide", {"reason": "private_matter"})
    return told


def merged(site: Site) -> Told:
    target, told = sent(site), sent(site)
    press(site.staff(MODERATOR), f"/review/questions/{told.id}", "merge", {"target": str(target.id)})
    return told


def sealed(site: Site) -> Told:
    told = sent(site)
    press(site.staff(MODERATOR), f"/review/questions/{told.id}", "seal")
    return told


def press(
    who: Visitor, page: str, act: str, values: dict[str, Value] | None = None, *, button: str | None = None
) -> None:
    answer = who.fill(page, values or {}, button=button, action=f"/{act}")
    assert answer.is_redirect, f"{act}: {answer.status_code}\n{words(answer)[:2000]}"


def desk(told: Told) -> str:
    return f"/desk/questions/{told.id}"


def case_of(site: Site, told: Told) -> str:
    found = site.rows("select id from moderation_case where surface = 'question' and thing_id = :id", id=told.id)
    return f"/review/cases/{found[0][0]}"


def let_go(site: Site) -> None:
    """Nobody holds a case any more: a decision takes the next one at once, and tests share the queue."""
    site.write("update moderation_case set claimed_by = null, claimed_until = null where state = 'open'")


def to_the_front(site: Site, told: Told, days: int) -> None:
    """As if it had waited longest. What no user can do: time has to pass for it."""
    site.write(
        "update moderation_case set opened_at = :at where thing_id = :id", at=f"2026-01-{days:02} 00:00:00", id=told.id
    )


def id_of(site: Site, title: str) -> int:
    return int(site.rows("select id from question where title = :title", title=title)[0][0])
