"""What a file is, by its content: never by its name or by what a browser says of it. Pure; refuses in words that name the file."""

import io
import re
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import filetype

from engage.errors import Refused
from moderation.text import clean

FIELD = "files"
MOST_NAME = 100
MOST_PARTS, MOST_DIRECTORY = 2_000, 1024 * 1024
MOST_UNPACKED, MOST_RATIO, SMALL_PART = 200 * 1024 * 1024, 200, 1024 * 1024
MOST_TYPES = 1024 * 1024  # of [Content_Types].xml


class Kind(StrEnum):
    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    DOCX = "docx"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Form:
    """How a kind of file is sent out, and what its name ends in; the first ending is given to a name that has none."""

    media_type: str
    endings: tuple[str, ...]


OOXML = "application/vnd.openxmlformats-officedocument."
FORMS: Mapping[Kind, Form] = {
    Kind.PDF: Form("application/pdf", ("pdf",)),
    Kind.JPEG: Form("image/jpeg", ("jpg", "jpeg", "jfif")),
    Kind.PNG: Form("image/png", ("png",)),
    Kind.WEBP: Form("image/webp", ("webp",)),
    Kind.DOCX: Form(f"{OOXML}wordprocessingml.document", ("docx",)),
    Kind.XLSX: Form(f"{OOXML}spreadsheetml.sheet", ("xlsx",)),
}
PICTURES = frozenset({Kind.JPEG, Kind.PNG, Kind.WEBP})
_BY_ENDING = {ending: kind for kind, form in FORMS.items() for ending in form.endings}
_BY_MEDIA = {form.media_type: kind for kind, form in FORMS.items()}
_OF_PICTURES = frozenset({"file_empty", "file_heic", "file_lies"})  # what may be wrong with one
_PHONE_PICTURES = frozenset({"image/heic", "image/avif"})
_MAIN_PARTS = {
    Kind.DOCX: b"wordprocessingml.document.main+xml",
    Kind.XLSX: b"spreadsheetml.sheet.main+xml",
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END_OF_ZIP = b"PK\x05\x06"
_INNER_FILES = (".docx", ".xlsx", ".pptx")  # a chart carries its numbers along as a workbook
_ENCODED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTS = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|ImportData|SubmitForm|GoToE)(?![A-Za-z])")
# "Open on page 1" is what most writers leave there; any other action is refused.
_OPENS = re.compile(rb"/OpenAction\s*<<(?:(?!>>).){0,400}?/S\s*/(?!GoTo(?![A-Za-z]))", re.DOTALL)
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"|?*\ud800-\udfff]')


def kind_of(name: str, content: bytes) -> Kind:
    """Raises Refused with the file's name when it is nothing we take, damaged, dangerous, or not what it is called."""
    if not content:
        raise _refused("file_empty", name)
    kind = _by_content(name, content)
    called = _BY_ENDING.get(_ending(name))
    if called is not None and called != kind:
        raise Refused("file_lies", field=FIELD, name=plain_name(name), kind=kind.upper())
    return kind


def picture_of(name: str, content: bytes) -> Kind:
    """Where nothing but a picture is taken, whatever else it may be is said in one way."""
    try:
        kind = kind_of(name, content)
    except Refused as refusal:
        if refusal.reason in _OF_PICTURES:
            raise
        raise _refused("picture_wanted", name) from None
    if kind not in PICTURES:
        raise _refused("picture_wanted", name)
    return kind


def shown_name(given: str, kind: Kind) -> str:
    """What readers see and save: the last part of the path, nothing invisible, an ending that is true."""
    name = plain_name(given)
    stem, dot, ending = name.rpartition(".")
    if dot and _BY_ENDING.get(ending.lower()) == kind:
        return f"{stem[:MOST_NAME].strip(' .') or 'tep'}.{ending.lower()}"
    return f"{name[:MOST_NAME]}.{FORMS[kind].endings[0]}"


def plain_name(given: str) -> str:
    last = re.split(r"[/\\]", given)[-1]
    return " ".join(clean(_NOT_IN_NAMES.sub("", last)).split()).strip(" .") or "tep"


def _by_content(name: str, content: bytes) -> Kind:
    if content.startswith(b"%PDF-"):
        _check_pdf(name, content)
        return Kind.PDF
    if content.startswith(b"PK\x03\x04"):
        return _office(name, content)
    if content.startswith(OLE):
        raise _refused("file_old_office", name)
    guessed = filetype.guess_mime(content[:8192])
    if guessed in _PHONE_PICTURES:
        raise _refused("file_heic", name)
    kind = _BY_MEDIA.get(guessed or "")
    if kind not in PICTURES:
        called = _BY_ENDING.get(_ending(name))
        raise _refused("file_lies_wholly", name, called=called.upper()) if called else _refused("file_kind", name)
    return kind


def _check_pdf(name: str, content: bytes) -> None:
    """A look at the bytes is a hint only: what is compressed or encrypted inside is not seen. The virus scanner reads on."""
    if b"%%EOF" not in content[-2048:]:
        raise _refused("file_damaged", name)
    if _END_OF_ZIP in content[-66_000:] and zipfile.is_zipfile(io.BytesIO(content)):
        raise _refused("file_two_in_one", name)
    names = _ENCODED.sub(lambda found: bytes([int(found[1], 16)]), content)  # /Java#53cript is /JavaScript
    if re.search(rb"/Encrypt(?![A-Za-z])", names):
        raise _refused("file_locked", name)
    if _ACTS.search(names) or _OPENS.search(names):
        raise _refused("file_acts", name)


def _office(name: str, content: bytes) -> Kind:
    """Reads the directory and one part of a zip, each within bounds. What the parts hold is never unpacked."""
    _check_directory(name, content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_parts(name, parts)
            with archive.open("[Content_Types].xml") as types:
                said = types.read(MOST_TYPES)
    except KeyError:
        raise _refused("file_kind", name) from None
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, struct.error):
        raise _refused("file_damaged", name) from None
    except zipfile.zlib.error:  # type: ignore[attr-defined]  # what `zipfile` unpacks with
        raise _refused("file_damaged", name) from None
    if b"macroEnabled" in said or b"vbaProject" in said:
        raise _refused("file_macros", name)
    kind = next((kind for kind, main in _MAIN_PARTS.items() if main in said), None)
    if kind is None:
        raise _refused("file_kind", name)
    return kind


def _check_directory(name: str, content: bytes) -> None:
    """Before `zipfile` reads it: a directory alone can fill the memory."""
    at = content.rfind(_END_OF_ZIP)
    if at < 0 or len(content) < at + 22:
        raise _refused("file_damaged", name)
    entries, size, start = struct.unpack_from("<HII", content, at + 10)
    if entries > MOST_PARTS or size > MOST_DIRECTORY or start > len(content):
        raise _refused("file_bomb", name)


def _check_parts(name: str, parts: list[zipfile.ZipInfo]) -> None:
    if len({part.filename for part in parts}) != len(parts):
        raise _refused("file_damaged", name)
    if sum(part.file_size for part in parts) > MOST_UNPACKED or any(_swells(part) for part in parts):
        raise _refused("file_bomb", name)
    for part in parts:
        path = part.filename.lower()
        if part.flag_bits & 1:
            raise _refused("file_locked", name)
        if path.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", path):
            raise _refused("file_damaged", name)
        if path.rpartition("/")[2].startswith("vbaproject"):
            raise _refused("file_macros", name)
        if "oleobject" in path or ("/embeddings/" in path and not path.endswith(_INNER_FILES)):
            raise _refused("file_carries", name)


def _swells(part: zipfile.ZipInfo) -> bool:
    return part.file_size > SMALL_PART and part.file_size > MOST_RATIO * max(part.compress_size, 1)


def _ending(name: str) -> str:
    return plain_name(name).rpartition(".")[2].lower()


def _refused(reason: str, name: str, **figures: str) -> Refused:
    return Refused(reason, field=FIELD, name=plain_name(name)[:MOST_NAME], **figures)
