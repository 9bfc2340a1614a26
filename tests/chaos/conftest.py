"""A service of its own that tests may hurt, on servers that belong to nobody else."""

import resource
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests import services
from tests.chaos.between import between
from tests.chaos.crowd import Stage
from tests.chaos.scene import Scene
from tests.chaos.stage import staged
from tests.site import Kind, Site

FILES = 16_384  # a thousand viewers are that many connections on either side


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every day one chance is enough; the table of verdicts is made of three (`tests.chaos.verdicts`)."""
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(1, metafunc.config.getoption("--seeds") + 1))


@pytest.fixture(scope="session")
def hurt(kind: Kind, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Running from the first accident to the last; each leaves it running."""
    folder = tmp_path_factory.mktemp("chaos")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(FILES, hard)), hard))
    with ExitStack() as stack:
        if kind == "sqlite":
            scene = Scene(Site(kind, folder))
        else:
            database, redis = stack.enter_context(services.postgres()), stack.enter_context(services.redis())
            url, line = services.fresh_database(database), stack.enter_context(between(redis.url))
            scene = Scene(Site(kind, folder, url, line.url), database, redis, line)
        scene.site.prepare(demonstration=False)  # who asks and reads here needs no accounts and no old questions
        stack.callback(scene.site.stop)
        scene.site.start()
        yield scene


@pytest.fixture(scope="session")
def stage(hurt: Scene) -> Stage:
    """The rooms that crowds follow, made once."""
    hurt.site.ready()
    return staged(hurt.site)


@pytest.fixture
def scene(hurt: Scene) -> Iterator[Scene]:
    """Well at the start. Whatever is done to it, nothing it says is a traceback or a locked database."""
    site = hurt.site
    site.ready()
    said_before = len(site.log(lines=0))
    yield hurt
    said = site.log(lines=0)[said_before:]
    for bad in ("Traceback", "Exception in ASGI", "database is locked"):
        before, found, after = said.partition(bad)
        assert not found, f"{before[-2000:]}{found}{after[:4000]}"
