"""The configuration keeps step with the doors of the application."""

import re

import pytest

from engage.access import Role
from engage.app import BODY_BYTES
from engage.routes import DOORS, SOCKETS
from engage.settings import Settings
from engage.web.door import Door
from tests.deploy import files

PRIVATE = re.compile(r"\{(?:token|key|name)\}")
WIDE = "client_max_body_size 21m"
LANGUAGES = ("", "/en")


def _masked(path: str) -> str:
    found = re.search(r"map \$uri \$engage_way \{\s+\"~(?P<pattern>.+)\" \"\$way\*\"", files.text())
    assert found
    return re.sub(found["pattern"].replace("?<", "?P<") + ".*", r"\g<way>*", path)


@pytest.mark.parametrize("door", [one for one in DOORS if PRIVATE.search(one.path)], ids=lambda one: one.path)
def test_what_only_one_person_knows_is_not_logged(door: Door) -> None:
    for language in LANGUAGES:
        said = _masked(language + PRIVATE.sub("SECRET", door.path))
        assert "SECRET" not in said
        assert said.endswith("*")


@pytest.mark.parametrize("door", [one for one in DOORS if one.method == "POST"], ids=lambda one: one.path)
def test_who_may_send_files_or_a_sheet_gets_through_and_nobody_else(door: Door) -> None:
    for language in LANGUAGES:
        is_wide = WIDE in files.location(language + files.address(door))
        assert is_wide == (door.files or door.sheet) or door.path == "/admin/{noun:noun}/import"


def test_the_bounds_are_those_of_the_application() -> None:
    assert f"client_max_body_size {BODY_BYTES // 1024}k" in files.text()
    assert Settings(secret="x" * 40).form_bytes <= 21 * 1024 * 1024


@pytest.mark.parametrize("path", SOCKETS)
def test_every_websocket_is_upgraded_and_nothing_else(path: str) -> None:
    example = path.replace("{kind}", "question").replace("{id:int}", "17")
    for language in LANGUAGES:
        assert "Upgrade websocket" in files.location(language + example)
    for door in DOORS:
        assert "Upgrade websocket" not in files.location(files.address(door))


def test_no_door_but_an_open_one_is_kept() -> None:
    kept = [one for one in DOORS if one.method == "GET" and "reading.conf" in files.location(files.address(one))]
    assert kept
    assert not [one.path for one in kept if one.role is not Role.ANYONE or one.limit]
