from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2
import pytest

from engage.routes import DOORS
from moderation.text import clean
from tests.forms import forms
from tests.visitor import Visitor
from tests.web import hostile
from tests.web.askers import Askers, askers, desks, way
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
    way: str  # back to a question, mailed to who lost its code
    askers: Askers
    look: int  # that an asker wants at an answer
    reply: int  # to an agency, held by screening
    request: int  # about an asker's data


@pytest.fixture(scope="module")
def things(people: People) -> Things:
    given_back, held, other = people.accepted(), people.held(), people.held()
    assert people.staff(COORDINATOR).fill(given_back.desk, REASON, action="/give-back").is_redirect
    asking, desk_work = askers(people), desks(people)
    people.claim(held)  # last: whoever decides is handed the next one
    case, other_case = (people.case_row(one).id for one in (held, other))
    follower, email = people.site.visitor(), "theo-doi@example.vn"
    assert follower.fill(f"{given_back.page}/follow", {"email": email}, action="/follow").is_redirect
    (_, letter), *_ = people.mails_to(email, at_least=1)
    token = letter.partition("/follows/")[2].split()[0]
    return Things(
        people.taken(),
        given_back,
        people.in_approval(),
        case,
        other_case,
        token,
        way(people),
        asking,
        *desk_work,
    )


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
        path = path.replace("/lost/{token}", f"/lost/{things.way}")
        return path.replace("{door}", "track").replace("{token}", things.token)


def staff(who: str) -> Callable[[People, Things], Visitor]:
    return lambda people, _: people.staff(who)


def asker(which: str) -> Callable[[People, Things], Visitor]:
    def who(_: People, things: Things) -> Visitor:
        asked: Asked = getattr(things.askers, which)
        return asked.visitor

    return who


def somebody_who_leaves(who: str) -> Callable[[People, Things], Visitor]:
    """Whoever signs out is gone, so it may not be one of those that all tests share."""
    return lambda people, _: people.site.staff(f"{who}@engage.example") if who else people.ask().visitor


QUESTION = {"title": "t", "body": "b", "topic": "", "province": "", "country": "", "agency": "", "name": "n"} | {
    "email": "a@example.vn",
    "phone": "",
}
CORRECTION = {name: QUESTION[name] for name in ("title", "body", "topic", "province", "country", "agency")}
CONTACT = {"name": "n", "email": "a", "phone": "1"}
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
    Tried("/track/lost", typed={"email": "a@example.vn", "about": "a"}, words=("email", "about")),
    Tried("/track/lost/{token}"),
    Tried("/track/question/correct", asker("waiting"), typed=CORRECTION, words=("title", "body", "country")),
    Tried("/track/question/withdraw", asker("leaving"), typed={"why": "w"}, words=("why",), may_be_empty=True),
    Tried("/track/question/clarification", asker("asked_for_more"), typed={"answer": "a"}, words=("answer",)),
    Tried(
        "/track/question/rating", asker("answered"), typed={"verdict": "", "why": "", "words": "w"}, words=("words",)
    ),
    Tried("/track/question/second-look", asker("answered"), typed={"words": "w"}, words=("words",)),
    Tried("/track/question/follow-up", asker("answered"), typed={"title": "t", "body": "b"}, words=("title", "body")),
    Tried("/track/question/appeal", asker("refused"), typed={"words": "w"}, words=("words",)),
    Tried("/track/question/hide-name", asker("answered")),
    Tried("/track/question/data/contact", asker("waiting"), typed=CONTACT, words=tuple(CONTACT)),
    Tried("/track/question/data/request", asker("waiting"), typed={"wish": "erase", "words": "w"}, words=("words",)),
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
    Tried(
        "/review/second-looks/{id:int}",
        staff(CLEARED),
        lambda things: things.look,
        {"decision": "close", "words": "w"},
        ("words",),
    ),
    Tried(
        "/review/clarifications/{id:int}",
        staff(CLEARED),
        lambda things: things.reply,
        {"decision": "hand_back", "words": "w"},
        ("words",),
    ),
    Tried(
        "/desk/questions/{id:int}/clarify",
        staff(COORDINATOR),
        lambda things: things.taken.id,
        {"words": "w"},
        ("words",),
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
    Tried(
        "/admin/data-requests/{id:int}",
        staff(ADMINISTRATOR),
        lambda things: things.request,
        {"decision": "refuse", "reply": "r"},
        ("reply",),
    ),
    Tried(
        "/admin/data-requests/{id:int}/hold",
        staff(ADMINISTRATOR),
        lambda things: things.request,
        {"hold": "h"},
        ("hold",),
        may_be_empty=True,  # lifts it
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
