"""Promises of the access record (QUALITY 24): whatever a citizen writes leaves where it came from, and a mere choice does not."""

import pytest

from tests.site import Site
from tests.web.askers import Askers, askers
from tests.web.people import Asked, People

PAGE = "/track/question"
WORDS = "Tôi xin nói rõ hơn về việc này, đã hơn ba tháng."
TITLE = "Tôi nghỉ việc từ tháng sáu thì làm hồ sơ ở đâu cho đúng?"


@pytest.fixture(scope="module")
def asking(people: People) -> Askers:
    return askers(people)


def posted(site: Site, asked: Asked) -> int:
    sql = "select count(*) from access_record where act = 'posted' and thing_id = :id and surface = 'question' and address <> ''"
    return int(site.rows(sql, id=asked.id)[0][0])


def test_whatever_a_citizen_writes_leaves_a_record_of_where_it_came_from(site: Site, asking: Askers) -> None:
    steps: list[tuple[Asked, str, dict[str, str], str]] = [
        (asking.asked_for_more, PAGE, {"answer": "Tôi nghỉ việc từ tháng sáu năm nay."}, "/clarification"),
        (asking.answered, PAGE, {"verdict": "no", "why": "unclear", "words": WORDS}, "/rating"),
        (asking.answered, PAGE, {"words": WORDS}, "/second-look"),
        (asking.refused, PAGE, {"words": WORDS}, "/appeal"),
        (asking.leaving, f"{PAGE}/withdraw", {"why": "Tôi tự tìm được rồi."}, "/withdraw"),
        (asking.waiting, f"{PAGE}/correct", {"title": TITLE, "body": f"{WORDS} {TITLE}"}, "/correct"),
        (asking.waiting, f"{PAGE}/data", {"name": "Trần Thị Mới"}, "/contact"),
        (asking.waiting, f"{PAGE}/data", {"wish": "restrict", "words": WORDS}, "/request"),
    ]
    for asked, page, typed, action in steps:
        before = posted(site, asked)
        assert before >= 1
        assert asked.visitor.fill(page, typed, action=action).is_redirect, action
        assert posted(site, asked) == before + 1, action


def test_a_follow_up_has_a_record_of_its_own(site: Site, people: People) -> None:
    asked = people.answered()
    form = {"title": TITLE, "body": f"{WORDS} {TITLE}"}
    assert asked.visitor.fill(PAGE, form, action="/follow-up").is_redirect
    ((follow_up,),) = site.rows("select id from question where follows_on_id = :id", id=asked.id)
    assert len(site.rows("select 1 from access_record where act = 'posted' and thing_id = :id", id=follow_up)) == 1


def test_a_choice_without_words_leaves_none(site: Site, people: People) -> None:
    asked = people.answered()
    before = posted(site, asked)
    assert asked.visitor.fill(PAGE, {"verdict": "yes"}, action="/rating").is_redirect
    assert asked.visitor.fill(PAGE, action="/hide-name").is_redirect
    assert posted(site, asked) == before
