from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.dialogues import Dialogue, Stage, Step
from engage.web.dialogues import event, videos

AT = datetime(2026, 12, 3, 7, 0, tzinfo=UTC)
PLAYERS = ("www.youtube-nocookie.com", "player.vimeo.com", "phat.example")
ADDRESS = "https://doithoai.example/dialogues/17"


def a_dialogue(**values: object) -> Dialogue:
    return Dialogue(
        **{
            "id": 17,
            "title": "Lương hưu, trợ cấp; hỏi đáp",
            "stage": Stage.SCHEDULED,
            "starts_at": AT,
            "ends_at": AT.replace(hour=9),
            "created_by": 1,
            "created_at": AT.replace(day=1),
        }
        | values
    )


def lines_of(file: str) -> dict[str, str]:
    """Unfolded, as a calendar reads them."""
    event = file.replace("\r\n ", "").partition("BEGIN:VEVENT\r\n")[2].partition("END:VEVENT")[0]
    return dict(line.split(":", 1) for line in event.splitlines())


def test_a_calendar_takes_the_dialogue_in_at_hanoi_time() -> None:
    told = lines_of(event.file(a_dialogue(), [], ADDRESS))
    assert told["DTSTART;TZID=Asia/Ho_Chi_Minh"] == "20261203T140000"
    assert told["DTEND;TZID=Asia/Ho_Chi_Minh"] == "20261203T160000"
    assert told["SUMMARY"] == "Lương hưu\\, trợ cấp\\; hỏi đáp"
    assert told["URL"] == ADDRESS


def test_a_newer_file_takes_the_place_of_the_one_before() -> None:
    step = Step(dialogue_id=17, fact="dialogue.cancelled", reason="Khách mời bận việc đột xuất", at=AT)
    before, after = (
        lines_of(event.file(a_dialogue(stage=stage), steps, ADDRESS))
        for stage, steps in ((Stage.SCHEDULED, []), (Stage.CANCELLED, [step]))
    )
    assert before["UID"] == after["UID"]
    assert int(before["SEQUENCE"]) < int(after["SEQUENCE"])
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=240))
def test_no_line_of_a_calendar_file_is_longer_than_calendars_take(title: str) -> None:
    file = event.file(a_dialogue(title=title), [], ADDRESS)
    assert max(len(line.encode()) for line in file.split("\r\n")) <= event.MOST_OCTETS


@pytest.mark.parametrize(
    ("address", "kind", "shown"),
    [
        ("https://hinh.example/phat/truc-tiep.m3u8", "stream", "https://hinh.example/phat/truc-tiep.m3u8"),
        ("https://www.youtube.com/watch?v=abcDEF_123", "player", "https://www.youtube-nocookie.com/embed/abcDEF_123"),
        ("https://youtu.be/abcDEF_123", "player", "https://www.youtube-nocookie.com/embed/abcDEF_123"),
        ("https://vimeo.com/123456789", "player", "https://player.vimeo.com/video/123456789?dnt=1"),
        ("https://youtube.com.elsewhere.example/watch?v=abcDEF_123", "link", None),
        ("https://truyenhinh.example/truc-tiep", "link", None),
        ("https://phat.example/nhung/17?tieng=vi", "player", "https://phat.example/nhung/17?tieng=vi"),
        ("https://phat.example; script-src *", "link", None),
        ("https://hinh.example;script-src/a.m3u8", "link", None),
        ("https://[hinh/a.m3u8", "link", None),
    ],
)
def test_a_page_frames_only_players_it_knows(address: str, kind: str, shown: str | None) -> None:
    video = videos.of(address, PLAYERS)
    assert (video.kind, video.address) == (kind, shown or address)
    assert bool(video.origin) == bool(video.content_policy) == (kind != "link")


def test_a_player_that_is_not_allowed_any_more_is_a_link() -> None:
    assert videos.of("https://youtu.be/abcDEF_123", []).kind == "link"
