import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from live import wire

AT = datetime(2026, 11, 25, 8, 0, 0, 123456, tzinfo=UTC)


def test_a_fact_is_one_line_of_compact_json_with_its_letters_as_they_are() -> None:
    message = wire.fact("question:1", 7, AT, {"type": "answer.given", "data": {"id": 1}, "html": "<p>Đã\ntrả lời</p>"})
    assert wire.encode(message) == (
        '{"k":"fact","c":"question:1","n":7,"at":"2026-11-25T08:00:00.123Z",'
        '"type":"answer.given","data":{"id":1},"html":"<p>Đã\\ntrả lời</p>"}'
    )


def test_what_is_shown_cannot_take_the_place_of_the_number() -> None:
    message = wire.fact("question:1", 7, AT, {"n": 1, "k": "bye", "c": "x", "type": "answer.given"})
    assert (message["k"], message["c"], message["n"]) == ("fact", "question:1", 7)


def test_moments_are_utc_whatever_zone_they_come_from() -> None:
    hanoi = AT.astimezone(timezone(timedelta(hours=7)))
    assert wire.moment(hanoi) == wire.moment(AT) == "2026-11-25T08:00:00.123Z"


def test_hello_snap_and_pass_have_the_documented_fields() -> None:
    assert list(wire.hello("e", 4812, AT)) == ["k", "epoch", "top", "me", "now", "role", "every"]
    assert wire.snap("e", 4900, "/x") == {"k": "snap", "epoch": "e", "n": 4900, "url": "/x"}
    assert wire.passing("votes", {"17": 214}) == {"k": "pass", "type": "votes", "data": {"17": 214}}


@pytest.mark.parametrize("code", sorted(wire.REASONS))
def test_a_goodbye_names_a_moment_to_return_only_to_those_who_should(code: int) -> None:
    assert wire.REASONS[code].meaning
    message = json.loads(wire.encode(wire.bye(code)))
    assert message["code"] == code
    assert message.get("retry_ms") == ([2000, 9000] if wire.REASONS[code].comes_back else None)


def test_an_unknown_reason_is_no_reason() -> None:
    with pytest.raises(KeyError):
        wire.bye(4999)
