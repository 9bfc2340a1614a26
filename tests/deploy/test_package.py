"""`pip install .` gives a working `engage`, with its templates, migrations and rules inside."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.site import CHECKOUT

LOOK = """
from engage.web.templates import Templates, folder
templates = Templates(folder())
assert templates.get("home.html", "en") and "css/base.css" in templates.assets
print(folder())
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package alone, where nothing of the checkout is near; what it needs is taken from the tests' own environment."""
    folder = tmp_path_factory.mktemp("installed")
    words = ["uv", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), str(CHECKOUT)]
    done = subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True, timeout=110)
    if done.returncode and "hatchling" in done.stderr:
        pytest.skip("the build backend is not to be had from here")
    assert done.returncode == 0, done.stderr
    return folder


def _ran(folder: Path, words: list[str], more: Mapping[str, str] | None = None) -> str:
    own = {name: value for name, value in os.environ.items() if not name.startswith("ENGAGE_")}
    environment = own | {"PYTHONPATH": str(folder), "ENGAGE_DATA_DIR": str(folder / "state")} | dict(more or {})
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_templates_and_styles_are_inside(installed: Path) -> None:
    assert _ran(installed, [sys.executable, "-c", LOOK]).strip() == str(installed / "engage" / "templates")


def test_the_command_makes_and_fills_a_database(installed: Path) -> None:
    command = str(installed / "bin" / "engage")
    assert "accepted" in _ran(installed, [command, "check-settings"])
    assert "The database is at" in _ran(installed, [command, "migrate"])
    assert (installed / "state" / "engage.sqlite3").exists()
