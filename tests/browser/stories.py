"""Questions on their way, told over HTTP before a browser opens a page of theirs. Each story is the demonstration staff's work."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import count

from tests.browser import titles
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
_numbers = count(1)


@dataclass(frozen=True)
class Told:
    """A question that was sent: its number, its title, and the code its asker got."""

    id: int
    title: str
    code: str


@cache
def staff(site: Site, email: str) -> Visitor:
    """Signed in once: a password takes long to check, and is meant to."""
    return site.staff(email)


def ask_form(*, held: bool = False) -> dict[str, Value]:
    """A question nobody sent before, with everything a form needs."""
    number = next(_numbers)
    return {
        "title": titles.of(number),
        "body": (HELD_BODY if held else BODY).format(number=number),
        "topic": "bao-hiem-xa-hoi",
        "province": "ha-noi",
        "name": "Bùi Thị Ngọc Lan",
        "email": f"ngoc-lan-{number}@thu.example",
        "consent": True,
    }


def sent(site: Site, *, held: bool = False) -> Told:
    """Asked. What need not be held, the worker lets out by the published rule and offers to the agency."""
    return several(site, 1, held=held)[0]


def several(site: Site, count: int, *, held: bool = False) -> list[Told]:
    """Sent one after the other, and waited for together."""
    told = [_asked(site, held) for _ in range(count)]
    last = told[-1].id  # the worker takes them as they came
    site.wait(lambda: held or site.rows("select id from question where id = :id and assignment = 'offered'", id=last))
    return told


def _asked(site: Site, held: bool) -> Told:
    form = ask_form(held=held)
    asker = site.visitor()
    page = words(asker.go(asker.fill("/questions/ask", form, action="/questions")))
    code = CODE.search(page)
    assert code, page
    return Told(id_of(site, str(form["title"])), str(form["title"]), code[0])


def refused(site: Site) -> Told:
    told = sent(site, held=True)
    case = case_of(site, told)
    moderator = staff(site, MODERATOR)
    press(moderator, case, "claim")
    decision: dict[str, Value] = {
        "reason": "duplicate",
        "words": "Câu này đã có trả lời. Bạn xem giúp trong mục Bảo hiểm xã hội.",
    }
    press(moderator, case, "decision", decision, button="refuse")
    let_go(site)
    return told


def let_out(site: Site) -> Told:
    """Held, let out by a moderator as it stands, and accepted by the agency."""
    told = sent(site, held=True)
    moderator, case = staff(site, MODERATOR), case_of(site, told)
    press(moderator, case, "claim")
    asks = moderator.fill(case, {"agency": AGENCY}, action="/decision", button="accept")
    assert moderator.fill(asks, action="/decision", button="accept").is_redirect
    let_go(site)
    press(staff(site, COORDINATOR), desk(told), "accept")
    return told


def taken(site: Site) -> Told:
    """Accepted by rule, and by the agency: the public reads it, nobody has answered yet."""
    told = sent(site)
    press(staff(site, COORDINATOR), desk(told), "accept")
    return told


def drafted(site: Site) -> Told:
    """Sent for approval: one press from being published."""
    told = taken(site)
    press(staff(site, OFFICIAL), desk(told), "answer", ANSWER, button="send")
    return told


def answered(site: Site) -> Told:
    told = drafted(site)
    publish(site, told)
    return told


def helped(site: Site) -> Told:
    """Led by another agency, which asks ours for a part."""
    told = sent(site)
    passed = {"agency": "bo-y-te", "reason": "Việc này thuộc Bộ Y tế.", "sure": "yes"}
    press(staff(site, COORDINATOR), desk(told), "transfer", dict(passed))
    lead = staff(site, OTHER_COORDINATOR)
    press(lead, desk(told), "accept")
    press(lead, desk(told), "shares", {"agencies": [AGENCY], "note": "Nhờ cho biết mức hưởng.", "days": "2"})
    return told


def publish(site: Site, told: Told) -> None:
    press(staff(site, APPROVER), desk(told), "approve")


def reopened(site: Site) -> Told:
    """A correction is being written."""
    told = answered(site)
    press(staff(site, OFFICIAL), desk(told), "correct", {"reason": "Ghi nhầm số ngày ở bản ngắn."})
    return told


def corrected(site: Site) -> Told:
    """With a law that is no longer in force among its sources."""
    told = reopened(site)
    changed = {**ANSWER, "short": "Có, trong mười lăm ngày.", "cite_number": ["58/2014/QH13", "158/2025/NĐ-CP"]}
    changed["sure"] = "yes"  # the law is no longer in force
    press(staff(site, OFFICIAL), desk(told), "answer", changed, button="send")
    publish(site, told)
    return told


def given_back(site: Site) -> Told:
    told = sent(site)
    press(staff(site, COORDINATOR), desk(told), "give-back", {"reason": "Việc này do Sở Nội vụ giải quyết."})
    return told


def asked_for_more(site: Site) -> Told:
    """The agency waits for its asker."""
    told = taken(site)
    words: dict[str, Value] = {"words": "Bạn nghỉ việc từ tháng nào, và công ty có giấy xác nhận nợ tiền đóng không?"}
    press(staff(site, OFFICIAL), desk(told), "clarify", words)
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
    press(staff(site, MODERATOR), f"/review/questions/{told.id}", "hide", {"reason": "private_matter"})
    return told


def merged(site: Site) -> Told:
    target, told = sent(site), sent(site)
    press(staff(site, MODERATOR), f"/review/questions/{told.id}", "merge", {"target": str(target.id)})
    return told


def sealed(site: Site) -> Told:
    told = sent(site)
    press(staff(site, MODERATOR), f"/review/questions/{told.id}", "seal")
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


def to_the_front(site: Site, told: Told, days: int, *, year: int = 2026) -> None:
    """As if it had waited longest. What no user can do: time has to pass for it."""
    site.write(
        "update moderation_case set opened_at = :at where thing_id = :id",
        at=f"{year}-01-{days:02} 00:00:00",
        id=told.id,
    )


def id_of(site: Site, title: str) -> int:
    return int(site.rows("select id from question where title = :title", title=title)[0][0])
