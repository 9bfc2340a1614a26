"""The systemd units, the environment and the container files that are shipped: whole, strict, and in step with the program."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from engage.__main__ import main
from engage.settings import PREFIX, SITE, Settings, load
from tests.site import CHECKOUT

DEPLOY = CHECKOUT / "deploy"
UNITS = DEPLOY / "systemd"
ANALYZE = shutil.which("systemd-analyze")
MOST_EXPOSED = 2.0
FILLED = {
    "SECRET": "0123456789abcdefghijklmnopqrstuvwxyz",
    "METRICS_TOKEN": "a token",
    "MAIL_URL": "smtp://mail.example.vn:25",
}
# Memory is never both writable and executable; then everything of ours that is not Python is used once.
STRICT = """
import ctypes, asyncio, io
if ctypes.CDLL(None, use_errno=True).prctl(65, 1, 0, 0, 0):
    raise SystemExit(77)
import uvloop, httptools, asyncpg, argon2, nh3, hiredis
from PIL import Image
import engage.app
uvloop.run(asyncio.sleep(0))
httptools.HttpRequestParser(object()).feed_data(b"GET / HTTP/1.1\\r\\n\\r\\n")
argon2.PasswordHasher().hash("x")
nh3.clean("<p>x")
Image.new("RGB", (9, 9)).save(io.BytesIO(), "JPEG")
"""


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """As on a machine where the program is installed."""
    shutil.copytree(UNITS, tmp_path / "system")
    for path in (tmp_path / "system").rglob("*"):
        if path.is_file():
            path.write_text(re.sub(r"/opt/engage/bin/engage|/usr/bin/curl", "/bin/true", path.read_text()))
    shutil.copyfile(tmp_path / "system" / "engage-serve@.service", tmp_path / "system" / "engage-serve@8001.service")
    return tmp_path / "system"


def _analyze(folder: Path, *words: str) -> str:
    if ANALYZE is None:
        pytest.skip("no systemd-analyze on this machine")
    done = subprocess.run(
        [ANALYZE, "--no-pager", *words],
        env={"SYSTEMD_UNIT_PATH": f"{folder}:", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def test_every_unit_is_understood(units: Path) -> None:
    names = [str(path) for path in units.iterdir() if path.is_file() and not path.name.endswith("@.service")]
    assert _analyze(units, "verify", "--man=no", *names) == ""


@pytest.mark.parametrize("unit", ["engage-serve@8001", "engage-work", "engage-backup", "engage-snapshot"])
def test_every_service_reaches_little(units: Path, unit: str) -> None:
    said = _analyze(units, "security", "--offline=yes", f"{unit}.service")
    level = re.search(r"exposure level for \S+ ([\d.]+)", said)
    assert level
    assert float(level[1]) <= MOST_EXPOSED, said


def test_a_server_has_longer_to_end_than_it_takes() -> None:
    text = (UNITS / "engage-serve@.service").read_text()
    patience = re.search(r"timeout_graceful_shutdown=(\d+)", (CHECKOUT / "engage" / "__main__.py").read_text())
    allowed = re.search(r"TimeoutStopSec=(\d+)", text)
    assert patience
    assert allowed
    assert int(allowed[1]) > int(patience[1]) + 10
    assert "LimitNOFILE=20000" in (UNITS / "engage-.service.d" / "common.conf").read_text()


def test_nothing_of_the_program_needs_memory_that_is_written_and_run() -> None:
    done = subprocess.run([sys.executable, "-c", STRICT], cwd=CHECKOUT, capture_output=True, text=True, timeout=60)
    if done.returncode == 77:
        pytest.skip("this kernel cannot forbid it")
    assert done.returncode == 0, done.stderr


def test_the_example_of_an_environment_is_accepted_once_it_is_filled_in() -> None:
    lines = [line for line in (DEPLOY / "engage.env.example").read_text().splitlines() if line and line[0] != "#"]
    given = dict(line.split("=", 1) for line in lines)
    empty = {name for name, value in given.items() if not value}
    assert {PREFIX + name for name in FILLED} <= empty, "a secret in the repository"
    filled = {name: value or FILLED.get(name.removeprefix(PREFIX), "invented") for name, value in given.items()}
    settings = load(filled | {"ENGAGE_PORT": "8001"})
    assert settings.is_production
    assert "127.0.0.1" in settings.allowed_hosts  # the units ask there whether a server has started
    assert not [name for name in SITE if f"{PREFIX}SITE_{name.upper()}" not in given]


def test_the_containers_are_the_same_service() -> None:
    compose = yaml.safe_load((DEPLOY / "containers" / "compose.yml").read_text())
    services = compose["services"]
    assert {"server-1", "server-2", "work", "migrate", "nginx", "postgres", "valkey"} <= set(services)
    for name in ("server-1", "server-2", "work", "migrate"):
        one = services[name]
        assert (one["read_only"], one["cap_drop"], one["networks"]) == (True, ["ALL"], ["inside"])
        known = {name.removeprefix(PREFIX).lower() for name in one["environment"]}
        assert known <= set(Settings.model_fields)
    assert [name for name, one in services.items() if "ports" in one] == ["nginx"]
    front = services["nginx"]["networks"]["inside"]["ipv4_address"]
    assert services["server-1"]["environment"]["ENGAGE_TRUSTED_PROXIES"] == front
    listed = [volume.split(":")[0] for one in services.values() for volume in one.get("volumes", ())]
    assert {name for name in listed if name[0] != "."} == set(compose["volumes"])


def test_the_image_takes_what_is_pinned_and_keeps_nobodys_rights() -> None:
    text = (DEPLOY / "containers" / "Containerfile").read_text()
    assert "--require-hashes -r requirements.txt" in text
    assert "--only-binary :all:" in text
    assert text.index("USER engage") < text.index("ENTRYPOINT")
    assert not re.search(r"apt-get|build-essential|gcc", text)
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        assert all((CHECKOUT / name).exists() for name in copied.split()), copied


def test_every_command_that_is_started_exists() -> None:
    texts = [path.read_text() for path in UNITS.glob("*.service")]
    texts.append((DEPLOY / "containers" / "compose.yml").read_text().replace("python -m engage", "bin/engage"))
    started = {found for text in texts for found in re.findall(r"bin/engage ([a-z-]+)", text)}
    assert {"serve", "work"} <= started
    assert started <= {*main.commands}
