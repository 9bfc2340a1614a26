import re
from itertools import product
from typing import Any

import httpx2
import pytest

from tests.site import Site
from tests.web.people import CLEARED, COORDINATOR, OTHER_COORDINATOR, Asked, People

SECRET = "kim-tước-lan"  # a word that occurs nowhere else
NAME, EMAIL, PHONE = f"Mã Thị {SECRET}", "kim.tuoc.lan@example.vn", "0987654329"
TITLE, MORE = f"Việc {SECRET} của tôi thì hỏi ở đâu cho đúng?", f" Chuyện {SECRET} kéo dài từ lâu."
ACCUSED = " Ông chủ tịch Nguyễn Văn Tám đòi hối lộ của gia đình tôi mới ký giấy."
STATES = ("held", "sealed", "refused")


@pytest.fixture(scope="module")
def hidden(people: People) -> dict[str, Asked]:
    """Three questions that the public may not see, each with a word that must come up nowhere."""

    def ask(state: str, more: str = "", button: str | None = None) -> Asked:
        secret: dict[str, Any] = {
            "title": f"{TITLE} ({state})",
            "name": NAME,
            "email": f"{state}.{EMAIL}",
            "phone": PHONE,
        }
        return people.ask(button=button, more=f"{MORE} Tức lắm rồi!!!!!{more}", **secret)

    asked = {"held": ask("held"), "sealed": ask("sealed", ACCUSED, "question"), "refused": ask("refused")}
    assert people.question_row(asked["sealed"]).sealed
    moderator, case = people.staff(CLEARED), people.claim(asked["refused"])
    assert moderator.fill(case, {"reason": "unclear", "words": SECRET}, action="/decision", button="refuse").is_redirect
    people.release()
    people.mails_to(asked["refused"].email, at_least=2)
    return asked


def _says(answer: httpx2.Response) -> bool:
    return any(word in answer.text for word in (SECRET, EMAIL, PHONE, "kim-t%C6%B0%E1%BB%9Bc"))


@pytest.mark.parametrize("state", STATES)
def test_a_question_that_is_not_public_is_missing_for_everybody_else(
    site: Site, people: People, hidden: dict[str, Asked], state: str
) -> None:
    number = hidden[state].id
    everybody = [site.visitor(), people.staff(COORDINATOR), people.ask().visitor]
    for visitor, path in product(
        everybody, ("/questions/{}", "/en/questions/{}", "/live/question/{}/events", "/live/question/{}/snapshot.json")
    ):
        secret, missing = (visitor.get(path.format(one)) for one in (number, 999_999))
        assert secret.status_code == missing.status_code == 404
        assert secret.text.replace(str(number), "…") == missing.text.replace("999999", "…")
        assert secret.headers.keys() == missing.headers.keys()
    tagged = site.visitor().get("/questions").headers["etag"]
    assert site.visitor().get(f"/questions/{number}", headers={"if-none-match": tagged}).status_code == 404
    with site.visitor().stream("GET", f"/live/question/{number}/stream") as answer:
        assert answer.status_code == 404


def test_nothing_of_it_is_on_any_public_page(site: Site, people: People, hidden: dict[str, Asked]) -> None:
    assert people.accepted().id  # whatever is kept was made anew since
    reader, seen = site.visitor(), set[str]()
    waiting = ["/", "/feed.xml", "/questions?stage=open", f"/questions/search?q={SECRET}", f"/questions/near?q={TITLE}"]
    waiting += [
        "/live/questions/0/events?after=0",
        "/live/questions/0/snapshot.json",
        "/rules",
        "/agencies",
        "/questions/ask",
        "/sign-in",
        "/metrics",
    ]
    while waiting:
        path = waiting.pop()
        if path in seen or path.startswith(("http", "/static", "/en/", "#")):
            continue
        seen.add(path)
        page = reader.get(path)
        asked_for = path.partition("?")[2]
        assert not _says(page) or SECRET in asked_for, path
        found = re.findall(r'href="([^"#]+)', page.text) if "text/html" in page.headers["content-type"] else []
        waiting += [one.replace("&amp;", "&") for one in found if len(seen) < 250]
    assert len(seen) > 100
    assert not any(str(one.id) in path.split("/") for path in seen for one in hidden.values())


def test_searching_for_it_finds_nothing(site: Site, hidden: dict[str, Asked]) -> None:
    reader = site.visitor()
    for path in (f"/questions/search?q={SECRET}", f"/questions/near?q={hidden['held'].title}"):
        found = reader.get(path)
        assert not re.search(r'href="/questions/\d+"', found.text), path


def test_nobody_else_gets_a_word_of_it_by_mail(site: Site, people: People, hidden: dict[str, Asked]) -> None:
    own = {one.email for one in hidden.values()}
    people.mails_to(people.ask().email, at_least=1)
    mails = site.mails()
    assert own <= {str(mail["To"]) for mail in mails}
    others = [mail for mail in mails if str(mail["To"]) not in own]
    assert others
    assert not [mail["Subject"] for mail in others if SECRET in f"{mail['Subject']} {mail.get_content()}"]


@pytest.mark.parametrize("state", ["held", "sealed"])
def test_not_even_its_asker_is_sent_a_word_of_it(people: People, hidden: dict[str, Asked], state: str) -> None:
    """Nobody has read it yet, and the address may be a stranger's."""
    for subject, text in people.mails_to(hidden[state].email, at_least=1):
        assert SECRET not in subject + text
        assert "/track" in text


def test_no_log_and_no_measurement_speaks_of_it(site: Site, hidden: dict[str, Asked]) -> None:
    said = site.log(lines=0)
    assert "answered" in said
    measured = httpx2.get(f"{site.url}/metrics", trust_env=False)
    assert "engage_request_seconds" in measured.text
    asked = hidden["held"]
    for text in (said, measured.text):
        for secret in (
            SECRET,
            EMAIL,
            PHONE,
            asked.code,
            asked.visitor.address,
            asked.visitor.cookies["engage-visitor"],
        ):
            assert secret not in text


def test_no_fact_of_the_log_holds_more_than_ids(site: Site, hidden: dict[str, Asked]) -> None:
    facts = str(site.rows("select * from live_event"))
    assert "question.received" in facts
    assert not [secret for secret in (SECRET, EMAIL, PHONE) if secret in facts]


# What is public of a person


@pytest.mark.parametrize("anonymous", [False, True], ids=["by name", "anonymous"])
def test_a_public_question_shows_no_contact_and_a_name_only_if_it_may(
    site: Site, people: People, anonymous: bool
) -> None:
    name, email, phone = f"Lò Văn {'Ẩn' if anonymous else 'Hiện'}", f"lo.{anonymous}@example.vn".lower(), "0977123450"
    asked = people.answered(name=name, email=email, phone=phone, anonymous=anonymous)
    reader = site.visitor()
    site.wait(lambda: asked.title in reader.get("/questions").text)
    for path in (asked.page, f"/en{asked.page}", "/questions", "/feed.xml", "/agencies/bao-hiem-xa-hoi-viet-nam"):
        page = reader.get(path)
        assert asked.title in page.text, path
        assert email not in page.text, path
        assert phone not in page.text, path
        assert not (anonymous and name in page.text), path
    reader.get(asked.page)
    reader.see("Người hỏi đề nghị ẩn tên" if anonymous else name)
    desk = people.staff(COORDINATOR)
    desk.get(asked.desk)
    desk.see(name)  # the desk knows


def test_a_neighbouring_agency_sees_no_name_either(people: People) -> None:
    asked = people.answered(name="Lò Văn Kín", anonymous=True)
    neighbour = people.staff(OTHER_COORDINATOR)
    neighbour.get(asked.page)
    neighbour.see(asked.title)
    neighbour.not_see("Lò Văn Kín")
