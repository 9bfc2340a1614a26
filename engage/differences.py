"""Two texts, word by word: what went, what came, what stayed. Knows no noun."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# A document's number and a date are one word each: `41/2024/QH15`, `158/2025/NĐ-CP`, `20/11/2026`.
_PIECES = re.compile(r"\s+|\d+(?:/\w+(?:-\w+)*)+|[^\s\w]|\w+")
_MARKS = re.compile(r"^#{1,6} |\*\*|(?<=\s)__(?=\w)|(?<=\w)__(?=\s)", re.MULTILINE)
MOST_PIECES = 6_000  # beyond that the comparison would cost a reader's page seconds


@dataclass(frozen=True, slots=True)
class Part:
    kind: Literal["same", "gone", "new"]
    text: str


def plain(text: str) -> str:
    """Without the marks of headings and emphasis: readers compare words."""
    return _MARKS.sub("", text)


def between(old: str, new: str) -> list[Part]:
    """Joined, what is the same and gone gives the old text, what is the same and new gives the new one."""
    olds, news = _PIECES.findall(old), _PIECES.findall(new)
    if len(olds) + len(news) > 2 * MOST_PIECES:
        return [part for part in (Part("gone", old), Part("new", new)) if part.text]
    return list(_parts(olds, news))


def _parts(olds: Sequence[str], news: Sequence[str]) -> Iterator[Part]:
    for kind, i, j, k, m in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Part("same", "".join(olds[i:j]))
            continue
        if i < j:
            yield Part("gone", "".join(olds[i:j]))
        if k < m:
            yield Part("new", "".join(news[k:m]))
