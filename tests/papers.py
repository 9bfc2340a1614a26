"""Files that people send, and files that only pretend: made of bytes, small, and the same every time."""

import io
import zipfile
from collections.abc import Mapping

from PIL import Image

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
LATITUDE, ORIENTATION, GPS = 2, 0x0112, 0x8825


def pdf(pages: int = 1, more: bytes = b"") -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\n" + b"% " + b"x" * 2_000 + b"\n"
    return (
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + page * pages + more + b"\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
    )


def office(main: str = WORD, parts: Mapping[str, bytes] | None = None, *, said: str = "") -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types><Override ContentType="{main}"/>{said}</Types>')
        for name, content in ({"word/document.xml": b"<w:document/>"} | dict(parts or {})).items():
            archive.writestr(name, content)
    return written.getvalue()


def docx(**parts: bytes) -> bytes:
    return office(WORD, parts)


def xlsx() -> bytes:
    return office(SHEET)


def picture(kind: str = "JPEG", size: tuple[int, int] = (120, 80), **how: object) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, (143, 29, 33)).save(written, kind, **how)
    return written.getvalue()


def picture_with_place() -> bytes:
    """A photograph as a phone makes it: turned, with the place it was taken at, and a comment."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS)[LATITUDE] = (21.0, 1.0, 42.0)
    exif[0x010F] = "Hang dien thoai"
    return picture("JPEG", (120, 80), exif=exif, comment=b"chup o nha toi")


def moving_picture() -> bytes:
    written = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), (shade, 0, 0)) for shade in (0, 90, 180)]
    frames[0].save(written, "WEBP", save_all=True, append_images=frames[1:], duration=100)
    return written.getvalue()


def bomb() -> bytes:
    return docx(**{"word/media/zeros.xml": bytes(60 * 1024 * 1024)})


HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(64)
PROGRAM = b"MZ\x90\x00" + bytes(200)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
