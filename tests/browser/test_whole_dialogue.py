"""A dialogue from its announcement to its minutes, walked by everybody it needs, each in a window of their own."""

from collections.abc import Sequence

from playwright.sync_api import expect

from tests.browser import acts, dialogue, stories
from tests.browser.conftest import Open, Shot
from tests.browser.dialogue import NAMES, TWO_SECONDS, Room, Windows
from tests.site import Site

SPOKEN = "Bạn nộp đơn ở nơi cư trú hoặc trên ứng dụng VssID, sổ mới có trong mười ngày."
TYPED = "Bạn nộp hồ sơ ở nơi cư trú, không phải về quê."
OPENING = "Mời bạn xem phần mở đầu"
# Asked in a browser; the second by somebody whose browser runs no script.
LOST, LOST_TOO = "Người mất sổ bảo hiểm xã hội xin cấp lại ở đâu?", "Mất sổ bảo hiểm xã hội xin cấp lại ở đâu ạ?"


def test_a_dialogue_goes_from_its_announcement_to_its_minutes(page: Open, site: Site, shot: Shot) -> None:
    room = dialogue.drafted(site)
    _announced(page, room)
    first, hidden, third, *rest = _asked(page, shot, room)
    assert len(rest) == 47
    windows = Windows(page, shot, room)
    _begun(windows)
    _staged(windows, first, 0)
    _host_crashes(windows, first)
    _typed(windows, first)
    _released(windows, first)
    _hidden(windows, hidden)
    _spoken_and_typed_by_the_guest(windows, third)
    _ended(windows)
    _minuted(windows, first, hidden)
    _carried(windows, rest)


def _announced(page: Open, room: Room) -> None:
    editor = page()
    acts.lend(editor, stories.staff(room.site, stories.MODERATOR))
    reader = page(room.at(), expected=("404",))
    assert "404" in reader.title() or reader.locator("h1").inner_text() != room.title
    for step in ("announce", "intake"):
        editor.goto(room.at("/edit"))
        acts.press(editor, editor.locator(f"a[href$='/step/{step}']"))
        acts.press(editor, editor.locator(f"form[action$='/step/{step}'] button"))
    reader.goto(room.at())
    expect(reader.locator("h1")).to_have_text(room.title)
    for name in NAMES:
        expect(reader.locator("main")).to_contain_text(name)


def _asked(page: Open, shot: Shot, room: Room) -> Sequence[str]:
    """Fifty in advance: in browsers, by readers' forms over HTTP, and those that came before."""
    reader = page(room.at("/ask"))
    dialogue.pictures(shot, reader, "ask")
    acts.ask(reader, dialogue.form(LOST))
    expect(reader.locator("#code")).to_be_visible()
    dialogue.pictures(shot, reader, "receipt")
    dialogue.let_in(room)
    plain = page(room.at("/ask"), javascript=False, expected=("422",))
    acts.ask(plain, dialogue.form(LOST_TOO))
    expect(plain.locator("main")).to_contain_text("Đã có 1 người hỏi")
    dialogue.pictures(shot, plain, "ask-twins")
    acts.press(plain, plain.get_by_role("button", name="Vẫn gửi câu hỏi"))
    expect(plain.locator("#code")).to_be_visible()
    sent = dialogue.sent(room, range(1, 11))
    dialogue.let_in(room)
    return [LOST, LOST_TOO, *sent, *dialogue.asked(room, range(11, 49))]


def _begun(windows: Windows) -> None:
    """The lobby, then live: whoever follows the room sees it without doing anything."""
    windows.keep(windows.reader, "announcement")
    windows.keep(windows.editor, "edit")
    acts.press(windows.host, windows.host.locator("button[value=open]"))
    for page in (windows.reader, windows.plain):
        page.goto(windows.room.at())
    expect(windows.reader.locator("#now")).to_be_visible()
    acts.press(windows.host, windows.host.locator("button[value=start]"))
    expect(windows.reader.locator("#now .onstage")).to_be_visible()
    expect(windows.screen.locator("[data-part=on-stage]")).to_contain_text("Câu hỏi tiếp theo sắp lên hình.")


def _staged(windows: Windows, title: str, speaker: int) -> None:
    """Handed to a guest, then put on stage."""
    hand = windows.line(title).locator("form[action$='/host/hand']")
    hand.locator("select").select_option(label=NAMES[speaker])
    acts.press(windows.host, hand.locator("button"))
    acts.press(windows.host, windows.line(title).locator("button[value=stage]"))
    windows.everybody_sees(title)
    for desk in (*windows.scribes, *windows.speakers):
        expect(desk.locator("[data-part=on-stage]")).to_contain_text(title)


def _host_crashes(windows: Windows, title: str) -> None:
    """While a question is on stage: it stays there, and another window shows the desk as it was."""
    windows.host.context.close()
    expect(windows.screen.locator("h1")).to_have_text(title)
    windows.host = windows.seated(dialogue.HOST, windows.room.at("/host"))
    expect(windows.host.locator("[data-part=on-stage]")).to_contain_text(title)


def _typed(windows: Windows, title: str) -> None:
    """One scribe writes and the other sees who; then it is handed up."""
    scribe, other = windows.scribes
    acts.press(scribe, scribe.locator("[data-part=to-stage] a"))
    acts.press(scribe, scribe.locator("form[action$='/replies/begin'] button"))
    scribe.locator("#text").fill(SPOKEN)
    expect(scribe.locator("[data-autosaved]")).to_contain_text("Đã lưu")
    expect(other.locator("[data-part=drafts]")).to_contain_text(title)
    acts.press(other, other.locator("[data-part=drafts] a").first)
    expect(other.locator("[data-part=held]")).to_contain_text("Ngô Thảo Nguyên đang soạn.")
    windows.keep(scribe, "scribe")
    windows.keep(other, "second-scribe")
    windows.keep(windows.host, "host")
    windows.keep(windows.screen, "screen")
    acts.press(scribe, scribe.locator("button[value=hand_up]"))


def _released(windows: Windows, title: str) -> None:
    """Only the guest lets it out; then everybody has it."""
    speaker, other = windows.speakers
    handed = speaker.locator(".handed", has_text=title)
    expect(handed.locator(".said")).to_have_text(SPOKEN)
    expect(other.locator(".handed")).to_have_count(0)
    windows.keep(speaker, "guest")
    expect(windows.reader.locator("main")).not_to_contain_text(SPOKEN)
    acts.press(speaker, handed.locator("button[value=release]"))
    _sees_the_answer(windows, SPOKEN)
    windows.keep(windows.reader, "room")
    windows.keep(windows.plain, "room-without-a-script")


def _sees_the_answer(windows: Windows, text: str) -> None:
    """Behind a bar that says so: nothing jumps while somebody reads."""
    bar = windows.reader.locator("[data-fresh] button")
    expect(bar).to_be_visible()
    bar.click()
    expect(windows.reader.locator(".answers")).to_contain_text(text)
    windows.plain.reload()
    expect(windows.plain.locator(".answers")).to_contain_text(text)


def _hidden(windows: Windows, title: str) -> None:
    """A moderator takes down what is on stage: within two seconds it is nowhere."""
    acts.press(windows.host, windows.line(title).locator("button[value=stage]"))
    windows.everybody_sees(title)
    expect(windows.screen.locator("[data-part=figures]")).to_contain_text("Đã trả lời 1")
    moderator, (row,) = windows.moderator, windows.room.site.rows("select id from question where title = :t", t=title)
    moderator.goto(f"/review/questions/{row.id}")
    moderator.locator("summary[data-key=t]").click()
    form = moderator.locator("form[action$='/hide']")
    form.locator("[name=reason]").first.check()
    windows.keep(moderator, "moderator")
    acts.press(moderator, form.locator("button"))
    expect(windows.screen.locator("body")).not_to_contain_text(title, timeout=TWO_SECONDS)
    expect(windows.reader.locator("#now")).not_to_contain_text(title, timeout=TWO_SECONDS)
    windows.plain.reload()
    expect(windows.plain.locator("body")).not_to_contain_text(title)


def _spoken_and_typed_by_the_guest(windows: Windows, title: str) -> None:
    """The other guest types alone and lets it out."""
    _staged(windows, title, 1)
    speaker = windows.speakers[1]
    acts.press(speaker, speaker.locator("[data-part=to-stage] a"))
    acts.press(speaker, speaker.locator("form[action$='/replies/begin'] button"))
    speaker.locator("#text").fill(TYPED)
    expect(speaker.locator("[data-autosaved]")).to_contain_text("Đã lưu")
    windows.keep(speaker, "guest-typing")
    acts.press(speaker, speaker.locator("form.write button[value=release]"))
    _sees_the_answer(windows, TYPED)


def _ended(windows: Windows) -> None:
    host = windows.host
    acts.press(host, host.locator("button[value=close]"))
    host.locator("#end summary").click()
    acts.press(host, host.locator("#end button"))
    expect(windows.screen.locator("[data-part=on-stage]")).to_contain_text("Buổi đối thoại đã kết thúc.")
    expect(windows.reader.locator("#now .stage").first).to_contain_text("Đã kết thúc")
    windows.plain.reload()
    expect(windows.plain.locator("#now .stage").first).to_contain_text("Đã kết thúc")
    for seen, name in ((host, "host-over"), (windows.screen, "screen-over"), (windows.reader, "room-over")):
        windows.keep(seen, name)


def _minuted(windows: Windows, answered: str, hidden: str) -> None:
    """Drafted from what was answered, edited, approved by somebody who wrote none of it, published."""
    editor, colleague, desk = windows.editor, windows.moderator, windows.room.at("/minutes/edit")
    editor.goto(desk)
    acts.press(editor, editor.locator("form[action$='/minutes/draft'] button"))
    expect(editor.locator("main")).to_contain_text(answered)
    expect(editor.locator("main")).not_to_contain_text(hidden)
    editor.locator("#opening").fill(OPENING)
    acts.press(editor, editor.locator("form[action$='/minutes/edit'] button"))
    windows.keep(editor, "minutes-desk")
    acts.press(editor, editor.locator("form[action$='/minutes/send'] button"))
    colleague.goto(desk)
    acts.press(colleague, colleague.locator("button[value=approve]"))
    editor.goto(desk)
    acts.press(editor, editor.locator("form[action$='/minutes/publish'] button"))
    for reader in (windows.reader, windows.plain):
        reader.goto(windows.room.at("/minutes"))
        for words in (OPENING, answered, SPOKEN, TYPED):
            expect(reader.locator(".paper")).to_contain_text(words)
    windows.keep(windows.reader, "minutes")


def _carried(windows: Windows, titles: list[str]) -> None:
    """What time did not reach is on its agency's desk, every one."""
    room = windows.room
    sql = "select count(*) as there from question where dialogue_id = :id and assignment = 'offered'"
    room.site.wait(lambda: room.site.rows(sql, id=room.id)[0].there == len(titles), seconds=60)
    (one, *_) = room.site.rows(
        "select id, title from question where dialogue_id = :id and assignment = 'offered'", id=room.id
    )
    desk = windows.seated(stories.COORDINATOR, f"/desk/questions/{one.id}")
    expect(desk.locator("h1")).to_contain_text(one.title)
    windows.keep(desk, "agency")
