"""A service of its own that tests may hurt, on servers that belong to nobody else."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests import services
from tests.chaos.scene import Scene
from tests.site import Kind, Site


@pytest.fixture(scope="session")
def hurt(kind: Kind, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Running from the first accident to the last; each leaves it running."""
    folder = tmp_path_factory.mktemp("chaos")
    with ExitStack() as stack:
        if kind == "sqlite":
            scene = Scene(Site(kind, folder))
        else:
            database, redis = stack.enter_context(services.postgres()), stack.enter_context(services.redis())
            url = services.fresh_database(database)
            scene = Scene(Site(kind, folder, url, redis.url), database, redis)
        scene.site.prepare(demonstration=False)  # who asks and reads here needs no accounts and no old questions
        stack.callback(scene.site.stop)
        scene.site.start()
        yield scene


@pytest.fixture
def scene(hurt: Scene) -> Iterator[Scene]:
    """Well at the start. Whatever is done to it, nothing it says is a traceback or a locked database."""
    site = hurt.site
    site.ready()
    said_before = len(site.log(lines=0))
    yield hurt
    said = site.log(lines=0)[said_before:]
    for bad in ("Traceback", "database is locked"):
        before, found, after = said.partition(bad)
        assert not found, f"{before[-2000:]}{found}{after[:4000]}"
