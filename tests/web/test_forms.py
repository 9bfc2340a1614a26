import httpx2
import pytest

from engage.routes import DOORS
from moderation.text import clean
from tests.forms import forms
from tests.visitor import Visitor
from tests.web import (
    forms_admin,
    forms_comments,
    forms_desks,
    forms_dialogues,
    forms_forum,
    forms_hall,
    forms_minutes,
    forms_readers,
    forms_review,
    forms_sift,
    hostile,
)
from tests.web.people import (
    People,
)
from tests.web.things import Things, gathered
from tests.web.tried import Tried

FORMS = [
    *forms_readers.FORMS,
    *forms_review.FORMS,
    *forms_desks.FORMS,
    *forms_admin.FORMS,
    *forms_dialogues.FORMS,
    *forms_hall.FORMS,
    *forms_minutes.FORMS,
    *forms_sift.FORMS,
    *forms_forum.FORMS,
    *forms_comments.FORMS,
]


@pytest.fixture(scope="module")
def things(people: People) -> Things:
    return gathered(people)


WITH_WORDS = [tried for tried in FORMS if tried.words]


def test_every_form_is_tried() -> None:
    assert {tried.door for tried in FORMS} == {door.path for door in DOORS if door.method == "POST"}


@pytest.mark.parametrize("what", hostile.TEXTS)
@pytest.mark.parametrize("tried", WITH_WORDS, ids=lambda tried: tried.door)
def test_whatever_is_typed_comes_back_as_text(tried: Tried, what: str, people: People, things: Things) -> None:
    text, visitor = hostile.TEXTS[what], tried.who(people, things)
    pairs = [(name, text if name in tried.words else value) for name, value in tried.typed.items()]
    answer = _send(visitor, tried.path(things), hostile.form([*people.proof(visitor).items(), *pairs]))
    _is_an_error_in_words(answer)
    assert answer.status_code in {400, 422}
    for name in tried.words:
        assert clean(text).strip() in _given_back(answer, tried, things, name), name
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("what", hostile.BODIES)
@pytest.mark.parametrize("tried", FORMS, ids=lambda tried: tried.door)
def test_no_body_breaks_a_form(tried: Tried, what: str, people: People, things: Things) -> None:
    body, visitor = hostile.BODIES[what], tried.who(people, things)
    sent = body.make([*people.proof(visitor).items(), *tried.typed.items()], tried.words)
    answer = _send(visitor, tried.path(things), sent)
    assert answer.status_code < 500
    if tried.words and not (what == "nothing" and tried.may_be_empty):
        _is_an_error_in_words(answer)
    if body.kept is not None:
        for name in tried.words:
            assert (body.kept or tried.typed[name]).strip() in _given_back(answer, tried, things, name), name


def _send(visitor: Visitor, path: str, sent: hostile.Sent) -> httpx2.Response:
    return visitor.post(path, content=sent[1], headers={"content-type": sent[0]})


def _is_an_error_in_words(answer: httpx2.Response) -> None:
    assert 400 <= answer.status_code < 500, answer.headers.get("location", answer.text)
    assert answer.headers["content-type"].startswith("text/html")
    assert 'role="alert"' in answer.text or "error-page" in answer.text


def _given_back(answer: httpx2.Response, tried: Tried, things: Things, name: str) -> str:
    """Everything that stands in the fields of that name in the form that came back."""
    path = tried.path(things)
    found = [form for form in forms(answer.text) if form.method == "post" and form.action == path]
    return clean("\n".join(value for form in found for field, value in form.pairs if field == name))
