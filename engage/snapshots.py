"""A folder of pages for the day everything is down, replaced as a whole."""

import json
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp

MARK = "snapshot.json"


class Foreign(Exception):
    """A folder with something else in it, which must not be replaced."""


def put(folder: Path, files: Mapping[str, bytes], at: datetime) -> None:
    """Written beside, then renamed: a reader finds the old pages or the new ones. For everybody to read."""
    folder = folder.absolute()
    if folder.exists() and not (folder / MARK).exists() and any(folder.iterdir()):
        raise Foreign(f"{folder} holds something else than a snapshot")
    folder.parent.mkdir(parents=True, exist_ok=True)
    place = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        new, old = place / "new", place / "old"
        _write(new, {**files, MARK: json.dumps({"made_at": at.isoformat(timespec="seconds")}).encode()})
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    finally:
        shutil.rmtree(place)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
