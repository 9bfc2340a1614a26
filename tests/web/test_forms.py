from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2
import pytest

from engage.routes import DOORS
from moderation.text import clean
from tests import papers
from tests.forms import forms
from tests.visitor import Visitor
from tests.web import hostile
from tests.web.askers import Askers, askers, desks, way
from tests.web.people import (
    ADMINISTRATOR,
    AGENCY,
    ANSWER,
    APPROVER,
    CLEARED,
    COORDINATOR,
    OFFICIAL,
    OTHER_AGENCY,
    OTHER_COORDINATOR,
    SECOND_OFFICIAL,
    UNCLEARED,
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
    published: Asked
    elsewhere: Asked  # with an agency that has no accounts
    token: str  # of somebody who follows
    link: str  # of somebody who forgot the password
    staff: int  # an account nobody signs in with
    official: int  # of the coordinator's agency
    file: str  # the key of one that came with a question
    passed_on: Asked  # to the other agency
    share: int  # asked of the agency by the other one
    led: int  # asked of the other agency by the agency
    absence: int
    way: str  # back to a question, mailed to who lost its code
    askers: Askers
    look: int  # that an asker wants at an answer
    reply: int  # to an agency, held by screening
    request: int  # about an asker's data


@pytest.fixture(scope="module")
def things(people: People) -> Things:
    given_back, held, other = people.accepted(), people.held(), people.held()
    assert people.staff(COORDINATOR).fill(given_back.desk, REASON, action="/give-back").is_redirect
    asking, (look, reply, request) = askers(people), desks(people)
    people.claim(held)  # last: whoever decides is handed the next one
    case, other_case = (people.case_row(one).id for one in (held, other))
    follower, email = people.site.visitor(), "theo-doi@example.vn"
    assert follower.fill(f"{given_back.page}/follow", {"email": email}, action="/follow").is_redirect
    (_, letter), *_ = people.mails_to(email, at_least=1)
    token = letter.partition("/follows/")[2].split()[0]
    people.site.visitor().fill("/sign-in/forgot", {"email": "dau-moi.bca@engage.example"}, action="/sign-in/forgot")
    (_, mail), *_ = people.mails_to("dau-moi.bca@engage.example", at_least=1)
    passed_on, coordinator = people.accepted(), people.staff(COORDINATOR)
    passed = people.proof(coordinator) | {"agency": OTHER_AGENCY, "sure": "yes", **REASON}
    assert coordinator.post(f"{passed_on.desk}/transfer", data=passed).is_redirect
    shared, share = people.shared()
    people.write(shared, who="can-bo.byt", button="send")  # from now on no part is taken, whatever it says
    leading = people.taken()
    wanted = {"agencies": [OTHER_AGENCY], "note": "Nhờ cho biết mức hưởng.", "days": "2"}
    assert coordinator.fill(leading.desk, wanted, action="/shares").is_redirect
    (led,) = people.site.rows("select id from share where thing_id = :id", id=leading.id)
    person, stand_in = (
        str(people.site.rows("select id from person where login = :login", login=f"{who}@engage.example")[0].id)
        for who in (OFFICIAL, SECOND_OFFICIAL)
    )
    away = {"agency": AGENCY, "person": person, "stand_in": stand_in, "starts": "01/03/2031", "ends": "02/03/2031"}
    assert coordinator.fill(f"/desk/people?agency={AGENCY}", away, action="/absences").is_redirect
    (absence,) = people.site.rows("select id from absence where starts_on = '2031-03-01'")
    return Things(
        taken=people.taken(),
        given_back=given_back,
        in_approval=people.in_approval(),
        case=case,
        other_case=other_case,
        token=token,
        link=mail.partition("/links/")[2].split()[0],
        staff=people.invited(),
        official=people.invited(),
        file=people.file_of(people.accepted(files=[("a.pdf", papers.pdf())])),
        passed_on=passed_on,
        share=share,
        led=led.id,
        absence=absence.id,
        way=way(people),
        askers=asking,
        look=look,
        reply=reply,
        request=request,
        answered=people.answered(),
        elsewhere=people.on_paper(),
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
        token = things.link if path.startswith("/links/") else things.token
        slug = "bao-hiem-xa-hoi" if "agencies" not in path else "bo-y-te"
        path = path.replace("/lost/{token}", f"/lost/{things.way}")
        path = path.replace("{noun:noun}", "topics").replace("{slug}", slug).replace("{key}", things.file)
        return path.replace("{door}", "track").replace("{token}", token)


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


def somebody_between(people: People, _: Things) -> Visitor:
    """The password was right, the code is still missing."""
    return people.halfway()


ACCOUNT = {"name": "1", "email": "e", "post": "", "agency": ""}
QUESTION = {"title": "t", "body": "b", "topic": "", "province": "", "country": "", "agency": "", "name": "n"} | {
    "email": "a@example.vn",
    "phone": "",
}
CORRECTION = {name: QUESTION[name] for name in ("title", "body", "topic", "province", "country", "agency")}
CONTACT = {"name": "n", "email": "a", "phone": "1"}
DRAFT = {name: str(value) for name, value in ANSWER.items() if not name.startswith("cite_")}
CITED = dict.fromkeys(("cite_number", "cite_title", "cite_article", "cite_link"), "")
LETTER = {"letter_number": "12/CV", "letter_date": ""}
DOCUMENT = ("number", "title", "issuer", "issued_on", "link", "in_force_from", "in_force_until", "replaced_by", "note")
LIMITS = dict.fromkeys(("per_caller", "per_address", "overall"), "1000000/minute")
ROW = {"name_vi": "n", "name_en": "n", "field": "cong", "agency": "", "keywords": "k", "note": "n", "active": "yes"}
NEW_REASON = {"code": "tried_out", "name_vi": "n", "name_en": "n", "words_vi": "w", "words_en": "w", "active": "yes"}

NEW_DAY = {"day": "soon", "kind": "holiday", "name_vi": "n", "name_en": "n", "certainty": "official"}

FORMS = [
    Tried("/questions", typed=QUESTION, words=("title", "body", "name", "country")),
    Tried("/attachments", typed={"surface": "none"}),
    Tried(
        "/review/attachments/{key}/decision",
        staff(CLEARED),
        typed={"decision": "refuse", "note": "n"},
        words=("note",),
    ),
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
        "/desk/questions/{id:int}/extend",
        staff(COORDINATOR),
        lambda things: things.taken.id,
        {"days": "3", "reason": "r"},
        ("reason",),
    ),
    Tried(
        "/desk/questions/{id:int}/decline",
        staff(OTHER_COORDINATOR),
        lambda things: things.passed_on.id,
        {"decline_reason": "r"},
        ("decline_reason",),
    ),
    Tried(
        "/desk/questions/{id:int}/hand",
        staff(COORDINATOR),
        lambda things: things.taken.id,
        {"at": "0", "official": ""},
    ),
    Tried("/desk/questions/{id:int}/take", staff(OFFICIAL), lambda things: things.taken.id),
    Tried("/desk/questions/{id:int}/take-back", staff(COORDINATOR), lambda things: things.taken.id, {"at": "0"}),
    Tried("/desk/many", staff(COORDINATOR), typed={"at": "0", "official": "", "act": "hand", "complexity": "simple"}),
    Tried(
        "/desk/questions/{id:int}/shares",
        staff(COORDINATOR),
        lambda things: things.taken.id,
        {"agencies": OTHER_AGENCY, "note": "n", "days": "999"},
        ("note",),
    ),
    Tried("/desk/shares/{id:int}/give", staff(COORDINATOR), lambda things: things.share, {"part": "p"}, ("part",)),
    Tried(
        "/desk/shares/{id:int}/decline", staff(COORDINATOR), lambda things: things.share, {"reason": "r"}, ("reason",)
    ),
    Tried("/desk/shares/{id:int}/withdraw", staff(COORDINATOR), lambda things: things.led),
    Tried("/desk/shares/{id:int}/name", staff(COORDINATOR), lambda things: things.led, {"named": "yes"}),
    Tried(
        "/desk/people/absences",
        staff(COORDINATOR),
        typed={"agency": AGENCY, "person": "", "stand_in": "", "starts": "s", "ends": "e"},
        words=("starts", "ends"),
    ),
    Tried("/desk/absences/{id:int}/end", staff(COORDINATOR), lambda things: things.absence),
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
    Tried("/sign-in/code", somebody_between, typed={"code": "1", "next": "/"}, words=("code",)),
    Tried("/sign-in/enrol", somebody_who_leaves(UNCLEARED), typed={"code": "1", "next": "/"}),
    Tried("/sign-in/forgot", typed={"email": "e"}, words=("email",)),
    Tried("/links/{token}", typed={"password": "p"}),
    Tried("/account/password", somebody_who_leaves(UNCLEARED), typed={"old": "o", "new": "n"}),
    Tried("/account/language", staff(UNCLEARED), typed={"language": "vi"}),
    Tried("/account/sessions/end", staff(UNCLEARED), typed={"session": "none"}),
    Tried("/account/factor/codes", staff(UNCLEARED)),
    Tried("/account/factor/off", somebody_who_leaves(UNCLEARED), typed={"code": "1", "next": "/"}),
    Tried(
        "/desk/people/add",
        staff(COORDINATOR),
        typed={"name": "n", "email": "e", "post": "official"},
        words=("name", "email"),
    ),
    Tried("/desk/people/{id:int}", staff(COORDINATOR), lambda things: things.official, {"post": "approver"}),
    Tried("/desk/people/{id:int}/end", staff(OTHER_COORDINATOR), lambda things: things.official),
    Tried("/admin/accounts", staff(ADMINISTRATOR), typed=ACCOUNT, words=("name", "email")),
    Tried("/admin/accounts/{id:int}", staff(ADMINISTRATOR), lambda things: things.staff, ACCOUNT, ("name", "email")),
    *(
        Tried(f"/admin/accounts/{{id:int}}/{act}", staff(ADMINISTRATOR), lambda things: things.staff)
        for act in ("end", "reopen", "factor", "link", "sign-out")
    ),
    Tried(
        "/admin/access",
        staff(ADMINISTRATOR),
        typed={"reason": "r", "address": "a", "email": "", "question": "x"},
        words=("reason", "address"),
    ),
    Tried(
        "/admin/{noun:noun}",
        staff(ADMINISTRATOR),
        typed=ROW | {"slug": "viec-thu"},
        words=("name_vi", "name_en", "keywords", "note"),
    ),
    Tried(
        "/admin/{noun:noun}/{slug}", staff(ADMINISTRATOR), typed=ROW, words=("name_vi", "name_en", "keywords", "note")
    ),
    Tried("/admin/{noun:noun}/{slug}/undo", staff(ADMINISTRATOR), typed={"version": "0"}),
    Tried("/admin/{noun:noun}/import", staff(ADMINISTRATOR), typed={"sheet": "s"}, words=("sheet",)),
    Tried("/admin/{noun:noun}/import/confirm", staff(ADMINISTRATOR), typed={"sheet": "s", "seen": "x"}),
    Tried(
        "/admin/agencies/{slug}/merge", staff(ADMINISTRATOR), typed={"successor": "", "reason": "r"}, words=("reason",)
    ),
    Tried("/admin/topics/{slug}/retire", staff(ADMINISTRATOR), typed={"successor": ""}),
    Tried("/admin/calendar", staff(ADMINISTRATOR), typed=NEW_DAY, words=("name_vi", "name_en")),
    Tried("/admin/calendar/remove", staff(ADMINISTRATOR), typed={"day": "02/09/2099"}),
    Tried("/admin/calendar/import", staff(ADMINISTRATOR), typed={"csv": "date", "act": "write"}, words=("csv",)),
    Tried("/admin/terms", staff(ADMINISTRATOR), typed={"step": "moderate", "complexity": "simple", "days": "0"}),
    Tried("/admin/terms/hours", staff(ADMINISTRATOR), typed={"opens": "07:30", "closes": "17:30"}),
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
    *(
        Tried(
            f"/review/transcribe/{{id:int}}/{act}", staff(UNCLEARED), lambda things: things.elsewhere.id, typed, words
        )
        for act, typed, words in (
            ("accept", {}, ()),
            ("answer", {"version": "0", "act": "send", **LETTER, **DRAFT, **CITED}, ("short", "full", "signatory")),
            ("approve", {"version": "99"}, ()),
            ("return", {"version": "1", "note": "n"}, ()),
            ("correct", {"reason": "r"}, ()),
            ("drop", {"version": "1"}, ()),
        )
    ),
    Tried(
        "/desk/questions/{id:int}/correct",
        staff(COORDINATOR),
        lambda things: things.published.id,
        {"reason": "r"},
        ("reason",),
    ),
    Tried("/desk/questions/{id:int}/drop", staff(COORDINATOR), lambda things: things.published.id, {"version": "1"}),
    Tried(
        "/desk/questions/{id:int}/outdated",
        staff(COORDINATOR),
        lambda things: things.published.id,
        {"outdated_on": "31/12/2999", "outdated_reason": "r", "newer": ""},
        ("outdated_reason", "newer"),
        may_be_empty=True,  # which takes the mark away
    ),
    Tried("/desk/questions/{id:int}/apart", staff(COORDINATOR), lambda things: things.taken.id),
    Tried("/desk/answers/together", staff(COORDINATOR), typed={"ids": "1", "lead": "0"}),
    Tried(
        "/desk/snippets",
        staff(COORDINATOR),
        typed={"id": "0", "agency": AGENCY, "topic": "none", "name": "n", "text": "t", "active": "yes"},
        words=("name", "text"),
    ),
    Tried(
        "/translations/{id:int}",
        staff(CLEARED),
        lambda things: things.published.id,
        {"version": "99", "short": "s", "full": "f"},
        ("short", "full"),
    ),
    Tried("/translations/{id:int}/approve", staff(CLEARED), lambda things: things.published.id, {"version": "99"}),
    Tried(
        "/review/documents",
        staff(CLEARED),
        typed=dict.fromkeys(DOCUMENT, "") | {"id": "0", "number": "1", "title": "t"},
        words=("title", "issuer", "note"),
    ),
    Tried("/review/documents/import", staff(CLEARED), typed={"text": "t", "act": "take"}, words=("text",)),
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
