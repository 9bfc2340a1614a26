"""Pages that a strict content policy can serve, and forms that prove they are ours."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import source

TEMPLATES = [
    path
    for path in source.files()
    if source.name(path).startswith("templates/")
    and path.suffix in {".html", ".xml", ".txt"}
    and "static" not in path.parts
]
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL | re.IGNORECASE)
POSTS = re.compile(r"<form\b[^>]*\bmethod=.?post", re.IGNORECASE)
FORBIDDEN = {
    "an inline style": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "an inline handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "unescaped text": re.compile(r"\|\s*safe\b|autoescape\s+false"),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_has(what: str) -> None:
    assert TEMPLATES
    assert not list(_found(FORBIDDEN[what]))


def test_every_form_that_writes_carries_the_guard() -> None:
    bare = [
        f"{source.name(path)}: {form[:80]}"
        for path in TEMPLATES
        for form in FORM.findall(source.text(path))
        if POSTS.match(form) and "guard()" not in form
    ]
    assert not bare


def test_every_form_ends_in_the_file_it_begins_in() -> None:
    """Else the test above would not see all of it."""
    unbalanced = [path for path in TEMPLATES if _count(path, "<form") != len(FORM.findall(source.text(path)))]
    assert not [source.name(path) for path in unbalanced]


def _found(pattern: re.Pattern[str]) -> Iterator[str]:
    for path in TEMPLATES:
        if path.suffix == ".txt":  # a plain mail: there, escaping would be the mistake
            continue
        for match in pattern.finditer(source.text(path)):
            yield f"{source.name(path)}:{source.text(path).count(chr(10), 0, match.start()) + 1}: {match[0][-60:]}"


def _count(path: Path, what: str) -> int:
    return source.text(path).lower().count(what)
