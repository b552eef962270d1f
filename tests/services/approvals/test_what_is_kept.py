"""What was approved is kept with its request, as it was once it took effect: SPEC 7."""

from datetime import timedelta

import pytest

from app.clock import FixedClock
from app.domain.restrictions import Typed
from app.services.approvals import approve, cancel, reject
from app.store.database import db
from app.store.tables import ApprovalRequestRow
from tests.cast import Cast
from tests.factories import actor
from tests.services.approvals.conftest import Ask

COMMENT = "Checked with finance"


def test_what_was_approved_is_kept_whole(ask: Ask, cast: Cast, clock: FixedClock) -> None:
    narrowed = Typed(ip_whitelist="192.0.2.0/24", rate_limit="5/minute", access_rules="GET /api/invoices")
    request = ask(expires="1 week", restrictions=narrowed)
    clock.advance(timedelta(days=3))

    approve(request.id, request.fingerprint, COMMENT, actor(cast.grace), clock())

    assert db.session.get_one(ApprovalRequestRow, request.id).agreed == {
        "name": "For payout:create",
        "description": "",
        "scopes": [cast.high],
        "expires_at": "2026-12-03T12:00:00+00:00",
        "ip_whitelist": ["192.0.2.0/24"],
        "rate_limit": "5/minute",
        "time_restriction": None,
        "access_rules": ["GET /api/invoices"],
        "risk": "high",
    }


@pytest.mark.parametrize("how", ["reject", "cancel"])
def test_of_what_was_not_approved_nothing_is_kept(ask: Ask, cast: Cast, clock: FixedClock, how: str) -> None:
    request = ask()
    if how == "reject":
        reject(request.id, request.fingerprint, COMMENT, actor(cast.grace), clock())
    else:
        cancel(request.id, actor(cast.linus), clock())
    assert db.session.get_one(ApprovalRequestRow, request.id).agreed is None
