"""The door table is the only way in, and says of each door who may use it and how often."""

import ast
import inspect
from collections import Counter
from pathlib import Path
from types import FunctionType

from engage.policies import SEEDED
from engage.routes import DOORS
from engage.web.door import Door
from engage.web.pace import TRY
from tests.house import source

ROUTES = [source.CHECKOUT / "engage" / name for name in ("routes.py", "hall_routes.py")]
SAFE = {"GET", "HEAD"}


def test_every_door_has_its_role_typed_out() -> None:
    typed = [call for path in ROUTES for call in source.calls(source.tree(path), "door")]
    assert len(typed) == len(DOORS)
    assert not [call.lineno for call in typed if len(call.args) != 4 or not isinstance(call.args[3], ast.Name)]


def test_no_two_doors_share_an_address_or_a_handler() -> None:
    addresses = Counter((door.method, door.path) for door in DOORS)
    handlers = Counter(door.handler for door in DOORS)
    assert not [address for address, times in addresses.items() if times > 1]
    assert not [handler.__qualname__ for handler, times in handlers.items() if times > 1]


def test_every_handler_has_a_door() -> None:
    opened = {(door.handler.__module__, door.handler.__name__) for door in DOORS}
    orphans = [
        f"{source.name(path)}: {one.name}"
        for path in source.python("engage")
        if path.parent.name == "web"
        for one in source.tree(path).body
        if isinstance(one, ast.AsyncFunctionDef) and _is_handler(one) and (_module(path), one.name) not in opened
    ]
    assert not orphans


def test_every_door_that_writes_names_a_seeded_limit_and_every_limit_is_used() -> None:
    assert all(door.limit for door in DOORS if door.method not in SAFE)
    used = {door.limit for door in DOORS if door.limit}
    assert {limit.removesuffix(TRY) for limit in SEEDED} == used


def test_no_door_that_reads_opens_a_transaction() -> None:
    assert not [f"{door.method} {door.path}" for door in DOORS if door.method in SAFE and _writes(door)]


def _writes(door: Door) -> bool:
    """Looks into the handler, and into the functions of its own module that it calls."""
    assert isinstance(door.handler, FunctionType)
    path = Path(inspect.getfile(door.handler))
    own = {one.name: one for one in source.tree(path).body if isinstance(one, source.Function)}
    seen: set[str] = set()
    waiting = [door.handler.__name__]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if next(source.calls(own[name], "transaction"), None):
            return True
        waiting += [call.func.id for call in source.calls(own[name], *own) if isinstance(call.func, ast.Name)]
    return False


def _is_handler(one: ast.AsyncFunctionDef) -> bool:
    names = [ast.unparse(argument.annotation) for argument in one.args.args if argument.annotation]
    returns = ast.unparse(one.returns) if one.returns else ""
    return not one.name.startswith("_") and names == ["Request"] and returns == "Response" and not one.args.kwonlyargs


def _module(path: Path) -> str:
    return source.name(path).removesuffix(".py").replace("/", ".")
