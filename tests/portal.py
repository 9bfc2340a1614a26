"""The example portal as a test needs it: its own server on its own origin, registered with the service that runs."""

import importlib.util
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.processes import free_port
from tests.web.people import People
from tests.web.portals import registered

FOLDER = Path(__file__).parents[1] / "docs" / "examples" / "portal"


@contextmanager
def served(people: People, **values: Any) -> Iterator[Any]:
    """On `localhost`, which for a browser is another site than 127.0.0.1."""
    port = free_port()
    address = f"http://localhost:{port}"
    known = registered(people, origins=address, **values)
    example = _loaded()
    server = example.Server(example.Portal(address, people.site.url, known.slug, known.kid, known.secret), port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.portal
    finally:
        server.shutdown()
        server.server_close()


def _loaded() -> ModuleType:
    if "example_portal" not in sys.modules:
        spec = importlib.util.spec_from_file_location("example_portal", FOLDER / "serve.py")
        assert spec
        assert spec.loader
        sys.modules["example_portal"] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules["example_portal"]
