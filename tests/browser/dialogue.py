"""A dialogue for the browser: announced through its editor's forms, with the demonstration's crew, and everybody's window on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from engage import admissions, dialogues, guests, intake, questions, turns
from engage.ask import Ask
from tests.browser import acts, stories
from tests.browser.conftest import Open, Shot
from tests.browser.look import DESKTOP, PHONE
from tests.forms import Value
from tests.processes import outside
from tests.site import Site
from tests.visitor import Visitor

HOST = "mc@engage.example"
SCRIBES = ("thu-ky-1@engage.example", "thu-ky-2@engage.example")
SPEAKERS = ("khach-1@engage.example", "khach-2@engage.example")
NAMES = ("Đặng Quốc Thịnh", "Nông Thị Bích Hạnh")
GROUPS = "Lương hưu\nKhám chữa bệnh"
TITLE = "Câu hỏi gửi trước số {number}: đóng đủ {number} năm thì được hưởng gì?"
TWO_SECONDS = 2_000


@dataclass(frozen=True)
class Room:
    """A dialogue by its address."""

    site: Site
    id: int
    title: str

    def at(self, place: str = "") -> str:
        return f"/dialogues/{self.id}{place}"


def drafted(site: Site) -> Room:
    """As its editor left it: guests, groups, crew. Not announced yet."""
    editor = stories.staff(site, stories.MODERATOR)
    title = "Đối thoại trực tuyến: Lương hưu và khám chữa bệnh"
    form = {"title": title, "starts_at": "03/12/2036 14:00", "ends_at": "03/12/2036 16:00"}
    begun = editor.fill("/dialogues/new", form | {"agency": stories.AGENCY}, action="/dialogues/new")
    room = Room(site, int(begun.headers["location"].split("/")[-2]), title)
    for name in NAMES:
        guest = {"guest_name": name, "guest_title": "Phó Trưởng ban", "guest_agency": stories.AGENCY}
        _send(editor, room, guest, "/guests", "save")
    _send(editor, room, {"groups": GROUPS}, "/groups")
    came = site.rows("select id from guest where dialogue_id = :id order by place, id", id=room.id)
    _take_on(editor, room, HOST, "host")
    _take_on(editor, room, stories.COLLEAGUE, "editor")
    for scribe in SCRIBES:
        _take_on(editor, room, scribe, "scribe")
    for speaker, guest in zip(SPEAKERS, came, strict=True):
        _take_on(editor, room, speaker, "guest", str(guest.id))
        visitor = stories.staff(site, speaker)
        assert visitor.fill(room.at("/guest"), action="/guest/come").is_redirect
    return room


def _take_on(editor: Visitor, room: Room, login: str, part: str, guest: str = "") -> None:
    _send(editor, room, {"login": login, "part": part, "crew_guest": guest}, "/crew")


def _send(editor: Visitor, room: Room, form: dict[str, str], door: str, button: str = "") -> None:
    sent = editor.fill(room.at("/edit"), form, action=door, button=button or None)
    assert sent.is_redirect, sent.text


def form(title: str) -> dict[str, Value]:
    """As a reader fills it in."""
    body = f"Tôi muốn biết quyền lợi của mình. {title}"
    return {"title": title, "body": body, "name": "Trần Văn Thử", "consent": True}


def let_in(room: Room) -> None:
    """Until the worker has let in all that was sent, and compared it."""
    sql = (
        "select count(*) as there from question where dialogue_id = :id and moderation = 'accepted'"
        " and exists (select 1 from trace where trace.question_id = question.id)"
    )
    (sent,) = room.site.rows("select count(*) as all_of_them from question where dialogue_id = :id", id=room.id)
    room.site.wait(lambda: room.site.rows(sql, id=room.id)[0].there == sent.all_of_them, seconds=60)


def sent(room: Room, numbers: Iterable[int]) -> Sequence[str]:
    """Through the form, each by another reader, in one group after the other."""
    groups = room.site.rows("select id from topic_group where dialogue_id = :id order by place, id", id=room.id)
    titles = [TITLE.format(number=number) for number in numbers]
    for place, title in enumerate(titles):
        typed = form(title) | {"group": str(groups[place % len(groups)].id), "seen": "yes"}
        answer = room.site.visitor().fill(room.at("/ask"), typed, action="/ask")
        assert answer.is_redirect, answer.text
    return titles


def asked(room: Room, numbers: Iterable[int]) -> Sequence[str]:
    """Sent in advance and let in, through the verbs: their titles, the oldest first."""
    titles = {number: TITLE.format(number=number) for number in numbers}

    async def send() -> None:
        async with room.site.database() as store, store.transaction() as db:
            dialogue = await dialogues.one(db, room.id)
            groups = await guests.groups(db, room.id)
            for number, title in titles.items():
                body = f"Tôi đóng bảo hiểm được {number} năm rồi chuyển nơi làm việc. Tôi muốn biết quyền lợi của mình."
                ask = Ask(
                    title=title,
                    body=body,
                    name=f"Trần Văn Thử {number}",
                    email=f"thu-{number}@thu.example",
                    consent=True,
                )
                where = await intake.find_directory(db, ask)
                code = f"journey {room.id} {number}"
                sent = await intake.submit(db, ask, where, code=code, language="vi", dialogue=dialogue)
                await turns.enter(db, sent.id, dialogue, groups[number % len(groups)].key)
                await admissions.accept(db, await questions.one(db, sent.id), by=None)

    outside(send())
    return list(titles.values())


def pictures(shot: Shot, page: Page, name: str) -> None:
    """On a phone and on a table."""
    for width in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": 900})
        shot(page, f"dialogue-{name}-{width}")


class Windows:
    """Eight windows and a reader without a script, all on one dialogue."""

    def __init__(self, page: Open, shot: Shot, room: Room) -> None:
        self._open, self._shot, self.room = page, shot, room
        self.editor = self.seated(stories.MODERATOR, room.at("/edit"))
        self.host = self.seated(HOST, room.at("/host"))
        self.scribes = [self.seated(scribe, room.at("/scribe")) for scribe in SCRIBES]
        self.speakers = [self.seated(speaker, room.at("/guest")) for speaker in SPEAKERS]
        self.moderator = self.seated(stories.COLLEAGUE, "/review")
        self.screen = page(room.at("/screen"))
        self.reader = page(room.at())
        self.plain = page(room.at(), javascript=False)

    def seated(self, login: str, path: str) -> Page:
        page = self._open()
        acts.lend(page, stories.staff(self.room.site, login))
        page.goto(path)
        return page

    def keep(self, page: Page, name: str) -> None:
        pictures(self._shot, page, name)

    def everybody_sees(self, title: str) -> None:
        """On stage: the projector and readers at once, who has no script with the next page."""
        expect(self.screen.locator("h1")).to_have_text(title)
        expect(self.reader.locator("#now .onstage-words")).to_have_text(title)
        self.plain.reload()
        expect(self.plain.locator("#now .onstage-words")).to_have_text(title)

    def line(self, title: str) -> Locator:
        """A question in the host's lists."""
        return self.host.locator("[data-part=waiting] li, [data-part=queue] li").filter(has_text=title)
