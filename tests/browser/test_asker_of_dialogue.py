"""Whoever asked in a dialogue keeps their own page open: it hears how the question moves, and shows it when asked to."""

from playwright.sync_api import expect

from engage import dialogues, turns
from engage.access import Actor
from engage.crews import Part
from engage.dialogues import Stage
from tests.browser import acts
from tests.browser.conftest import Open
from tests.processes import outside
from tests.site import Site
from tests.web import halls
from tests.web.people import COORDINATOR, People

TITLE = "Giấy xác nhận đóng bảo hiểm lấy ở đâu cho nhanh?"


def test_an_open_page_hears_how_the_question_moves(page: Open, site: Site) -> None:
    people, visitor = People(site), site.visitor()
    number = halls.at(people, Stage.LIVE)
    form = {"title": TITLE, "name": "Lò Thị Ban", "consent": True, "seen": "yes"}
    assert visitor.fill(f"/dialogues/{number}/ask", form, action="/ask").is_redirect
    (asked,) = site.rows("select id from question where title = :title and dialogue_id = :id", title=TITLE, id=number)
    site.wait(lambda: site.rows("select moderation from question where id = :id", id=asked.id)[0][0] == "accepted")
    host = Actor(person_id=people.person_id(COORDINATOR), parts={number: frozenset({Part.HOST})})

    async def queue() -> None:
        async with site.database() as store, store.transaction() as db:
            turn = await turns.one(db, number, asked.id)
            await turns.queue(db, host, await dialogues.one(db, number), turn)

    own = page()
    acts.lend(own, visitor)
    own.goto("/track/question")
    expect(own.locator("main")).to_contain_text("Câu hỏi đã vào phòng, đang chờ đến lượt.")
    own.wait_for_selector("html[data-live=socket]")
    outside(queue())
    own.locator("[data-fresh] button").click()
    expect(own.locator("main")).to_contain_text("Câu hỏi sắp được trả lời.")
