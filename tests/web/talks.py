"""Threads of the forum as tests over HTTP need them: opened, let in, answered."""

from datetime import date, timedelta
from itertools import count

import httpx2

from tests.visitor import Visitor
from tests.web.people import CLEARED, COORDINATOR, People

SECTION = "chuyen-doi-so"  # lets in what is clean
_numbers = count(1)


def thread(people: People, visitor: Visitor | None = None) -> int:
    """One that readers see."""
    number = next(_numbers)
    said = {
        "title": f"Nộp hồ sơ trực tuyến ở xã, lần thứ {number}",
        "body": f"Lần thứ {number} tôi nộp hồ sơ qua mạng, mọi việc xong trong một buổi sáng.",
    }
    sent = (visitor or people.staff(COORDINATOR)).fill(f"/forum/{SECTION}/write", said, action="/write")
    return int(people.site.rows("select place_id from remark where id = :id", id=_let_in(people, sent))[0].place_id)


def polled(people: People, thread_id: int) -> int:
    """A poll that is open there."""
    typed = {
        "words": "Bạn nộp hồ sơ ở đâu?",
        "choices": "Qua mạng\nỞ xã",
        "until": f"{date.today() + timedelta(days=7):%d/%m/%Y}",
    }
    assert people.staff(CLEARED).fill(f"/review/threads/{thread_id}", typed, action="/polls").is_redirect
    return int(people.site.rows("select max(id) as id from poll where surface = 'thread'")[0].id)


def posted(
    people: People, thread_id: int, visitor: Visitor | None = None, to: int | None = None, body: str = ""
) -> int:
    """A post that answers there, and that readers see."""
    said = {"body": body or f"Ở chỗ tôi cũng vậy, lần thứ {next(_numbers)}."}
    asked = f"?to={to}" if to else ""
    writer = visitor or people.staff(COORDINATOR)
    return _let_in(people, writer.fill(f"/forum/threads/{thread_id}/reply{asked}", said, action="/reply"))


def _let_in(people: People, sent: httpx2.Response) -> int:
    location = sent.headers["location"]
    post_id = int(location.rpartition("/")[2])
    rows = "select moderation from remark where id = :id"
    people.site.wait(lambda: people.site.rows(rows, id=post_id)[0].moderation == "accepted")
    return post_id
