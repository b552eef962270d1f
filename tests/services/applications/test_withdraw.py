"""Leaving an application cancels what one may not ask for any more: SPEC 2."""

from datetime import timedelta

import pytest

from app.clock import FixedClock
from app.domain.approval import RequestKind
from app.domain.changes import FieldChange
from app.domain.people import Person
from app.domain.risk import Risk
from app.domain.roles import Role
from app.services import requests
from app.services.applications.people import remove_member
from app.store.database import db, transaction
from app.store.queries import approvals
from app.store.tables import ApplicationRow, TokenRow, UserRow
from tests.cast import Cast
from tests.factories import actor, change
from tests.services.tokens.conftest import Issue, form, issue

__all__ = ["form", "issue"]

ADA = Person("", "Ada", "", Role.SUPERUSER)


@pytest.mark.parametrize(("role", "status"), [(Role.MEMBER, "cancelled"), (Role.ADMINISTRATOR, "pending")])
def test_who_may_still_ask_keeps_the_request(
    issue: Issue, cast: Cast, clock: FixedClock, role: Role, status: str
) -> None:
    token_id = issue().token_id
    with transaction() as session:
        margaret = session.get_one(UserRow, cast.margaret)
        margaret.role = role
        change(session, margaret, clock())
        asked = requests.open_request(
            session,
            RequestKind.CHANGE,
            session.get_one(TokenRow, token_id),
            cast.margaret,
            "It is needed for longer",
            clock(),
            changes=[FieldChange("expires_at", None, "1 year")],
            risk_before=Risk.LOW,
        )
        change(session, session.get_one(ApplicationRow, cast.billing), clock())

    remove_member(cast.billing, cast.margaret, actor(cast.linus), clock())

    found = approvals.find(db.session(), ADA, asked.id, clock())
    assert found is not None
    assert found.status == status


def test_what_has_lapsed_stays_lapsed(issue: Issue, cast: Cast, clock: FixedClock) -> None:
    asked = issue(by=cast.margaret, scopes=(cast.high,), reason="Payday is on Friday").request_id
    clock.advance(timedelta(days=8))

    remove_member(cast.billing, cast.margaret, actor(cast.linus), clock())

    found = approvals.find(db.session(), ADA, asked or "", clock())
    assert found is not None
    assert found.status == "expired"
