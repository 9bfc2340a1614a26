"""Nothing skips rows: a page is named by where the one before it ended, so that page 500 costs what page 1 costs."""

import ast
import re

from tests.house import source

OFFSET = re.compile(r"\boffset\b", re.IGNORECASE)


def test_no_statement_is_built_with_an_offset() -> None:
    found = [
        f"{source.name(path)}:{call.lineno}"
        for path in source.python(*source.PACKAGES)
        for call in source.calls(source.tree(path), "offset", "slice")
    ]
    assert not found


def test_no_statement_is_written_with_an_offset() -> None:
    found = [
        f"{source.name(path)}:{node.lineno}"
        for path in source.python(*source.PACKAGES)
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and OFFSET.search(node.value)
    ]
    assert not found
