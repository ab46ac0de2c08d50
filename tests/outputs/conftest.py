"""A server with a source that only writes down what it was asked, and its readers."""

import httpx
import pytest

from matcube.outputs.server import start
from tests.outputs.served import Fake


@pytest.fixture
def source():
    return Fake()


@pytest.fixture
def handle(source):
    served = start(source, open_browser=False)
    yield served
    served.close()


@pytest.fixture
def origin(handle):
    return handle.url.partition("/?")[0]


@pytest.fixture
def reader(handle, origin):
    """A browser that came in with its token."""
    with httpx.Client(base_url=origin, follow_redirects=False) as client:
        assert client.get(handle.url).status_code == 303
        client.headers["origin"] = origin
        yield client


@pytest.fixture
def stranger(origin):
    with httpx.Client(base_url=origin) as client:
        yield client
