"""The program with a catalogue of its own to play in."""

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.risk import Risk
from tests import factories
from tests.histories.steps import RISKS


@pytest.fixture
def house(app: Flask, clock: FixedClock) -> Flask:
    """Forms are sent without their tokens, which other tests are about."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        for name, risk in RISKS.items():
            factories.make_scope(name, Risk(risk), clock(), f"GET /{name.partition(':')[2]}")
    return app
