"""A key about itself: what Postern says of it, and ending it."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.clock import FixedClock
from app.domain.events import Action
from app.services import approvals
from app.services.tokens.switch import disable_token
from app.store.database import db
from app.store.queries import history, usage
from app.store.queries.usage import Used
from app.verification.verifier import Verifier
from tests.verification.conftest import PEER, REVOKE, SEES_ALL, SELF, Office
from tests.verification.test_bodies import assert_problem, once
from tests.verification.test_restrictions import narrow


def about(client: FlaskClient, key: str) -> TestResponse:
    return client.get(SELF, headers={"Authorization": f"Bearer {key}"}, environ_overrides={"REMOTE_ADDR": PEER})


def revoke(client: FlaskClient, key: str) -> TestResponse:
    return client.post(REVOKE, headers={"Authorization": f"Bearer {key}"}, environ_overrides={"REMOTE_ADDR": PEER})


def code(response: TestResponse) -> str:
    assert response.status_code == 200
    assert response.json is not None
    return str(response.json["code"])


def test_a_key_learns_what_it_is(client: FlaskClient, office: Office) -> None:
    issued = office.issue("invoice:read", "payout:create")

    response = about(client, issued.key)

    assert response.json == {
        "valid": True,
        "code": "VALID",
        "token_id": issued.token_id,
        "application": {"id": office.cast.billing, "name": "Billing"},
        "scopes": ["invoice:read", "payout:create"],
        "risk": "high",
        "key": "current",
        "key_stops_at": None,
        "expires_at": "2026-12-23T12:00:00Z",
        "emergency_access": False,
        "rate_limit": None,
        "request_id": response.headers["X-Request-Id"],
    }


def test_a_key_that_does_not_work_learns_why(client: FlaskClient, office: Office) -> None:
    disabled, pending, old = office.issue(), office.issue("payout:create", approved=False), office.issue()
    office.do(disable_token, disabled.token_id, "")
    office.rotate(old.token_id)

    codes = [code(about(client, one.key)) for one in (disabled, pending, old)]

    assert codes == ["DISABLED", "PENDING_APPROVAL", "ROTATED"]


def test_asking_about_oneself_counts_nothing(
    client: FlaskClient, office: Office, app: Flask, verifier: Verifier, clock: FixedClock
) -> None:
    issued = office.issue()
    about(client, issued.key)
    verifier.usage.flush()

    with app.app_context():
        assert usage.hourly(db.session(), issued.token_id, clock()) == []
        assert usage.of_token(db.session(), SEES_ALL, issued.token_id) == Used({}, {})


@once
@pytest.mark.parametrize("key", ["", "nobody", "pst_" + "0" * 49])
def test_an_unknown_key_is_told_so(client: FlaskClient, key: str) -> None:
    for response in (about(client, key), revoke(client, key)):
        assert_problem(response, 401, "CALLER_UNKNOWN_TOKEN")
        assert "WWW-Authenticate" in response.headers


@once
def test_other_methods_are_refused(client: FlaskClient) -> None:
    for path, method in ((SELF, "POST"), (SELF, "DELETE"), (SELF, "OPTIONS"), (REVOKE, "GET"), (REVOKE, "DELETE")):
        assert_problem(client.open(path, method=method), 405, "method_not_allowed")


def test_whoever_finds_a_key_can_end_its_token(client: FlaskClient, office: Office, app: Flask) -> None:
    issued = office.issue()

    assert code(revoke(client, issued.key)) == "REVOKED"

    assert code(about(client, issued.key)) == "REVOKED"
    with app.app_context():
        event = history.of_token(db.session(), issued.token_id)[0]
    assert (event.action, event.actor_id, event.address) == (Action.TOKEN_REVOKED, None, PEER)
    assert issued.hint in event.actor_name
    assert event.request_id


def test_ending_it_twice_changes_nothing_more(client: FlaskClient, office: Office, app: Flask) -> None:
    issued = office.issue()
    revoke(client, issued.key)
    with app.app_context():
        events = len(history.of_token(db.session(), issued.token_id))

    assert code(revoke(client, issued.key)) == "REVOKED"

    with app.app_context():
        assert len(history.of_token(db.session(), issued.token_id)) == events


def test_a_retiring_key_ends_its_token_too(client: FlaskClient, office: Office) -> None:
    old = office.issue()
    new = office.rotate(old.token_id, "1 hour")

    assert code(revoke(client, old.key)) == "REVOKED"
    assert code(about(client, new.key)) == "REVOKED"


def test_a_key_that_was_rotated_away_ends_nothing(client: FlaskClient, office: Office) -> None:
    old = office.issue()
    new = office.rotate(old.token_id)

    assert code(revoke(client, old.key)) == "ROTATED"
    assert code(about(client, new.key)) == "VALID"


def test_a_pending_token_takes_its_request_along(client: FlaskClient, office: Office, app: Flask) -> None:
    issued = office.issue("payout:create", approved=False)

    assert code(revoke(client, issued.key)) == "REVOKED"

    with app.app_context():
        assert office.request(issued).status == "cancelled"


def test_a_rejected_token_stays_rejected(client: FlaskClient, office: Office, app: Flask) -> None:
    issued = office.issue("payout:create", approved=False)
    with app.app_context():
        fingerprint = office.request(issued).fingerprint
    office.do(approvals.reject, issued.request_id, fingerprint, "Not this way", by=office.cast.grace)

    assert code(revoke(client, issued.key)) == "REJECTED"


def test_without_its_counters_a_token_that_has_no_rate_is_told_of_itself_all_the_same(
    another_app: Callable[..., Flask], office: Office
) -> None:
    client = another_app(REDIS_URL="redis://127.0.0.1:1/0").test_client()
    free, counted = office.issue(), office.issue()
    narrow(office, counted.token_id, rate_limit="5/hour")

    assert code(about(client, free.key)) == "VALID"
    assert_problem(about(client, counted.key), 503, "limiter_unavailable")
    assert code(revoke(client, free.key)) == "REVOKED"
    # With no rate to count any more it is told what it is now.
    assert code(revoke(client, counted.key)) == "REVOKED"
