"""One concept, one word: the glossary names every table and every fact, and facts are told in the past tense."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from sqlmodel import SQLModel

import engage.tables  # noqa: F401  registers every table of the house
from engage.web import words
from tests.house import source

GLOSSARY = source.CHECKOUT / "docs" / "glossary.md"
FACT = re.compile(r"[a-z]+\.[a-z_]+")
ACT = re.compile(r"[a-z_]+\.[a-z_]+")
PAST = re.compile(r"\w+ed|given|sent|taken|hidden|withdrawn|written|begun|held|put|shown|left|said")


def test_every_word_is_explained_in_vietnamese_once() -> None:
    rows = _table("Words")
    assert rows
    assert not [row for row in rows if len(row) != 3 or not row[0] or not row[1]]
    words = [word for row in rows for word in _split(row[1])]
    assert not {word for word in words if words.count(word) > 1}


def test_every_table_bears_a_word_of_the_glossary() -> None:
    words = {word for row in _table("Words") for word in _split(row[1])}
    tables = {table.removeprefix("live_").replace("_", " ") for table in SQLModel.metadata.tables}
    assert not {table for table in tables if table not in words and table.replace(" ", "-") not in words}


def test_every_fact_is_in_the_glossary_and_told_in_the_past_tense() -> None:
    listed = {row[0].strip("`") for row in _table("Facts")}
    tellers = _tellers()
    told = {fact for path in source.python("engage") for fact in _facts(path, tellers)}
    assert told == listed
    assert not [fact for fact in told if not any(PAST.fullmatch(part) for part in fact.partition(".")[2].split("_"))]


def _table(heading: str) -> list[list[str]]:
    section = source.text(GLOSSARY).partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def _split(cell: str) -> list[str]:
    """`complexity (simple, complex)` explains one word and its values."""
    return [word.strip() for word in re.sub(r"\(.*?\)", "", cell).split(",")]


def _tellers() -> set[str]:
    """`log.record`, and every function that passes on a parameter named `fact`."""
    named = {one.name for path in source.python("engage") for one in source.functions(path) if _has_fact(one)}
    return named | {"record"}


def _auditing() -> set[str]:
    """Functions that give their `fact` to the log of acts too."""
    named = {one for path in source.python("engage") for one in source.functions(path) if _has_fact(one)}
    return {
        one.name for one in named for call in source.calls(one, "note") if any(_is_fact(word) for word in call.args)
    }


def _is_fact(word: ast.expr) -> bool:
    return isinstance(word, ast.Name) and word.id == "fact"


def _has_fact(one: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(argument.arg == "fact" for argument in one.args.args)


def _facts(path: Path, tellers: set[str]) -> Iterator[str]:
    for call in source.calls(source.tree(path), *tellers):
        yield from (said for node in ast.walk(call) if (said := source.literal(node)) and FACT.fullmatch(said))


def test_every_act_that_is_audited_has_words_and_no_other() -> None:
    """`note`, `count` and `note_reading` are given a kind such as `account.ended`, directly or through who passes on a `fact`."""
    tellers = _auditing() | {"note", "count", "note_reading"}
    told = {
        said
        for path in source.python("engage")
        for call in source.calls(source.tree(path), *tellers)
        for argument in call.args
        if (said := source.literal(argument)) and ACT.fullmatch(said)
    }
    assert told == set(words.accounts.ACTS)
