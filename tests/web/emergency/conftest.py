"""A token of the cast, superusers in their browsers, and the region of its Security tab."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.clock import FixedClock
from app.domain.roles import Role
from app.services.emergency import activate_emergency_access
from app.store.database import db
from app.store.tables import EmergencyWindowRow
from tests import factories
from tests.cast import Cast
from tests.web.tokens.conftest import Issue, Visit, Visitor, house, issue, linus, visit

__all__ = ["house", "issue", "linus", "visit"]

REASON = "The office network is down"
HTMX = {"HX_Request": "true", "HX_Request_Type": "partial"}
Post = Callable[..., TestResponse]


@pytest.fixture
def token_id(issue: Issue) -> str:
    return issue().token_id


@pytest.fixture
def ada(visit: Visit, cast: Cast) -> Visitor:
    return visit(cast.ada)


@pytest.fixture
def root(app: Flask, cast: Cast, clock: FixedClock) -> str:
    """A second superuser."""
    with app.app_context():
        return factories.make_person("Root", Role.SUPERUSER, clock())


@pytest.fixture
def opened(app: Flask, token_id: str, cast: Cast, clock: FixedClock) -> str:
    """The token, with two hours of emergency access that Ada activated now."""
    with app.app_context():
        activate_emergency_access(token_id, "2", REASON, factories.actor(cast.ada, "Ada"), clock())
    return token_id


def activate(visitor: Visitor, token_id: str, hours: str = "2", reason: str = REASON, **more: Any) -> TestResponse:
    """Send the form of activation."""
    return visitor.post(f"/tokens/{token_id}/emergency/activate", hours=hours, reason=reason, **more)


def deactivate(visitor: Visitor, token_id: str, **fields: Any) -> TestResponse:
    """Press Deactivate."""
    return visitor.post(f"/tokens/{token_id}/emergency/deactivate", **fields)


def windows(app: Flask) -> list[EmergencyWindowRow]:
    """Every window there is, the oldest first."""
    with app.app_context():
        return list(db.session.scalars(db.select(EmergencyWindowRow).order_by(EmergencyWindowRow.id)))


def region(page: str) -> str:
    """The region Emergency access of a page, or of a fragment."""
    found = re.search(r'<section class="card[^"]*" id="emergency".*', page, re.DOTALL)
    assert found, "no region"
    return found[0].split("<dialog", maxsplit=1)[0]


def banner(page: str) -> str:
    """The banner of a page; empty where it has none."""
    found = re.search(r'<div class="banner">.*?</div>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", "", found[0]).split()) if found else ""
