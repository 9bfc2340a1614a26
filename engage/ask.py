"""The form a question comes in: what it must hold, and how much. Does not know where it is stored."""

import re
from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from engage.db import MOST_ID
from engage.people import is_email
from moderation.text import clean, fold, skeleton

ABROAD = "abroad"
CONSENT_VERSION = "2026-11"
LEAST_TITLE, MOST_TITLE = 10, 200
LEAST_BODY, MOST_BODY = 50, 4000
LEAST_LIVE_BODY = 0  # in a dialogue the one sentence may say it all
PHONE = re.compile(r"\+?\d{9,14}")
# A reader's name may not look like an office: "Bộ Công an", "Ban biên tập" (UTS #39 skeletons are compared).
OFFICES = (
    "bộ công", "bộ nội", "bộ y tế", "bộ tài chính", "bộ giáo dục", "bộ quốc phòng", "bộ tư pháp", "bộ xây dựng", "bộ nông nghiệp",
    "bộ ngoại giao", "bộ khoa học", "bộ văn hóa", "ban chấp hành", "ban tổ chức", "ban tuyên giáo", "ban nội chính", "ban biên tập",
    "ban quản trị", "ủy ban", "uỷ ban", "chính phủ", "quốc hội", "tỉnh ủy", "thành ủy", "văn phòng", "công an", "bảo hiểm xã hội",
    "cổng thông tin", "quản trị viên", "kiểm duyệt", "biên tập viên", "thanh tra chính phủ", "viện kiểm sát", "tòa án",
)  # fmt: skip


_BETWEEN = re.compile(r"[\W_]+")


def _seen(name: str) -> str:
    """The name as an eye takes it in, word by word."""
    return " ".join(fold(skeleton(word)) for word in _BETWEEN.split(name) if word) + " "


_OFFICES = tuple(_seen(office) for office in OFFICES)


def one_line(value: object) -> object:
    return " ".join(clean(value).split()) if isinstance(value, str) else value


def lines(value: object) -> object:
    return clean(value).strip() if isinstance(value, str) else value


def as_day(value: object) -> object:
    """dd/MM/yyyy, as people here write it; the browser's ISO form is understood too."""
    if not isinstance(value, str):
        return value
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(value.strip(), form).date() if value.strip() else None
        except ValueError:
            continue
    raise PydanticCustomError("date_wrong", "")


Line = Annotated[str, BeforeValidator(one_line)]
Lines = Annotated[str, BeforeValidator(lines)]
Day = Annotated[date | None, BeforeValidator(as_day)]
Number = Annotated[int | None, BeforeValidator(lambda typed: None if typed == "" else typed)]


def of_a_person(name: str) -> str:
    """A name that readers may see under a text."""
    if len(name) < 2:
        raise PydanticCustomError("name_missing", "")
    if len(name) > 80:
        raise PydanticCustomError("name_too_long", "", {"most": 80})
    if not any(char.isalpha() for char in name):
        raise PydanticCustomError("name_not_a_name", "")
    if _seen(name).startswith(_OFFICES):
        raise PydanticCustomError("name_like_an_office", "")
    return name


class Telling(BaseModel):
    """What somebody wants to know, in one sentence and at length."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    title: Line = Field(default="", max_length=2000)
    body: Lines = Field(default="", max_length=40_000)
    judged: Literal["", "question", "denunciation"] = ""  # answers the denunciation hint

    @field_validator("title")
    @classmethod
    def _title(cls, value: str) -> str:
        return sized(value, LEAST_TITLE, MOST_TITLE, "title")

    @field_validator("body")
    @classmethod
    def _body(cls, value: str) -> str:
        return sized(value, LEAST_BODY, MOST_BODY, "body")


class Contact(BaseModel):
    """Who asks, and how to reach them."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    name: Line = Field(default="", max_length=200)
    email: Line = Field(default="", max_length=254)
    phone: Line = Field(default="", max_length=40)

    @field_validator("name")
    @classmethod
    def _name(cls, value: str) -> str:
        return of_a_person(value)

    @field_validator("email")
    @classmethod
    def _email(cls, value: str) -> str:
        if value and not is_email(value):
            raise PydanticCustomError("email_wrong", "")
        return value.lower()

    @field_validator("phone")
    @classmethod
    def _phone(cls, value: str, info: ValidationInfo) -> str:
        digits = re.sub(r"[\s.()-]", "", value)
        if digits and not PHONE.fullmatch(digits):
            raise PydanticCustomError("phone_wrong", "")
        if not digits and info.data.get("email") == "":
            raise PydanticCustomError("contact_missing", "")
        return digits


class Place(BaseModel):
    """What it is about, and where."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    topic: Line = Field(default="", max_length=80)
    province: Line = Field(default="", max_length=40)
    country: Line = Field(default="", max_length=80)
    agency: Line = Field(default="", max_length=80)

    @field_validator("country")
    @classmethod
    def _country(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("province") == ABROAD and not value:
            raise PydanticCustomError("country_missing", "")
        return value


class Ask(Contact, Place, Telling):
    """A citizen's question. `website` is a trap that people never see."""

    anonymous: bool = False
    consent: bool = False
    thread: Number = Field(default=None, ge=1, le=MOST_ID)  # of the forum, that becomes this question
    seen: bool = False  # the asker has seen what was asked before, and asks all the same
    website: str = Field(default="", max_length=200)

    @field_validator("consent")
    @classmethod
    def _consent(cls, value: bool) -> bool:
        if not value:
            raise PydanticCustomError("consent_missing", "")
        return value


class LiveAsk(Ask):
    """To a dialogue, in one of its groups: one sentence is enough, and whoever follows the room need not be written to."""

    group: Line = Field(default="", max_length=20)

    @field_validator("body")
    @classmethod
    def _body(cls, value: str) -> str:
        return _at_will(value)

    @field_validator("phone")
    @classmethod
    def _phone(cls, value: str, _info: ValidationInfo) -> str:
        return value


class Correction(Place, Telling):
    """A question as its author writes it anew: contacts are corrected elsewhere. `least`: characters that say enough."""

    least: ClassVar[int] = LEAST_BODY


class FeedbackCorrection(Correction):
    """Of a report, a proposal or a contribution: its title asks nothing."""

    @field_validator("title")
    @classmethod
    def _title(cls, value: str) -> str:
        return sized(value, LEAST_TITLE, MOST_TITLE, "subject")


class LiveCorrection(Correction):
    """Of a question that was sent to a dialogue: no more is asked than at first, and what nobody asked there stays as it is."""

    least: ClassVar[int] = LEAST_LIVE_BODY

    @field_validator("body")
    @classmethod
    def _body(cls, value: str) -> str:
        return _at_will(value)


def _at_will(value: str) -> str:
    return sized(value, LEAST_LIVE_BODY, MOST_BODY, "body") if value else ""


def sized(value: str, least: int, most: int, what: str) -> str:
    """Counted in characters as people count them: after NFC, without what cannot be seen."""
    if not value:
        raise PydanticCustomError(f"{what}_missing", "")
    if len(value) < least:
        raise PydanticCustomError(f"{what}_too_short", "", {"length": len(value), "least": least})
    if len(value) > most:
        raise PydanticCustomError(f"{what}_too_long", "", {"length": len(value), "most": most})
    return value
