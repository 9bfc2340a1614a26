import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest

from engage.access import Role
from engage.routes import DOORS
from tests.site import Site
from tests.visitor import Visitor
from tests.web.people import AGENCY, AGENCY_NAME, CLEARED, COORDINATOR, OFFICIAL, UNCLEARED, People

LINE = re.compile(r'<li(?: id="question-\d+")?><h3><a href="(?:/en)?/questions/(\d+)">')
NEXT = re.compile(r'<a class="btn" href="([^"]+)" rel="next">')
ATOM = "{http://www.w3.org/2005/Atom}"
PUBLIC = (
    "question.kind = 'question' and moderation = 'accepted' and sealed = false and merged_into_id is null"
    " and (dialogue_id is null or assignment <> 'unassigned')"  # a dialogue shows its own
)
PLAIN = [door.path for door in DOORS if door.method == "GET" and door.role is Role.ANYONE and "{" not in door.path]
# Machine rooms and forms are no reading pages.
OTHER = {
    "/healthz",
    "/readyz",
    "/metrics",
    "/sign-in",
    "/sign-in/code",
    "/sign-in/enrol",
    "/sign-in/forgot",
    "/track/lost",
    "/track",
    "/questions/ask",
    "/questions/near",
    "/questions/search",
    "/citizens/sign-in",
    "/flags/new",
    "/feedback/new",
    "/feedback/search",
    "/forum/search",
    "/forum/mine",
}
# What stands inside the portal's pages has cache lines of its own, see test_widgets and test_comments.
EMBEDDED = ("/embed/", "/widget.js")


READ = [path for path in PLAIN if path not in OTHER and not path.startswith(EMBEDDED)]


def _pages(reader: Visitor, path: str) -> Iterator[str]:
    """Every page of a list, following its own link to the next one."""
    while path:
        page = reader.get(path)
        assert page.status_code == 200
        yield page.text
        following = NEXT.search(page.text)
        path = following[1].replace("&amp;", "&") if following else ""


def _walked(reader: Visitor, path: str) -> list[int]:
    return [int(number) for page in _pages(reader, path) for number in LINE.findall(page)]


def _ids(site: Site, where: str, newest: str) -> list[int]:
    rows = site.rows(f"select id from question where {PUBLIC} and {where} order by {newest} desc, id desc")
    return [int(row.id) for row in rows]


# Lists


def test_walking_a_list_meets_every_question_once_and_in_order(site: Site, people: People) -> None:
    """Also those that were answered at the very same moment, where one page ends and the next begins."""
    site.write(
        "update question set published_at = (select max(published_at) from question where id < 20)"
        f" where {PUBLIC} and id < 40 and published_at is not null"
    )
    answered, reader = people.answered(), site.visitor()  # from now on no kept page is sent
    site.wait(lambda: answered.title in reader.get("/questions").text)
    walked = _walked(reader, "/questions")
    assert len(walked) > 25
    assert walked == _ids(site, "published_at is not null", "published_at")


def test_the_open_list_holds_what_waits_for_an_answer(site: Site, people: People) -> None:
    waiting = people.accepted()
    site.wait(lambda: waiting.title in site.visitor().get("/questions?stage=open").text)
    walked = _walked(site.visitor(), "/questions?stage=open")
    assert walked == _ids(site, "published_at is null and accepted_at is not null", "accepted_at")
    assert waiting.id in walked


@pytest.mark.parametrize("of", ["topic", "agency", "province"])
def test_a_filter_finds_its_own_and_nothing_else(site: Site, of: str) -> None:
    (row,) = site.rows(
        f"select {of}.slug, {of}.id, count(*) as n from question join {of} on {of}.id = question.{of}_id"
        f" where {PUBLIC} and published_at is not null group by {of}.slug, {of}.id order by n desc, {of}.id limit 1"
    )
    walked = _walked(site.visitor(), f"/questions?{of}={row.slug}")
    assert walked
    assert sorted(walked) == sorted(_ids(site, f"published_at is not null and {of}_id = {row.id}", "published_at"))


@pytest.mark.parametrize("of", ["topic", "agency", "province"])
def test_an_unknown_filter_finds_nothing_and_says_so_politely(site: Site, of: str) -> None:
    reader = site.visitor()
    assert _walked(reader, f"/questions?{of}=khong-co-that") == []
    reader.see("Chưa ai hỏi việc này. Bạn hỏi đầu tiên nhé.")


def test_an_agencys_page_shows_its_names_its_answers_and_its_counts(site: Site, people: People) -> None:
    answered = people.answered()
    reader = site.visitor()
    site.wait(lambda: answered.title in reader.get(f"/agencies/{AGENCY}").text)
    reader.see(AGENCY_NAME)
    expected = _ids(site, "published_at is not null and agency_id = (select id from agency"
                          f" where slug = '{AGENCY}')", "published_at")  # fmt: skip
    assert sorted(_walked(reader, f"/agencies/{AGENCY}")) == sorted(expected)
    reader.see(f"{len(expected)} câu đã trả lời")
    reader.get("/agencies")
    reader.see(AGENCY_NAME)


# Feed


@pytest.mark.parametrize(
    "path", ["/feed.xml", f"/feed.xml?agency={AGENCY}", "/en/feed.xml", "/feed.xml?topic=bao-hiem-xa-hoi"]
)
def test_the_feed_is_atom(site: Site, path: str) -> None:
    answer = site.visitor().get(path)
    assert answer.headers["content-type"] == "application/atom+xml"
    feed = ET.fromstring(answer.text)
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}id") == site.url + path
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    for part in ("id", "title", "updated", "summary"):
        assert all(entry.findtext(f"{ATOM}{part}") for entry in entries), part
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids))
    dates = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
    assert dates == sorted(dates, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == dates[0]


# Kept pages


@pytest.mark.parametrize("path", [path for path in READ if path != "/questions/denunciation"])
def test_an_unchanged_page_is_not_sent_twice(site: Site, path: str) -> None:
    reader = site.visitor()
    first = reader.get(path)
    again = reader.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"


def test_each_language_has_a_tag_of_its_own(site: Site) -> None:
    reader = site.visitor()
    vietnamese, english = (reader.get(path).headers["etag"] for path in ("/questions", "/en/questions"))
    assert vietnamese != english
    assert reader.get("/en/questions", headers={"if-none-match": vietnamese}).status_code == 200


def test_a_page_that_changed_is_sent_anew(site: Site, people: People) -> None:
    asked, reader = people.in_approval(), site.visitor()
    before = reader.get(asked.page)
    people.staff("duyet.bhxh").fill(asked.desk, action="/approve")

    def sent_anew() -> bool:
        return reader.get(asked.page, headers={"if-none-match": before.headers["etag"]}).status_code == 200

    site.wait(sent_anew)
    reader.see("Trả lời chính thức")


def test_what_a_signed_in_person_gets_is_kept_by_nobody(people: People) -> None:
    staff = [
        (CLEARED, "/review"),
        (COORDINATOR, "/desk"),
        (OFFICIAL, "/"),
        (UNCLEARED, "/questions"),
        (CLEARED, "/outbox"),
    ]
    for who, path in staff:
        answer = people.staff(who).get(path)
        assert answer.headers["cache-control"] == "no-store", path
        assert "etag" not in answer.headers, path
    asker = people.ask().visitor
    for path in ("/track/question", "/questions", "/", "/questions/ask"):
        assert asker.get(path).headers["cache-control"] == "no-store", path


def test_a_search_from_a_narrowed_list_keeps_what_narrows_it(site: Site) -> None:
    reader = site.visitor()
    page = reader.get("/questions?topic=bao-hiem-xa-hoi&province=ha-noi&stage=open&from=2026-01").text
    search = page.partition('role="search"')[2].partition("</form>")[0]
    for name, value in (("topic", "bao-hiem-xa-hoi"), ("province", "ha-noi"), ("stage", "open"), ("from", "2026-01")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in search
    bare = reader.get("/questions").text.partition('role="search"')[2].partition("</form>")[0]
    assert 'type="hidden"' not in bare
