"""People of the cast in their browsers, and tokens issued by the real verb."""

import dataclasses
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.clock import FixedClock
from app.domain.events import Action
from app.domain.identifiers import random_text
from app.domain.keys import PATTERN
from app.domain.people import Person
from app.domain.roles import Role
from app.services.applications.people import remove_member
from app.services.approvals import approve
from app.services.recording import recording
from app.services.tokens.issue import Issued, IssueForm, issue_token
from app.services.tokens.rotate import Rotated, rotate_key
from app.store.database import db, transaction
from app.store.queries import approvals, token_pages, tokens
from app.store.queries.approvals import TokenRequest
from app.store.queries.token_pages import TokenLine
from app.store.queries.tokens import TokenView
from app.store.tables import ScopeRow
from tests import factories
from tests.cast import Cast
from tests.factories import actor
from tests.web.forms import token_on

REASON = "Payday is on Friday"
# Whoever looks behind the pages sees everything.
ADA = Person("", "Ada", "", Role.SUPERUSER)


@dataclasses.dataclass
class Visitor:
    """A signed-in person's browser, without JavaScript."""

    client: FlaskClient
    form_token: str
    sign_in_again: Callable[[], object]

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, **fields: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.form_token, **fields})


Visit = Callable[[str], Visitor]
Issue = Callable[..., Issued]


@pytest.fixture
def visit(app: Flask, clock: FixedClock) -> Visit:
    """Open a browser in which this person is signed in."""

    def open_browser(person_id: str) -> Visitor:
        client = app.test_client()

        def sign_in() -> None:
            with app.app_context():
                factories.sign_in(client, person_id, clock())

        sign_in()
        return Visitor(client, token_on(client), sign_in)

    return open_browser


@pytest.fixture
def linus(visit: Visit, cast: Cast) -> Visitor:
    return visit(cast.linus)


@pytest.fixture
def issue(app: Flask, cast: Cast, clock: FixedClock) -> Issue:
    """Issue a Low token as Linus; keywords change the form, `by` who sends it."""

    def send(by: str | None = None, **typed: Any) -> Issued:
        plain = IssueForm(cast.billing, random_text(22), "Nightly report", "", (cast.low,), "1 month", "", "")
        with app.app_context():
            return issue_token(dataclasses.replace(plain, **typed), actor(by or cast.linus, "Linus"), clock())

    return send


@dataclasses.dataclass
class House:
    """What the tests look up and do behind the pages."""

    app: Flask
    cast: Cast
    clock: FixedClock

    def token(self, token_id: str) -> TokenView:
        with self.app.app_context():
            found = tokens.find(db.session(), ADA, token_id, self.clock())
        assert found is not None
        return found

    def listed(self) -> Sequence[TokenLine]:
        with self.app.app_context():
            return token_pages.page(db.session(), ADA, self.cast.billing, self.clock()).lines

    def request(self, token_id: str) -> TokenRequest:
        with self.app.app_context():
            found = approvals.of_token(db.session(), ADA, token_id, self.clock())
        assert isinstance(found, TokenRequest)
        return found

    def approve(self, issued: Issued, by: str | None = None) -> None:
        """Grace, or whoever it is by, approves what the token waits for."""
        request = self.request(issued.token_id)
        with self.app.app_context():
            approve(
                request.id, request.fingerprint, "Looked at it", actor(by or self.cast.grace, "Grace"), self.clock()
            )

    def retire(self, scope: str) -> None:
        """Take a scope off the offer."""
        with self.app.app_context(), transaction() as session:
            row = session.get_one(ScopeRow, scope)
            with recording(session, Action.SCOPE_UPDATED, row, factories.HOST, self.clock()):
                row.retired = True

    def remove(self, member_id: str) -> None:
        """Linus takes somebody off Billing."""
        with self.app.app_context():
            remove_member(self.cast.billing, member_id, actor(self.cast.linus), self.clock())

    def application_of(self, owner_id: str) -> str:
        """Another application, of this person; its id."""
        with self.app.app_context():
            return factories.make_application("Another", owner_id, self.clock())

    def rotate(self, token_id: str, overlap: str = "24 hours") -> Rotated:
        """Linus rotates the key."""
        key_id = self.token(token_id).current_key.id
        with self.app.app_context():
            return rotate_key(token_id, key_id, overlap, actor(self.cast.linus, "Linus"), self.clock())


@pytest.fixture
def house(app: Flask, cast: Cast, clock: FixedClock) -> House:
    return House(app, cast, clock)


def key_in(answer: TestResponse) -> str:
    """The one key that an answer holds."""
    found: set[str] = set(re.findall(PATTERN, answer.text))
    assert len(found) == 1, f"{len(found)} keys in an answer with status {answer.status_code}"
    return found.pop()


def token_of(answer: TestResponse) -> str:
    """The id of the token that a page with a key leads to."""
    found = re.search(r'id="done" href="/tokens/(tok_\w{22})"', answer.text)
    assert found, f"no key page: {answer.status_code}"
    return str(found.group(1))


def fields(name: object = "Nightly report", **typed: Any) -> dict[str, Any]:
    """The form for a Low token as a browser sends it; keywords change it."""
    plain = {
        "name": name,
        "description": "",
        "scopes": ["invoice:read"],
        "expires": "1 month",
        "expires_on": "",
        "reason": "",
    }
    return {"form_id": random_text(22), **plain, **typed}
