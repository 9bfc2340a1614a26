"""Pictures written anew: upright, of a size to read, and without what the camera added. Pure, but slow: call it in a thread."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from engage.errors import Refused
from engage.filetypes import FIELD, Kind, plain_name

Image.MAX_IMAGE_PIXELS = None  # it only warns; `_check` has a bound of its own, and says so in words
MOST_PIXELS = 50_000_000
LONGEST_SIDE, COVER_SIDE = 2560, 1280
_MODES = {Kind.JPEG: ("L", "RGB"), Kind.PNG: ("L", "RGB", "RGBA"), Kind.WEBP: ("RGB", "RGBA")}
_HOW: dict[Kind, dict[str, int]] = {Kind.JPEG: {"quality": 88}, Kind.PNG: {}, Kind.WEBP: {"quality": 88}}
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, UnidentifiedImageError)


def rewritten(name: str, content: bytes, kind: Kind, *, longest: int = LONGEST_SIDE) -> bytes:
    """The same picture as new bytes: nothing of the old file is copied but its pixels."""
    try:
        with Image.open(io.BytesIO(content), formats=[kind.upper()]) as picture:
            _check(name, picture)
            picture.draft("RGB", (longest, longest))  # a JPEG is read at a fraction of its size already
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((longest, longest))
            return _written(upright, kind)
    except _BROKEN:
        raise Refused("file_damaged", field=FIELD, name=plain_name(name)) from None


def _check(name: str, picture: Image.Image) -> None:
    """The size stands in the head: nothing is unpacked yet."""
    if picture.width * picture.height > MOST_PIXELS:
        raise Refused("picture_too_large", field=FIELD, name=plain_name(name), most=MOST_PIXELS // 1_000_000)
    if getattr(picture, "is_animated", False):
        raise Refused("picture_moves", field=FIELD, name=plain_name(name))


def _written(picture: Image.Image, kind: Kind) -> bytes:
    modes = _MODES[kind]
    if picture.mode not in modes:
        has_holes = "A" in picture.mode or "transparency" in picture.info
        picture = picture.convert("RGBA" if has_holes and "RGBA" in modes else "RGB")
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)  # pixels only: no EXIF, no place, no comment, no thumbnail
    written = io.BytesIO()
    bare.save(written, kind.upper(), **_HOW[kind])
    return written.getvalue()
