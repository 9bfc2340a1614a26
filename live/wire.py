"""What a message looks like on the wire, and the numbered reasons for closing.

It does not know who sends or how: the shapes are the same over SSE, JSON and the socket.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Message = dict[str, Any]

RESTART = 1012
MALFORMED = 4400
SIGN_IN = 4401
NOT_ALLOWED = 4403
NO_ROOM = 4404
TOO_SLOW = 4408
REPLACED = 4409
TOO_LARGE = 4413
TOO_MANY = 4429


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a listener is let go, and whether it should come back by itself."""

    meaning: str
    comes_back: bool


REASONS: Mapping[int, Reason] = {
    RESTART: Reason("the server restarts: come back, jittered", True),
    MALFORMED: Reason("the request could not be understood", False),
    SIGN_IN: Reason("sign in again", False),
    NOT_ALLOWED: Reason("not allowed: do not come back", False),
    NO_ROOM: Reason("no such room", False),
    TOO_SLOW: Reason("too slow to follow: come back with your position", True),
    REPLACED: Reason("replaced by a newer connection of yours", False),
    TOO_LARGE: Reason("the message was too large", False),
    TOO_MANY: Reason("too many messages or connections: come back later", True),
}

# Seconds after which a silent connection is asked whether it still lives.
HEARTBEAT = 20
NOTHING = "[]"  # said that often, so that the other side can tell a quiet line from a dead one

# What goes out under the number of a fact whose thing may not be seen any more.
REMOVED = "removed"

# The herd is spread by the server: everyone picks a moment between these two.
RETRY_MS = (2_000, 9_000)


def hello(epoch: str, top: int, now: datetime, *, me: int = 0, role: str = "reader") -> Message:
    return {"k": "hello", "epoch": epoch, "top": top, "me": me, "now": moment(now), "role": role, "every": HEARTBEAT}


def fact(channel: str, number: int, at: datetime, shown: Mapping[str, Any]) -> Message:
    """`shown` is what the application makes of the fact: type, data, and where a page has one, html."""
    head = {"k": "fact", "c": channel, "n": number, "at": moment(at)}
    return {**head, **shown, **head}


def passing(type: str, data: Mapping[str, Any]) -> Message:
    """Carries no number and is never repeated: the newest wins."""
    return {"k": "pass", "type": type, "data": data}


def snap(epoch: str, number: int, url: str) -> Message:
    """Too far behind: fetch the snapshot, then continue after `number`."""
    return {"k": "snap", "epoch": epoch, "n": number, "url": url}


def bye(code: int) -> Message:
    if not REASONS[code].comes_back:
        return {"k": "bye", "code": code}
    return {"k": "bye", "code": code, "retry_ms": list(RETRY_MS)}


def ok(key: str) -> Message:
    """What was sent with that key holds: it is committed."""
    return {"k": "ok", "key": key}


def no(key: str, reason: str) -> Message:
    return {"k": "no", "key": key, "reason": reason}


def encode(message: Mapping[str, Any]) -> str:
    """One line of compact JSON."""
    return json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
