"""Approving a request on its page (SPEC 7)."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.lifecycle import Status
from app.domain.restrictions import Typed
from app.domain.roles import Role
from app.services.tokens.issue import IssueForm, issue_token
from app.store.queries.approvals import TokenRequest
from tests import factories, people
from tests.cast import Cast
from tests.web.approvals.conftest import ELEVEN_MINUTES, Ask, Asked, Sit

# A page: what it does to the database is tried on both in tests/services/approvals.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

COMMENT = "Checked with finance"
Stored = Callable[[Asked], TokenRequest]
TokenStatus = Callable[[Asked], Status]


def test_another_administrator_makes_the_token_active_and_is_shown_the_outcome(
    cast: Cast, ask: Ask, sit: Sit, token_status: TokenStatus
) -> None:
    asked, grace = ask(), sit(cast.grace)

    answer = grace.decide(asked, "approve", COMMENT)

    assert answer.status_code == 303
    assert token_status(asked) is Status.ACTIVE
    outcome = grace.open(answer.location)
    assert "Approved" in outcome
    assert COMMENT in outcome
    assert "Approve</button>" not in outcome


def test_the_page_of_a_new_token_shows_what_restricts_it_and_that_nothing_does(
    app: Flask, cast: Cast, ask: Ask, sit: Sit, clock: FixedClock
) -> None:
    grace = sit(cast.grace)
    assert "None: it works from any address, at any hour and at any rate." in grace.open(ask().path)

    narrow = Typed(ip_whitelist="10.1.0.0/16, 192.0.2.7", rate_limit="30/minute", access_rules="GET /api/payouts/*")
    form = IssueForm(
        cast.billing, "a" * 22, "Narrow", "", (cast.high,), "1 month", "", "Payday is on Friday", restrictions=narrow
    )
    with app.app_context():
        issued = issue_token(form, factories.actor(cast.linus, "Linus"), clock())
    page = grace.open(f"/approvals/{issued.request_id}")

    for told in ("10.1.0.0/16", "192.0.2.7", "30 a minute", "GET /api/payouts/*"):
        assert told in page
    assert "None: it works" not in page


def test_high_without_a_comment_is_422_and_nothing_happens(
    cast: Cast, ask: Ask, sit: Sit, token_status: TokenStatus
) -> None:
    asked = ask()
    answer = sit(cast.grace).decide(asked, "approve")
    assert answer.status_code == 422
    assert "Write a comment" in answer.text
    assert token_status(asked) is Status.PENDING


def test_medium_needs_no_comment(cast: Cast, ask: Ask, sit: Sit, token_status: TokenStatus) -> None:
    asked = ask(scope=cast.medium)
    assert sit(cast.grace).decide(asked, "approve").status_code == 303
    assert token_status(asked) is Status.ACTIVE


def test_a_comment_that_holds_a_key_is_refused_and_kept(cast: Cast, ask: Ask, sit: Sit) -> None:
    key = "pst_" + "A" * 49
    answer = sit(cast.grace).decide(ask(), "approve", f"It is {key}")
    assert answer.status_code == 422
    assert "contains a key" in answer.text


def test_high_asks_for_a_password_typed_long_ago_and_keeps_the_comment(
    cast: Cast, ask: Ask, sit: Sit, clock: FixedClock, token_status: TokenStatus
) -> None:
    asked, grace = ask(), sit(cast.grace)
    clock.advance(ELEVEN_MINUTES)

    answer = grace.decide(asked, "approve", COMMENT)

    assert 'type="password"' in answer.text
    assert f'name="comment" value="{COMMENT}"' in answer.text
    assert token_status(asked) is Status.PENDING


def test_with_the_password_the_same_post_decides(
    app: Flask, ask: Ask, sit: Sit, clock: FixedClock, token_status: TokenStatus
) -> None:
    asked, vera = ask(), sit(people.add(app, "Vera", clock(), Role.ADMINISTRATOR))
    clock.advance(ELEVEN_MINUTES)
    wrong = vera.decide(asked, "approve", COMMENT, password_again="not this one at all")
    assert 'type="password"' in wrong.text
    assert token_status(asked) is Status.PENDING

    assert vera.decide(asked, "approve", COMMENT, password_again=people.PASSWORD).status_code == 303

    assert token_status(asked) is Status.ACTIVE


def test_medium_asks_for_no_password(
    cast: Cast, ask: Ask, sit: Sit, clock: FixedClock, token_status: TokenStatus
) -> None:
    asked, grace = ask(scope=cast.medium), sit(cast.grace)
    clock.advance(ELEVEN_MINUTES)
    assert grace.decide(asked, "approve").status_code == 303
    assert token_status(asked) is Status.ACTIVE


def test_rejecting_high_asks_for_no_password(cast: Cast, ask: Ask, sit: Sit, clock: FixedClock) -> None:
    asked, grace = ask(), sit(cast.grace)
    clock.advance(ELEVEN_MINUTES)
    assert grace.decide(asked, "reject", COMMENT).status_code == 303


def test_the_second_decider_is_told_who_decided_and_when_and_keeps_what_they_wrote(
    cast: Cast, ask: Ask, sit: Sit
) -> None:
    asked, grace, barbara = ask(), sit(cast.grace), sit(cast.barbara)
    shown = barbara.fields(asked.path)
    grace.decide(asked, "approve", COMMENT)

    answer = barbara.client.post(f"{asked.path}/reject", data={**shown, "comment": "Too much power"})

    assert answer.status_code == 409
    assert "already approved by Grace" in answer.text
    assert "23 Nov 2026 12:00 UTC" in answer.text
    assert "Too much power" in answer.text


def test_a_decision_is_one_event(cast: Cast, ask: Ask, sit: Sit) -> None:
    grace = sit(cast.grace)
    asked = ask()
    shown = grace.fields(asked.path) | {"comment": COMMENT}
    for _ in range(3):
        grace.client.post(f"{asked.path}/approve", data=shown)
    assert len(people.events(grace.client.application, "approval.approved")) == 1


def test_with_htmx_the_browser_is_sent_to_the_page_and_a_fault_is_swapped_in(cast: Cast, ask: Ask, sit: Sit) -> None:
    asked, grace = ask(), sit(cast.grace)
    htmx = {"HX-Request": "true", "HX-Request-Type": "partial"}
    fields = grace.fields(asked.path)

    fault = grace.client.post(f"{asked.path}/approve", data=fields, headers=htmx)
    assert fault.status_code == 422
    assert "<html" not in fault.text
    assert '<div id="request"' in fault.text

    done = grace.client.post(f"{asked.path}/approve", data={**fields, "comment": COMMENT}, headers=htmx)
    assert done.headers["HX-Redirect"] == asked.path


def test_opening_the_address_of_a_decision_decides_nothing(
    cast: Cast, ask: Ask, sit: Sit, token_status: TokenStatus
) -> None:
    asked = ask()
    for verb in ("approve", "reject", "cancel"):
        assert sit(cast.grace).client.get(f"{asked.path}/{verb}").status_code == 405
    assert token_status(asked) is Status.PENDING


def test_a_post_without_the_form_token_is_refused(
    cast: Cast, ask: Ask, sit: Sit, stored: Stored, token_status: TokenStatus
) -> None:
    asked = ask()
    fields = {"fingerprint": stored(asked).fingerprint, "comment": COMMENT}
    assert sit(cast.grace).client.post(f"{asked.path}/approve", data=fields).status_code == 400
    assert token_status(asked) is Status.PENDING
