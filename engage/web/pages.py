"""What many requests share, kept as long as the log says that nothing it is made of has changed."""

from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from live.flights import Flights

Thing = TypeVar("Thing")

MOST = 1_000
MOST_FRAGMENTS = 5_000


@dataclass(frozen=True, slots=True)
class Page:
    tag: str
    body: bytes
    media_type: str
    content_policy: str = ""  # empty: the usual one


class PageCache:
    """Least recently used goes first. Holds only what anybody may read."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._pages: OrderedDict[str, Page] = OrderedDict()

    def get(self, address: str, tag: str) -> Page | None:
        page = self._pages.get(address)
        if page is None or page.tag != tag:
            return None
        self._pages.move_to_end(address)
        return page

    def put(self, address: str, page: Page) -> None:
        self._pages[address] = page
        self._pages.move_to_end(address)
        while len(self._pages) > self._most:
            self._pages.popitem(last=False)


class Memory(Generic[Thing]):
    """One thing that is dear to read, and where the log stood then. When it has moved on, one reads for all who ask."""

    def __init__(self) -> None:
        self._kept: tuple[object, Thing] | None = None
        self._reading: Flights[Thing] = Flights()

    async def at(self, position: tuple[str, int], read: Callable[[], Coroutine[Any, Any, Thing]]) -> Thing:
        if self._kept is None or self._kept[0] != position:
            self._kept = position, await self._reading.share(position, read)
        return self._kept[1]


class Fragments:
    """`{% call fragment(key) %}…{% endcall %}` in a template: written once for a key, which must hold all that is shown inside."""

    def __init__(self, most: int = MOST_FRAGMENTS) -> None:
        self._most = most
        self._written: OrderedDict[Hashable, str] = OrderedDict()

    def kept(self, key: Hashable, caller: Callable[[], str]) -> str:
        written = self._written.get(key)
        if written is None:
            written = self._written[key] = caller()
            if len(self._written) > self._most:
                self._written.popitem(last=False)
        else:
            self._written.move_to_end(key)
        return written
