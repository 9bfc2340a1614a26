"""A document as a list of blocks, which a page and a word processor show alike. Knows no file format."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    bold: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: int = 2
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`style` says what it is: see `STYLES`. `listed` tells one numbered list from the next."""

    runs: Sequence[Run]
    style: str = "body"
    listed: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


Block = Heading | Paragraph | Table
STYLES = ("body", "meta", "quote", "answer", "note", "sign", "bullet", "number")


def line(text: str, style: str = "body", *, bold: bool = False) -> Paragraph:
    return Paragraph((Run(text, bold),), style)


def parsed(html: str, style: str = "body") -> list[Block]:
    """HTML that `markup` made. Its own headings stand two levels below the document's."""
    reader = _Reader(style)
    reader.feed(html)
    reader.close()
    reader.end()
    return reader.blocks


@dataclass(slots=True)
class _List:
    kind: str
    number: int


@dataclass(slots=True)
class _Now:
    """What is being read: the runs so far, and how the next one looks."""

    runs: list[Run] = field(default_factory=list)
    look: Run = field(default_factory=lambda: Run(""))
    heading: bool = False


class _Reader(HTMLParser):
    """Knows the few elements that `markup.TAGS` lets through; of others the words stay."""

    def __init__(self, style: str) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._style, self._numbered = style, 0
        self._lists: list[_List] = []
        self._now = _Now()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"p", "li", "ul", "ol", "blockquote", "h3", "h4", "hr"}:
            self.end()
        if tag in {"ul", "ol"}:
            self._numbered += 1
            self._lists.append(_List("bullet" if tag == "ul" else "number", self._numbered))
        elif tag in {"h3", "h4"}:
            self._now.heading = True
        elif tag == "br":
            self._now.runs.append(Run("\n"))
        elif tag == "strong":
            self._now.look = replace(self._now.look, bold=True)
        elif tag == "a":
            self._now.look = replace(self._now.look, href=dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"p", "li", "ul", "ol", "blockquote", "h3", "h4"}:
            self.end()
        if tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        elif tag == "strong":
            self._now.look = replace(self._now.look, bold=False)
        elif tag == "a":
            self._now.look = replace(self._now.look, href="")

    def handle_data(self, data: str) -> None:
        words = data.replace("\n", " ")
        if words.strip() or self._now.runs:
            self._now.runs.append(replace(self._now.look, text=words))

    def end(self) -> None:
        """Of the paragraph that was being read."""
        runs, heading = self._now.runs, self._now.heading
        self._now = _Now()
        if not "".join(run.text for run in runs).strip():
            return
        if heading:
            self.blocks.append(Heading("".join(run.text for run in runs).strip(), 4))
        elif self._lists:
            self.blocks.append(Paragraph(runs, self._lists[-1].kind, self._lists[-1].number))
        else:
            self.blocks.append(Paragraph(runs, self._style))
