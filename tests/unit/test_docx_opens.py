"""A word processor that is not ours opens the minutes and finds what the page says: headings, paragraphs, lists, tables, links.

LibreOffice is large, so the usual run does without: `apt-get install --no-install-recommends libreoffice-writer-nogui`.
"""

import shutil
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from engage import dialogues, minutes, replies
from engage.web.dialogues import papers
from tests.unit.hall import Hall
from tests.unit.test_minutes import file_of, held, minuted, read
from tests.unit.town import Town

OFFICE = shutil.which("soffice")
Piece = tuple[str, str]
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
HREF = "{http://www.w3.org/1999/xlink}href"
OPENING = (
    "Mở đầu **quan trọng** & <thật>:\n\n1. Ý một\n2. Ý hai\n\n### Nhỏ\n\n- Một\n- Hai\n\nRồi:\n\n1. Lại một\n\n"
    "Xem [luật](https://vbpl.vn/41?a=1&b=2) nhé."
)

pytestmark = pytest.mark.anyio


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed here")
@pytest.mark.timeout(300)
async def test_libreoffice_reads_what_the_page_says(town: Town, tmp_path: Path) -> None:
    hall, asked = await held(town, "Có.\n\nDòng một.\nDòng hai, ỄỘẨ 🙏.", "Được ạ.")
    await _more(hall, asked[0])
    now = await read(hall)
    page = _Page.of(str(papers.html(minuted().blocks(now))))
    document = _opened(file_of(now), tmp_path)
    assert list(_pieces(document)) == page.pieces
    assert {kind for kind, _ in page.pieces} == {"h1", "h2", "h3", "h4", "p", "li", "row"}
    assert [link.get(HREF) for link in document.iter(f"{TEXT}a")] == page.links
    assert len(page.links) == 4  # the law, the earlier versions, and each answer's address


async def _more(hall: Hall, question_id: int) -> None:
    """Everything minutes may hold: an opening with lists, a correction, a poll."""
    async with hall.town.store.transaction() as db:
        dialogue, written = await dialogues.one(db, hall.id), await minutes.one(db, hall.id)
        await minutes.edit(db, hall["moderator"], dialogue, written, written.version, OPENING, "Lời kết.")
    await hall.poll("Hài lòng không?", ["Có", "Không"], [0] * 12)
    reply = await hall.type(question_id, "Có, từ tháng Ba.\n\nDòng một.\nDòng hai, ỄỘẨ 🙏.")
    async with hall.town.store.transaction() as db:
        dialogue, again = await dialogues.one(db, hall.id), await replies.one(db, hall.id, reply.key)
        await replies.release(db, hall["approver"], dialogue, again, again.version, reason="Nói nhầm tháng.")


def _opened(file: bytes, folder: Path) -> Element:
    """As LibreOffice has understood it: saved again in its own format."""
    assert OFFICE is not None
    (folder / "minutes.docx").write_bytes(file)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    told = [
        OFFICE,
        profile,
        "--headless",
        "--convert-to",
        "fodt",
        "--outdir",
        str(folder),
        str(folder / "minutes.docx"),
    ]
    subprocess.run(told, check=True, capture_output=True, timeout=240)
    return ElementTree.parse(folder / "minutes.fodt").getroot()


def _pieces(element: Element, kind: str = "p") -> Iterator[Piece]:
    for one in element:
        if one.tag == f"{TEXT}h":
            yield f"h{one.get(f'{TEXT}outline-level')}", _words(one)
        elif one.tag == f"{TEXT}p":
            if words := _words(one):
                yield kind, words
        elif one.tag == f"{TABLE}table":
            for row in one.iter(f"{TABLE}table-row"):
                yield "row", " | ".join(_words(cell) for cell in row.iter(f"{TABLE}table-cell"))
        elif one.tag.endswith(("}body", "}text", "}list", "}list-item", "}section", "}document")):
            yield from _pieces(one, "li" if one.tag == f"{TEXT}list-item" else kind)


def _words(element: Element) -> str:
    for one in element.iter():
        if one.tag in {f"{TEXT}line-break", f"{TEXT}s", f"{TEXT}tab"}:
            one.text = " "
    return " ".join("".join(element.itertext()).split())


class _Page(HTMLParser):
    """The same of the page's HTML. Its own parser: what is compared should not come from the code that wrote it."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[Piece] = []
        self.links: list[str] = []
        self._kind, self._words = "", ""

    @classmethod
    def of(cls, html: str) -> "_Page":
        page = cls()
        page.feed(html)
        page.close()
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"h1", "h2", "h3", "h4", "h5", "p", "li", "caption", "tr"}:
            self._kind, self._words = {"caption": "p", "tr": "row"}.get(tag, tag), ""
        elif tag == "td" or (tag == "th" and self._words):
            self._words += " | "
        elif tag == "br":
            self._words += " "
        elif tag == "a":
            self.links.append(dict(attrs)["href"] or "")

    def handle_data(self, data: str) -> None:
        self._words += data

    def handle_endtag(self, tag: str) -> None:
        if self._kind and tag in {"h1", "h2", "h3", "h4", "h5", "p", "li", "caption", "tr"}:
            self.pieces.append((self._kind, " ".join(self._words.split())))
            self._kind = ""
