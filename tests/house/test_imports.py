"""Imports go one way, and HTTP stays at the edge."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import engage
from tests.house import source

HTTP = {"engage/app.py", "engage/routes.py", "live/stream.py", "live/socket.py"}
ORDER = re.findall(r"^(\w+) +\S", (engage.__doc__ or "").rpartition("\n\n")[2], re.MULTILINE)
# Outside the order: the package itself, and migrations, which see every table and are loaded by name only.
UNORDERED = {"__init__", "migrations"}


def test_engage_imports_only_what_stands_before_it_in_its_docstring() -> None:
    wrong = []
    for path in source.python("engage"):
        room = _room(path)
        if room not in ORDER:
            continue
        for imported in _engage_rooms(path):
            if imported != room and ORDER.index(imported) > ORDER.index(room):
                wrong.append(f"{source.name(path)} imports {imported}, which comes later")
    assert not wrong, "\n".join(wrong)


def test_every_room_of_engage_is_in_the_order_and_nothing_else_is() -> None:
    rooms = {_room(path) for path in source.python("engage")} - UNORDERED
    assert rooms == set(ORDER)
    assert len(ORDER) == len(set(ORDER))


@pytest.mark.parametrize("package", ["live", "moderation"])
def test_the_libraries_know_nobody(package: str) -> None:
    strangers = {"engage", "live", "moderation", "tests"} - {package}
    wrong = [
        f"{source.name(path)} imports {module}"
        for path in source.python(package)
        for module in _modules(path)
        if module.split(".")[0] in strangers
    ]
    assert not wrong, "\n".join(wrong)


def test_the_application_does_not_import_its_tests() -> None:
    assert not [
        source.name(path) for path in source.python("engage") if any(m.startswith("tests") for m in _modules(path))
    ]


def test_http_lives_only_at_the_edge() -> None:
    wrong = [
        f"{source.name(path)} imports {module}"
        for path in source.python(*source.PACKAGES)
        if not source.name(path).startswith("engage/web/") and source.name(path) not in HTTP
        for module in _modules(path)
        if module.split(".")[0] == "starlette"
    ]
    assert not wrong, "\n".join(wrong)


def _room(path: Path) -> str:
    return path.relative_to(source.CHECKOUT / "engage").parts[0].removesuffix(".py")


def _modules(path: Path) -> Iterator[str]:
    for node in ast.walk(source.tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source.name(path)}: imports name their package in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _engage_rooms(path: Path) -> set[str]:
    """Those that have a place in the order."""
    parts = [module.split(".") for module in _modules(path)]
    return {names[1] for names in parts if names[0] == "engage" and len(names) > 1} & set(ORDER)
