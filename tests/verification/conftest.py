"""A verifying service, and tokens that it asks about, issued by the real verbs."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.clock import FixedClock
from app.domain.identifiers import random_text
from app.domain.people import Person
from app.domain.roles import Role
from app.domain.scopes import TOKEN_VERIFY, AnswersFor
from app.services import approvals
from app.services.tokens.issue import Issued, IssueForm, issue_token
from app.services.tokens.rotate import Rotated, rotate_key
from app.store.database import db
from app.store.queries import approvals as requests
from app.store.tables import KeyRow, UserRow
from app.verification.verifier import Verifier
from app.verification.views import DOOR
from tests import factories
from tests.cast import Cast
from tests.factories import actor

PEER = "192.0.2.10"
VERIFY, SELF, REVOKE = "/api/v1/verify", "/api/v1/self", "/api/v1/self/revoke"
EVERYTHING = AnswersFor(everything=True)
REASON = "A test has to ask about it"
# Whoever looks behind the answers sees everything.
SEES_ALL = Person("", "Ada", "", Role.SUPERUSER)


@dataclass(frozen=True)
class Service:
    """A verifying service."""

    client: FlaskClient
    key: str
    token_id: str
    application_id: str

    def ask(self, token: str, **fields: Any) -> dict[str, Any]:
        """The decision about a token; where nothing is said to be wanted, any live token will do."""
        if not {"scopes", "method"} & set(fields):
            fields["scopes"] = []
        response = self.post({"token": token, **fields})
        assert response.status_code == 200, response.text
        assert response.json is not None
        return dict(response.json)

    def code(self, token: str, **fields: Any) -> str:
        """The code of the decision about a token."""
        return str(self.ask(token, **fields)["code"])

    def post(self, body: Any, **options: Any) -> TestResponse:
        """The response to any body, sent as this service."""
        raw = body if isinstance(body, bytes | str) else json.dumps(body)
        headers = {"Authorization": f"Bearer {self.key}", **options.pop("headers", {})}
        environ = {"REMOTE_ADDR": options.pop("peer", PEER)}
        options = {"content_type": "application/json", **options}
        return self.client.post(VERIFY, data=raw, headers=headers, environ_overrides=environ, **options)


@dataclass(frozen=True)
class Office:
    """Where tokens are issued, and approved where that is needed, each in a context of its own."""

    app: Flask
    cast: Cast
    clock: FixedClock
    numbers: "count[int]"

    def issue(self, *scopes: str, approved: bool = True, application_id: str = "", **typed: str) -> Issued:
        """A token of Billing unless said otherwise, live unless `approved` is False."""
        form = IssueForm(
            application_id=application_id or self.cast.billing,
            form_id=random_text(22),
            name=f"Token {next(self.numbers)}",
            description="",
            scopes=scopes or (self.cast.low,),
            expires=typed.get("expires", "1 month"),
            expires_on="",
            reason=REASON,
        )
        with self.app.app_context():
            issued = issue_token(form, actor(self.cast.linus), self.clock())
            if issued.request_id and approved:
                view = self.request(issued)
                approvals.approve(view.id, view.fingerprint, "Fine", actor(self.cast.grace), self.clock())
        return issued

    def request(self, issued: Issued) -> requests.TokenRequest:
        """The request that a token waits for."""
        grace = db.session.get_one(UserRow, self.cast.grace).person
        view = requests.find(db.session(), grace, issued.request_id or "", self.clock())
        assert isinstance(view, requests.TokenRequest)
        return view

    def key_id(self, token_id: str) -> str:
        """The id of the token's current key."""
        with self.app.app_context():
            statement = db.select(KeyRow.id).where(KeyRow.token_id == token_id, KeyRow.stops_at.is_(None))
            return str(db.session.scalars(statement).one())

    def rotate(self, token_id: str, overlap: str = "immediately") -> Rotated:
        """Give the token a new key."""
        rotated: Rotated = self.do(rotate_key, token_id, self.key_id(token_id), overlap)
        return rotated

    def do(self, verb: Callable[..., Any], *arguments: Any, by: str | None = None) -> Any:
        """Call a verb as Linus, or as `by`, now."""
        with self.app.app_context():
            return verb(*arguments, actor(by or self.cast.linus), self.clock())


MakeService = Callable[..., Service]


@pytest.fixture
def office(app: Flask, cast: Cast, clock: FixedClock) -> Office:
    return Office(app, cast, clock, count(1))


@pytest.fixture
def make_service(app: Flask, client: FlaskClient, office: Office, clock: FixedClock) -> MakeService:
    """Make a service that answers for `answers_for`, with a key of these scopes."""

    def make(answers_for: AnswersFor = EVERYTHING, scopes: tuple[str, ...] = (TOKEN_VERIFY,)) -> Service:
        name = f"Service {next(office.numbers)}"
        with app.app_context():
            application = factories.make_application(name, office.cast.linus, clock(), answers_for=answers_for)
        caller = office.issue(*scopes, application_id=application)
        return Service(client, caller.key, caller.token_id, application)

    return make


@pytest.fixture
def service(make_service: MakeService) -> Service:
    """A service that answers for everything."""
    return make_service()


@pytest.fixture
def verifier(app: Flask) -> Verifier:
    """What stands behind the doors."""
    found: Verifier = app.extensions[DOOR].verifier
    return found


@pytest.fixture
def statements(verifier: Verifier, monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """The digests of every look into the tables."""
    seen: list[Sequence[str]] = []
    reader = verifier.snapshots._reader
    read = reader.rows

    def rows(digests: Sequence[str]) -> Sequence[Any]:
        seen.append(digests)
        return read(digests)

    monkeypatch.setattr(reader, "rows", rows)
    return seen
