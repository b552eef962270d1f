"""Requests of the cast, made by the real verbs."""

from collections.abc import Callable

import pytest

from app.clock import FixedClock
from app.domain.people import Person
from app.domain.roles import Role
from app.store.database import db
from app.store.queries import approvals
from app.store.queries.approvals import TokenRequest
from tests.services.tokens.conftest import Issue, form, issue

__all__ = ["form", "issue"]

ADA = Person("", "Ada", "", Role.SUPERUSER)
Ask = Callable[..., TokenRequest]


def shown(request_id: str, clock: FixedClock) -> TokenRequest:
    """The request as an administrator sees it now."""
    found = approvals.find(db.session(), ADA, request_id, clock())
    assert isinstance(found, TokenRequest)
    return found


@pytest.fixture
def ask(issue: Issue, clock: FixedClock) -> Ask:
    """Ask for a token as Linus, or as `by`; the request as an administrator is shown it."""

    def send(scope: str = "payout:create", by: str | None = None, **typed: object) -> TokenRequest:
        issued = issue(by=by, name=f"For {scope}", scopes=(scope,), reason="Payday is on Friday", **typed)
        assert issued.request_id is not None
        return shown(issued.request_id, clock)

    return send
