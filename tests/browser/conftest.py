"""People who sign in by the form, and the service that asks about their keys, on a real server."""

import json
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.clock import Clock
from app.domain.identifiers import random_text
from app.domain.people import Person
from app.domain.roles import Role
from app.domain.scopes import TOKEN_VERIFY, AnswersFor
from app.services.approvals import approve
from app.services.tokens.issue import IssueForm, issue_token
from app.store.database import db
from app.store.queries import approvals
from app.store.queries.approvals import Wanted
from tests import factories, people
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.real.postern import PosternServer

database_url = on_sqlite

# Whoever looks behind the pages sees everything.
ADA = Person("", "Ada", "", Role.SUPERUSER)
SignIn = Callable[[str], Page]


@dataclass(frozen=True)
class Service:
    """A verifying service: it holds a token of its own and asks Postern over HTTP."""

    url: str
    key: str

    def verify(self, key: str, scope: str = "invoice:read") -> dict[str, Any]:
        """What Postern answers about a key that wants this scope."""
        body = json.dumps({"token": key, "scopes": [scope]}).encode()
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        question = urllib.request.Request(f"{self.url}/api/v1/verify", body, headers)
        with urllib.request.urlopen(question) as answer:
            return dict(json.load(answer))


@pytest.fixture
def cast(app: Flask, cast: Cast, clock: Clock) -> Cast:
    """The cast, and with them Nora, a member, and Vera, an administrator, who have passwords."""
    people.add(app, "Nora", clock())
    people.add(app, "Vera", clock(), Role.ADMINISTRATOR)
    return cast


@pytest.fixture
def service_key(app: Flask, cast: Cast, clock: Clock) -> str:
    """The key of a service that may ask about every scope."""
    with app.app_context():
        gateway = factories.make_application("Gateway", cast.linus, clock(), answers_for=AnswersFor(everything=True))
        form = IssueForm(
            gateway, random_text(22), "gateway", "", (TOKEN_VERIFY,), "1 month", "", "It asks for everybody"
        )
        issued = issue_token(form, factories.actor(cast.linus), clock())
        assert issued.request_id is not None
        request = approvals.waiting(db.session(), ADA, Wanted(), clock()).views[0]
        approve(request.id, request.fingerprint, "", factories.actor(cast.grace), clock())
    return issued.key


@pytest.fixture
def service(service_key: str, server: PosternServer) -> Service:
    return Service(server.url, service_key)


@pytest.fixture
def sign_in(cast: Cast, server: PosternServer, open_page: Callable[[], Page]) -> SignIn:
    """Open a browser and sign this person in with email and password."""

    def by_form(name: str) -> Page:
        page = open_page()
        page.goto("/login")
        page.get_by_label("Email").fill(f"{name.lower()}@example.com")
        page.get_by_label("Password").fill(people.PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/")
        return page

    return by_form
