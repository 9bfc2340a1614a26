"""What Vietnamese text is made of: cleaned at the door, folded for search, respelled, split into syllables.

Knows letters and abbreviations; does not know what a text says.
"""

import re
import unicodedata
from collections.abc import Callable

_WORD = re.compile(r"[^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W_\u0300-\u036f]*)*")
_ACCENTED = re.compile(
    "[ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323]"
)
_EXTRA_MARKS = re.compile("([\u0300-\u036f]{3})[\u0300-\u036f]+")
_BLANK_LINES = re.compile(r"\n{4,}")
_INVISIBLE_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"

# Keys are folded. Only what has one meaning on this portal; "CT" or "VL" would be a guess.
ABBREVIATIONS = {
    "bhtn": "bảo hiểm thất nghiệp",
    "bhxh": "bảo hiểm xã hội",
    "bhyt": "bảo hiểm y tế",
    "cbcc": "cán bộ, công chức",
    "cccd": "căn cước công dân",
    "cmnd": "chứng minh nhân dân",
    "cntt": "công nghệ thông tin",
    "csgt": "cảnh sát giao thông",
    "dvc": "dịch vụ công",
    "gcn": "giấy chứng nhận",
    "gdđt": "giáo dục và đào tạo",
    "gplx": "giấy phép lái xe",
    "gpmb": "giải phóng mặt bằng",
    "gpxd": "giấy phép xây dựng",
    "gtgt": "giá trị gia tăng",
    "gtvt": "giao thông vận tải",
    "hđnd": "hội đồng nhân dân",
    "hkd": "hộ kinh doanh",
    "hssv": "học sinh, sinh viên",
    "htx": "hợp tác xã",
    "lđtbxh": "lao động, thương binh và xã hội",
    "mttq": "mặt trận tổ quốc",
    "nnmt": "nông nghiệp và môi trường",
    "nsnn": "ngân sách nhà nước",
    "nvqs": "nghĩa vụ quân sự",
    "pccc": "phòng cháy chữa cháy",
    "qsdđ": "quyền sử dụng đất",
    "tand": "tòa án nhân dân",
    "thcs": "trung học cơ sở",
    "thpt": "trung học phổ thông",
    "tncn": "thu nhập cá nhân",
    "tndn": "thu nhập doanh nghiệp",
    "tnmt": "tài nguyên và môi trường",
    "tphcm": "thành phố Hồ Chí Minh",
    "ubnd": "ủy ban nhân dân",
    "vksnd": "viện kiểm sát nhân dân",
    "vpđkđđ": "văn phòng đăng ký đất đai",
    "xklđ": "xuất khẩu lao động",
}

_CYRILLIC = dict(zip("авеёіјкмнорсԁԛѕтухһԝѵ", "abeeijkmhopcdqstyxhwv", strict=True))
_GREEK = dict(zip("αβγεηικνορτυχω", "abyenikvoptuxw", strict=True))
_LATIN = dict(zip("ıɑɡɩʋðɖƌđ", "iagiuđđđđ", strict=True))
LOOK_ALIKES = {ord(seen): meant for seen, meant in (_CYRILLIC | _GREEK | _LATIN).items()}
_SKELETON = str.maketrans({"0": "o", "1": "l", "i": "l", "j": "l", "|": "l", "5": "s", "w": "vv", "m": "rn"})


class _Letters(dict[int, str]):
    """A table for str.translate that works a character out when first met."""

    def __init__(self, rule: Callable[[str], str]) -> None:
        self._rule = rule

    def __missing__(self, code: int) -> str:
        self[code] = written = self._rule(chr(code))
        return written


def clean(text: str) -> str:
    """The text as it is stored and as spans count: NFC, nothing invisible, LF, two blank lines at most."""
    visible = text.replace("\r\n", "\n").replace("\r", "\n").translate(_VISIBLE)
    composed = _EXTRA_MARKS.sub(r"\1", unicodedata.normalize("NFC", visible))
    lines = "\n".join(line.rstrip(" \t") for line in composed.split("\n"))
    return _BLANK_LINES.sub("\n\n\n", lines).strip()


def fold(text: str) -> str:
    """Search key: no case, no marks, đ is d. Where the tone was placed no longer matters."""
    return unicodedata.normalize("NFC", text.translate(_FOLDED))


def fold_in_place(text: str) -> str:
    """Like fold, but every character stays where it was, so that spans found in it are spans of the text."""
    return text.translate(_FOLDED_ONE)


def lower_in_place(text: str) -> str:
    """Lower case with tones; look-alikes of other scripts and widths read as Latin. The length is kept."""
    return text.translate(_LOWERED_ONE)


def respell(text: str) -> str:
    """One tone placement, for comparison: hoà → hòa, thuý → thúy, qúy → quý. The length is kept."""
    return _MISPLACED.sub(_replace_tone, text)


def expand(text: str) -> str:
    """Common abbreviations written out: BHXH → bảo hiểm xã hội. Use on both sides of a search, then fold."""
    return _WORD.sub(lambda word: ABBREVIATIONS_FOLDED.get(fold(word[0]), word[0]), text)


def syllables(text: str) -> list[str]:
    """Lower-case words between spaces and punctuation; in Vietnamese these are syllables."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def words_with_places(text: str) -> list[tuple[str, int, int]]:
    """Each word with its start and end."""
    return [(word[0], word.start(), word.end()) for word in _WORD.finditer(text)]


def has_tone_marks(text: str) -> bool:
    """Whether the author writes with Vietnamese diacritics at all."""
    return _ACCENTED.search(text) is not None


def skeleton(name: str) -> str:
    """Names that look the same have the same skeleton (the idea of UTS #39, for the scripts met here)."""
    return "".join(c for c in fold(lower_in_place(name)).translate(_SKELETON) if c.isalnum())


def _visible(char: str) -> str:
    if char in "\n\t":
        return char
    if char in "\u2028\u2029\x85":
        return "\n"
    category = unicodedata.category(char)
    if category == "Zs":
        return " "
    # Cs: a lone surrogate cannot be encoded for any database.
    return "" if category in ("Cc", "Cf", "Cs") or char in _INVISIBLE_LETTERS else char


def _folded(char: str) -> str:
    plain = unicodedata.normalize("NFKD", char).casefold()
    kept = "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Cf"))
    # Ð (eth) is typed for Đ by old keyboards; casefold has made both small.
    written = kept.replace("đ", "d").replace("ð", "d")
    return written if written == char else written.translate(_FOLDED)


def _folded_one(char: str) -> str:
    folded = _FOLDED[ord(char)]
    return folded if len(folded) == 1 else char


def _lowered_one(char: str) -> str:
    narrow = unicodedata.normalize("NFKC", char)
    lowered = (narrow if len(narrow) == 1 else char).lower()
    return lowered.translate(LOOK_ALIKES) if len(lowered) == 1 else char


# oà oè uỳ at the end of a syllable; òa òe ùy before more letters; qùy. One leading set keeps the search fast.
_MISPLACED = re.compile(
    r"[oOuUòóỏõọÒÓỎÕỌùúủũụÙÚỦŨỤ](?:"
    r"(?:(?<=[oO])[àáảãạèéẻẽẹÀÁẢÃẠÈÉẺẼẸ]|(?<=[uU])(?<![qQ].)[ỳýỷỹỵỲÝỶỸỴ])(?![^\W\d_])"
    r"|(?:(?<=[òóỏõọÒÓỎÕỌ])[aeAE]|(?<=[ùúủũụÙÚỦŨỤ])(?<![qQ].)[yY])(?=[^\W\d_])"
    r"|(?<=[qQ][ùúủũụÙÚỦŨỤ])[aeyAEY])"
)


def _replace_tone(pair: re.Match[str]) -> str:
    first, second = (unicodedata.normalize("NFD", vowel) for vowel in pair[0])
    moved = (first[0] + second[1:], second[0]) if len(second) > 1 else (first[0], second + first[1:])
    return "".join(unicodedata.normalize("NFC", vowel) for vowel in moved)


_VISIBLE = _Letters(_visible)
_FOLDED = _Letters(_folded)
_FOLDED_ONE = _Letters(_folded_one)
_LOWERED_ONE = _Letters(_lowered_one)
ABBREVIATIONS_FOLDED = {fold(short): long for short, long in ABBREVIATIONS.items()}
