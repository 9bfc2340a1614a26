"""What the peers need and Engage does not: fetched by their own installers into a folder that goes away again."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

NODE = "socket.io@4"
PYTHON = ("channels==4.*", "channels-redis==4.*", "django==5.*", "uvicorn==0.54.*", "uvloop", "httptools", "websockets")
NCHAN = "ngx_nchan_module.so"
MODULES = (Path("/usr/lib/nginx/modules"), Path("/usr/share/nginx/modules"))


class Missing(Exception):
    """This machine cannot run that peer; the message says what it lacks."""


def socket_io(folder: Path) -> str:
    """Into that folder; the version."""
    node, npm = _program("node"), _program("npm")
    _run([npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--loglevel=error", NODE])
    found = json.loads((folder / "node_modules" / "socket.io" / "package.json").read_text())["version"]
    return f"socket.io {found}, node {_run([node, '--version']).strip()}"


def channels(folder: Path) -> str:
    """An environment of its own in that folder; the versions."""
    uv = [sys.executable, "-m", "uv", "--quiet"]
    python = str(folder / "bin" / "python")
    _run([*uv, "venv", "--python", sys.executable, str(folder)])
    _run([*uv, "pip", "install", "--python", python, *PYTHON])
    wanted = {"channels", "channels-redis", "django", "uvicorn"}
    listed = json.loads(_run([*uv, "pip", "list", "--python", python, "--format", "json"]))
    return ", ".join(f"{one['name']} {one['version']}" for one in listed if one["name"].replace("_", "-") in wanted)


def nchan() -> tuple[Path, str]:
    """Where Debian's module lies, and the versions."""
    nginx = _program("nginx")
    found = next((folder / NCHAN for folder in MODULES if (folder / NCHAN).exists()), None)
    if found is None:
        raise Missing(f"{NCHAN} (libnginx-mod-nchan)")
    said = subprocess.run([nginx, "-v"], capture_output=True, text=True, check=True).stderr
    return found, f"nginx {re.sub(r'.*/', '', said).strip()} with nchan"


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Missing(f"the program {name}")
    return found


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=180)
    if done.returncode:
        raise Missing(f"{' '.join(command[:3])} failed: {done.stderr.strip()[-500:]}")
    return done.stdout
