"""Narrowing the log down: each filter stands in the address (SPEC 11, TRAPS E5)."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask

from app.clock import FixedClock
from tests import factories, people
from tests.cast import Cast
from tests.web.audit.conftest import HTMX, Desk, Issue


def test_by_action(app: Flask, grace: Desk, issue: Issue) -> None:
    issue("one")
    issue("two")
    wanted = [row.sequence for row in people.events(app, "token.issued")]
    assert grace.shown("/audit?action=token.issued") == wanted[::-1]


@pytest.mark.parametrize("typed", ["{cast.linus}", "Linus"])
def test_by_actor_with_id_or_name(app: Flask, cast: Cast, grace: Desk, issue: Issue, typed: str) -> None:
    issue()
    wanted = [row.sequence for row in people.events(app) if row.actor_id == cast.linus]
    assert wanted
    assert grace.shown("/audit?" + urlencode({"actor": typed.format(cast=cast)})) == wanted[::-1]


def test_by_actor_with_an_email(app: Flask, cast: Cast, grace: Desk, issue: Issue) -> None:
    issue()
    wanted = [row.sequence for row in people.events(app) if row.actor_id == cast.linus]
    assert grace.shown("/audit?actor=LINUS%40example.com") == wanted


def test_by_the_name_of_who_has_no_id(app: Flask, grace: Desk) -> None:
    wanted = [row.sequence for row in people.events(app) if row.actor_name == "the test"]
    assert grace.shown("/audit?actor=the+test") == wanted[::-1]


@pytest.mark.parametrize("typed", ["{id}", "billing"])
def test_by_application_with_id_or_name(app: Flask, cast: Cast, grace: Desk, issue: Issue, typed: str) -> None:
    issue()
    wanted = [row.sequence for row in people.events(app) if row.application_id == cast.billing]
    assert len(wanted) == 2
    assert grace.shown("/audit?application=" + typed.format(id=cast.billing)) == wanted[::-1]


@pytest.mark.parametrize("typed", ["{id}", "NIGHTLY report"])
def test_by_token_with_id_or_name(
    app: Flask, grace: Desk, issue: Issue, disable: Callable[[str, str], None], typed: str
) -> None:
    token_id = issue()
    issue("another")
    disable(token_id, "")
    wanted = [row.sequence for row in people.events(app) if row.token_id == token_id]
    assert len(wanted) == 2
    assert grace.shown("/audit?" + urlencode({"token": typed.format(id=token_id)})) == wanted[::-1]


def test_a_name_that_several_tokens_have_is_asked_for_by_id(
    app: Flask, cast: Cast, grace: Desk, issue: Issue, clock: FixedClock
) -> None:
    with app.app_context():
        other = factories.make_application("Other", cast.linus, clock())
    in_billing = issue("same")
    issue("same", application=other)
    answer = grace.client.get("/audit?token=same")
    assert answer.status_code == 422
    assert "Several tokens have this name" in answer.text
    assert grace.shown("/audit?token=same&application=Billing") == grace.shown(f"/audit?token={in_billing}")


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("", "", {0, 1, 2}),
        ("2026-11-24", "", {1, 2}),
        ("", "2026-11-24", {0, 1}),
        ("2026-11-24", "2026-11-24", {1}),
        ("2026-11-24 12:00", "2026-11-25T12:00", {1, 2}),
        ("2026-11-24 12:01", "2026-11-25 11:59", set()),
        ("2026-11-24 12:00:00", "2026-11-24 12:00:00 UTC", {1}),
    ],
)
def test_by_time_with_both_ends_included(
    grace: Desk, issue: Issue, clock: FixedClock, since: str, until: str, days: set[int]
) -> None:
    for number in range(3):
        issue(f"day {number}")
        clock.advance(timedelta(days=1))
    clock.advance(timedelta(days=-3))
    page = grace.open("/audit?" + urlencode({"action": "token.issued", "since": since, "until": until}))
    assert {number for number in range(3) if f">day {number}</a>" in page} == days


def test_filters_hold_together(cast: Cast, grace: Desk, issue: Issue) -> None:
    issue()
    assert len(grace.shown("/audit?actor=Linus&action=token.issued&application=Billing&since=2026-11-23")) == 1
    assert grace.shown("/audit?actor=Grace&action=token.issued") == []


def test_what_fits_nothing_says_so_and_leads_back(grace: Desk) -> None:
    page = grace.open("/audit?actor=Nobody")
    assert "No event fits all of this." in page
    assert 'href="/audit"' in page
    assert "Export CSV" not in page


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("since", "yesterday", "Write a UTC date or time"),
        ("since", "2026-02-30", "Write a UTC date or time"),
        ("since", "0000-01-01", "Write a UTC date or time"),
        ("since", "２０２６-11-23", "Write a UTC date or time"),
        ("until", "9999-12-31", "Write a UTC date or time"),
        ("action", "token.eaten", "Choose an action"),
        ("action", "password_hash", "Choose an action"),
        ("actor", "nobody@example.com", "Nobody here has this email"),
        ("actor", "\x00", "invisible character"),
        ("actor", "\ud800@", "Nobody here has this email"),
        ("actor", "x" * 10_000, "at most 100 characters"),
        ("actor", "pst_" + "0" * 49, "contains a key"),
        ("application", "no such thing", "No application has this name"),
        ("application", "app_\x00", "invisible character"),
        ("token", "' OR 1=1 --", "No token has this name"),
        ("before", "-1", "names no page"),
        ("before", "0", "names no page"),
        ("before", "abc", "names no page"),
        ("before", "9" * 30, "names no page"),
        ("before", "1000000000000", "no such event"),
        ("after", "１", "names no page"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_is_no_filter_is_said(grace: Desk, field: str, typed: str, sentence: str, headers: dict[str, str]) -> None:
    address = "/audit?" + urlencode({field: typed}, errors="surrogatepass")
    answer = grace.client.get(address, headers=headers)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "event-" not in answer.text


def test_an_end_before_the_start_is_said(grace: Desk) -> None:
    answer = grace.client.get("/audit?since=2026-11-24&until=2026-11-23")
    assert answer.status_code == 422
    assert "lies before From" in answer.text


def test_what_is_no_field_is_ignored(grace: Desk) -> None:
    assert grace.shown("/audit?limit=1000000000&sort=password_hash&page=-1") == grace.shown()
