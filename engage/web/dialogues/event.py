"""A dialogue as a file for calendars (RFC 5545). Viet Nam has one time all the year."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from engage.dialogues import Dialogue, Stage, Step
from engage.web.templates import local

MOST_OCTETS = 75
ZONE = "Asia/Ho_Chi_Minh"
HEAD = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Engage//Dialogues//VI",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    "BEGIN:VTIMEZONE",
    f"TZID:{ZONE}",
    "BEGIN:STANDARD",
    "DTSTART:19750613T000000",
    "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0700",
    "TZNAME:+07",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def file(dialogue: Dialogue, steps: Sequence[Step], address: str) -> str:
    """Its name stays the same for life; the sequence grows with every change, so that a newer file wins."""
    changed = max((step.at for step in steps), default=dialogue.created_at)
    state = "CANCELLED" if dialogue.stage == Stage.CANCELLED else "CONFIRMED"
    lines = (
        *HEAD,
        "BEGIN:VEVENT",
        f"UID:dialogue-{dialogue.key}@{urlsplit(address).hostname}",
        f"SEQUENCE:{dialogue.version + len(steps)}",
        f"DTSTAMP:{changed.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;TZID={ZONE}:{_time(dialogue.starts_at)}",
        f"DTEND;TZID={ZONE}:{_time(dialogue.ends_at)}",
        f"SUMMARY:{_text(dialogue.title)}",
        *([f"DESCRIPTION:{_text(dialogue.lead)}"] if dialogue.lead else []),
        *([f"LOCATION:{_text(dialogue.place)}"] if dialogue.place else []),
        f"URL:{address}",
        f"STATUS:{state}",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line))


def _time(at: datetime) -> str:
    return f"{local(at):%Y%m%dT%H%M%S}"


def _text(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def _folded(line: str) -> Iterator[str]:
    """No line is longer than 75 octets, and none is broken within a letter."""
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > MOST_OCTETS:
            yield piece
            piece = " "
        piece += letter
    yield piece
