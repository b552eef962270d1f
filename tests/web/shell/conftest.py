"""The gallery, for a test client and for a browser."""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.real.browser import pages
from tests.web.shell.gallery import create_gallery


@pytest.fixture
def gallery() -> Flask:
    return create_gallery()


@pytest.fixture
def visitor(gallery: Flask) -> FlaskClient:
    return gallery.test_client()


@pytest.fixture(scope="session")
def gallery_url() -> Iterator[str]:
    """The gallery on a free port of this machine."""
    server = make_server("127.0.0.1", 0, create_gallery(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def open_gallery(request: pytest.FixtureRequest, browser: Browser, gallery_url: str) -> Iterator[Callable[[], Page]]:
    """Opens pages of the gallery; console errors, and with them violations of the CSP, fail the test."""
    expected = tuple(pattern for mark in request.node.iter_markers("console_errors") for pattern in mark.args)
    with pages(browser, gallery_url, expected) as open_page:
        yield open_page


@pytest.fixture
def shown(open_gallery: Callable[[], Page]) -> Page:
    return open_gallery()
