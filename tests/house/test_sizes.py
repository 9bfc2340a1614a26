"""Files and functions stay small enough to be read in one go."""

import ast
from pathlib import Path
from statistics import median

from tests.house import source
from tests.house.source import Function

FILE, FUNCTION, MEDIAN = 300, 50, 12


def test_no_file_reaches_300_lines() -> None:
    paths = source.hand_written() + [path for path in source.files() if path.suffix in {".html", ".js"} and _ours(path)]
    long = {source.name(path): count for path in paths if (count := len(source.text(path).splitlines())) >= FILE}
    assert not long


def test_no_function_reaches_50_lines() -> None:
    long = [
        f"{source.name(path)}:{one.lineno} {one.name} has {_length(one)} lines"
        for path in source.hand_written()
        for one in source.functions(path)
        if _length(one) >= FUNCTION
    ]
    assert not long, "\n".join(long)


def test_the_middle_function_is_shorter_than_12_lines() -> None:
    lengths = [_length(one) for path in source.hand_written(*source.PACKAGES) for one in source.functions(path)]
    assert median(lengths) < MEDIAN


def test_every_module_says_what_it_is_for() -> None:
    """Test files need no more than their tests' names."""
    paths = [path for path in source.hand_written() if not path.name.startswith("test_") and source.text(path).strip()]
    assert not [source.name(path) for path in paths if not ast.get_docstring(source.tree(path))]


def _length(one: Function) -> int:
    return (one.end_lineno or one.lineno) - one.lineno + 1


def _ours(path: Path) -> bool:
    return "vendor" not in path.parts
