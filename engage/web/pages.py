"""Rendered public pages, kept as long as the log says that nothing they are made of has changed."""

from collections import OrderedDict
from dataclasses import dataclass

MOST = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    tag: str
    body: bytes
    media_type: str


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
