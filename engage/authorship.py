"""Office files written anew, without the names that the program added. Pure, but slow: call it in a thread.

What stands in the text is its author's: the names at comments and tracked changes stay, and moderators are told so.
"""

import io
import re
import shutil
import zipfile
from typing import IO

from engage.errors import Refused
from engage.filetypes import FIELD, Kind, plain_name

OFFICE = frozenset({Kind.DOCX, Kind.XLSX})
_EPOCH = (1980, 1, 1, 0, 0, 0)
_HEAD = 4096
# Found by what they are: some programs call them by other names than docProps/core.xml.
_PROPERTIES = re.compile(
    rb'<(?:[\w.-]+:)?(coreProperties|Properties)\s[^>]*?"(http://[^"]*'
    rb'(?:/metadata/core-properties|/2006/(?:extended|custom)-properties|/(?:extended|custom)Properties))"'
)
_HOLDS_PATHS = (".rels", "xl/workbook.xml")
_PATHS = (
    (re.compile(rb'(<(?:[\w.-]+:)?absPath\b[^>]*\burl=")[^"]*'), rb"\1"),
    (re.compile(rb'(\bTarget="file:///)[^"]*[/\\]'), rb"\1"),
)
_BROKEN = (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)


def removed(name: str, content: bytes) -> bytes:
    """The same document as a new file; its sizes were checked by `filetypes`."""
    written = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w") as new:
            for part in old.infolist():
                bare = zipfile.ZipInfo(part.filename, _EPOCH)  # no clock, no comment, nothing a program hid beside it
                bare.compress_type = zipfile.ZIP_DEFLATED
                with old.open(part) as source, new.open(bare, "w") as target:
                    _copy(part.filename, source, target)
    except (*_BROKEN, zipfile.zlib.error):  # type: ignore[attr-defined]  # what `zipfile` unpacks with
        raise Refused("file_damaged", field=FIELD, name=plain_name(name)) from None
    return written.getvalue()


def _copy(path: str, source: IO[bytes], target: IO[bytes]) -> None:
    head = source.read(_HEAD)
    properties = _PROPERTIES.search(head.replace(b"\0", b""))
    if properties:
        target.write(b'<%s xmlns="%s"/>' % properties.groups())
    elif path.lower().endswith(_HOLDS_PATHS):
        target.write(_without_paths(head + source.read()))
    else:
        target.write(head)
        shutil.copyfileobj(source, target)


def _without_paths(xml: bytes) -> bytes:
    """A folder on somebody's disk is named after them."""
    for pattern, kept in _PATHS:
        xml = pattern.sub(kept, xml)
    return xml
