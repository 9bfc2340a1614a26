"""One asker, two tabs: what the second sends over the first is refused in clear words, and what was typed in it is still there."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from tests.forms import Value
from tests.visitor import Visitor
from tests.web.people import OFFICIAL, Asked, People

PAGE = "/track/question"
MINE = "Điều tôi viết ở thẻ thứ hai, dài và kỹ hơn thẻ thứ nhất rất nhiều."
Typed = Mapping[str, Value]


def _asked_for_more(people: People) -> Asked:
    asked = people.taken()
    words = {"words": "Bạn nghỉ việc từ tháng nào?"}
    assert people.staff(OFFICIAL).fill(asked.desk, words, action="/clarify").is_redirect
    return asked


def _follow_up(people: People, **values: str) -> Typed:
    return {name: value for name, value in people.question(**values).items() if name in {"title", "body"}}


def _kept(asker: Visitor, answer: httpx2.Response) -> None:
    assert answer.status_code == 409, answer.status_code
    assert MINE in answer.text
    asker.see("chưa được ghi")


def test_a_second_reply_to_one_clarification_is_refused_and_still_there(people: People) -> None:
    asked = _asked_for_more(people)
    first, second = (asked.visitor.form(PAGE, action="/clarification") for _ in range(2))
    assert asked.visitor.press(first, {"answer": "Tôi nghỉ từ tháng sáu năm nay."}).is_redirect
    _kept(asked.visitor, asked.visitor.press(second, {"answer": MINE}))
    asked.visitor.see("Tôi nghỉ từ tháng sáu năm nay.")
    people.staff(OFFICIAL).get(asked.desk)
    people.staff(OFFICIAL).not_see(MINE)


def test_a_second_rating_from_a_page_that_showed_none_overwrites_nothing(people: People) -> None:
    asked = people.answered()
    first, second = (asked.visitor.form(PAGE, action="/rating") for _ in range(2))
    assert asked.visitor.press(first, {"verdict": "yes"}).is_redirect
    lost = asked.visitor.press(second, {"verdict": "no", "why": "unclear", "words": MINE})
    assert lost.status_code == 409
    assert MINE in lost.text
    asked.visitor.see("Bạn vừa đánh giá ở một thẻ khác")
    (row,) = people.site.rows("select verdict from rating where question_id = :id", id=asked.id)
    assert row.verdict == "yes"
    changed = asked.visitor.press(asked.visitor.form(lost, action="/rating"))  # now it was seen: it may be changed
    assert changed.is_redirect
    (row,) = people.site.rows("select verdict, words from rating where question_id = :id", id=asked.id)
    assert (row.verdict, row.words) == ("no", MINE)


def test_a_second_follow_up_is_refused_and_still_there(people: People) -> None:
    asked = people.answered()
    first, second = (asked.visitor.form(PAGE, action="/follow-up") for _ in range(2))
    assert asked.visitor.press(first, _follow_up(people)).is_redirect
    # The first tab's receipt opened the new question; the second tab still stands on the old one's page.
    again = asked.visitor.fill("/track", {"code": asked.code}, action="/track")
    assert again.is_redirect
    _kept(asked.visitor, asked.visitor.press(second, _follow_up(people, body=f"{MINE} Xin hỏi cần giấy tờ gì?")))
    rows = people.site.rows("select id from question where follows_on_id = :id", id=asked.id)
    assert len(rows) == 1


def test_a_second_request_to_look_again_is_refused_and_still_there(people: People) -> None:
    asked = people.answered()
    first, second = (asked.visitor.form(PAGE, action="/second-look") for _ in range(2))
    assert asked.visitor.press(first, {"words": "Trả lời chưa nói tới trường hợp của tôi."}).is_redirect
    _kept(asked.visitor, asked.visitor.press(second, {"words": MINE}))
    assert len(people.site.rows("select id from second_look where question_id = :id", id=asked.id)) == 1


@pytest.mark.parametrize(
    ("act", "table", "typed"),
    [
        ("clarification", "clarification where answer <> '' and", {"answer": MINE}),
        ("second-look", "second_look where", {"words": MINE}),
        ("rating", "rating where", {"verdict": "no", "why": "unclear", "words": MINE}),
    ],
)
def test_of_two_at_the_same_moment_one_is_kept_and_the_other_keeps_its_words(
    people: People, act: str, table: str, typed: Typed
) -> None:
    asked = _asked_for_more(people) if act == "clarification" else people.answered()
    forms = [asked.visitor.form(PAGE, action=f"/{act}") for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda form: asked.visitor.press(form, typed), forms))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    (lost,) = (answer for answer in answers if answer.status_code == 409)
    assert MINE in lost.text
    assert len(people.site.rows(f"select 1 from {table} question_id = :id", id=asked.id)) == 1
