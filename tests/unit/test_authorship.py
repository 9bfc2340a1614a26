"""Promises of office files: nothing the program added names who wrote them, and the text is as it was."""

import io
import zipfile

import pytest

from engage import authorship
from engage.errors import Refused
from engage.filetypes import Kind, kind_of
from tests import papers

PACKAGE = b"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006"
CORE = (
    b'<?xml version="1.0"?><cp:coreProperties xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:cp="%s">'
    b"<dc:creator>kimtuoc</dc:creator><cp:lastModifiedBy>kimtuoc</cp:lastModifiedBy></cp:coreProperties>"
)
APP = b'<Properties xmlns="%s/extended-properties" xmlns:vt="%s/docPropsVTypes"><Company>kimtuoc</Company></Properties>'
CUSTOM = b'<Properties xmlns="%s/custom-properties"><property name="kimtuoc"/></Properties>'
BODY = b'<w:document xmlns:w="x"><w:t>Kim ghi: Properties "http://a/2006/custom-properties"</w:t></w:document>' * 200
RELS = (
    b'<Relationships><Relationship Type="x/attachedTemplate" Target="file:///C:\\Users\\kimtuoc\\Normal.dotm"/>'
    b'<Relationship Target="https://a.example/b"/></Relationships>'
)
BOOK = b'<workbook><x15ac:absPath xmlns:x15ac="y" url="C:\\Users\\kimtuoc\\"/><sheets/></workbook>'
PARTS = {
    "docProps/core.xml": CORE % PACKAGE,
    "package/services/metadata/core-properties/7f.psmdcp": CORE % PACKAGE,
    "docProps/app.xml": APP % (OFFICE, OFFICE),
    "docProps/custom.xml": CUSTOM % OFFICE,
    "word/document.xml": BODY,
    "word/_rels/settings.xml.rels": RELS,
    "xl/workbook.xml": BOOK,
}


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {part.filename: archive.read(part) for part in archive.infolist()}


def test_nothing_beside_the_text_names_the_author() -> None:
    made = authorship.removed("đơn.docx", papers.docx(**PARTS))
    parts = parts_of(made)
    assert kind_of("đơn.docx", made) is Kind.DOCX
    assert [name for name, content in parts.items() if b"kimtuoc" in content] == []
    assert parts["word/document.xml"] == BODY
    assert parts["docProps/core.xml"] == b'<coreProperties xmlns="%s"/>' % PACKAGE
    assert b'Target="file:///Normal.dotm"' in parts["word/_rels/settings.xml.rels"]
    assert b'Target="https://a.example/b"' in parts["word/_rels/settings.xml.rels"]
    assert parts["xl/workbook.xml"].endswith(b'url=""/><sheets/></workbook>')


def test_nothing_hides_beside_the_parts_and_the_same_file_twice_is_the_same() -> None:
    written = io.BytesIO(papers.docx(**PARTS))
    with zipfile.ZipFile(written, "a") as archive:
        archive.comment = b"kimtuoc"
        part = zipfile.ZipInfo("word/styles.xml", (2026, 11, 24, 10, 0, 0))
        part.comment, part.extra = b"kimtuoc", b"\x07\x00\x07\x00kimtuoc"
        archive.writestr(part, b"<w:styles/>")
    made = authorship.removed("a.docx", written.getvalue())
    assert b"kimtuoc" not in made
    assert made == authorship.removed("a.docx", made)


@pytest.mark.parametrize("cut", [40, 200])
def test_a_damaged_file_is_refused_by_name(cut: int) -> None:
    whole = bytearray(papers.docx(**PARTS))
    whole[cut : cut + 30] = bytes(30)
    with pytest.raises(Refused, match="file_damaged"):
        authorship.removed("a.docx", bytes(whole))
