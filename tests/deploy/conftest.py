"""One deployed service for all of these tests; each leaves it running as it was."""

from collections.abc import Iterator

import pytest

from tests.deploy.behind import Behind, deployed
from tests.deploy.front import NGINX
from tests.web.people import People


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    if NGINX is None:
        pytest.skip("no nginx on this machine (apt-get install nginx)")
    with deployed(tmp_path_factory.mktemp("deployed")) as site:
        yield site


@pytest.fixture
def behind(whole: Behind) -> Iterator[Behind]:
    """Well at the start. Whatever is done to it, nothing it says is a traceback."""
    whole.ready()
    before = len(whole.log(lines=0))
    yield whole
    said = whole.log(lines=0)[before:]
    assert "Traceback" not in said, said[-4000:]


@pytest.fixture(scope="session")
def people(whole: Behind) -> People:
    return People(whole)
