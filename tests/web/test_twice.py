import time
from concurrent.futures import ThreadPoolExecutor

from engage.settings import load
from engage.web import guards
from tests.forms import Value
from tests.site import Site
from tests.visitor import Visitor
from tests.web.people import APPROVER, CLEARED, RECEIPT, People

LIMITS = ("per_caller", "per_address", "overall")


def _count(site: Site, title: Value) -> int:
    return int(site.rows("select count(*) as n from question where title = :title", title=title)[0].n)


# The same submission again


def test_a_double_click_asks_once_and_shows_one_receipt(site: Site, people: People) -> None:
    asked = people.ask()
    again = asked.visitor.post_again(asked.sent)
    assert (again.status_code, again.headers["location"]) == (303, asked.sent.headers["location"])
    assert RECEIPT.findall(asked.visitor.go(again).text) == [asked.code]
    assert _count(site, asked.title) == 1


def test_two_clicks_at_the_same_moment_ask_once(site: Site, people: People) -> None:
    visitor, form = site.visitor(), people.question()
    opened = visitor.form("/questions/ask", action="/questions")
    twins = [_twin(visitor) for _ in range(4)]
    with ThreadPoolExecutor(len(twins)) as pool:
        answers = list(pool.map(lambda twin: twin.press(opened, form), twins))
    assert {answer.status_code for answer in answers} == {303}, [answer.text[:300] for answer in answers]
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert _count(site, form["title"]) == 1


def test_two_clicks_on_approve_publish_once_and_blame_nobody(people: People) -> None:
    asked, approver = people.in_approval(), people.staff(APPROVER)
    opened = approver.form(asked.desk, action="/approve")
    twins = [_twin(approver) for _ in range(3)]
    with ThreadPoolExecutor(len(twins)) as pool:
        answers = list(pool.map(lambda twin: twin.press(opened), twins))
    assert {answer.status_code for answer in answers} == {303}
    assert len(people.site.rows("select 1 from revision where kind = 'answer' and thing_id in"
                                " (select id from answer where question_id = :id)", id=asked.id)) == 1  # fmt: skip


def test_another_text_from_the_same_form_is_another_question(site: Site, people: People) -> None:
    visitor, first, second = site.visitor(), people.question(), people.question()
    opened = visitor.form("/questions/ask", action="/questions")
    one, two = (people.asked(visitor, visitor.press(opened, form), form) for form in (first, second))
    assert one.code != two.code
    assert one.sent.headers["location"] != two.sent.headers["location"]


def test_back_and_send_again_shows_the_receipt_that_was_given(site: Site, people: People) -> None:
    visitor, form = site.visitor(), people.question()
    opened = visitor.form("/questions/ask", action="/questions")
    asked = people.asked(visitor, visitor.press(opened, form), form)
    assert RECEIPT.findall(visitor.go(visitor.press(opened, form)).text) == [asked.code]
    assert _count(site, asked.title) == 1


def test_two_tabs_ask_two_questions(site: Site, people: People) -> None:
    visitor, first, second = site.visitor(), people.question(), people.question()
    tabs = [visitor.form("/questions/ask", action="/questions") for _ in range(2)]
    asked = [
        people.asked(visitor, visitor.press(tab, form), form) for tab, form in zip(tabs, (first, second), strict=True)
    ]
    assert asked[0].code != asked[1].code


def test_the_receipt_opens_for_its_visitor_only(site: Site, people: People) -> None:
    asked = people.ask()
    assert site.visitor().get(asked.sent.headers["location"]).status_code == 404
    neighbour = people.ask().visitor
    assert neighbour.get(asked.sent.headers["location"]).status_code == 404


def test_what_is_kept_of_a_submission_is_neither_text_nor_code(site: Site, people: People) -> None:
    asked = people.ask()
    kept = str(site.rows("select * from kept"))
    assert asked.sent.headers["location"] in kept
    for secret in (asked.code, asked.title, asked.email):
        assert secret not in kept
    stored = str(site.rows("select * from question where id = :id", id=asked.id))
    assert asked.code not in stored


def test_what_was_asked_before_is_shown_first_and_may_be_asked_all_the_same(site: Site, people: People) -> None:
    known = people.accepted(title="Thủ tục cấp lại sổ bảo hiểm xã hội bị mất gồm những bước nào?")
    visitor, form = site.visitor(), people.question(title=known.title + " Xin hỏi", seen=None)
    shown = visitor.fill("/questions/ask", form, action="/questions")
    assert shown.status_code == 422
    visitor.see("Có thể việc này đã có người hỏi")
    visitor.see(known.title)
    assert _count(site, form["title"]) == 0
    people.asked(visitor, visitor.fill(shown, form, action="/questions", button="Vẫn gửi câu hỏi"), form)


# A form that was open too long


def test_an_expired_form_comes_back_with_its_text_and_works_on_the_second_press(site: Site, people: People) -> None:
    visitor, form = site.visitor(), people.question()
    opened = visitor.form("/questions/ask", action="/questions")
    cookie = visitor.cookies[guards.VISITOR]
    secret = load({name: value for name, value in site.environment.items() if name.startswith("ENGAGE_")}).secret
    person = guards.visitor_from(secret, cookie)
    assert person, "the test does not know the secret"
    long_ago = int(time.time()) - guards.TOKEN_SECONDS - 60
    old = guards.form_token(secret, person, "", long_ago)
    back = visitor.press(opened, {**form, "csrf": old})
    assert back.status_code == 403
    visitor.see("Trang này mở đã lâu nên chưa gửi được")
    assert _count(site, form["title"]) == 0
    typed = dict(visitor.form(back, action="/questions").pairs)
    assert all(typed[name] == value for name, value in form.items() if isinstance(value, str) and name != "seen")
    people.asked(visitor, visitor.fill(back, {"seen": "yes"}, action="/questions"), form)


def test_a_form_opened_before_signing_in_works_on_the_second_press(site: Site, people: People) -> None:
    visitor, form = site.visitor(), people.question()
    opened = visitor.form("/questions/ask", action="/questions")
    signing = {"email": f"{CLEARED}@engage.example", "password": "xin-chao-2026"}
    assert visitor.fill("/sign-in", signing, action="/sign-in").is_redirect
    back = visitor.press(opened, form)
    assert back.status_code == 403
    people.asked(visitor, visitor.fill(back, form, action="/questions"), form)


def _twin(visitor: Visitor) -> Visitor:
    """The same browser on a connection of its own."""
    twin = Visitor(str(visitor.base_url), visitor.language)
    twin.cookies = visitor.cookies
    twin.headers["x-forwarded-for"] = visitor.headers["x-forwarded-for"]
    return twin
