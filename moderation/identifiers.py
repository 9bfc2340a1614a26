"""What identifies a private person: phone, citizen number, bank account, e-mail, home address, number plate.

Pure functions that know shapes; document numbers, hotlines, money and dates are told apart (PRODUCT rule 13).
"""

import re
from collections.abc import Iterable, Iterator

from moderation.checks import Passages, is_allowed
from moderation.passage import Passage
from moderation.verdicts import Certainty, Context, Finding, Span, Weight

_SEP = r"[ .\-]{0,2}"
_MOBILE = re.compile(rf"(?<![\w/])(?:\(?\+?84\)?{_SEP}(?:\(0\){_SEP})?|0)[35789](?:{_SEP}\d){{8}}(?![\w/]|[.,]\d)")
_LANDLINE = re.compile(rf"(?<![\w/])(?:\(?\+?84\)?{_SEP}2|\(?02)\d{{1,2}}\)?(?:{_SEP}\d){{7,8}}(?![\w/]|[.,]\d)")
_DATE = re.compile(r"\d{1,2}[.\-]\d{1,2}[.\-](?:19|20)\d\d|(?<!\d)(?:19|20)\d\d[ .\-]{1,2}(?:19|20)\d\d(?!\d)")
_PUBLIC_LINE = re.compile(r"(?:duong day nong|hotline|tong dai|truc ban|so may le tan)[^\n]{0,60}$")

_TWELVE = re.compile(r"(?<![\w/])\d(?:[ .\-]?\d){11}(?![\w/]|[.,]\d)")
_NAMED_CITIZEN = re.compile(
    r"(?<!\w)(?:cccd|can cuoc|so dinh danh|cmnd|cmt|chung minh thu|chung minh nhan dan)(?!\w)[^\d\n]{0,40}$"
)
_NINE_AFTER_WORD = re.compile(
    r"(?<!\w)(?:cmnd|cmt|chung minh thu|chung minh nhan dan)(?!\w)[^\d\n]{0,30}"
    r"(\d(?:[ .]?\d){8})(?![\w/]|[.,]\d)"
)
# The codes of the 63 provinces before July 2025; numbers keep them for life.
_BIRTHPLACES = frozenset(
    f"{code:03}"
    for code in range(1, 97)
    if code not in (3, 5, 7, 9, 13, 16, 18, 21, 23, 28, 29, 32, 39, 41, 43, 47, 50, 53, 55, 57, 59, 61, 63, 65)
    and code not in (69, 71, 73, 76, 78, 81, 85, 88, 90)
)

_BANKS = (
    "vietcombank|vcb|bidv|agribank|techcombank|mbbank|mb bank|vietinbank|sacombank|acb|vpbank|tpbank|vib|shb"
    "|hdbank|msb|momo"
)
_ACCOUNT = re.compile(
    rf"(?<!\w)(?:(stk|so tai khoan|so tk)|tai khoan|{_BANKS})(?!\w)[^\d\n]{{0,30}}"
    r"(\d(?:[ .\-]?\d){5,18})(?![\w/]|[.,]\d)"
)
_MONEY = re.compile(r"\s{0,2}(?:d|dong|vnd|trieu|nghin|ngan(?! hang)|ty|usd|%)(?!\w)")

_EMAIL = re.compile(r"(?<![\w.+\-])[\w.+\-]{1,64}@((?:[\w\-]{1,63}\.){1,5}[a-z]{2,24})(?!\w)", re.IGNORECASE)

_HOUSE = r"\d{1,4}[a-z]?(?:[/\-]\d{1,4}[a-z]?){0,4}"
_LANE = r"(?:ngõ|ngách|hẻm|kiệt|ngo|ngach|hem|kiet)"
_NUMBERED_HOUSE = re.compile(
    rf"(?<!\w)(?:(?:số nhà|nhà số|so nha|nha so|căn hộ số|can ho so) {{0,2}}:? {{0,2}}{_HOUSE}"
    rf"|(?:số|so) {{0,2}}{_HOUSE},? {{1,2}}(?:đường|duong|phố|pho|{_LANE}) {{1,2}}\w+(?: \w+)?)(?!\w|/)"
)
_LIVES = (
    "thường trú|tạm trú|trú tại|cư trú tại|địa chỉ(?: nhà)?|(?:nhà )?(?:tôi|em|mình|cháu) (?:đang |hiện )?ở"
    "|thuong tru|tam tru|tru tai|dia chi|(?:nha )?(?:toi|em) (?:dang |hien )?o"
)
_HAMLET = "thôn|xóm|ấp|bản|buôn|tổ dân phố|tổ|khu phố|khóm|thon|xom|ap|to dan pho|khu pho|khom"
_DWELLING = re.compile(
    rf"(?<!\w)(?:{_LIVES})(?!\w)[^\n.?!]{{0,40}}?"
    rf"(?<!\w)(?:{_LANE} {{1,2}}\d|(?:{_HAMLET}) {{1,2}}\w)[^\n,;.?!]{{0,30}}"
)
_OFFICE_BEFORE = re.compile(
    r"(?<!\w)(?:tru so|van phong|cong ty|ubnd|uy ban nhan dan|chi nhanh|benh vien|truong|co quan"
    r"|nha van hoa|bo phan mot cua)(?!\w)[^\n.?!]{0,60}$"
)

_PLATE = re.compile(
    r"(?<![\w/.\-])(?:1[1-9]|[2-9]\d)(?:[A-Z][A-Z\d]?|-[A-Z]\d)"
    r"(?:[- ]\d{3}\.\d{2}|[- .]{0,3}\d{5}|-\d{4})(?![\w/])"
)
_NAMED_PLATE = re.compile(
    r"(?<!\w)(?:bien so|bks|bien kiem soat|bien xe)(?!\w)[^\d\n]{0,20}"
    r"(\d\d[ \-]?[a-z][a-z\d]?[ \-.]{0,3}(?:\d{3}\.?\d{2}|\d{4}))(?![\w/])"
)

# What announces a number: "biển số 60A-123.45" says nothing about plates.
_LABEL = re.compile(
    r"(?<!\w)(?:bien so|bks|bien kiem soat|bien xe|cccd|can cuoc|so dinh danh|cmnd|cmt|chung minh thu"
    r"|chung minh nhan dan|so tai khoan|so tk|stk|tai khoan)(?!\w)[^\d\n]{0,20}$"
)
_LABEL_REACH = 45


def without(text: str) -> str:
    """What a text is about: numbers that identify somebody are left out, with the words that announce them."""
    passage = Passage("body", text)
    found = [one for look in (phones, citizen_numbers, bank_accounts, plates) for one in look((passage,))]
    spans = _apart(span for finding in found for span in finding.spans)
    for span in reversed(spans):
        label = _LABEL.search(_before(passage, span.start, _LABEL_REACH))
        start = span.start - (len(label[0]) if label else 0)
        text = f"{text[:start]} {text[span.end :]}"
    return text


def phones(passages: Passages, _context: Context | None = None) -> Iterator[Finding]:
    """Mobiles and landlines as people write them. 1800, 1900 and three-digit numbers have another shape."""
    spans = [
        _span(passage, call)
        for passage in _numbered(passages)
        for shape in (_MOBILE, _LANDLINE)
        for call in shape.finditer(passage.text)
        if not _DATE.search(call[0]) and not _PUBLIC_LINE.search(_before(passage, call.start(), 90))
    ]
    yield from _found("phone", "sure", spans)


def citizen_numbers(passages: Passages, _context: Context | None = None) -> Iterator[Finding]:
    """Twelve digits with a real birthplace, or any twelve or nine next to the word."""
    sure = [_span(p, n) for p in _numbered(passages) for n in _TWELVE.finditer(p.text) if _is_citizen_number(n[0])]
    fair = [
        _span(p, n)
        for p in _numbered(passages)
        for n in _TWELVE.finditer(p.text)
        if not _is_citizen_number(n[0]) and _NAMED_CITIZEN.search(_before(p, n.start(), 60))
    ]
    fair += [_span(p, n, 1) for p in _numbered(passages) for n in _NINE_AFTER_WORD.finditer(p.bare)]
    yield from _found("id_number", "sure" if sure else "fair", sure + fair)


def bank_accounts(passages: Passages, _context: Context | None = None) -> Iterator[Finding]:
    spans = [
        _span(passage, account, 2)
        for passage in _numbered(passages)
        for account in _ACCOUNT.finditer(passage.bare)
        if _is_account(passage, account)
    ]
    yield from _found("bank_account", "fair", spans)


def emails(passages: Passages, context: Context) -> Iterator[Finding]:
    """Mailboxes, those of allowed hosts excepted: an office's mailbox is no secret."""
    spans = [
        _span(passage, box)
        for passage in passages
        for box in _EMAIL.finditer(passage.text)
        if not is_allowed(box[1], context.allowed_hosts)
    ]
    yield from _found("email", "sure", spans)


def addresses(passages: Passages, _context: Context | None = None) -> Iterator[Finding]:
    """Where somebody lives. An office's address and a bare street, which reports need, are innocent."""
    spans = [
        _span(passage, place)
        for passage in passages
        for shape in (_NUMBERED_HOUSE, _DWELLING)
        for place in shape.finditer(passage.lower)
        if not _OFFICE_BEFORE.search(_before(passage, place.start(), 80))
    ]
    yield from _found("address", "fair", _apart(spans))


def plates(passages: Passages, _context: Context | None = None) -> Iterator[Finding]:
    spans = [_span(p, plate) for p in passages for plate in _PLATE.finditer(p.text)]
    spans += [_span(p, plate, 1) for p in passages for plate in _NAMED_PLATE.finditer(p.bare)]
    yield from _found("plate", "sure", _apart(spans))


def _numbered(passages: Passages) -> Passages:
    return tuple(passage for passage in passages if passage.has_long_number)


def _found(reason: str, certainty: Certainty, spans: Iterable[Span]) -> Iterator[Finding]:
    places = tuple(spans)
    if places:
        yield Finding(reason, Weight.HOLD, certainty, places, {"count": len(places)})


def _span(passage: Passage, match: re.Match[str], group: int = 0) -> Span:
    return Span(passage.field, match.start(group), match.end(group))


def _before(passage: Passage, place: int, reach: int) -> str:
    return passage.bare[max(0, place - reach) : place]


def _is_citizen_number(written: str) -> bool:
    digits = re.sub(r"\D", "", written)
    return digits[:3] in _BIRTHPLACES and digits[3] in "0123"


def _is_account(passage: Passage, account: re.Match[str]) -> bool:
    number = account[2]
    if _MONEY.match(passage.bare, account.end()) or _DATE.search(number):
        return False
    if account[1]:
        return True
    digits = re.sub(r"\D", "", number)
    # "tài khoản VNeID của tôi, số 0912…" is a phone; the phone check has it already.
    return len(digits) >= 8 and not _MOBILE.fullmatch(number) and not _is_citizen_number(digits.ljust(12, "x"))


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Each place once, whichever shape saw it first and longest."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.field, s.start, -s.end)):
        if not kept or span.field != kept[-1].field or span.start >= kept[-1].end:
            kept.append(span)
    return kept
