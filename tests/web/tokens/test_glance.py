"""The Overview in one look: whether it works, who uses it, how much, and what can go. SPEC 13, 14."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.restrictions import Typed
from app.domain.scope_use import UNASKED_AFTER
from app.domain.usage import BY_PATH, hour_of
from app.services.applications.switch import disable_application
from app.services.emergency import activate_emergency_access
from app.store.database import Base, transaction
from app.store.tables import ScopeUsageRow, UsageHourRow
from tests.cast import Cast
from tests.factories import actor
from tests.web.tokens.conftest import REASON, House, Issue, Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Store = Callable[..., None]


@pytest.fixture
def store(app: Flask) -> Store:
    def add(*rows: Base) -> None:
        with app.app_context(), transaction() as session:
            session.add_all(rows)

    return add


def hour(token_id: str, at: datetime, code: str, count: int) -> UsageHourRow:
    return UsageHourRow(token_id=token_id, hour=at, code=code, count=count)


def glance(linus: Visitor, token_id: str) -> str:
    return linus.get(f"/tokens/{token_id}").text.split('id="glance"')[1].split("</dl>")[0]


def test_the_first_line_says_that_it_works(linus: Visitor, issue: Issue) -> None:
    shown = glance(linus, issue().token_id)

    assert "Works now" in shown
    assert "Issued with invoice:read" in shown


def test_the_first_line_says_why_it_does_not_work(
    linus: Visitor, issue: Issue, house: House, app: Flask, cast: Cast
) -> None:
    pending, switched_off, plain = issue(name="A", scopes=(cast.high,), reason=REASON), issue(name="B"), issue(name="C")
    linus.post(f"/tokens/{switched_off.token_id}/disable")
    assert "PENDING_APPROVAL" in glance(linus, pending.token_id)
    assert "DISABLED</code>" in glance(linus, switched_off.token_id)
    with app.app_context():
        disable_application(cast.billing, "", actor(cast.linus), house.clock())

    assert "Does not work now" in glance(linus, plain.token_id)
    assert "APPLICATION_DISABLED" in glance(linus, plain.token_id)


def test_outside_its_hours_it_does_not_work_though_it_has_addresses_too(
    linus: Visitor, issue: Issue, app: Flask, cast: Cast, clock: FixedClock
) -> None:
    later = Typed(ip_whitelist="10.0.0.0/8", days=("Mon",), time_from="13:00", time_until="14:00")
    token_id = issue(restrictions=later).token_id

    shown = glance(linus, token_id)
    assert "Does not work now" in shown
    assert "OUTSIDE_HOURS" in shown
    assert ">23 Nov 2026 13:00 UTC</time>" in shown
    page = linus.get(f"/tokens/{token_id}/security").text
    assert "Lifted now" not in page

    with app.app_context():
        activate_emergency_access(token_id, "1", REASON, actor(cast.ada, "Ada"), clock())
    shown = glance(linus, token_id)
    assert "Works now" in shown
    assert "emergency access is open until" in shown
    assert linus.get(f"/tokens/{token_id}/security").text.count("Lifted now") == 2

    clock.advance(timedelta(hours=1))
    shown = glance(linus, token_id)
    assert "Works now" in shown
    assert "from the addresses of its whitelist only" in shown


def test_what_is_over_has_no_end_to_come(linus: Visitor, issue: Issue) -> None:
    token_id = issue().token_id
    assert "Ends <time" in linus.get(f"/tokens/{token_id}").text
    linus.post(f"/tokens/{token_id}/revoke")

    assert "It is over" in glance(linus, token_id)
    assert "Ends <time" not in linus.get(f"/tokens/{token_id}").text


def test_use_is_drawn_and_told_in_a_table(linus: Visitor, issue: Issue, store: Store, clock: FixedClock) -> None:
    token_id = issue().token_id
    assert "No service asked" in linus.get(f"/tokens/{token_id}").text
    store(
        hour(token_id, clock() - timedelta(days=1), "VALID", 1200),
        hour(token_id, clock(), "ACCESS_DENIED", 3),
        hour(token_id, clock() - timedelta(days=31), "VALID", 9),
    )

    page = linus.get(f"/tokens/{token_id}").text

    assert "1,200 accepted, 3 refused" in page
    assert page.count('<rect class="accepted"') == page.count('<rect class="refused"') == 1
    assert '<td data-label="Accepted">1,200</td>' in page
    assert "<code>ACCESS_DENIED</code> 3" in page


def test_scopes_that_nobody_asks_for_are_one_press_from_going(
    linus: Visitor, issue: Issue, store: Store, clock: FixedClock, cast: Cast, house: House
) -> None:
    issued = issue(scopes=(cast.low, cast.medium), reason=REASON, expires="never")
    token_id = issued.token_id
    house.approve(issued)
    assert "not asked for in 90 days" not in linus.get(f"/tokens/{token_id}").text
    clock.advance(UNASKED_AFTER + timedelta(hours=1))
    linus.sign_in_again()
    store(ScopeUsageRow(token_id=token_id, scope_name=cast.low, asked_at=clock()))

    page = linus.get(f"/tokens/{token_id}").text
    assert "1 scope was not asked for in 90 days" in page
    prefilled = f"/tokens/{token_id}/edit/scopes/outlook?scopes=invoice:read"
    assert prefilled in page.replace("%3A", ":")
    form = linus.get(prefilled).text
    assert 'value="invoice:read" aria-describedby="scopes-invoice-read-says" checked' in form
    assert 'value="invoice:write" aria-describedby="scopes-invoice-write-says">' in form


@pytest.mark.parametrize("scope", ["invoice:read", BY_PATH])
def test_a_scope_that_was_asked_for_just_now_is_not_said_to_be_from_the_start_of_the_hour(
    linus: Visitor, issue: Issue, store: Store, clock: FixedClock, scope: str
) -> None:
    clock.advance(timedelta(minutes=54))
    token_id = issue().token_id
    store(ScopeUsageRow(token_id=token_id, scope_name=scope, asked_at=hour_of(clock())))

    page = linus.get(f"/tokens/{token_id}").text
    assert "within the last hour" in page
    assert "54 minutes ago" not in page

    clock.advance(timedelta(hours=1))
    assert "within the last hour" not in linus.get(f"/tokens/{token_id}").text
