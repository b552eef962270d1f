"""The policy and the catalogue, edited by the cast."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.clock import FixedClock
from app.domain.identifiers import random_text
from app.domain.people import Person
from app.domain.risk import Risk
from app.domain.roles import Role
from app.domain.scopes import Scope
from app.services.governing import Saved
from app.services.policy import set_policy
from app.services.scopes.edit import ScopeForm, edit_scope
from app.services.tokens.issue import IssueForm, issue_token
from app.store.database import db
from app.store.queries import approvals, policy, scopes
from app.store.queries.approvals import GovernanceRequest
from app.store.tables import AuditEventRow
from tests.cast import Cast
from tests.factories import actor

REASON = "It stands in the plan for this week"
SEES_ALL = Person("", "Ada", "", Role.SUPERUSER)
Relax = Callable[..., Saved]
EditScope = Callable[..., Saved]


def shown(request_id: str | None, clock: FixedClock) -> GovernanceRequest:
    """The request as an administrator sees it now."""
    found = approvals.find(db.session(), SEES_ALL, request_id or "", clock())
    assert isinstance(found, GovernanceRequest)
    return found


def scope_now(name: str) -> Scope:
    db.session.rollback()
    found = scopes.find(db.session(), name)
    assert found is not None
    return found.scope


def log() -> list[AuditEventRow]:
    """The audit log, the newest event last."""
    db.session.rollback()
    return list(db.session.scalars(select(AuditEventRow).order_by(AuditEventRow.sequence)))


def asks_at(level: Risk) -> bool:
    db.session.rollback()
    return policy.current(db.session()).asks_at(level)


@pytest.fixture
def set_entry(cast: Cast, clock: FixedClock) -> Relax:
    """Say whether a second person is asked at a risk, as Ada or as `by`."""

    def send(level: Risk, asks: bool, by: str | None = None, version: str | None = None, reason: str = REASON) -> Saved:
        db.session.rollback()
        shown_version = next(str(one.version) for one in policy.entries(db.session()) if one.level is level)
        return set_policy(level, asks, version or shown_version, reason, actor(by or cast.ada), clock())

    return send


@pytest.fixture
def edit(cast: Cast, clock: FixedClock) -> EditScope:
    """Save a scope as Grace or as `by`, with what is given typed anew."""

    def send(name: str, by: str | None = None, version: str | None = None, **typed: Any) -> Saved:
        db.session.rollback()
        found = scopes.find(db.session(), name)
        assert found is not None
        scope = found.scope
        values = {"risk": scope.risk.word, "category": scope.category, "description": scope.description}
        values |= {"permissions": "\n".join(scope.permissions), "reason": REASON, **typed}
        return edit_scope(name, version or str(found.version), ScopeForm(**values), actor(by or cast.grace), clock())

    return send


@pytest.fixture
def hold(cast: Cast, clock: FixedClock) -> Callable[[str], str]:
    """A token of Linus that holds the scope; its id."""

    def issue(scope: str) -> str:
        form = IssueForm(cast.billing, random_text(22), f"Holds {scope}", "", (scope,), "1 month", "", REASON)
        return issue_token(form, actor(cast.linus), clock()).token_id

    return issue
