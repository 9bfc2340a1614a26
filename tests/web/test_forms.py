from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2
import pytest

from engage.routes import DOORS
from moderation.text import clean
from tests.forms import forms
from tests.visitor import Visitor
from tests.web import hostile
from tests.web.people import (
    ADMINISTRATOR,
    ANSWER,
    APPROVER,
    CLEARED,
    COORDINATOR,
    OTHER_AGENCY,
    Asked,
    People,
)

REASON = {"reason": "Việc này thuộc phạm vi của cơ quan khác."}


@dataclass(frozen=True)
class Things:
    """What the forms are about, each at the step at which its form stands on a page."""

    taken: Asked
    given_back: Asked
    in_approval: Asked
    case: int  # that the moderator has open
    other_case: int
    token: str  # of somebody who follows
    nobody: int = 999_999  # for buttons that would change what other tests need


@pytest.fixture(scope="module")
def things(people: People) -> Things:
    given_back, held, other = people.accepted(), people.held(), people.held()
    assert people.staff(COORDINATOR).fill(given_back.desk, REASON, action="/give-back").is_redirect
    people.claim(held)
    case, other_case = (people.case_row(one).id for one in (held, other))
    follower, email = people.site.visitor(), "theo-doi@example.vn"
    assert follower.fill(f"{given_back.page}/follow", {"email": email}, action="/follow").is_redirect
    (_, letter), *_ = people.mails_to(email, at_least=1)
    token = letter.partition("/follows/")[2].split()[0]
    return Things(people.taken(), given_back, people.in_approval(), case, other_case, token)


@dataclass(frozen=True)
class Tried:
    """A form to try: its door, who may send it, what an honest one holds, and which of its fields are words."""

    door: str
    who: Callable[[People, Things], Visitor] = lambda people, _: people.site.visitor()
    about: Callable[[Things], object] = lambda _: ""
    typed: dict[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    may_be_empty: bool = False

    def path(self, things: Things) -> str:
        path = self.door.replace("{id:int}", str(self.about(things)))
        return path.replace("{door}", "track").replace("{token}", things.token)


def staff(who: str) -> Callable[[People, Things], Visitor]:
    return lambda people, _: people.staff(who)


def somebody_who_leaves(who: str) -> Callable[[People, Things], Visitor]:
    """Whoever signs out is gone, so it may not be one of those that all tests share."""
    return lambda people, _: people.site.staff(f"{who}@engage.example") if who else people.ask().visitor


QUESTION = {"title": "t", "body": "b", "topic": "", "province": "", "country": "", "agency": "", "name": "n"} | {
    "email": "a@example.vn",
    "phone": "",
}
DRAFT = {name: str(value) for name, value in ANSWER.items() if not name.startswith("cite_")}
CITED = dict.fromkeys(("cite_number", "cite_title", "cite_article", "cite_link"), "")
LIMITS = dict.fromkeys(("per_caller", "per_address", "overall"), "1000000/minute")
NEW_REASON = {"code": "tried_out", "name_vi": "n", "name_en": "n", "words_vi": "w", "words_en": "w", "active": "yes"}

FORMS = [
    Tried("/questions", typed=QUESTION, words=("title", "body", "name", "country")),
    Tried("/track", typed={"code": "HD"}, words=("code",)),
    Tried(
        "/questions/{id:int}/follow",
        about=lambda things: things.given_back.id,
        typed={"on": "yes", "email": "a@example.vn"},
        words=("email",),
        may_be_empty=True,  # following takes one press
    ),
    Tried("/follows/{token}/confirm"),
    Tried("/follows/{token}/end"),
    Tried("/track/close", somebody_who_leaves("")),
    Tried("/sign-in", typed={"email": "a@example.vn", "password": "p", "next": "/"}, words=("email",)),
    Tried("/sign-out", somebody_who_leaves(CLEARED)),
    Tried("/review/next", staff(CLEARED)),
    Tried("/review/cases/{id:int}/claim", staff(CLEARED), lambda things: things.other_case),
    Tried("/review/cases/{id:int}/release", staff(CLEARED), lambda things: things.other_case),
    Tried(
        "/review/cases/{id:int}/decision",
        staff(CLEARED),
        lambda things: things.case,
        {"version": "1", "decision": "refuse", "reason": "unclear", "words": "w"},
        ("words",),
    ),
    Tried(
        "/review/questions/{id:int}/route",
        staff(CLEARED),
        lambda things: things.given_back.id,
        {"agency": "", "other": OTHER_AGENCY, "reason": "r"},
        ("reason",),
    ),
    *(
        Tried(f"/review/cases/{{id:int}}/{act}", staff(CLEARED), lambda things: things.other_case)
        for act in ("skip", "undo")
    ),
    Tried("/review/here", staff(CLEARED)),
    Tried(
        "/review/cases/{id:int}/preview",
        staff(CLEARED),
        lambda things: things.case,
        {"version": "1", "decision": "redact", "cover": "c", "picked": "yes"},
    ),
    Tried("/review/cases/{id:int}/topic", staff(CLEARED), lambda things: things.case, {"topic": "none"}),
    Tried(
        "/review/bulk",
        staff(CLEARED),
        typed={"decision": "refuse", "reason": "unclear", "words": "w"},
        words=("words",),
    ),
    Tried(
        "/review/cases/{id:int}/hand-over",
        staff(CLEARED),
        lambda things: things.case,
        {"kind": "nothing", "body": "b", "number": "n", "words": "w"},
    ),
    Tried("/review/cases/{id:int}/erase", staff(CLEARED), lambda things: things.case),
    Tried(
        "/review/questions/{id:int}/cover",
        staff(CLEARED),
        lambda things: things.given_back.id,
        {"cover": "c"},
        ("cover",),
    ),
    Tried(
        "/review/questions/{id:int}/merge",
        staff(CLEARED),
        lambda things: things.given_back.id,
        {"target": "t"},
        ("target",),
    ),
    Tried(
        "/review/questions/{id:int}/hide",
        staff(CLEARED),
        lambda things: things.given_back.id,
        {"reason": "", "words": "w"},
        ("words",),
    ),
    *(
        Tried(f"/review/questions/{{id:int}}/{act}", staff(CLEARED), lambda things: things.nobody)
        for act in ("part", "restore", "seal")
    ),
    Tried("/desk/questions/{id:int}/accept", staff(COORDINATOR), lambda things: things.taken.id),
    Tried(
        "/desk/questions/{id:int}/complexity",
        staff(COORDINATOR),
        lambda things: things.taken.id,
        {"complexity": "simple"},
    ),
    Tried(
        "/desk/questions/{id:int}/give-back",
        staff(COORDINATOR),
        lambda things: things.taken.id,
        {"reason": "r"},
        ("reason",),
    ),
    Tried(
        "/desk/questions/{id:int}/transfer",
        staff(COORDINATOR),
        lambda things: things.taken.id,
        {"agency": OTHER_AGENCY, "reason": "r"},
        ("reason",),
    ),
    Tried(
        "/desk/questions/{id:int}/answer",
        staff(COORDINATOR),
        lambda things: things.taken.id,
        {"version": "0", "act": "send", **DRAFT, **CITED},
        ("short", "full", "signatory", "signatory_title", "cite_title"),
    ),
    Tried("/desk/questions/{id:int}/approve", staff(APPROVER), lambda things: things.in_approval.id, {"version": "99"}),
    Tried(
        "/desk/questions/{id:int}/return",
        staff(APPROVER),
        lambda things: things.in_approval.id,
        {"version": "1", "note": "n"},
        ("note",),
    ),
    Tried("/admin/limits/{door}", staff(ADMINISTRATOR), typed=LIMITS, words=tuple(LIMITS)),
    Tried(
        "/admin/reasons", staff(ADMINISTRATOR), typed=NEW_REASON, words=("name_vi", "name_en", "words_vi", "words_en")
    ),
]
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
