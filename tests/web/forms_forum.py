"""The forms of the forum."""

from tests.web.people import CLEARED, COORDINATOR
from tests.web.tried import Tried, citizen, staff

THREAD, POST = "/forum/threads/{id:int}", "/forum/posts/{id:int}"
FORMS = [
    Tried("/forum/{slug}/write", staff(COORDINATOR), typed={"title": "t", "body": "b"}, words=("title",)),
    Tried(
        f"{THREAD}/reply", staff(COORDINATOR), lambda things: things.thread, {"body": "b", "badge": "999"}, ("body",)
    ),
    Tried(f"{THREAD}/read", staff(COORDINATOR), lambda things: things.thread, {"number": "1"}),
    Tried("/forum/unfollow/{token}"),
    Tried(f"{THREAD}/polls/{{poll:int}}/mark", citizen, lambda things: things.thread, {"choice": "1"}),
    Tried(
        "/review/threads/{id:int}/polls",
        staff(CLEARED),
        lambda things: things.thread,
        {"words": "w", "choices": "c", "until": "u"},
        ("words", "choices", "until"),
    ),
    Tried(
        "/review/threads/{id:int}/polls/{poll:int}",
        staff(CLEARED),
        lambda things: things.thread,
        {"act": "withdraw", "poll_why": "w"},
    ),
    Tried(f"{THREAD}/follow", staff(COORDINATOR), lambda things: things.thread),
    Tried(f"{POST}/edit", staff(COORDINATOR), lambda things: things.post, {"body": "b", "version": "7"}, ("body",)),
    Tried(f"{POST}/withdraw", staff(COORDINATOR), lambda things: things.nobody),
    Tried(
        "/review/threads/{id:int}", staff(CLEARED), lambda things: things.thread, {"act": "close", "why": "w"}, ("why",)
    ),
    Tried(
        "/review/posts/{id:int}/hide",
        staff(CLEARED),
        lambda things: things.post,
        {"reason": "", "words": "w"},
        ("words",),
    ),
    Tried("/review/posts/{id:int}/restore", staff(CLEARED), lambda things: things.post),
]
