"""A document for word processors: WordprocessingML in a zip, written from blocks (`paper`).

Headings, paragraphs, lists, tables, links and page numbers are all it has; named styles, so that an office can give it its look.
Says nothing of who or what machine made it. The same blocks give the same bytes.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from engage.docx_parts import CONTENT_TYPES, FOOTER, NUMBERING, ROOT_RELATIONS, STYLES, TYPES, WORD
from engage.paper import Block, Heading, Paragraph, Run, Table

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WIDTH = 9070  # of the text on A4, in twentieths of a point
NAMES: Mapping[str, str] = {
    "body": "BodyText",
    "meta": "Meta",
    "quote": "Quote",
    "answer": "Answer",
    "note": "Note",
    "sign": "Signature",
    "bullet": "ListBullet",
    "number": "ListNumber",
}
BULLETS = 1
_FIRST_LIST = 10
_ILLEGAL = {code: None for code in range(32) if chr(code) not in "\t\n\r"} | {0xFFFE: None, 0xFFFF: None}


@dataclass(slots=True)
class _Links:
    """Addresses and numbered lists met so far: they stand in files of their own."""

    hrefs: list[str] = field(default_factory=list)
    lists: list[int] = field(default_factory=list)

    def of(self, href: str) -> str:
        if href not in self.hrefs:
            self.hrefs.append(href)
        return f"link{self.hrefs.index(href) + 1}"

    def numbering(self, listed: int) -> int:
        if listed not in self.lists:
            self.lists.append(listed)
        return _FIRST_LIST + self.lists.index(listed)


def written(blocks: Sequence[Block], *, title: str, subject: str, language: str, at: datetime) -> bytes:
    links = _Links()
    body = "".join(_block(block, links) for block in blocks)
    files = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": ROOT_RELATIONS,
        "docProps/core.xml": _core(title, subject, language, at),
        "word/document.xml": f"{WORD}<w:body>{body}{_SECTION}</w:body></w:document>",
        "word/styles.xml": STYLES.replace("{language}", "vi-VN" if language == "vi" else "en-GB"),
        "word/numbering.xml": NUMBERING.replace("{lists}", "".join(_numbered(links))),
        "word/footer1.xml": FOOTER,
        "word/_rels/document.xml.rels": _relations(links),
    }
    return _zipped(files, at)


def _zipped(files: Mapping[str, str], at: datetime) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, at.astimezone(UTC).timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode())
    return packed.getvalue()


def _block(block: Block, links: _Links) -> str:
    match block:
        case Heading(text, level):
            return _paragraph(f'<w:pStyle w:val="Heading{level}"/>', _run(Run(text)))
        case Paragraph(runs, style, listed):
            look = f'<w:pStyle w:val="{NAMES[style]}"/>'
            if style in {"bullet", "number"}:
                list_id = BULLETS if style == "bullet" else links.numbering(listed)
                look += f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{list_id}"/></w:numPr>'
            return _paragraph(look, "".join(_linked(run, links) for run in runs))
        case Table():
            return _table(block)


def _paragraph(look: str, runs: str) -> str:
    return f"<w:p><w:pPr>{look}</w:pPr>{runs}</w:p>"


def _linked(run: Run, links: _Links) -> str:
    if not run.href:
        return _run(run)
    return f'<w:hyperlink r:id="{links.of(run.href)}" w:history="1">{_run(run, "Hyperlink")}</w:hyperlink>'


def _run(run: Run, style: str = "") -> str:
    look = (f'<w:rStyle w:val="{style}"/>' if style else "") + ("<w:b/>" if run.bold else "")
    lines = run.text.translate(_ILLEGAL).split("\n")
    words = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(one)}</w:t>' if one else "" for one in lines)
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{words}</w:r>"


def _table(table: Table) -> str:
    width = WIDTH // len(table.head)
    grid = f'<w:gridCol w:w="{width}"/>' * len(table.head)
    head = _row(table.head, width, "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>", bold=True)
    rows = "".join(_row(row, width, "<w:trPr><w:cantSplit/></w:trPr>") for row in table.rows)
    look = f'<w:tblPr><w:tblStyle w:val="Lines"/><w:tblW w:w="{WIDTH}" w:type="dxa"/></w:tblPr>'
    caption = _paragraph('<w:pStyle w:val="Caption"/>', _run(Run(table.caption)))
    return f"{caption}<w:tbl>{look}<w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl>{_paragraph('', '')}"


def _row(cells: Sequence[str], width: int, look: str, *, bold: bool = False) -> str:
    size = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
    cell_look = '<w:pStyle w:val="Cell"/>'
    shown = "".join(f"<w:tc>{size}{_paragraph(cell_look, _run(Run(cell, bold)))}</w:tc>" for cell in cells)
    return f"<w:tr>{look}{shown}</w:tr>"


def _numbered(links: _Links) -> Iterator[str]:
    """Each numbered list begins at one."""
    for place in range(len(links.lists)):
        start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
        yield f'<w:num w:numId="{_FIRST_LIST + place}"><w:abstractNumId w:val="2"/>{start}</w:num>'


def _relations(links: _Links) -> str:
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    own = "".join(
        f'<Relationship Id="{name}" Type="{base}/{name}" Target="{target}"/>'
        for name, target in (("styles", "styles.xml"), ("numbering", "numbering.xml"), ("footer", "footer1.xml"))
    )
    outside = "".join(
        f'<Relationship Id="link{place}" Type="{base}/hyperlink" Target={quoteattr(href)} TargetMode="External"/>'
        for place, href in enumerate(links.hrefs, start=1)
    )
    return f'{TYPES}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{own}{outside}</Relationships>'


def _core(title: str, subject: str, language: str, at: datetime) -> str:
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    dated = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{name}>' for name in ("created", "modified")
    )
    said = "".join(
        f"<dc:{name}>{escape(text.translate(_ILLEGAL))}</dc:{name}>"
        for name, text in (("title", title), ("subject", subject), ("language", language))
    )
    return (
        f'{TYPES}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{said}{dated}</cp:coreProperties>'
    )


_SECTION = (
    '<w:sectPr><w:footerReference w:type="default" r:id="footer"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1701" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
)
