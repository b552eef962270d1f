"""The tabs of an application: who sees which, and what they hold."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from app.clock import FixedClock
from app.services.tokens.switch import revoke_token
from app.store.database import db
from app.store.queries import token_pages
from tests.cast import Cast
from tests.factories import actor
from tests.web.applications.conftest import Billing, Issue, Visit, Visitor

# A page: what it does to the database is tried on both in tests/services/applications.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TABS = ("", "/credentials", "/members", "/settings")


def current(page: str) -> str:
    found = re.search(r'aria-label="Application">(.*?)</nav>', page, re.DOTALL)
    assert found
    (label,) = re.findall(r'aria-current="page"[^>]*>(\w+)</a>', found.group(1))
    return str(label)


def counts(page: str) -> list[tuple[str, str]]:
    return re.findall(r'dot \w+"[^>]*>(\w+)</span> (\d)', page)


@pytest.mark.parametrize(
    ("who", "answers"),
    [
        ("linus", [200, 200, 200, 200]),
        ("margaret", [200, 200, 200, 403]),
        ("grace", [200, 200, 200, 200]),
        ("ada", [200, 200, 200, 200]),
        ("sam", [404, 404, 404, 404]),
    ],
)
def test_who_may_open_which(visit: Visit, cast: Cast, billing: Billing, who: str, answers: list[int]) -> None:
    visitor = visit(getattr(cast, who))

    assert [visitor.get(billing.page + tab).status_code for tab in TABS] == answers


@pytest.mark.parametrize("application_id", ["app_x", "app_" + "0" * 22, "app_%00" + "0" * 21, "tok_" + "0" * 22])
def test_what_is_not_there_is_not_found(visit: Visit, cast: Cast, application_id: str) -> None:
    visitor = visit(cast.ada)

    assert [visitor.get(f"/applications/{application_id}{tab}").status_code for tab in TABS] == [404] * 4


@pytest.mark.parametrize(
    ("tab", "label"),
    [("", "Overview"), ("/credentials", "Credentials"), ("/members", "Members"), ("/settings", "Settings")],
)
def test_each_tab_is_a_page_and_a_part_of_one(linus: Visitor, billing: Billing, tab: str, label: str) -> None:
    page = linus.get(billing.page + tab)
    part = linus.get(billing.page + tab, HX_Request="true", HX_Request_Type="partial")

    assert current(page.text) == current(part.text) == label
    assert "<html" in page.text
    assert "<html" not in part.text
    assert part.text.count('id="tabbed"') == 1


def test_a_member_is_not_offered_what_they_may_not_do(visit: Visit, cast: Cast, billing: Billing) -> None:
    margaret = visit(cast.margaret)

    assert "Settings" not in margaret.get(billing.page).text
    assert "Add member" not in margaret.get(billing.page + "/members").text
    assert "Issue token" in margaret.get(billing.page + "/credentials").text


def test_an_administrator_from_outside_is_not_offered_to_issue(visit: Visit, cast: Cast, billing: Billing) -> None:
    grace = visit(cast.grace)

    assert "Issue token" not in grace.get(billing.page).text
    assert "Issue token" not in grace.get(billing.page + "/credentials").text


def test_the_overview_tells_what_happened_and_counts_tokens(
    visit: Visit, cast: Cast, billing: Billing, issue: Issue, app: Flask, clock: FixedClock
) -> None:
    issue(name="Nightly", expires="1 week")
    issue(name="Payouts", scopes=(cast.high,), reason="Payday is on Friday")
    gone = issue(name="Leaked")
    with app.app_context():
        revoke_token(gone.token_id, "", actor(cast.linus, "Linus"), clock())

    page = visit(cast.linus).get(billing.page).text

    assert "Leaked: revoked" in page
    assert "Nightly: issued with invoice:read" in page
    assert "Application created" in page
    assert counts(page) == [("Pending", "1"), ("Active", "1"), ("Revoked", "1")]

    clock.advance(timedelta(days=7))
    page = visit(cast.linus).get(billing.page).text
    assert counts(page) == [("Expired", "1"), ("Rejected", "1"), ("Revoked", "1")]


def test_without_tokens_the_next_step_is_said(linus: Visitor, billing: Billing) -> None:
    for tab in ("", "/credentials"):
        page = linus.get(billing.page + tab).text
        assert "This application has no tokens yet." in page
        assert f'href="{billing.page}/credentials/new"' in page


def test_tokens_that_are_over_stay_listed(
    linus: Visitor, cast: Cast, billing: Billing, issue: Issue, app: Flask, clock: FixedClock
) -> None:
    live, gone = issue(name="Nightly"), issue(name="Leaked")
    with app.app_context():
        revoke_token(gone.token_id, "", actor(cast.linus, "Linus"), clock())

    page = linus.get(billing.page + "/credentials").text

    before, after = page.split("<details")
    assert f"/tokens/{live.token_id}" in before
    assert f"/tokens/{gone.token_id}" not in before
    assert f"/tokens/{gone.token_id}" in after
    assert live.key not in page


def test_a_list_that_grew_too_long_shows_the_live_ones_and_says_what_it_leaves_out(
    linus: Visitor,
    cast: Cast,
    billing: Billing,
    issue: Issue,
    app: Flask,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(token_pages, "PAGE", 2)
    oldest = issue(name="Nightly")
    gone = []
    for name in ("One", "Two", "Three"):
        clock.advance(timedelta(minutes=1))
        gone.append(issue(name=name).token_id)
        with app.app_context():
            revoke_token(gone[-1], "", actor(cast.linus, "Linus"), clock())

    page = linus.get(billing.page + "/credentials").text

    assert re.findall(r"/tokens/(tok_\w+)", page) == [oldest.token_id, gone[-1], gone[-2]]
    assert "Show 3 tokens that expired, were rejected or revoked" in page
    assert "These are the newest 2." in page
    onward = re.search(r'href="([^"]+)">Show all 3<', page)
    assert onward
    assert re.findall(r"/tokens/(tok_\w+)", linus.get(onward[1]).text) == [gone[-1], gone[-2]]


@pytest.mark.parametrize("tab", TABS)
def test_no_tab_asks_the_database_more_than_twelve_times(
    linus: Visitor, billing: Billing, issue: Issue, app: Flask, tab: str
) -> None:
    for number in range(5):
        issue(name=f"Token {number}")
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))

    assert linus.get(billing.page + tab).status_code == 200

    assert 0 < len([statement for statement in asked if statement.startswith("SELECT")]) <= 12
