"""What every handler may use, in one frozen record; and the few questions about a request that all of them ask."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

import anyio
from starlette.requests import HTTPConnection

from engage.access import PUBLIC, Actor
from engage.db import Store
from engage.marking import Mark
from engage.policies import LimitsNow
from engage.settings import Settings
from engage.storage import Storage
from engage.votes import Ballot
from engage.web.pages import Memory, Page, PageCache
from engage.web.templates import Templates
from engage.web.views import Directory
from live.ballots import Ballots
from live.flights import Flights
from live.hub import Hub
from live.socket import Sockets

if TYPE_CHECKING:  # what is met there is told by pages, which are built of this
    from engage.web.arrivals import Arrivals

SESSION, CODE_SESSION = "engage", "engage-code"
PICTURES_AT_ONCE = 2  # under work in one process: each may fill a hundred megabytes


@dataclass(frozen=True, slots=True)
class House:
    settings: Settings
    store: Store
    hub: Hub
    sockets: Sockets
    templates: Templates
    limits: LimitsNow
    storage: Storage
    ballots: Ballots[Ballot]
    marks: Ballots[Mark]
    arrivals: "Arrivals"
    pages: PageCache = field(default_factory=PageCache)
    snapshots: Flights[Page] = field(default_factory=Flights)  # under way
    directory: Memory[Directory] = field(default_factory=Memory)
    slow: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(PICTURES_AT_ONCE))

    def cookie(self, name: str) -> str:
        """`__Host-` binds a cookie to this host over https; a demonstration on loopback http has to do without."""
        return f"__Host-{name}" if self.settings.is_https else name


def house(connection: HTTPConnection) -> House:
    return cast(House, connection.app.state.house)


def actor(request: HTTPConnection) -> Actor:
    """Set by the door before any handler runs; where no door was found, nobody."""
    return cast(Actor, getattr(request.state, "actor", PUBLIC))


def language(connection: HTTPConnection) -> str:
    return cast(str, connection.scope.get("language", "vi"))


def is_attachments_host(connection: HTTPConnection) -> bool:
    """Whether the request came to the origin that hands out attachments, and nothing else."""
    origin = house(connection).settings.attachments_origin
    return bool(origin) and connection.headers.get("host", "") == urlsplit(origin).netloc


def cookie(request: HTTPConnection, name: str) -> str:
    return request.cookies.get(house(request).cookie(name), "")
