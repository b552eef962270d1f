"""What every test may ask for.

    database_url  a migrated, empty database of the test's own. A test that uses it, or what is built on it, runs twice:
                  on SQLite and on PostgreSQL. `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`
                  is for what only one of them has. Pages and browsers run on SQLite, but for lists: see databases.py.
    clock         stands still at NOW until it is moved (`clock.advance(...)`). A test that asks for `server` gets the
                  machine's clock instead, because a process of its own lives in real time.
    environ       the environment of an installation on that database: what `settings` and `server` are made from.
    settings, app, client, runner
                  the installation in this process. `app` pushes no context: each request of `client` has its own.
    another_app   makes another process of the same installation: `another_app(REDIS_URL=redis_url)`.
    cast          the people of tests/cast.py, in the database.
    app_context   for tests that call services and queries without a request.
    redis_url     a real Redis, emptied for this test.
    server        a real Postern process on the same database as `app` (a fork of one that was loaded before: what is
                  about starting starts its own, as a user does). Where the test asks for `cast` too, that is
                  there before it starts; else, on SQLite, it begins by filling the example in. It can `stop()`
                  (SIGTERM), `kill()` (SIGKILL), `start()` again and run `flask(...)` commands.
    page, open_page
                  a page of a real Chromium on `server`; `open_page()` opens another person's. Console errors fail the
                  test, but for those named by `@pytest.mark.console_errors("status of 422")`.

A service that cannot be had here skips its tests and is named in one line; where CI is set that fails the run.
"""

import base64
import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
import redis
from flask import Flask
from flask.ctx import AppContext
from flask.testing import FlaskClient, FlaskCliRunner
from playwright.sync_api import Browser, Page

from app import create_app
from app.clock import Clock, FixedClock, system_clock
from app.config import Settings
from app.store import schema
from app.store.database import db
from app.verification.views import DOOR
from tests import done_once
from tests.cast import Cast, assemble, find_cast
from tests.databases import on_both
from tests.real.browser import browser as running_browser
from tests.real.browser import pages
from tests.real.lending import Lending, lending
from tests.real.postern import PosternServer, postern_server
from tests.real.postgresql import PostgreSQL, postgresql
from tests.real.redis_server import redis_server
from tests.real.unavailable import UnavailableError

pytest_plugins = ["tests.nothing_skipped"]
database_url = on_both
done_once.share_routes()
done_once.share_templates()
done_once.share_statements()

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
# The same in every run, and as good as random: what looks made up is refused.
KEYS, CHAIN, SESSION = (base64.b64encode(hashlib.sha256(name).digest()).decode() for name in (b"k", b"c", b"s"))
SECRETS = {"KEY_SECRETS": f"1:{KEYS}", "CHAIN_SECRET": CHAIN, "SESSION_SECRET": SESSION}
T = TypeVar("T")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let `-m "not browser"` and the like choose by what a test uses."""
    for item in items:
        for fixture, mark in (("redis_url", "redis"), ("browser", "browser")):
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(mark)


def pytest_collection_finish() -> None:
    done_once.keep_what_is_loaded()


def _started(stack: ExitStack, service: AbstractContextManager[T]) -> T:
    try:
        return stack.enter_context(service)
    except UnavailableError as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def services() -> Iterator[ExitStack]:
    """Keeps every real service until the session ends."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture(scope="session")
def postgres(services: ExitStack) -> PostgreSQL:
    return _started(services, postgresql())


@pytest.fixture(scope="session")
def lendings(postgres: PostgreSQL, services: ExitStack) -> dict[bool, Lending]:
    """Databases to lend: migrated and empty, or with the cast in them."""
    return {peopled: services.enter_context(lending(postgres, _migrate, peopled)) for peopled in (False, True)}


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """Migrated files that nobody has open, to be copied: empty, or with the cast in them."""
    folder = tmp_path_factory.mktemp("template")
    templates = {peopled: folder / f"{peopled}.db" for peopled in (False, True)}
    for peopled, path in templates.items():
        _migrate(f"sqlite:///{path}", peopled)
    return templates


def _migrate(url: str, peopled: bool) -> None:
    app = create_app(Settings.from_env({"DATABASE_URL": url, **SECRETS}), FixedClock(NOW))
    with app.app_context():
        schema.migrate()
        if peopled:
            assemble(NOW)
    _let_go(app)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The POSTERN_HOME of the installation under test."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def peopled(request: pytest.FixtureRequest) -> bool:
    """Whether the database begins with the cast in it. Where time is the machine's, the cast comes when it is asked
    for: its members did not join at NOW."""
    return "cast" in request.fixturenames and "server" not in request.fixturenames


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> Clock:
    return system_clock if "server" in request.fixturenames else FixedClock(NOW)


@pytest.fixture
def environ(database_url: str, home: Path) -> dict[str, str]:
    return {"DATABASE_URL": database_url, "POSTERN_HOME": str(home), **SECRETS}


@pytest.fixture
def settings(environ: dict[str, str]) -> Settings:
    return Settings.from_env(environ)


@pytest.fixture
def app(settings: Settings, clock: Clock) -> Iterator[Flask]:
    app = create_app(settings, clock)
    app.testing = True
    yield app
    _let_go(app)


@pytest.fixture
def another_app(environ: dict[str, str], clock: Clock) -> Iterator[Callable[..., Flask]]:
    made: list[Flask] = []

    def make(**settings: str) -> Flask:
        made.append(create_app(Settings.from_env({**environ, **settings}), clock))
        return made[-1]

    yield make
    for app in made:
        _let_go(app)


def _let_go(app: Flask) -> None:
    app.extensions[DOOR].verifier.close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def cast(app: Flask, clock: Clock, peopled: bool) -> Cast:
    with app.app_context():
        return find_cast() if peopled else assemble(clock())


@pytest.fixture
def app_context(app: Flask) -> Iterator[AppContext]:
    with app.app_context() as context:
        yield context


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture(scope="session")
def redis_instance(services: ExitStack) -> str:
    return _started(services, redis_server())


@pytest.fixture
def redis_url(redis_instance: str) -> str:
    with closing(redis.Redis.from_url(redis_instance)) as connection:
        connection.flushall()
    return redis_instance


@pytest.fixture
def server(request: pytest.FixtureRequest, environ: dict[str, str], tmp_path: Path) -> Iterator[PosternServer]:
    if "cast" in request.fixturenames:
        request.getfixturevalue("cast")
    with postern_server(environ, tmp_path, None) as running:
        yield running


@pytest.fixture(scope="session")
def browser(services: ExitStack) -> Browser:
    return _started(services, running_browser())


@pytest.fixture
def open_page(request: pytest.FixtureRequest, browser: Browser, server: PosternServer) -> Iterator[Callable[[], Page]]:
    expected = tuple(pattern for mark in request.node.iter_markers("console_errors") for pattern in mark.args)
    with pages(browser, server.url, expected) as open_page:
        yield open_page


@pytest.fixture
def page(open_page: Callable[[], Page]) -> Page:
    return open_page()
