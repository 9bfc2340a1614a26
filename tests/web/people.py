"""The people of these tests and the steps they take over HTTP: what a test is not about, it takes from here."""

import re
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import count
from typing import Any

import httpx2

from tests.forms import Value, folded
from tests.site import Site
from tests.visitor import Visitor

CLEARED, UNCLEARED, ADMINISTRATOR = "kiem-duyet-1", "kiem-duyet-2", "quan-tri"
# An agency with its people, who may each do one thing; and another agency's.
AGENCY, COORDINATOR, OFFICIAL, SECOND_OFFICIAL, APPROVER = (
    "bao-hiem-xa-hoi-viet-nam",
    "dau-moi.bhxh",
    "can-bo.bhxh",
    "can-bo-2.bhxh",
    "duyet.bhxh",
)
OTHER_AGENCY, OTHER_COORDINATOR = "bo-y-te", "dau-moi.byt"
AGENCY_NAME, OTHER_AGENCY_NAME = "Bảo hiểm xã hội Việt Nam", "Bộ Y tế"
RECEIPT = re.compile(r"HD(?:-[0-9A-Z]{4}){3}-[0-9A-Z]")
NUMBER = re.compile(r"\d+")
PHONE_IN_THE_TEXT = " Cần thì gọi cho tôi theo số 0912 345 678."
ANSWER: dict[str, Value] = {
    "short": "Có, ông được cộng nối thời gian đã đóng ở cả hai nơi.",
    "full": "Thời gian đóng ở hai nơi được cộng với nhau [1].\n\n- Nộp đơn tại nơi cư trú.\n- Mang theo sổ.",
    "as_of": "20/11/2026",
    "signatory": "Trịnh Thị Ánh Nguyệt",
    "signatory_title": "Phó Giám đốc",
    "cite_number": ["41/2024/QH15", "", "", "", ""],
    "cite_title": ["Luật Bảo hiểm xã hội", "", "", "", ""],
    "cite_article": ["Điều 33", "", "", "", ""],
    "cite_link": ["https://vanban.chinhphu.vn/", "", "", "", ""],
}


@dataclass(frozen=True)
class Asked:
    """One question as its asker knows it, and the id that only the house knows."""

    visitor: Visitor
    sent: httpx2.Response
    id: int
    title: str
    code: str
    email: str

    @property
    def page(self) -> str:
        return f"/questions/{self.id}"

    @property
    def desk(self) -> str:
        return f"/desk/questions/{self.id}"


class People:
    """Staff sign in once for all tests; every asker is somebody new with words of their own."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._staff: dict[str, Visitor] = {}
        self._tokens: dict[Visitor, str] = {}
        self._numbers = count(1)

    def staff(self, who: str) -> Visitor:
        if who not in self._staff:
            self._staff[who] = self.site.staff(f"{who}@engage.example")
        return self._staff[who]

    def proof(self, visitor: Visitor) -> dict[str, str]:
        """The two hidden fields of a form: a token this visitor was given, whichever form it stood in, and a new key."""
        if visitor not in self._tokens:
            self._tokens[visitor] = dict(visitor.form("/sign-in", action="/sign-in").pairs)["csrf"]
        return {"csrf": self._tokens[visitor], "key": f"{next(self._numbers):024}"}

    def question(self, **values: Any) -> dict[str, Any]:
        """A form filled in, clean and unlike any other; `values` replace what is typed, `more` is added to the text."""
        number, more = next(self._numbers), values.pop("more", "")
        return {
            "title": f"Đóng bảo hiểm ở hai nơi thì tính thế nào, trường hợp thứ {number}?",
            "body": f"Tôi đóng bảo hiểm ở hai tỉnh khác nhau, nay về quê sinh sống. Xin hỏi lần thứ {number}: "
            f"thời gian ấy có được cộng lại không và tôi cần mang giấy tờ gì?{more}",
            "topic": "bao-hiem-xa-hoi",
            "province": "ha-noi",
            "name": f"Trần Văn Thử {number}",
            "email": f"thu-{number}@example.vn",
            "consent": True,
            "seen": "yes",  # all these questions resemble each other, and are sent all the same
        } | values

    def ask(self, visitor: Visitor | None = None, *, button: str | None = None, **values: Any) -> Asked:
        visitor, form = visitor or self.site.visitor(), self.question(**values)
        sent = visitor.fill("/questions/ask", form, action="/questions")
        if button:
            sent = visitor.fill(sent, form, action="/questions", button=button)
        return self.asked(visitor, sent, form)

    def asked(self, visitor: Visitor, sent: httpx2.Response, form: dict[str, Any]) -> Asked:
        code = RECEIPT.search(visitor.go(sent).text)
        assert code, "the receipt shows no code"
        (row,) = self.site.rows("select id from question where title = :title", title=form["title"])
        return Asked(visitor, sent, row.id, form["title"], code[0], form["email"])

    def held(self, **values: Any) -> Asked:
        """A question that waits for a moderator."""
        return self.ask(**{"more": PHONE_IN_THE_TEXT, **values})

    def accepted(self, **values: Any) -> Asked:
        """A question on the agency's desk: by the rule, so the worker brings it there."""
        asked = self.ask(**values)
        self.site.wait(lambda: self.question_row(asked).moderation == "accepted")
        return asked

    def taken(self, **values: Any) -> Asked:
        asked = self.accepted(**values)
        assert self.staff(COORDINATOR).fill(asked.desk, action="/accept").is_redirect
        return asked

    def in_approval(self, **values: Any) -> Asked:
        asked = self.taken(**values)
        self.write(asked, button="send")
        return asked

    def answered(self, **values: Any) -> Asked:
        asked = self.in_approval(**values)
        assert self.staff(APPROVER).fill(asked.desk, action="/approve").is_redirect
        return asked

    def write(self, asked: Asked, *, who: str = OFFICIAL, button: str = "save", **values: Any) -> None:
        sent = self.staff(who).fill(asked.desk, ANSWER | values, action="/answer", button=button)
        assert sent.is_redirect, sent.text

    def claim(self, asked: Asked, who: str = CLEARED) -> str:
        """Take a case; where it is read and decided."""
        page = f"/review/cases/{self.case_row(asked).id}"
        assert self.staff(who).fill(page, action="/claim").is_redirect
        return page

    def accept(self, page: str | httpx2.Response, who: str = CLEARED, **values: Value) -> httpx2.Response:
        """Pressed twice where the text gives somebody away: the page asks whether that is meant."""
        answer = self.staff(who).fill(page, values, action="/decision", button="accept")
        return answer if answer.is_redirect else self.staff(who).fill(answer, action="/decision", button="accept")

    def release(self, who: str = CLEARED) -> None:
        """Let go of what the desk handed out after a decision, so that no later test meets a lease."""
        self.site.write(
            "update moderation_case set claimed_by = null, claimed_until = null"
            " where claimed_by = (select id from person where login = :login)",
            login=f"{who}@engage.example",
        )

    def question_row(self, asked: Asked) -> Any:
        (row,) = self.site.rows("select * from question where id = :id", id=asked.id)
        return row

    def case_row(self, asked: Asked) -> Any:
        (row,) = self.site.rows(
            "select * from moderation_case where surface = 'question' and thing_id = :id", id=asked.id
        )
        return row

    def mails_to(self, email: str, at_least: int) -> list[tuple[str, str]]:
        """(subject, text) of every mail to an address, in the order of what they tell, once that many have come."""

        def found() -> list[EmailMessage]:
            mails = [mail for mail in self.site.mails() if str(mail["To"]) == email]
            return mails if len(mails) >= at_least else []

        mails = sorted(self.site.wait(found), key=lambda mail: int(NUMBER.findall(str(mail["Message-ID"]))[0]))
        return [(folded(str(mail["Subject"])), mail.get_content()) for mail in mails]
