"""A verifying service, and tokens it asks about, issued by the real verbs."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.clock import FixedClock
from app.domain.identifiers import random_text
from app.domain.scopes import TOKEN_VERIFY, AnswersFor
from app.services import approvals
from app.services.tokens.issue import Issued, IssueForm, issue_token
from app.store.database import db
from app.store.queries import approvals as requests
from app.store.tables import UserRow
from app.verification.views import DOOR
from tests import factories
from tests.cast import Cast
from tests.factories import actor

PEER = "192.0.2.10"
VERIFY = "/api/v1/verify"
Issue = Callable[..., Issued]


@dataclass(frozen=True)
class Service:
    """A verifying service. `ask` posts a body; what is not said is asked as a plain question about any live token."""

    client: FlaskClient
    key: str
    token_id: str
    application_id: str
    peer: str = PEER

    def ask(self, token: str, **fields: Any) -> dict[str, Any]:
        """The decision about a token."""
        response = self.post({"token": token, **({"scopes": []} if not {"scopes", "method"} & set(fields) else {}), **fields})
        assert response.status_code == 200, response.text
        return dict(response.json or {})

    def post(self, body: Any, **options: Any) -> TestResponse:
        """The response to any body, sent as this service."""
        raw = body if isinstance(body, bytes | str) else json.dumps(body)
        options = {"content_type": "application/json", **options}
        headers = {"Authorization": f"Bearer {self.key}", **options.pop("headers", {})}
        return self.client.post(
            VERIFY, data=raw, headers=headers, environ_overrides={"REMOTE_ADDR": self.peer}, **options
        )


@dataclass
class Office:
    """Issues tokens, and approves those that need it, in contexts of their own."""

    app: Flask
    cast: Cast
    clock: FixedClock
    made: int = field(default=0)

    def issue(self, *scopes: str, approved: bool = True, **typed: Any) -> Issued:
        """A token of Billing, live unless `approved` is False."""
        self.made += 1
        form = IssueForm(
            application_id=typed.get("application_id", self.cast.billing),
            form_id=random_text(22),
            name=typed.get("name", f"Token {self.made}"),
            description="",
            scopes=scopes or (self.cast.low,),
            expires=typed.get("expires", "1 month"),
            expires_on=typed.get("expires_on", ""),
            reason="A test has to ask about it",
        )
        with self.app.app_context():
            issued = issue_token(form, actor(self.cast.linus), self.clock())
            if issued.request_id and approved:
                self._approve(issued.request_id)
        return issued

    def _approve(self, request_id: str) -> None:
        grace = db.session.get_one(UserRow, self.cast.grace).person
        view = requests.find(db.session(), grace, request_id, self.clock())
        assert view is not None
        approvals.approve(request_id, view.fingerprint, "Fine", actor(self.cast.grace), self.clock())


@pytest.fixture
def office(app: Flask, cast: Cast, clock: FixedClock) -> Office:
    return Office(app, cast, clock)


@pytest.fixture
def make_service(app: Flask, client: FlaskClient, office: Office, clock: FixedClock) -> Callable[..., Service]:
    """Make a service that answers for `answers_for`."""

    def make(answers_for: AnswersFor = AnswersFor(everything=True), *scopes: str) -> Service:
        with app.app_context():
            name = f"Service {office.made}"
            application = factories.make_application(name, office.cast.linus, clock(), answers_for=answers_for)
        caller = office.issue(*(scopes or (TOKEN_VERIFY,)), application_id=application)
        return Service(client, caller.key, caller.token_id, application)

    return make


@pytest.fixture
def service(make_service: Callable[..., Service]) -> Service:
    """A service that answers for everything."""
    return make_service()


@pytest.fixture
def flush(app: Flask) -> Callable[[], None]:
    """Write the usage that is in memory."""
    return lambda: app.extensions[DOOR].verifier.usage.flush()
