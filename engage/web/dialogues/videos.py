"""What a dialogue's video address is to a page: a stream it plays itself, a player it frames, or a link that leads away."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlmodel.ext.asyncio.session import AsyncSession

from engage import policies
from engage.dialogues import SURFACE, Dialogue
from engage.web.frame import CONTENT_POLICY

_YOUTUBE = re.compile(r"^/(?:watch\?v=|embed/|live/)?([A-Za-z0-9_-]{6,20})\b")
_VIMEO = re.compile(r"^/(?:video/)?([0-9]{6,12})\b")
YOUTUBE = frozenset({"www.youtube.com", "youtube.com", "youtu.be", "www.youtube-nocookie.com"})
VIMEO = frozenset({"vimeo.com", "player.vimeo.com"})
# What a page of that kind may do besides what every page may.
ALLOWS = {"stream": "media-src", "player": "frame-src"}


@dataclass(frozen=True, slots=True)
class Video:
    """`kind`: stream, player or link. `page`: where a link leads. `origin`: what the page of this dialogue alone may load from."""

    kind: str
    address: str
    page: str
    origin: str = ""

    @property
    def content_policy(self) -> str:
        """Nothing for a link: the usual one then holds."""
        return f"{CONTENT_POLICY}; {ALLOWS[self.kind]} {self.origin}" if self.kind in ALLOWS else ""


async def shown(db: AsyncSession, dialogue: Dialogue) -> Video | None:
    """With the players an administrator allows."""
    if not dialogue.video_url:
        return None
    return of(dialogue.video_url, (await policies.policy_of(db, SURFACE)).allowed_hosts)


def of(address: str, players: Collection[str]) -> Video:
    """An address that is an allowed player's own is framed as it stands; those of YouTube and Vimeo lead to their players."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:  # brackets that are no address
        return Video("link", address, address)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if not _is_name(parts.netloc):
        return Video("link", address, address)
    if parts.path.endswith(".m3u8"):
        return Video("stream", address, address, f"https://{parts.netloc}")
    if host in YOUTUBE and (found := _YOUTUBE.match(path)):
        host, path = "www.youtube-nocookie.com", f"/embed/{found[1]}"
    elif host in VIMEO and (found := _VIMEO.match(path)):
        host, path = "player.vimeo.com", f"/video/{found[1]}?dnt=1"
    if host in players:
        return Video("player", f"https://{host}{path}", address, f"https://{host}")
    return Video("link", address, address)


def _is_name(netloc: str) -> bool:
    """It becomes part of a header."""
    return re.fullmatch(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?", netloc) is not None
