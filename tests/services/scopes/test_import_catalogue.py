"""Loading a catalogue: SPEC 4."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.clock import FixedClock
from app.domain.catalogue import Entry, read
from app.domain.errors import NotAllowed
from app.domain.events import Event
from app.domain.identifiers import random_text
from app.domain.risk import Risk
from app.services.host import CONSOLE
from app.services.scopes.load import NobodyAsks, import_catalogue
from app.services.tokens.issue import Issued, IssueForm, issue_token
from app.services.tokens.switch import revoke_token
from app.store.database import db
from app.store.queries import history, scopes, tokens
from app.store.tables import AuditEventRow
from tests.cast import Cast
from tests.factories import actor
from tests.services.applications.conftest import ADA

pytestmark = pytest.mark.usefixtures("app_context")


def entries(name: str, risk: str, *permissions: str, **fields: Any) -> tuple[Entry, ...]:
    return read({"scope": [{"name": name, "risk": risk, "permissions": list(permissions), **fields}]})


def events() -> list[Event]:
    statement = select(AuditEventRow).where(AuditEventRow.subject_kind == "scope").order_by(AuditEventRow.sequence)
    return [history.event(row) for row in db.session.scalars(statement)]


def hold(cast: Cast, clock: FixedClock, scope: str) -> Issued:
    form = IssueForm(cast.billing, random_text(22), f"For {scope}", "", (scope,), "1 month", "", "Payday is on Friday")
    return issue_token(form, actor(cast.linus), clock())


def test_what_is_new_is_added(cast: Cast, clock: FixedClock) -> None:
    before = len(events())

    imported = import_catalogue(entries("shop:read", "low", "GET /api/shop", category="Shop"), CONSOLE, clock())

    assert (imported.added, imported.changed, imported.unchanged) == (("shop:read",), (), ())
    added = scopes.catalogue(db.session())["shop:read"]
    assert (added.risk, added.category, added.permissions) == (Risk.LOW, "Shop", ("GET /api/shop",))
    assert len(events()) == before + 1
    assert (events()[-1].action, events()[-1].actor_name) == ("scope.added", CONSOLE.name)
    assert {"field": "risk", "before": None, "after": "low"} in events()[-1].changes


def test_the_same_file_again_changes_nothing_and_says_so(cast: Cast, clock: FixedClock) -> None:
    file = entries("shop:read", "low", "GET /b", "GET /a")
    import_catalogue(file, CONSOLE, clock())
    before = len(events())

    imported = import_catalogue(file, CONSOLE, clock())

    assert (imported.added, imported.changed, imported.unchanged) == ((), (), ("shop:read",))
    assert len(events()) == before


def test_what_the_file_leaves_out_stays(cast: Cast, clock: FixedClock) -> None:
    import_catalogue(entries("shop:read", "low"), CONSOLE, clock())

    assert {cast.low, cast.medium, cast.high, "token:verify"} <= set(scopes.catalogue(db.session()))


def test_a_raised_risk_holds_at_once_and_names_the_live_tokens(cast: Cast, clock: FixedClock) -> None:
    live = hold(cast, clock, cast.low)

    imported = import_catalogue(entries(cast.low, "high", "GET /api/invoices", "GET /api/invoices/*"), CONSOLE, clock())

    assert imported.changed == (cast.low,)
    assert [(one.token_id, one.application_name) for one in imported.for_review] == [(live.token_id, "Billing")]
    found = tokens.find(db.session(), ADA, live.token_id, clock())
    assert found is not None
    assert found.risk is Risk.HIGH


def test_tokens_that_are_over_need_no_review(cast: Cast, clock: FixedClock) -> None:
    revoked = hold(cast, clock, cast.low)
    revoke_token(revoked.token_id, "", actor(cast.linus), clock())

    imported = import_catalogue(entries(cast.low, "high", "GET /api/invoices"), CONSOLE, clock())

    assert imported.for_review == ()


def test_fewer_permissions_hold_at_once(cast: Cast, clock: FixedClock) -> None:
    hold(cast, clock, cast.low)

    import_catalogue(entries(cast.low, "low", "GET /api/invoices/42"), CONSOLE, clock())

    assert scopes.catalogue(db.session())[cast.low].permissions == ("GET /api/invoices/42",)


def test_a_loosening_is_refused_by_name_and_nothing_of_the_file_is_applied(cast: Cast, clock: FixedClock) -> None:
    hold(cast, clock, cast.low)
    before = len(events())
    file = (
        *entries("shop:read", "low"),
        *entries(cast.high, "low", "POST /api/payouts"),
        *entries(cast.low, "low", "GET /api/**"),
    )

    with pytest.raises(NobodyAsks) as refused:
        import_catalogue(file, CONSOLE, clock())

    assert refused.value.sentence == (
        "This would loosen the catalogue, which needs approval: payout:create (risk from High to Low); "
        "invoice:read (more permissions, while live tokens hold it). Nothing was imported. Say who asks for it."
    )
    assert len(events()) == before
    assert "shop:read" not in scopes.catalogue(db.session())


def test_permissions_grow_while_no_live_token_holds_the_scope(cast: Cast, clock: FixedClock) -> None:
    hold(cast, clock, cast.low)
    clock.advance(timedelta(days=40))

    imported = import_catalogue(entries(cast.low, "low", "GET /api/**"), CONSOLE, clock())

    assert imported.changed == (cast.low,)


@pytest.mark.parametrize(("who", "may"), [("linus", False), ("grace", True), ("ada", True)])
def test_administrators_may_and_members_may_not(cast: Cast, clock: FixedClock, who: str, may: bool) -> None:
    try:
        import_catalogue(entries("shop:read", "low"), actor(getattr(cast, who)), clock())
    except NotAllowed:
        assert not may
    assert ("shop:read" in scopes.catalogue(db.session())) is may
