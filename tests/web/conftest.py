"""What the tests over HTTP share: the people, on one running service."""

import pytest

from tests.site import Site
from tests.web.people import People


@pytest.fixture(scope="session")
def people(site: Site) -> People:
    return People(site)
