"""People of the cast in their browsers, and a log with something in it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.clock import FixedClock
from app.domain.identifiers import random_text
from app.services.tokens.issue import IssueForm, issue_token
from app.services.tokens.switch import disable_token
from tests import factories
from tests.cast import Cast
from tests.databases import on_both
from tests.web.forms import token_on

database_url = on_both

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
EVENT = re.compile(r'<tr id="event-(\d+)"')


@dataclass(frozen=True)
class Desk:
    """A browser of one person."""

    client: FlaskClient

    def shown(self, path: str = "/audit") -> list[int]:
        """The sequences of the events on a page that is there."""
        return sequences(self.open(path))

    def open(self, path: str = "/audit") -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200
        return answer.text

    def export(self, form: str = "csv", **fields: str) -> TestResponse:
        """Press Export CSV or Export JSON."""
        data = {"csrf_token": token_on(self.client), "format": form, **fields}
        return self.client.post("/audit/export", data=data)


Sit = Callable[[str], Desk]
Issue = Callable[..., str]


def sequences(page: str) -> list[int]:
    return [int(found) for found in EVENT.findall(page)]


@pytest.fixture
def sit(app: Flask, clock: FixedClock) -> Sit:
    """Somebody of the cast, signed in."""

    def down(person_id: str) -> Desk:
        client = app.test_client()
        with app.app_context():
            factories.sign_in(client, person_id, clock())
        return Desk(client)

    return down


@pytest.fixture
def grace(sit: Sit, cast: Cast) -> Desk:
    return sit(cast.grace)


@pytest.fixture
def issue(app: Flask, cast: Cast, clock: FixedClock) -> Issue:
    """Issue a Low token as Linus; its id."""

    def send(name: str = "Nightly report", by: str | None = None, application: str | None = None) -> str:
        form = IssueForm(application or cast.billing, random_text(22), name, "", (cast.low,), "1 month", "", "")
        with app.app_context():
            return issue_token(form, factories.actor(by or cast.linus, "Linus"), clock()).token_id

    return send


@pytest.fixture
def disable(app: Flask, cast: Cast, clock: FixedClock) -> Callable[[str, str], None]:
    """Disable a token as Margaret, for a reason."""

    def send(token_id: str, reason: str) -> None:
        with app.app_context():
            disable_token(token_id, reason, factories.actor(cast.margaret, "Margaret"), clock())

    return send
