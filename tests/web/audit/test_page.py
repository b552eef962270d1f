"""Opening the audit log: who may, and what it says of each event (SPEC 11, TRAPS E1)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as hooks

from app.clock import FixedClock
from app.store.database import db, transaction
from app.store.tables import SignInFailureRow
from tests.cast import Cast
from tests.web.audit.conftest import HTMX, Desk, Issue, Sit


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("who", ["linus", "margaret", "sam"])
def test_members_get_neither_the_page_nor_its_fragment(cast: Cast, sit: Sit, who: str, headers: dict[str, str]) -> None:
    answer = sit(getattr(cast, who)).client.get("/audit", headers=headers)
    assert answer.status_code == 403
    assert "event-" not in answer.text


def test_nobody_is_led_to_the_sign_in_page(client: FlaskClient) -> None:
    answer = client.get("/audit")
    assert answer.status_code == 303
    assert answer.location.startswith("/login?next=")


@pytest.mark.parametrize(("who", "led"), [("linus", False), ("grace", True), ("ada", True)])
def test_only_those_who_may_are_led_there(cast: Cast, sit: Sit, who: str, led: bool) -> None:
    assert ('href="/audit"' in sit(getattr(cast, who)).open("/")) is led


def test_an_event_is_shown_whole(cast: Cast, grace: Desk, issue: Issue, disable: Callable[[str, str], None]) -> None:
    token_id = issue()
    disable(token_id, "The laptop was stolen")
    page = grace.open()
    row = page[page.index('<tr id="event-') :]
    row = row[: row.index("</tr>")]
    for text in (
        *("Margaret", "Disabled the token", ">Nightly report</a>", f'href="/tokens/{token_id}"', "token.disabled"),
        *("The laptop was stolen", "status: active → disabled", "192.0.2.1", "tests", "test-request"),
        "23 Nov 2026 12:00 UTC",
    ):
        assert text in row


def test_the_newest_stands_first(grace: Desk, issue: Issue) -> None:
    issue()
    shown = grace.shown()
    assert len(shown) > 5
    assert shown == sorted(shown, reverse=True)


def test_what_people_typed_is_shown_as_text(grace: Desk, issue: Issue) -> None:
    issue("<b>bold</b>")
    page = grace.open()
    assert "<b>bold</b>" not in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page


def test_htmx_gets_the_log_without_the_page(grace: Desk) -> None:
    answer = grace.client.get("/audit", headers=HTMX)
    assert answer.text.count('<div id="audit"') == 1
    assert "<html" not in answer.text


def test_many_events_cost_no_more_queries_than_few(app: Flask, grace: Desk, issue: Issue) -> None:
    with app.app_context():
        engine = db.engine
    found: list[str] = []
    hooks.listen(engine, "before_cursor_execute", lambda connection, cursor, statement, *_: found.append(statement))
    grace.open()
    few = len(found)
    for number in range(5):
        issue(f"number {number}")
    found.clear()
    grace.open()
    assert len(found) == few <= 12


def test_failed_sign_ins_are_in_the_log_before_it_is_shown(
    cast: Cast, grace: Desk, app: Flask, clock: FixedClock
) -> None:
    with app.app_context(), transaction() as session:
        row = SignInFailureRow(account_id=cast.linus, address="192.0.2.66", count=7)
        row.minute = clock() - timedelta(minutes=5)
        session.add(row)

    assert "192.0.2.66" in grace.open()
