"""What readers of a dialogue see over HTTP: all its questions, narrowed and in order; and nothing that is not for them."""

from dataclasses import dataclass

import pytest

from engage import questions, turns
from engage.dialogues import Stage
from tests.processes import outside
from tests.site import Site
from tests.unit.hall import Hall, opened
from tests.unit.test_merges import _hide
from tests.web import halls
from tests.web.people import CLEARED, People

TITLES = ("Mất thẻ bảo hiểm thì làm ở đâu?", "Sổ hưu của mẹ tôi ghi sai tên", "Trợ cấp thai sản nhận khi nào?")
HIDDEN, HELD, SEALED = "Câu bị gỡ khỏi phòng", "Câu còn chờ duyệt", "Câu đã niêm phong"
DRAFT = "Lời nháp của thư ký chưa ai được đọc"


@dataclass(frozen=True)
class Room:
    id: int
    questions: list[int]
    withheld: dict[str, int]

    @property
    def pages(self) -> list[str]:
        here = f"/dialogues/{self.id}"
        ways = (
            "",
            "?order=oldest",
            "/questions",
            "/questions?order=newest",
            "/screen",
            "/snapshot.json",
            "/events?after=0",
        )
        return [here + way for way in ways] + [f"/questions/near?q={HELD}"]


@pytest.fixture(scope="module")
def room(people: People) -> Room:
    """On air: one answered, two waiting, of which one is most asked; and three that readers may not see, each with a draft."""

    async def make() -> Room:
        async with people.site.database() as store:
            hall = await opened(await halls.town(store), Stage.LIVE)
            asked = [await hall.ask(title, group=number % 2) for number, title in enumerate(TITLES)]
            withheld = {title: await hall.ask(title) for title in (HIDDEN, HELD, SEALED)}
            await hall.stage(withheld[HIDDEN])
            await hall.type(withheld[HIDDEN], DRAFT)
            await hall.type(asked[1], DRAFT)
            await hall.stage(asked[0], instead_of=withheld[HIDDEN])
            await hall.answer(asked[0], "Ở bộ phận một cửa của phường.")
            await _withhold(hall, withheld)
            async with store.transaction() as db:
                (await turns.one(db, hall.id, asked[2])).people = 40
            return Room(hall.id, asked, withheld)

    return outside(make())


async def _withhold(hall: Hall, withheld: dict[str, int]) -> None:
    await _hide(hall.town, withheld[HIDDEN])
    async with hall.town.store.transaction() as db:
        (await questions.one(db, withheld[HELD])).moderation = "held"
        (await questions.one(db, withheld[SEALED])).sealed = True


def test_all_questions_stand_in_order_and_are_narrowed(room: Room, site: Site) -> None:
    reader, here = site.visitor(), f"/dialogues/{room.id}/questions"
    assert f'href="{here}"' in reader.get(f"/dialogues/{room.id}").text

    def shown(query: str = "") -> list[int]:
        text = reader.get(here + query).text
        at = {one: text.find(f'id="question-{one}"') for one in room.questions}
        return sorted((one for one in at if at[one] >= 0), key=lambda one: at[one])

    first, second, third = room.questions
    assert shown() == [third, first, second]
    assert shown("?order=newest") == [third, second, first]
    assert shown("?q=so huu") == [second]
    assert shown("?q=khong-co-chu-nay") == []
    reader.see("Chưa có câu nào khớp điều bạn tìm.")
    group = site.rows("select id from topic_group where dialogue_id = :id order by id", id=room.id)[1].id
    assert shown(f"?group={group}") == [second]
    guest = site.rows("select id from guest where dialogue_id = :id order by id", id=room.id)[0].id
    assert shown(f"?guest={guest}") == [first]
    for damaged in ("?after=x", "?after=9-", "?group=x", "?guest=99999999999", "?order=x"):
        assert first in shown(damaged), damaged
    assert f"/questions/{second}/vote" in reader.get(here).text


def test_what_is_not_for_readers_stands_on_no_page_of_the_room(room: Room, site: Site) -> None:
    reader = site.visitor()
    for path in room.pages:
        answer = reader.get(path)
        assert answer.status_code < 400, path
        for secret in (HIDDEN, HELD, SEALED, DRAFT):
            if not (path.endswith(secret) and secret == HELD):
                assert secret not in answer.text, (path, secret)
    for number in room.withheld.values():
        for path in (f"/dialogues/{room.id}/answers/{number}", f"/questions/{number}", f"/questions/{number}/vote"):
            assert reader.get(path).status_code == 404, path


def test_an_answer_that_is_hidden_leaves_every_page_of_the_room_within_two_seconds(
    room: Room, people: People, site: Site
) -> None:
    """Also for whoever follows: the line says which one went, and no word of it."""
    reader, answered = site.visitor(), room.questions[0]
    here, words = f"/dialogues/{room.id}", (TITLES[0], "Ở bộ phận một cửa của phường.")
    pages = [here, f"{here}?order=oldest", f"{here}/snapshot.json", f"{here}/screen"]
    assert all(words[0] in reader.get(path).text for path in pages)
    before = reader.get(f"{here}/snapshot.json").json()["n"]
    hidden = {"reason": "unclear", "words": "Đang xem lại."}
    assert people.staff(CLEARED).fill(f"/review/questions/{answered}", hidden, action="/hide").is_redirect
    site.wait(lambda: not any(word in reader.get(path).text for path in pages for word in words), seconds=2)
    told = reader.get(f"{here}/events?after={before}")
    assert f"answer-{answered}" in told.text
    assert not any(word in told.text for word in words)
    assert reader.get(f"{here}/answers/{answered}").status_code == 404
