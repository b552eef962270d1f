"""Requests of the cast, and desks of people who look at them."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.clock import FixedClock
from app.domain.identifiers import random_text
from app.domain.lifecycle import Status
from app.domain.people import Person
from app.domain.roles import Role
from app.services.tokens.issue import IssueForm, issue_token
from app.store.database import db
from app.store.queries import approvals, tokens
from app.store.queries.approvals import TokenRequest
from tests import factories
from tests.cast import Cast
from tests.databases import on_both
from tests.web.forms import token_on

database_url = on_both

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
REASON = "Payday is on Friday"
SEES_ALL = Person("", "Ada", "", Role.SUPERUSER)


@dataclass(frozen=True)
class Asked:
    """A request, and the token that it is about."""

    id: str
    token_id: str

    @property
    def path(self) -> str:
        return f"/approvals/{self.id}"


@dataclass(frozen=True)
class Desk:
    """A browser of one person."""

    client: FlaskClient

    def open(self, path: str) -> str:
        """The text of a page that is there."""
        answer = self.client.get(path)
        assert answer.status_code == 200
        return answer.text

    def fields(self, path: str) -> dict[str, str]:
        """What the forms of a page send along; of several fields with one name, the last."""
        return {name: html.unescape(value) for name, value in HIDDEN.findall(self.client.get(path).text)}

    def post(self, path: str, **fields: str) -> TestResponse:
        """A post by hand."""
        return self.client.post(path, data={"csrf_token": token_on(self.client), **fields})

    def decide(self, asked: Asked, verb: str, comment: str = "", **fields: str) -> TestResponse:
        """Open the request, write a comment, press a button."""
        return self.client.post(f"{asked.path}/{verb}", data={**self.fields(asked.path), "comment": comment, **fields})


Sit = Callable[[str], Desk]
Ask = Callable[..., Asked]


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
def ask(app: Flask, cast: Cast, clock: FixedClock) -> Ask:
    """Ask for a High token as Linus; keywords change it."""

    def send(
        by: str | None = None,
        name: str = "payouts",
        scope: str | None = None,
        expires: str = "1 month",
        application: str | None = None,
    ) -> Asked:
        scopes, place = (scope or cast.high,), application or cast.billing
        form = IssueForm(place, random_text(22), name, "Pays on Fridays.", scopes, expires, "", REASON)
        with app.app_context():
            issued = issue_token(form, factories.actor(by or cast.linus), clock())
        assert issued.request_id is not None
        return Asked(issued.request_id, issued.token_id)

    return send


@pytest.fixture
def stored(app: Flask, clock: FixedClock) -> Callable[[Asked], TokenRequest]:
    """The request as it is stored now."""

    def look(asked: Asked) -> TokenRequest:
        with app.app_context():
            view = approvals.find(db.session(), SEES_ALL, asked.id, clock())
        assert isinstance(view, TokenRequest)
        return view

    return look


@pytest.fixture
def token_status(app: Flask, clock: FixedClock) -> Callable[[Asked], Status]:
    """What the token is now."""

    def look(asked: Asked) -> Status:
        with app.app_context():
            view = tokens.find(db.session(), SEES_ALL, asked.token_id, clock())
        assert view is not None
        return view.status

    return look


ELEVEN_MINUTES = timedelta(minutes=11)
