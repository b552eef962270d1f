"""What the benchmark asks about is what it says: tokens that really verify, in an installation that really is large."""

from collections.abc import Mapping
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.clock import FixedClock
from app.store import audit_chain
from app.store.database import db
from app.store.tables import AuditEventRow, TokenRow
from bench import calls, crowd, hot, large, pages
from bench.crowd import Size
from bench.installation import Installation, begun

SMALL = Size(applications=3, tokens=40, events=200, people=6, live_in_first=5)


@pytest.fixture
def place(environ: Mapping[str, str], app: Flask) -> Installation:
    return begun(environ, app)


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock()


def asked(client: FlaskClient, caller: str, key: str, address: str) -> dict[str, object]:
    body = {"token": key, "client_ip": address, "scopes": [calls.SCOPE]}
    answer = client.post("/api/v1/verify", json=body, headers={"Authorization": f"Bearer {caller}"})
    return dict(answer.get_json())


def test_each_kind_of_key_is_answered_as_the_benchmark_expects(
    place: Installation, client: FlaskClient, now: datetime
) -> None:
    known = hot.fill(place, 3, 4, now)
    codes = {
        kind: {asked(client, known.caller, key, calls.CLIENT)["code"] for key in getattr(known, kind)}
        for kind in ("keys", "revoked", "unknown", "malformed")
    }
    unknown = {"UNKNOWN_TOKEN"}
    assert codes == {"keys": {"VALID"}, "revoked": {"REVOKED"}, "unknown": unknown, "malformed": unknown}


def test_a_large_installation_is_whole(place: Installation, now: datetime) -> None:
    crowd.fill(place, SMALL, now)
    with place.app.app_context():
        tokens = db.session.scalar(select(func.count()).select_from(TokenRow)) or 0
        events = db.session.scalar(select(func.count()).select_from(AuditEventRow)) or 0
        assert tokens >= SMALL.tokens
        assert events >= SMALL.events
        assert audit_chain.first_break(db.session()) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_page_opens_for_those_who_may_see_it(place: Installation, now: datetime) -> None:
    crowd.fill(place, SMALL, now)
    costs = pages.costs(place, now, times=1)
    opened = {cost.who: [one.address for one in costs if one.who == cost.who and one.status == 200] for cost in costs}
    assert {"/", "/applications", "/approvals"} <= set(opened["member"])
    assert {"/audit", "/audit?action=token.rotated"} <= set(opened["administrator"])
    assert "/users" in opened["superuser"]
    assert all(cost.queries > 0 for cost in costs)
    assert [row.name.split(" (")[0] for row in large.rows(costs)][:2] == ["slowest page", "page with most queries"]
