"""The forms a portal is registered in. They do not know where it is stored, nor which origins are taken."""

import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from engage.ask import Line, Lines

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
FONT = re.compile(r"[\w \-,'\"]{0,120}")


class SiteForm(BaseModel):
    """What an editor registers; origins and sections one a line."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    name: Line = Field(default="", max_length=120)
    issuer: Line = Field(default="", max_length=200)
    origins: Lines = Field(default="", max_length=6000)
    sections: Lines = Field(default="", max_length=6000)
    accent: Line = Field(default="", max_length=7)
    font: Line = Field(default="", max_length=120)
    round: Literal["0", "0.5", "1", "1.5", "2"] = "1"
    guests: bool = False
    comment_days: Annotated[int, BeforeValidator(lambda typed: 0 if typed == "" else typed)] = Field(
        default=0, ge=0, le=3650
    )
    version: int = Field(default=0, ge=0, le=2**31 - 1)

    @field_validator("name")
    @classmethod
    def _name(cls, value: str) -> str:
        if len(value) < 2:
            raise PydanticCustomError("site_name_missing", "")
        return value

    @field_validator("accent")
    @classmethod
    def _accent(cls, value: str) -> str:
        if value and not COLOUR.fullmatch(value):
            raise PydanticCustomError("site_accent_wrong", "")
        return value.lower()

    @field_validator("font")
    @classmethod
    def _font(cls, value: str) -> str:
        if not FONT.fullmatch(value):
            raise PydanticCustomError("site_font_wrong", "")
        return value


class NewSiteForm(SiteForm):
    slug: Line = Field(default="", max_length=40)

    @field_validator("slug")
    @classmethod
    def _slug(cls, value: str) -> str:
        if not SLUG.fullmatch(value):
            raise PydanticCustomError("slug_wrong", "")
        return value


class KeyForm(BaseModel):
    """Empty: a shared secret, which we make."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    public: str = Field(default="", max_length=2000)
