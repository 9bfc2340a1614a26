"""Whoever silences a checker or skips a test says why."""

import ast
import re

from tests.house import source

TYPE_IGNORE = re.compile(r"# type: " r"ignore(?!\[[a-z, -]+\]\s+# \w)")
NOQA = re.compile(r"# no" r"qa(?!: [A-Z]+\d+(?:, ?[A-Z]+\d+)*\s+\w)")
SKIPS = ("skip", "skipif", "xfail", "importorskip")


def test_every_silenced_check_says_why() -> None:
    bare = [
        f"{source.name(path)}:{number}: {line.strip()}"
        for path in source.hand_written()
        for number, line in enumerate(source.text(path).splitlines(), 1)
        if TYPE_IGNORE.search(line) or NOQA.search(line)
    ]
    assert not bare, "\n".join(bare)


def test_every_skipped_test_says_why() -> None:
    bare = [
        f"{source.name(path)}:{call.lineno}"
        for path in source.python("tests")
        for call in source.calls(source.tree(path), *SKIPS)
        if not _says_why(call)
    ]
    bare += [
        f"{source.name(path)}:{node.lineno}"
        for path in source.python("tests")
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in {"skip", "xfail"}
        and ast.unparse(node.value).endswith("mark")
        if not any(call.func is node for call in source.calls(source.tree(path), node.attr))
    ]
    assert not bare


def _says_why(call: ast.Call) -> bool:
    named = [source.literal(keyword.value) for keyword in call.keywords if keyword.arg == "reason"]
    first = [source.literal(argument) for argument in call.args[:1]] if source.called(call) == "skip" else []
    return any(len(reason or "") > 5 for reason in named + first)
