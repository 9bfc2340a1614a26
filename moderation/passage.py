"""One field of a cleaned submission with the readings that checks share, each made once, when asked for."""

import re
from dataclasses import dataclass
from functools import cached_property

from moderation.text import fold_in_place, has_tone_marks, lower_in_place, respell, words_with_places

_LONG_NUMBER = re.compile(r"\d(?:[ .\-()]{0,3}\d){5}")


@dataclass(frozen=True)
class Passage:
    """Every reading has the length of the text, so a place in one is the same place in all."""

    field: str
    text: str

    @cached_property
    def lower(self) -> str:
        return respell(lower_in_place(self.text))

    @cached_property
    def bare(self) -> str:
        return fold_in_place(self.lower)

    @cached_property
    def words(self) -> list[tuple[str, int, int]]:
        return words_with_places(self.lower)

    @cached_property
    def has_long_number(self) -> bool:
        """Six digits together or more; most texts have none, and are spared the search for phones."""
        return _LONG_NUMBER.search(self.text) is not None

    @cached_property
    def is_toned(self) -> bool:
        return has_tone_marks(self.text)
