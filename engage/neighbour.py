"""The demonstration's portal, beside the service: its pages stand on another origin, as a portal's do. Never on a real service."""

import importlib.util
import threading
from pathlib import Path
from typing import Any

from engage import sites
from engage.comment_scenes import SITE
from engage.db import Store
from engage.settings import Settings
from engage.tokens import Algorithm

PROGRAM = Path(__file__).parents[1] / "docs" / "examples" / "portal" / "serve.py"


async def keys(store: Store, settings: Settings) -> tuple[str, str]:
    """What its tokens are signed with; nothing, where the portal was ended or signs with a key of its own."""
    async with store.reading() as db:
        known = (await sites.portals(db)).by_slug.get(SITE)
        shared = [key for key in known.keys.values() if key.algorithm == Algorithm.HS256] if known else []
        return (shared[-1].kid, str(sites.signing(settings.secret, shared[-1]).material)) if shared else ("", "")


def start(settings: Settings, kid: str, secret: str) -> str:
    """Its address; nothing where its port is taken or its pages were not installed. It ends with the program."""
    if not PROGRAM.is_file() or not kid:
        return ""
    program, port = _loaded(), settings.port + 1
    address = f"http://localhost:{port}"
    try:
        server = program.Server(program.Portal(address, settings.address, SITE, kid, secret), port)
    except OSError:
        return ""
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return address


def _loaded() -> Any:
    """It is a program of its own, and imports nothing of ours; so it is no package either."""
    spec = importlib.util.spec_from_file_location("example_portal", PROGRAM)
    if spec is None or spec.loader is None:
        raise ImportError(str(PROGRAM))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
