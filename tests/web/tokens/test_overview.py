"""The Overview: what a token is, what to know about it, what happened to it. SPEC 5, 6, 11, 13."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from app.services.applications.switch import disable_application
from app.services.approvals import reject
from app.store.database import db, transaction
from app.store.tables import KeyUsageRow
from tests.cast import Cast
from tests.factories import actor
from tests.web.forms import as_read
from tests.web.tokens.conftest import REASON, House, Issue, Visit, Visitor

FRAGMENT = {"HX_Request": "true", "HX_Request_Type": "partial"}


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Collects what the database is asked meanwhile."""
    asked: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def used(house: House, token_id: str, key_id: str, address: str) -> None:
    """Have a key used just now."""
    with house.app.app_context(), transaction() as session:
        session.add(KeyUsageRow(key_id=key_id, token_id=token_id, used_at=house.clock(), address=address))


def test_it_answers_what_the_token_is(linus: Visitor, issue: Issue, house: House, cast: Cast) -> None:
    token_id = issue(description="Runs at 02:00", scopes=(cast.low,)).token_id
    page = linus.get(f"/tokens/{token_id}").text
    for piece in (
        "<h1>Nightly report</h1>",
        ">Active</span>",
        "Low risk",
        house.token(token_id).current_key.hint,
        token_id,
        "Runs at 02:00",
        f'href="/applications/{cast.billing}"',
        "23 Nov 2026 12:00 UTC",
        "23 Dec 2026 12:00 UTC",
        "in 30 days",
        "Not needed",
        "to Linus",
        "May invoice:read.",
    ):
        assert piece in page, piece


def test_it_says_when_from_where_and_with_which_key_it_was_last_used(
    linus: Visitor, issue: Issue, house: House
) -> None:
    token_id = issue().token_id
    assert "Last used: Never." in linus.get(f"/tokens/{token_id}").text
    old = house.token(token_id).current_key
    used(house, token_id, old.id, "198.51.100.7")
    house.clock.advance(timedelta(minutes=5))
    house.rotate(token_id)
    used(house, token_id, house.token(token_id).current_key.id, "2001:db8::1")
    house.clock.advance(timedelta(minutes=3))
    page = linus.get(f"/tokens/{token_id}").text
    facts = page.split("Last used</dt>")[1].split("</dd>")[0]
    assert "3 minutes ago" in facts
    assert "2001:db8::1" in facts
    assert house.token(token_id).current_key.hint in facts
    overlap = page.split('id="rotation"')[1].split("</table>")[0]
    assert overlap.index("2001:db8::1") < overlap.index("198.51.100.7")


def test_it_says_who_was_shown_each_live_key_and_who_approved(
    linus: Visitor, visit: Visit, issue: Issue, house: House, cast: Cast
) -> None:
    issued = issue(by=cast.margaret, scopes=(cast.high,), reason=REASON)
    house.approve(issued)
    house.rotate(issued.token_id)
    page = linus.get(f"/tokens/{issued.token_id}").text
    shown = page.split("Key shown to</dt>")[1].split("</dd>")[0]
    assert shown.index("to Linus") < shown.index("to Margaret")
    assert "Grace<br>" in page.split("Approved by</dt>")[1].split("</dd>")[0]


def test_who_approved_it_stays_who_approved_it(
    linus: Visitor, visit: Visit, issue: Issue, house: House, cast: Cast
) -> None:
    issued = issue(scopes=(cast.high,), reason=REASON)
    house.approve(issued)
    house.clock.advance(timedelta(minutes=1))
    visit(cast.ada).post(f"/tokens/{issued.token_id}/disable")
    visit(cast.barbara).post(f"/tokens/{issued.token_id}/enable", reason=REASON)
    house.approve(issued, by=cast.ada)
    page = linus.get(f"/tokens/{issued.token_id}").text
    assert ">Active</span>" in page
    assert "Grace<br>" in page.split("Approved by</dt>")[1].split("</dd>")[0]


def test_the_history_tells_in_sentences_what_was_done_the_newest_first(
    linus: Visitor, issue: Issue, house: House, cast: Cast
) -> None:
    issued = issue(scopes=(cast.high,), reason=REASON)
    house.approve(issued)
    house.rotate(issued.token_id, "24 hours")
    linus.post(f"/tokens/{issued.token_id}/disable", reason="Not today")
    history = as_read(linus.get(f"/tokens/{issued.token_id}").text).split('aria-label="Change history"')[1]
    hint = issued.hint
    told = [
        "Disabled",
        "“Not today”",
        f"Key rotated; {hint} verifies until 24 Nov 2026 12:00 UTC",
        "Approved; expires 23 Dec 2026 12:00 UTC",
        "“Looked at it”",
        "Asked for this token, with payout:create; expires 1 month after approval",
        f"“{REASON}”",
    ]
    places = [history.index(sentence) for sentence in told]
    assert places == sorted(places)


def test_a_pending_token_says_what_it_waits_for(linus: Visitor, issue: Issue, house: House, cast: Cast) -> None:
    token_id = issue(scopes=(cast.high,), reason=REASON).token_id
    page = linus.get(f"/tokens/{token_id}").text
    assert "Waiting for approval" in page
    assert f'href="/approvals/{house.request(token_id).id}"' in page
    assert f'action="/approvals/{house.request(token_id).id}/cancel"' in page
    assert "1 month after approval" in page
    assert 'commandfor="disable"' not in page


def test_a_lapsed_token_says_that_nobody_decided(linus: Visitor, issue: Issue, house: House, cast: Cast) -> None:
    token_id = issue(scopes=(cast.high,), reason=REASON).token_id
    house.clock.advance(timedelta(days=7))
    linus.sign_in_again()
    page = linus.get(f"/tokens/{token_id}").text
    assert "nobody decided within 7 days" in page
    assert ">Rejected</span>" in page


def test_a_rejected_token_says_who_and_why(linus: Visitor, issue: Issue, house: House, cast: Cast) -> None:
    token_id = issue(scopes=(cast.high,), reason=REASON).token_id
    request = house.request(token_id)
    with house.app.app_context():
        reject(request.id, request.fingerprint, "Use the report", actor(cast.grace, "Grace"), house.clock())
    assert "Grace rejected it" in linus.get(f"/tokens/{token_id}").text


@pytest.mark.parametrize(("days", "said"), [(16, False), (18, True)])
def test_an_end_that_is_near_is_said_above_all(
    linus: Visitor, issue: Issue, house: House, days: int, said: bool
) -> None:
    token_id = issue().token_id
    house.clock.advance(timedelta(days=days - 1, hours=1))
    linus.sign_in_again()
    assert ("Issue a similar token and move" in linus.get(f"/tokens/{token_id}").text) is said


def test_a_disabled_application_is_said(linus: Visitor, issue: Issue, house: House, cast: Cast) -> None:
    token_id = issue().token_id
    with house.app.app_context():
        disable_application(cast.billing, "", actor(cast.linus), house.clock())
    assert "APPLICATION_DISABLED" in linus.get(f"/tokens/{token_id}").text


def test_issue_similar_fills_in_the_form(linus: Visitor, issue: Issue, cast: Cast) -> None:
    typed = {"description": "Runs at 02:00", "scopes": (cast.low, cast.medium), "reason": REASON}
    token_id = issue(expires="custom", expires_on="2027-01-31", **typed).token_id
    address = f"/applications/{cast.billing}/credentials/new?like={token_id}"
    assert f'href="{address}"' in linus.get(f"/tokens/{token_id}").text
    form = linus.get(address).text
    assert "Runs at 02:00" in form
    assert 'value="2027-01-31"' in form
    assert form.count(" checked>") == 2
    assert REASON not in form
    assert "Nightly report" not in form


def test_a_similar_token_takes_over_the_name_of_a_dead_one(linus: Visitor, issue: Issue, cast: Cast) -> None:
    token_id = issue().token_id
    linus.post(f"/tokens/{token_id}/revoke")
    form = linus.get(f"/applications/{cast.billing}/credentials/new?like={token_id}").text
    assert 'value="Nightly report"' in form


def test_the_tab_comes_alone_where_htmx_asks(linus: Visitor, issue: Issue) -> None:
    answer = linus.get(f"/tokens/{issue().token_id}", **FRAGMENT)
    assert answer.text.startswith("<title>Nightly report · Postern</title>")
    assert "<html" not in answer.text
    assert 'aria-current="page"' in answer.text


@pytest.mark.parametrize(
    "token_id", ["tok_", "tok_" + "0" * 22, "tok_" + "0" * 21 + "%00", "app_" + "0" * 22, "%F0%9F%92%A9"]
)
def test_what_is_no_token_is_not_found(linus: Visitor, token_id: str) -> None:
    assert linus.get(f"/tokens/{token_id}").status_code == 404
    assert linus.post(f"/tokens/{token_id}/disable").status_code == 404


@pytest.mark.parametrize("waits", [True, False])
def test_it_takes_at_most_twelve_queries(
    visit: Visit, issue: Issue, house: House, app: Flask, cast: Cast, waits: bool
) -> None:
    issued, person = issue(scopes=(cast.high,), reason=REASON), visit(cast.ada)
    if not waits:
        house.approve(issued)
        visit(cast.grace).post(f"/tokens/{issued.token_id}/disable")
    with counted(app) as asked:
        person.get(f"/tokens/{issued.token_id}")
    assert 5 < len(asked) <= 12, "\n".join(asked)
