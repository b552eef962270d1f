import pytest
from flask import Flask

from app.clock import FixedClock
from tests import people


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    people.hash_quickly(monkeypatch)


@pytest.fixture
def linus(app: Flask, clock: FixedClock) -> str:
    """A member who can sign in."""
    return people.add(app, "Linus", clock())
