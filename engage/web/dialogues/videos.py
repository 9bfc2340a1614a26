"""What a dialogue's video address is to a page: a stream it plays itself, a player it frames, or a link that leads away."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_YOUTUBE = re.compile(r"^/(?:watch\?v=|embed/|live/)?([A-Za-z0-9_-]{6,20})\b")
_VIMEO = re.compile(r"^/(?:video/)?([0-9]{6,12})\b")
YOUTUBE = frozenset({"www.youtube.com", "youtube.com", "youtu.be", "www.youtube-nocookie.com"})
VIMEO = frozenset({"vimeo.com", "player.vimeo.com"})


@dataclass(frozen=True, slots=True)
class Video:
    """`kind`: stream, player or link. `origin`: what the page's policy must allow, for this page alone."""

    kind: str
    address: str
    origin: str = ""


def of(address: str) -> Video | None:
    if not address:
        return None
    parts = urlsplit(address)
    host, path = parts.hostname or "", f"{parts.path}?{parts.query}" if parts.query else parts.path
    if parts.path.endswith(".m3u8"):
        return Video("stream", address, f"https://{parts.netloc}")
    if host in YOUTUBE and (found := _YOUTUBE.match(path)):
        return _player("https://www.youtube-nocookie.com", f"/embed/{found[1]}")
    if host in VIMEO and (found := _VIMEO.match(path)):
        return _player("https://player.vimeo.com", f"/video/{found[1]}?dnt=1")
    return Video("link", address)


def _player(origin: str, path: str) -> Video:
    return Video("player", origin + path, origin)
