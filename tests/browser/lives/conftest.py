"""One installation for all lives: each has people and applications of its own in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from app import create_app
from app.clock import system_clock
from app.config import Settings
from app.domain.identifiers import random_text
from app.domain.people import Actor, Person
from app.domain.restrictions import Typed
from app.domain.roles import Role
from app.services.approvals import approve
from app.services.tokens.issue import Issued, IssueForm, issue_token
from app.store import schema
from app.store.database import db
from app.store.queries import approvals
from app.verification.views import DOOR
from tests import factories, people
from tests.browser.lives.looks import Life, Look
from tests.cast import Cast, assemble
from tests.conftest import SECRETS
from tests.real.browser import pages
from tests.real.postern import PosternServer, postern_server


@dataclass(frozen=True)
class Town:
    """A running Postern, and the same installation here, to put people and things into."""

    server: PosternServer
    app: Flask
    cast: Cast

    def settle(self, name: str, role: Role) -> str:
        """Somebody with a password; their id."""
        return people.add(self.app, name, system_clock(), role)

    def application(self, name: str, owner: str, *, members: tuple[str, ...] = ()) -> str:
        """An application; its id."""
        with self.app.app_context():
            return factories.make_application(name, owner, system_clock(), members=members)

    def token(
        self, application: str, name: str, scope: str, by: str, *, rate: str = "", approved: bool = True
    ) -> Issued:
        """A token of this application. What needs approval is approved by Grace, unless it is to wait."""
        now = system_clock()
        why = "Needed for the batch at night"
        form = IssueForm(application, random_text(22), name, "", (scope,), "3 months", "", why, Typed(rate_limit=rate))
        with self.app.app_context():
            issued = issue_token(form, Actor(by, "Somebody"), now)
            if approved and issued.request_id is not None:
                ada = Person(self.cast.ada, "Ada", "", Role.SUPERUSER)
                request = approvals.find(db.session(), ada, issued.request_id, now)
                assert request is not None
                approve(request.id, request.fingerprint, "Fine", Actor(self.cast.grace, "Grace"), now)
        return issued


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    home = folder / "home"
    home.mkdir(mode=0o700)
    environ = {"DATABASE_URL": f"sqlite:///{home / 'postern.db'}", "POSTERN_HOME": str(home), **SECRETS}
    app = create_app(Settings.from_env(environ), system_clock)
    with app.app_context():
        schema.migrate()
        cast = assemble(system_clock())
        db.session.remove()
    with postern_server(environ, Path(folder), None) as server:
        yield Town(server, app, cast)
    app.extensions[DOOR].verifier.close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def look(request: pytest.FixtureRequest) -> Look:
    chosen: Look = request.param
    return chosen


@pytest.fixture
def opens(town: Town, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens browsers, whose consoles may tell of answers that are refusals, and of nothing else."""
    with pages(browser, town.server.url, ("status of 4(03|04|09|22)",)) as open_page:
        yield open_page


@pytest.fixture
def begin(look: Look, opens: Callable[..., Page]) -> Callable[[], Life]:
    """Opens a browser in this look."""
    return lambda: Life(opens(**look.context), look)
