"""A service of its own that tests may hurt: prepared once, started for each test, with servers that belong to nobody else."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests import services
from tests.chaos.scene import Scene
from tests.site import Kind, Site


@pytest.fixture(scope="session")
def prepared(kind: Kind, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("chaos")
    with ExitStack() as stack:
        if kind == "sqlite":
            scene = Scene(Site(kind, folder))
        else:
            database, redis = stack.enter_context(services.postgres()), stack.enter_context(services.redis())
            url = services.fresh_database(database)
            scene = Scene(Site(kind, folder, url, redis.url), database, redis)
        scene.site.prepare()
        yield scene


@pytest.fixture
def scene(prepared: Scene) -> Iterator[Scene]:
    """Running. Whatever a test did to it, nothing it said in the meantime is a traceback or a locked database."""
    site = prepared.site
    site.start()
    said_before = len(site.log(lines=0))
    yield prepared
    site.stop()
    said = site.log(lines=0)[said_before:]
    for bad in ("Traceback", "database is locked"):
        before, found, after = said.partition(bad)
        assert not found, f"{before[-2000:]}{found}{after[:4000]}"
