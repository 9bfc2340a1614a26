"""The forms of who asks and reads."""

from tests.web.tried import CONTACT, CORRECTION, QUESTION, Tried, asker, citizen, somebody_who_leaves

FORMS = [
    Tried("/questions", typed=QUESTION, words=("title", "body", "name", "country")),
    Tried(
        "/feedback/new",
        typed={"kind": "report", **{name: said for name, said in QUESTION.items() if name != "seen"}},
        words=("title", "body", "name"),
    ),
    Tried("/attachments", typed={"surface": "none"}),
    Tried("/track", typed={"code": "HD"}, words=("code",)),
    Tried(
        "/questions/{id:int}/follow",
        about=lambda things: things.given_back.id,
        typed={"on": "yes", "email": "a@example.vn"},
        words=("email",),
        may_be_empty=True,  # following takes one press
    ),
    Tried("/questions/{id:int}/vote", about=lambda things: things.given_back.id, typed={"on": "yes"}),
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
    Tried("/citizens/sign-in", typed={"name": "x", "email": "a@example.vn", "next": ""}, words=("name", "email")),
    Tried(
        "/flags/{surface}/{id:int}",
        about=lambda things: things.published.id,
        typed={"reason": "", "words": "w"},
        words=("words",),
    ),
    Tried("/embed/flags"),
    Tried("/embed/session"),
    Tried("/embed/session/end"),
    Tried("/embed/code"),
    Tried("/citizens/links/{token}"),
    Tried("/citizens/me/name", citizen, typed={"name": "x"}, words=("name",)),
    Tried("/citizens/me/erase", citizen),
    Tried("/citizens/sign-out", citizen),
    Tried("/track/close", somebody_who_leaves("")),
]
