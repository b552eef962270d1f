import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.people import Actor
from app.domain.roles import Role
from app.services.people import add_person
from tests import factories, people


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    people.hash_quickly(monkeypatch)


@pytest.fixture
def ada(app: Flask, clock: FixedClock) -> Actor:
    """A superuser."""
    with app.app_context():
        return factories.actor(factories.make_person("Ada", Role.SUPERUSER, clock()), "Ada")


@pytest.fixture
def link(app: Flask, ada: Actor, clock: FixedClock) -> str:
    """The path of a one-time link that Ada made for Margaret, who is new."""
    with app.app_context():
        return f"/welcome/{add_person('margaret@example.com', 'Margaret', 'member', ada, clock()).link_secret}"
