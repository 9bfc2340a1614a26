"""The top of the repository is a fixed, short list; nothing in it tells where it was written."""

import re

from tests.house import source

TOPS = {
    *("pyproject.toml", "engage", "moderation", "live", "templates", "tests", "README.md"),
    *("docs", "deploy", "Makefile", "LICENSE", "requirements.txt", "requirements-dev.txt"),
}
TEXTS = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".html",
    ".css",
    ".js",
    ".po",
    ".csv",
    ".xml",
    ".yml",
    ".yaml",
    ".conf",
    ".service",
    ".timer",
    ".target",
    ".example",
    "",
}
# Written in pieces, so that this file does not find itself.
ELSEWHERE = re.compile(
    r"/wo" r"rk/|/ro" r"ot/|/ho" r"me/\w|/Us" r"ers/\w|python" r"hosted|pypi" r"\.org|npm" r"js\.(?:org|com)"
)


def test_the_top_level_holds_only_what_it_should() -> None:
    tops = {path.relative_to(source.CHECKOUT).parts[0] for path in source.files()}
    assert {top for top in tops if not top.startswith(".")} <= TOPS


def test_no_file_names_a_machine_or_a_package_host() -> None:
    found = [
        f"{source.name(path)}: {match[0]}"
        for path in source.files()
        if path.suffix in TEXTS
        for match in ELSEWHERE.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert not found
