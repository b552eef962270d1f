"""Try a request: the answer that a service would get, every check in order, and what would change it. SPEC 9."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.domain.checks import CHECKS
from app.services.applications.switch import disable_application
from app.store.database import db
from app.store.tables import AuditEventRow, UsageHourRow
from tests.cast import Cast
from tests.factories import actor
from tests.web.tokens.conftest import House, Issue, Visitor
from tests.web.tokens.edits import FRAGMENT, low
from tests.web.tokens.test_overview import used

__all__ = ["low"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def ask(visitor: Visitor, token_id: str, *, status: int = 200, **typed: Any) -> str:
    """Fill the form in and press Try request."""
    answer = visitor.client.get(f"/tokens/{token_id}/acl", query_string={"asked_by": "", **typed})
    assert answer.status_code == status
    return answer.text


def told(page: str) -> str:
    """The answer as text: what was decided, then a line for each check."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split('id="tried"')[1])))


def test_every_check_is_shown_in_order(linus: Visitor, low: str) -> None:
    page = told(ask(linus, low, scopes="invoice:read", method="GET", path="/api/invoices/42"))
    assert "VALID: the token may do this" in page
    assert (page.count(" Pass "), page.count(" Skipped ")) == (6, 3)
    assert "Decided" not in page
    places = [page.index(f" {number}. ") for number in range(1, len(CHECKS) + 3)]
    assert places == sorted(places)


def test_the_check_that_decided_is_marked_and_says_what_would_change_it(linus: Visitor, low: str) -> None:
    page = told(ask(linus, low, scopes="payout:create", method="POST", path="/api/payouts"))
    assert "INSUFFICIENT_SCOPE: refused" in page
    assert page.count("Decided") == 1
    assert "Fail Decided INSUFFICIENT_SCOPE The token lacks payout:create." in page
    assert "What would change it: Add payout:create to the token's scopes." in page
    assert "ACCESS_DENIED No scope of the token permits" in page


def test_nothing_asked_shows_no_answer_and_an_empty_question_asks_whether_it_is_live(linus: Visitor, low: str) -> None:
    assert 'id="tried"' not in linus.get(f"/tokens/{low}/acl").text
    page = told(ask(linus, low))
    assert "VALID" in page
    assert "Skipped" in page


def test_it_speaks_of_the_token_as_it_is(linus: Visitor, low: str, house: House, cast: Cast, app: Flask) -> None:
    linus.post(f"/tokens/{low}/disable")
    assert "DISABLED: refused" in told(ask(linus, low))
    linus.post(f"/tokens/{low}/enable")
    with app.app_context():
        disable_application(cast.billing, "", actor(cast.linus), house.clock())
    assert "APPLICATION_DISABLED: refused" in told(ask(linus, low))


def test_it_can_be_asked_of_another_instant(linus: Visitor, low: str) -> None:
    assert "VALID" in told(ask(linus, low, instant="2026-12-23 11:59"))
    page = told(ask(linus, low, instant="2026-12-23 12:00"))
    assert "EXPIRED: refused" in page
    assert "Asked at 23 Dec 2026 12:00 UTC" in page


def test_a_pending_token_is_asked_about_too(linus: Visitor, issue: Issue, cast: Cast) -> None:
    token_id = issue(scopes=(cast.high,), reason="Payday is on Friday").token_id
    assert "An administrator other than who asked for it" in told(ask(linus, token_id))


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"scopes": "invoice"}, "scopes", "resource:action"),
        ({"method": "GET"}, "path", "Write the path as well"),
        ({"path": "/api/invoices"}, "method", "Choose the method as well"),
        ({"method": "BREW", "path": "/"}, "method", "from the list"),
        ({"address": "1.2.3.4:80"}, "address", "plain IPv4 or IPv6"),
        ({"address": "10.0.0.0/8"}, "address", "plain IPv4 or IPv6"),
        ({"instant": "2026-02-30"}, "instant", "UTC date or time"),
    ],
)
def test_what_is_no_question_is_said_at_its_field_and_kept(
    linus: Visitor, low: str, typed: dict[str, str], field: str, sentence: str
) -> None:
    page = ask(linus, low, status=422, **typed)
    assert sentence in page.split(f'id="{field}-error"')[1].split("</p>")[0]
    assert 'id="tried"' not in page
    for name, value in typed.items():
        if name != "method":
            assert f'value="{value}"' in page.split(f'name="{name}"')[1].split(">")[0]


def test_a_key_that_is_typed_does_not_come_back(linus: Visitor, issue: Issue) -> None:
    issued = issue()
    assert issued.key not in ask(linus, issued.token_id, scopes=issued.key, status=422)


def test_htmx_gets_the_form_and_the_answer_only(linus: Visitor, low: str) -> None:
    answer = linus.client.get(f"/tokens/{low}/acl?scopes=invoice:read&asked_by=", headers=FRAGMENT)
    assert "VALID" in answer.text
    assert 'id="try"' in answer.text
    assert 'id="tabbed"' not in answer.text


def test_trying_counts_nothing_and_leaves_no_trace(linus: Visitor, low: str, house: House, app: Flask) -> None:
    used(house, low, house.token(low).current_key.id, "198.51.100.7")
    before = traces(app)
    for _ in range(3):
        ask(linus, low, scopes="invoice:read")
        ask(linus, low, scopes="payout:create")
    house.clock.advance(timedelta(seconds=2))
    assert traces(app) == before


def traces(app: Flask) -> list[int]:
    with app.app_context():
        return [db.session.scalar(select(func.count()).select_from(row)) or 0 for row in (AuditEventRow, UsageHourRow)]
