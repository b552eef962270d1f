"""Tokens as they are seen, and edited, in the tests of editing."""

from collections.abc import Callable
from typing import Any

import pytest

from app.clock import FixedClock
from app.domain.people import Person
from app.domain.roles import Role
from app.services import approvals as decisions
from app.services.tokens.edit import Edited, EditForm, edit_token
from app.store.database import db
from app.store.queries import approvals, tokens
from app.store.queries.approvals import TokenRequest
from app.store.queries.tokens import TokenView
from tests.cast import Cast
from tests.factories import actor
from tests.services.tokens.conftest import Issue

ADA = Person("", "Ada", "", Role.SUPERUSER)
REASON = "The batch moved to another service"
Edit = Callable[..., Edited]


def seen(token_id: str, clock: FixedClock) -> TokenView:
    found = tokens.find(db.session(), ADA, token_id, clock())
    assert found is not None
    return found


def shown(request_id: str | None, clock: FixedClock) -> TokenRequest:
    found = approvals.find(db.session(), ADA, request_id or "", clock())
    assert isinstance(found, TokenRequest)
    return found


def held(token_id: str, clock: FixedClock) -> list[str]:
    return [scope.name for scope in seen(token_id, clock).scopes]


@pytest.fixture
def low(issue: Issue) -> str:
    return issue().token_id


@pytest.fixture
def medium(issue: Issue, cast: Cast, clock: FixedClock) -> str:
    """An approved token with a Low and a Medium scope."""
    issued = issue(name="Writer", scopes=(cast.low, cast.medium), reason="It writes invoices")
    request = shown(issued.request_id, clock)
    decisions.approve(request.id, request.fingerprint, "", actor(cast.grace), clock())
    return issued.token_id


@pytest.fixture
def edit(cast: Cast, clock: FixedClock) -> Edit:
    def send(token_id: str, by: str | None = None, version: int | None = None, **typed: Any) -> Edited:
        shown_version = str(seen(token_id, clock).version if version is None else version)
        typed = {"reason": REASON, **typed}
        return edit_token(EditForm(token_id, shown_version, **typed), actor(by or cast.linus), clock())

    return send
