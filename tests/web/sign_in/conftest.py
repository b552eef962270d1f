from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app import create_app
from app.clock import FixedClock
from app.config import Settings
from app.store.database import db
from tests import people

AnotherApp = Callable[..., Flask]


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    people.hash_quickly(monkeypatch)


@pytest.fixture
def linus(app: Flask, clock: FixedClock) -> str:
    """A member who can sign in."""
    return people.add(app, "Linus", clock())


@pytest.fixture
def another_app(environ: dict[str, str], clock: FixedClock) -> Iterator[AnotherApp]:
    """Makes another process of the same installation, with other settings."""
    made: list[Flask] = []

    def make(**settings: str) -> Flask:
        made.append(create_app(Settings.from_env({**environ, **settings}), clock))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
