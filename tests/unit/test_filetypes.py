import io
import struct
import unicodedata
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.errors import Refused
from engage.filetypes import FORMS, MOST_NAME, Kind, kind_of, shown_name
from tests import papers

HONEST: dict[str, tuple[str, Callable[[], bytes], Kind]] = {
    "a letter": ("công văn.pdf", papers.pdf, Kind.PDF),
    "a long paper": ("bao-cao.pdf", lambda: papers.pdf(200), Kind.PDF),
    "a paper that opens on its first page": (
        "a.pdf",
        lambda: papers.pdf(more=b"/OpenAction [3 0 R /XYZ null null 0]"),
        Kind.PDF,
    ),
    "a paper that goes to a page": ("a.pdf", lambda: papers.pdf(more=b"/OpenAction << /S /GoTo /D 1 >>"), Kind.PDF),
    "a document": ("Đơn.DOCX", papers.docx, Kind.DOCX),
    "a document with a chart": ("a.docx", lambda: papers.docx(**{"word/embeddings/Sheet1.xlsx": b"PK"}), Kind.DOCX),
    "a table": ("bảng lương.xlsx", papers.xlsx, Kind.XLSX),
    "a photograph": ("IMG_0001.JPG", papers.picture, Kind.JPEG),
    "a drawing": ("sơ đồ.png", lambda: papers.picture("PNG"), Kind.PNG),
    "a picture from the web": ("a.webp", lambda: papers.picture("WEBP"), Kind.WEBP),
    "a name without an ending": ("giay to", papers.pdf, Kind.PDF),
    "an ending of nobody's": ("hoadon.exe", papers.pdf, Kind.PDF),
}
REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "nothing": ("a.pdf", bytes, "file_empty"),
    "a program called a paper": ("a.pdf", lambda: papers.PROGRAM, "file_lies_wholly"),
    "a program": ("a.exe", lambda: papers.PROGRAM, "file_kind"),
    "a page": ("a.html", lambda: b"<!doctype html><script>alert(1)</script>", "file_kind"),
    "a drawing with scripts": ("a.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_kind"),
    "a picture called a paper": ("a.pdf", papers.picture, "file_lies"),
    "a paper called a picture": ("a.jpg", papers.pdf, "file_lies"),
    "a table called a document": ("a.docx", papers.xlsx, "file_lies"),
    "a phone's picture": ("IMG.HEIC", lambda: papers.HEIC, "file_heic"),
    "a phone's picture in disguise": ("IMG.jpg", lambda: papers.HEIC, "file_heic"),
    "an old document": ("a.doc", lambda: papers.OLD_OFFICE, "file_old_office"),
    "a document with a password": ("a.docx", lambda: papers.OLD_OFFICE, "file_old_office"),
    "a paper cut short": ("a.pdf", lambda: papers.pdf(3)[:-40], "file_damaged"),
    "a paper that is a zip too": ("a.pdf", lambda: papers.pdf() + papers.docx() + b"%%EOF", "file_two_in_one"),
    "a locked paper": ("a.pdf", lambda: papers.pdf(more=b"/Encrypt 9 0 R"), "file_locked"),
    "a paper with a script": ("a.pdf", lambda: papers.pdf(more=b"/S /JavaScript /JS (app)"), "file_acts"),
    "a script spelt in numbers": ("a.pdf", lambda: papers.pdf(more=b"/S /Java#53cript"), "file_acts"),
    "a paper that starts a program": ("a.pdf", lambda: papers.pdf(more=b"/S /Launch /F (x)"), "file_acts"),
    "a paper with a file inside": ("a.pdf", lambda: papers.pdf(more=b"/Type /EmbeddedFile"), "file_acts"),
    "a paper that calls home": ("a.pdf", lambda: papers.pdf(more=b"/OpenAction << /S /URI /URI (x) >>"), "file_acts"),
    "a zip": ("a.zip", lambda: papers.office("text/plain"), "file_kind"),
    "a document with macros": ("a.docx", lambda: papers.docx(**{"word/vbaProject.bin": b"x"}), "file_macros"),
    "macros by their type": ("a.docx", lambda: papers.office(said="ms-word.document.macroEnabled"), "file_macros"),
    "a document with a program": (
        "a.docx",
        lambda: papers.docx(**{"word/embeddings/oleObject1.bin": b"x"}),
        "file_carries",
    ),
    "a document with any other file": (
        "a.docx",
        lambda: papers.docx(**{"word/embeddings/x.exe": b"x"}),
        "file_carries",
    ),
    "a document that climbs": ("a.docx", lambda: papers.docx(**{"../../etc/passwd": b"x"}), "file_damaged"),
    "a document cut short": ("a.docx", lambda: papers.docx()[:-30], "file_damaged"),
    "a bomb": ("a.docx", papers.bomb, "file_bomb"),
    "a bomb of names": ("a.docx", lambda: papers.docx(**{f"w/{n}": b"" for n in range(3_000)}), "file_bomb"),
}


@pytest.mark.parametrize("what", HONEST)
def test_what_people_send_is_known_by_its_content(what: str) -> None:
    name, made, kind = HONEST[what]
    assert kind_of(name, made()) is kind


@pytest.mark.parametrize("what", REFUSED)
def test_what_only_pretends_is_refused_with_its_name(what: str) -> None:
    name, made, reason = REFUSED[what]
    with pytest.raises(Refused) as refused:
        kind_of(name, made())
    assert refused.value.reason == reason
    assert refused.value.field == "files"
    assert refused.value.figures["name"] == name


def test_a_locked_part_is_refused() -> None:
    content = bytearray(papers.docx())
    for start in (content.find(b"PK\x01\x02"), content.rfind(b"PK\x01\x02")):
        flags = struct.unpack_from("<H", content, start + 8)[0]
        struct.pack_into("<H", content, start + 8, flags | 1)
    with pytest.raises(Refused, match="file_locked"):
        kind_of("a.docx", bytes(content))


def test_a_bomb_that_lies_about_its_size_is_never_unpacked() -> None:
    """Only the directory and one part are read, and of that part a bounded piece."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", papers.WORD + " " * 900_000)
    assert kind_of("a.docx", written.getvalue()) is Kind.DOCX


@given(st.binary(max_size=400), st.sampled_from([b"", b"%PDF-", b"PK\x03\x04", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]))
def test_no_bytes_break_the_check(content: bytes, start: bytes) -> None:
    try:
        kind_of("a.pdf", start + content)
    except Refused:
        return


@given(st.binary(max_size=60), st.integers(0, 400))
def test_no_damage_breaks_the_check(noise: bytes, at: int) -> None:
    content = bytearray(papers.docx())
    content[at : at + len(noise)] = noise
    try:
        kind_of("a.docx", bytes(content))
    except Refused:
        return


@given(st.text(max_size=300), st.sampled_from(list(Kind)))
def test_every_name_becomes_one_that_can_be_shown_and_saved(given_name: str, kind: Kind) -> None:
    name = shown_name(given_name, kind)
    assert name.endswith(tuple(f".{ending}" for ending in FORMS[kind].endings))
    assert len(name) <= MOST_NAME + 5
    assert name == unicodedata.normalize("NFC", name)
    assert not set(name) & set('/\\<>:"|?*')
    assert not [char for char in name if unicodedata.category(char) in {"Cc", "Cs", "Cf"}]
    assert not name.startswith(".")
    name.encode()


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Hoa\\đơn xin.PDF", "đơn xin.pdf"),
        ("hoa\u202efdp.exe", "hoafdp.exe.pdf"),
        ("\u200b\u2060.pdf", "pdf.pdf"),
        ("", "tep.pdf"),
        (".pdf", "pdf.pdf"),
        ("a" * 5_000 + ".pdf", "a" * MOST_NAME + ".pdf"),
    ],
)
def test_names_that_mislead_are_shown_as_they_are(given_name: str, shown: str) -> None:
    assert shown_name(given_name, Kind.PDF) == shown
