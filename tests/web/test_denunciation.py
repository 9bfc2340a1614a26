from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engage.notices import GATHERED
from tests.processes import outside
from tests.site import Site
from tests.visitor import Visitor
from tests.web.people import ADMINISTRATOR, CLEARED, COORDINATOR, UNCLEARED, Asked, People

CANARY = "tháp-chàm-mười-bảy"
ACCUSED = f" Ông chủ tịch Nguyễn Văn Tám đòi hối lộ của gia đình tôi mới ký giấy, chuyện ở {CANARY}."
SEALED_TITLE = "Nội dung niêm phong"


def _form(people: People) -> dict[str, Any]:
    title = f"Cán bộ {CANARY} vòi tiền thì tôi phải làm gì?"
    return people.question(title=title, name=f"Kẻ {CANARY}", email="thap.cham@example.vn", more=ACCUSED)


# What the worker writes meanwhile about other questions; the words themselves are looked for in these tables too.
BY_THE_WORKER = {"chase", "reminder", "digest", "audit", "audit_tally", "audit_tip", "calendar_alarm"}


def _quiet(site: Site) -> None:
    """Nothing is under way that would write rows while a test counts them."""
    gathered = ", ".join(f"'{kind}'" for kind in sorted(GATHERED))  # these rest until somebody's digest
    waiting = (
        "select (select count(*) from question where moderation = 'received')"
        f" + (select count(*) from notice where sent_at is null and kind not in ({gathered})) as n"
    )
    site.wait(lambda: site.rows(waiting)[0].n == 0)


def _stored(site: Site) -> dict[str, str]:
    """Every row of every table, as text."""
    tables = "select name from sqlite_master where type = 'table' and name not like 'sqlite%'"
    if site.kind == "postgres":
        tables = "select tablename from pg_tables where schemaname = 'public'"

    async def read() -> dict[str, str]:
        async with site.database() as store, store.reading() as db:
            connection = await db.connection()
            names = (await connection.execute(sa.text(tables))).scalars().all()
            return {
                name: "\n".join(map(str, (await connection.execute(sa.text(f'select * from "{name}"'))).all()))
                for name in names
            }

    return outside(read())


def _counts(site: Site) -> dict[str, int]:
    stored = {table: rows.splitlines() for table, rows in _stored(site).items() if table not in BY_THE_WORKER}
    stored["notice"] = [row for row in stored["notice"] if "'digest'" not in row and "'calendar'" not in row]
    return {table: len(rows) for table, rows in stored.items()}


def _hint(people: People, visitor: Visitor) -> tuple[dict[str, Any], Any]:
    form = _form(people)
    return form, visitor.fill("/questions/ask", form, action="/questions")


def test_a_hint_gives_the_text_back_with_two_buttons_and_stores_nothing(site: Site, people: People) -> None:
    visitor = site.visitor()
    _quiet(site)
    before = _counts(site)
    form, shown = _hint(people, visitor)
    assert shown.status_code == 422
    assert shown.headers["cache-control"] == "no-store"
    visitor.see("Chưa có gì được lưu")
    back = visitor.form(shown, action="/questions")
    assert {button.words for button in back.buttons} >= {"Đây là tố cáo: chỉ tôi nơi gửi", "Đây là câu hỏi: gửi đi"}
    typed = dict(back.pairs)
    assert (typed["title"], typed["body"], typed["name"]) == (form["title"], form["body"], form["name"])
    assert _counts(site) == before
    _is_nowhere(site)


def test_whoever_says_it_is_a_denunciation_is_shown_where_it_goes_and_nothing_is_kept(
    site: Site, people: People
) -> None:
    visitor = site.visitor()
    _quiet(site)
    before = _counts(site)
    form, shown = _hint(people, visitor)
    led = visitor.fill(shown, form, action="/questions", button="denunciation")
    assert led.headers["location"] == "/questions/denunciation"
    page = visitor.go(led)
    visitor.see("Gửi tố cáo, khiếu nại ở đâu?")
    visitor.see("Chúng tôi không lưu điều bạn vừa viết.")
    assert CANARY not in page.text
    assert 'data-draft-done="ask"' in page.text  # the draft in the browser goes too
    assert _counts(site) == before
    _is_nowhere(site)


def test_a_denunciation_is_led_there_in_english_too(site: Site, people: People) -> None:
    visitor = site.visitor("en")
    form, shown = _hint(people, visitor)
    led = visitor.fill(shown, form, action="/questions", button="denunciation")
    assert led.headers["location"] == "/en/questions/denunciation"


def _is_nowhere(site: Site) -> None:
    assert not [table for table, rows in _stored(site).items() if CANARY in rows]
    assert CANARY not in site.log(lines=0)
    for file in site.folder.rglob("*"):
        if file.is_file():
            assert CANARY.encode() not in file.read_bytes(), file
    assert not [mail for mail in site.mails() if "thap.cham" in str(mail["To"])]


# From here on the text is stored, because its author said that it is a question.


@pytest.fixture(scope="module")
def sealed(people: People) -> Asked:
    return people.ask(button="question", more=ACCUSED, title="Bị đòi tiền khi làm giấy thì tôi hỏi ở đâu?")


def test_whoever_says_it_is_a_question_has_it_sealed_and_held(people: People, sealed: Asked) -> None:
    row = people.question_row(sealed)
    assert (row.moderation, bool(row.sealed), row.agency_id) == ("held", True, None)
    assert people.case_row(sealed).sealed
    sealed.visitor.get("/track/question")
    sealed.visitor.see(sealed.title)


def test_what_its_author_asks_for_repeats_nothing_of_it_to_an_administrator(people: People, sealed: Asked) -> None:
    words = "Xin xóa lời tôi viết về ông chủ tịch xã."
    assert sealed.visitor.fill("/track/question/data", {"wish": "erase", "words": words}, action="/request").is_redirect
    (row,) = people.site.rows("select id from data_request where question_id = :id", id=sealed.id)
    administrator = people.staff(ADMINISTRATOR)
    assert administrator.get(f"/admin/data-requests/{row.id}").status_code == 200
    administrator.see("Nội dung niêm phong")
    administrator.not_see("ông chủ tịch xã")
    administrator.not_see(sealed.title)


def test_only_a_cleared_moderator_opens_it(people: People, sealed: Asked) -> None:
    path = f"/review/cases/{people.case_row(sealed).id}"
    cleared, uncleared = people.staff(CLEARED), people.staff(UNCLEARED)
    assert cleared.get(path).status_code == 200
    cleared.see(sealed.title)
    cleared.see("Có thể là tố cáo")
    secret, missing = uncleared.get(path), uncleared.get("/review/cases/999999")
    assert secret.status_code == missing.status_code == 404
    assert secret.text.replace(path, "…") == missing.text.replace("/review/cases/999999", "…")


@pytest.mark.parametrize("act", ["claim", "decision"])
def test_nobody_else_acts_on_it(people: People, sealed: Asked, act: str) -> None:
    other, before = people.staff(UNCLEARED), people.case_row(sealed)
    told = {"version": "1", "decision": "refuse", "reason": "denunciation"} if act == "decision" else {}
    answer = other.post(f"/review/cases/{before.id}/{act}", data=people.proof(other) | told)
    assert answer.status_code == 404
    assert people.case_row(sealed) == before


def test_the_next_case_of_an_uncleared_moderator_is_never_a_sealed_one(
    site: Site, people: People, sealed: Asked
) -> None:
    site.write("update moderation_case set opened_at = '2020-01-01 00:00:00+00' where thing_id = :id", id=sealed.id)
    other = people.staff(UNCLEARED)
    other.go(other.fill("/review", action="/review/next"))
    other.not_see(sealed.title)
    assert people.case_row(sealed).claimed_by is None
    people.release(UNCLEARED)


def test_the_tray_shows_no_title_of_it_and_to_some_no_entry(people: People, sealed: Asked) -> None:
    cleared, uncleared = people.staff(CLEARED), people.staff(UNCLEARED)
    entry = f"/review/cases/{people.case_row(sealed).id}"
    assert entry in cleared.get("/review").text
    cleared.see(SEALED_TITLE)
    cleared.not_see(sealed.title)
    assert entry not in uncleared.get("/review").text
    uncleared.not_see(sealed.title)
    uncleared.not_see(SEALED_TITLE)


def test_it_is_on_no_other_desk(people: People, sealed: Asked) -> None:
    for who, path in ((COORDINATOR, sealed.desk), (UNCLEARED, sealed.page), (COORDINATOR, sealed.page)):
        assert people.staff(who).get(path).status_code == 404, path
    uncleared = people.staff(UNCLEARED)
    told = {"other": "bo-y-te", "reason": "Đúng việc của nơi ấy."}
    routed = uncleared.post(f"/review/questions/{sealed.id}/route", data=people.proof(uncleared) | told)
    assert routed.status_code == 404
    uncleared.get("/review?tab=unrouted")
    uncleared.not_see(sealed.title)


def test_refused_as_a_denunciation_its_author_learns_the_channels(people: People, sealed: Asked) -> None:
    moderator, case = people.staff(CLEARED), people.claim(sealed)
    assert moderator.fill(case, {"reason": "denunciation"}, action="/decision", button="refuse").is_redirect
    people.release()
    sealed.visitor.get("/track/question")
    sealed.visitor.see("Việc tố cáo, khiếu nại không gửi qua trang này.")
    subject, text = people.mails_to(sealed.email, at_least=2)[-1]
    assert sealed.title not in subject + text
    assert "Luật Tố cáo" in text


def test_a_question_about_the_law_on_denunciations_is_a_question(people: People) -> None:
    asked = people.accepted(more=" Luật Tố cáo quy định thời hạn giải quyết là bao nhiêu ngày?")
    assert not people.question_row(asked).sealed


def test_the_database_file_has_no_name_of_whoever_denounced(site: Site) -> None:
    """The write-ahead log too: what was never written needs no erasing."""
    files = [path for path in Path(site.folder).glob("*.sqlite3*") if path.is_file()]
    assert bool(files) == (site.kind == "sqlite")
    assert not [path for path in files if b"thap.cham@example.vn" in path.read_bytes()]
