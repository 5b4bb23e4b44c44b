"""The server that each file of browser tests visits."""

from collections.abc import Iterator

import pytest

from tests.browser.chrome import chromium, free_port, serving


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of the page."""
    chromium()
    port = free_port()
    with serving(port):
        yield f"http://127.0.0.1:{port}/"
