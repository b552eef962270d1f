"""A decision holds for what was shown; what changed since is told apart (SPEC 7)."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.events import Action
from app.domain.expiry import Expiry
from app.domain.lifecycle import Status
from app.domain.risk import Risk
from app.domain.scopes import Scope
from app.services.applications.people import add_member, remove_member
from app.services.recording import recording
from app.services.tokens.switch import revoke_token
from app.store.database import transaction
from app.store.queries.approvals import TokenRequest
from app.store.queries.request_view import Approved
from app.store.tables import ScopeRow
from app.web.approvals import wording
from tests import factories, people
from tests.cast import Cast
from tests.web.approvals.conftest import Ask, Asked, Sit

# A page: what it does to the database is tried on both in tests/services/approvals.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

COMMENT = "Checked with finance"
Stored = Callable[[Asked], TokenRequest]
TokenStatus = Callable[[Asked], Status]


def test_a_stale_decision_is_409_shows_the_difference_and_keeps_the_comment(
    app: Flask, cast: Cast, ask: Ask, sit: Sit, clock: FixedClock, token_status: TokenStatus
) -> None:
    asked, grace = ask(), sit(cast.grace)
    shown = grace.fields(asked.path)
    with app.app_context():
        add_member(cast.billing, "sam@example.com", factories.actor(cast.linus), clock())

    answer = grace.client.post(f"{asked.path}/approve", data={**shown, "comment": COMMENT})

    assert answer.status_code == 409
    assert token_status(asked) is Status.PENDING
    for text in ("You were shown", ">Linus, Margaret</td>", ">Linus, Margaret, Sam</td>", COMMENT):
        assert text in answer.text
    # What is shown now can be decided on at once.
    assert grace.decide(asked, "approve", COMMENT).status_code == 303


@pytest.mark.parametrize("shown", ["", "{", "[]", "7", '{"a": 1}', "[" * 20_000, '{"Reason": "\\ud800"}'])
def test_a_mangled_memory_of_what_was_shown_is_a_409_all_the_same(cast: Cast, ask: Ask, sit: Sit, shown: str) -> None:
    answer = sit(cast.grace).decide(ask(), "approve", COMMENT, fingerprint="0" * 64, shown=shown)
    assert answer.status_code == 409
    assert "changed since" in answer.text


def test_a_request_of_somebody_who_lost_the_right_cannot_be_decided(
    app: Flask, cast: Cast, ask: Ask, sit: Sit, clock: FixedClock
) -> None:
    asked, grace = ask(by=cast.margaret), sit(cast.grace)
    shown = grace.fields(asked.path)
    with app.app_context():
        remove_member(cast.billing, cast.margaret, factories.actor(cast.linus), clock())
    answer = grace.client.post(f"{asked.path}/approve", data={**shown, "comment": COMMENT})
    assert answer.status_code == 409
    assert "already cancelled" in answer.text


def test_a_request_of_a_deactivated_person_cannot_be_approved_but_rejected(
    app: Flask, cast: Cast, ask: Ask, sit: Sit, clock: FixedClock, token_status: TokenStatus
) -> None:
    asked, grace = ask(by=cast.margaret), sit(cast.grace)
    people.deactivate(app, cast.margaret, clock())
    answer = grace.decide(asked, "approve", COMMENT)
    assert answer.status_code == 409
    assert "Margaret may not ask for this any more" in answer.text
    assert grace.decide(asked, "reject", COMMENT).status_code == 303
    assert token_status(asked) is Status.REJECTED


def test_a_token_revoked_meanwhile_takes_its_request_along(
    app: Flask, cast: Cast, ask: Ask, sit: Sit, clock: FixedClock, token_status: TokenStatus
) -> None:
    asked, grace = ask(), sit(cast.grace)
    shown = grace.fields(asked.path)
    with app.app_context():
        revoke_token(asked.token_id, "", factories.actor(cast.linus), clock())
    assert grace.client.post(f"{asked.path}/approve", data={**shown, "comment": COMMENT}).status_code == 409
    assert token_status(asked) is Status.REVOKED


def test_a_request_lapses_after_seven_days_by_the_clock_alone(
    cast: Cast, ask: Ask, sit: Sit, clock: FixedClock, token_status: TokenStatus
) -> None:
    asked = ask()
    shown = sit(cast.grace).fields(asked.path)
    clock.advance(timedelta(days=7))
    grace = sit(cast.grace)

    answer = grace.client.post(
        f"{asked.path}/approve", data={**shown, **grace.fields("/approvals"), "comment": COMMENT}
    )

    assert answer.status_code == 409
    assert "lapsed after 7 days" in answer.text
    assert token_status(asked) is Status.REJECTED
    assert "Expired" in grace.open(asked.path)
    assert "No requests are waiting." in grace.open("/approvals")


def changed_views(view: TokenRequest) -> Iterator[TokenRequest]:
    scope = view.scopes[0]
    yield replace(view, reason="Another one")
    yield replace(view, requester="Lina")
    yield replace(view, application_name="Shop")
    yield replace(view, application_enabled=False)
    yield replace(view, token_name="other")
    yield replace(view, token_description="other")
    yield replace(view, expiry=Expiry())
    yield replace(view, people=["Linus"])
    yield replace(view, changes=[{"field": "status", "before": "disabled", "after": "active"}])
    yield replace(view, scopes=[*view.scopes, Scope("invoice:read", Risk.LOW)])
    yield replace(view, scopes=[replace(scope, risk=Risk.LOW)])
    yield replace(view, scopes=[replace(scope, description="other")])
    yield replace(view, scopes=[replace(scope, permissions=("* /**",))])


def test_whatever_changes_the_fingerprint_shows_as_a_difference(ask: Ask, stored: Stored) -> None:
    view = stored(ask())
    shown = wording.packed(view)
    for other in changed_views(view):
        assert other.fingerprint != view.fingerprint
        assert len(wording.differences(shown, other)) == 1, other
    assert wording.differences(shown, view) == []
    assert json.loads(shown)["Reason"] == view.reason


def test_what_was_approved_last_is_part_of_what_is_shown(ask: Ask, stored: Stored) -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    view = replace(stored(ask()), approved=Approved({"name": "writer", "rate_limit": None}, "Grace", at))
    for other in (
        Approved({"name": "reader", "rate_limit": None}, "Grace", at),
        Approved({"name": "writer", "rate_limit": "5/minute"}, "Grace", at),
        Approved({"name": "writer", "rate_limit": None}, "Barbara", at),
        Approved({"name": "writer", "rate_limit": None}, "Grace", at + timedelta(minutes=1)),
    ):
        changed = replace(view, approved=other)
        assert changed.fingerprint != view.fingerprint
        assert len(wording.differences(wording.packed(view), changed)) == 1, other


def test_a_risk_that_was_raised_meanwhile_is_not_approved_unseen(
    app: Flask, cast: Cast, ask: Ask, sit: Sit, clock: FixedClock
) -> None:
    asked, grace = ask(scope=cast.medium), sit(cast.grace)
    shown = grace.fields(asked.path)
    with app.app_context(), transaction() as session:
        row = session.get_one(ScopeRow, cast.medium)
        with recording(session, Action.SCOPE_UPDATED, row, factories.HOST, clock()):
            row.risk = Risk.HIGH
    answer = grace.client.post(f"{asked.path}/approve", data=shown)
    assert answer.status_code == 409
    assert "High risk" in answer.text
