import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.clock import FixedClock
from tests import people
from tests.people import PASSWORD
from tests.web.forms import sign_in


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    people.hash_quickly(monkeypatch)


@pytest.fixture
def linus(app: Flask, client: FlaskClient, clock: FixedClock) -> str:
    """A member, signed in at `client`."""
    person_id = people.add(app, "Linus", clock())
    sign_in(client, "linus@example.com", PASSWORD)
    return person_id
