"""The people of these tests and the steps they take over HTTP: what a test is not about, it takes from here."""

import re
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import count
from typing import Any

import httpx2
import pyotp

from engage.people import DEMONSTRATION_PASSWORD
from tests.forms import Value, folded
from tests.site import Site
from tests.visitor import Files, Visitor

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
WITHOUT_ACCOUNTS = "bo-xay-dung"  # nobody there can sign in
AGENCY_NAME, OTHER_AGENCY_NAME = "Bảo hiểm xã hội Việt Nam", "Bộ Y tế"
RECEIPT = re.compile(r"HD(?:-[0-9A-Z]{4}){3}-[0-9A-Z]")
KEY = re.compile(r'id="key">([A-Z2-7 ]+)<')
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
        self._keys: dict[str, str] = {}

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
        files: Files = values.pop("files", ())
        visitor, form = visitor or self.site.visitor(), self.question(**values)
        page = visitor.form("/questions/ask", action="/questions")
        sent = visitor.enclose(page, files, form) if files else visitor.press(page, form)
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

    def on_paper(self) -> Asked:
        """A question that the portal desk sent to an agency without accounts, and accepted on its behalf."""
        asked, desk = self.accepted(), self.staff(CLEARED)
        there = {"agency": "other", "other": WITHOUT_ACCOUNTS, "reason": "Đúng việc của nơi ấy."}
        assert desk.fill(f"/review?tab=unrouted&question={asked.id}", there, action="/route").is_redirect
        assert desk.fill(f"/review/transcribe/{asked.id}", action="/accept").is_redirect
        return asked

    def in_approval(self, **values: Any) -> Asked:
        asked = self.taken(**values)
        self.write(asked, button="send")
        return asked

    def answered(self, **values: Any) -> Asked:
        asked = self.in_approval(**values)
        assert self.staff(APPROVER).fill(asked.desk, action="/approve").is_redirect
        return asked

    def shared(self) -> tuple[Asked, int]:
        """A question that another agency leads and asks the agency a part of; and the share."""
        asked = self.accepted()
        passed = {"agency": OTHER_AGENCY, "reason": "Việc này thuộc Bộ Y tế.", "sure": "yes"}
        form = self.proof(self.staff(COORDINATOR)) | passed
        assert self.staff(COORDINATOR).post(f"{asked.desk}/transfer", data=form).is_redirect
        lead = self.staff(OTHER_COORDINATOR)
        assert lead.fill(asked.desk, action="/accept").is_redirect
        wanted: dict[str, Value] = {"agencies": [AGENCY], "note": "Nhờ cho biết mức hưởng.", "days": "2"}
        assert lead.fill(asked.desk, wanted, action="/shares").is_redirect
        (row,) = self.site.rows("select id from share where thing_id = :id", id=asked.id)
        return asked, row.id

    def write(self, asked: Asked, *, who: str = OFFICIAL, button: str = "save", **values: Any) -> None:
        sent = self.staff(who).fill(asked.desk, ANSWER | values, action="/answer", button=button)
        assert sent.is_redirect, sent.text

    def file_of(self, asked: Asked) -> str:
        """The key of the file that came with a question."""
        (row,) = self.site.rows("select key from attachment where surface = 'question' and thing_id = :id", id=asked.id)
        return str(row.key)

    def claim(self, asked: Asked, who: str = CLEARED) -> str:
        """Take a case; where it is read and decided."""
        page = f"/review/cases/{self.case_row(asked).id}"
        assert self.staff(who).fill(page, action="/claim").is_redirect
        return page

    def refuse(self, asked: Asked, who: str = CLEARED, reason: str = "unclear") -> None:
        decided = self.staff(who).fill(self.claim(asked, who), {"reason": reason}, action="/decision", button="refuse")
        assert decided.is_redirect, decided.text
        self.release(who)

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

    def citizen(self, visitor: Visitor | None = None) -> Visitor:
        """Somebody new, signed in by the link in a mail."""
        visitor, email = visitor or self.site.visitor(), f"ban-doc-{next(self._numbers)}@example.vn"
        form: dict[str, Value] = {"name": "Bùi Thị Ngọc Lan", "email": email}
        assert visitor.fill("/citizens/sign-in", form, action="/citizens/sign-in").is_redirect
        link = re.search(r"/citizens/links/\S+", self.mails_to(email, 1)[-1][1])
        assert link, "the mail has no link"
        assert visitor.fill(link[0], action=link[0]).is_redirect
        return visitor

    def campaign(self, **values: Any) -> int:
        """A draft, whose time has begun."""
        form = {"title": f"Góp ý về cải cách thủ tục hành chính, đợt {next(self._numbers)}"}
        form |= {"words": "Mời bạn góp ý về các thủ tục ở cấp xã còn gây phiền hà.", "agency": AGENCY}
        form |= {"opens_at": "01/11/2020 08:00", "closes_at": "03/12/2036 16:00"} | values
        begun = self.staff(ADMINISTRATOR).fill("/admin/campaigns/new", form, action="/admin/campaigns/new")
        return int(str(begun.headers["location"]).rpartition("/")[2])

    def dialogue(self, who: str = CLEARED) -> int:
        """A draft in some days, which its editor goes on with."""
        form = {"title": f"Đối thoại về lương hưu, buổi {next(self._numbers)}"}
        form |= {"starts_at": "03/12/2036 14:00", "ends_at": "03/12/2036 16:00"}
        begun = self.staff(who).fill("/dialogues/new", form, action="/dialogues/new")
        assert begun.is_redirect, begun.text
        return int(begun.headers["location"].split("/")[-2])

    def leave_every_crew(self, *who: str) -> None:
        """Of the dialogues that earlier tests have left."""
        for login in who:
            self.site.write("delete from crew where person_id = :id", id=self.person_id(login))

    def announced(self, who: str = CLEARED) -> int:
        """One that everybody may read of: a guest, a group, and its time some years from now."""
        number, editor = self.dialogue(who), self.staff(who)
        page, guest = f"/dialogues/{number}", {"guest_name": "Phạm Thu Hà", "guest_title": "Vụ trưởng"}
        assert editor.fill(f"{page}/edit", guest, action="/guests", button="save").is_redirect
        assert editor.fill(f"{page}/edit", {"groups": "Khám chữa bệnh"}, action="/groups").is_redirect
        assert editor.fill(f"{page}/step/announce", action="/step/announce").is_redirect
        return number

    def person_id(self, who: str) -> int:
        (row,) = self.site.rows("select id from person where login = :login", login=f"{who}@engage.example")
        return int(row.id)

    def invited(self, post: str = "official", agency: str = AGENCY) -> int:
        """Somebody new on the staff, whom no other test needs."""
        email = f"moi-{next(self._numbers)}@engage.example"
        form = {"name": "Lê Thị Mới", "email": email, "post": post, "agency": agency}
        answer = self.staff(ADMINISTRATOR).fill("/admin/accounts/add", form, action="/admin/accounts")
        return int(answer.headers["location"].rpartition("/")[2])

    def halfway(self, who: str = "duyet.bca") -> Visitor:
        """Somebody who turned the second factor on, and has only typed the password so far."""
        if who not in self._keys:
            visitor = self.site.staff(f"{who}@engage.example")
            page = visitor.get("/sign-in/enrol")
            key = KEY.search(page.text)
            assert key, "the page shows no key"
            self._keys[who] = key[1].replace(" ", "")
            visitor.fill(page, {"code": pyotp.TOTP(self._keys[who]).now()}, action="/sign-in/enrol")
        visitor = self.site.visitor()
        form = {"email": f"{who}@engage.example", "password": DEMONSTRATION_PASSWORD}
        answer = visitor.fill("/sign-in", form, action="/sign-in")
        assert answer.headers["location"].startswith("/sign-in/code"), answer.headers
        visitor.go(answer)
        return visitor

    def key_of(self, who: str) -> str:
        return self._keys[who]

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

    def links_to(self, email: str, at_least: int = 1) -> list[str]:
        """The tokens of links to set a password, among whatever else somebody is mailed; once that many have come."""

        def found() -> list[str]:
            texts = [text for _, text in self.mails_to(email, at_least) if "/links/" in text]
            return texts if len(texts) >= at_least else []

        return [text.partition("/links/")[2].split()[0] for text in self.site.wait(found)]
