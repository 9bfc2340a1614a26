"""The project's own files, read once: paths, texts and syntax trees for the house tests."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
PACKAGES = ("engage", "moderation", "live")
GENERATED = "engage/migrations/versions"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[Path, ...]:
    """Every file that belongs to the project: what .gitignore names does not."""
    return tuple(sorted(_below(CHECKOUT)))


def python(*folders: str) -> list[Path]:
    wanted = folders or (*PACKAGES, "tests")
    return [path for path in files() if path.suffix == ".py" and path.relative_to(CHECKOUT).parts[0] in wanted]


def hand_written(*folders: str) -> list[Path]:
    """Python files without the migrations, which a tool writes and nobody reads twice."""
    return [path for path in python(*folders) if not name(path).startswith(GENERATED)]


def name(path: Path) -> str:
    return path.relative_to(CHECKOUT).as_posix()


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path), name(path))


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def calls(node: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Calls of `name(…)` or `anything.name(…)`."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and called(call) in names:
            yield call


def called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def literal(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


@cache
def _ignored() -> tuple[str, ...]:
    lines = (CHECKOUT / ".gitignore").read_text().split()
    return (".git", "tests/artefacts", *(line.strip("/") for line in lines))


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if any(fnmatch(path.name, pattern) or name(path) == pattern for pattern in _ignored()):
            continue
        if path.is_dir():
            yield from _below(path)
        else:
            yield path
