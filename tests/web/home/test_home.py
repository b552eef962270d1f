"""The first page."""

from datetime import timedelta

import pytest
from flask import Flask

from app.clock import FixedClock
from app.services.tokens.switch import disable_token
from tests import factories
from tests.cast import Cast
from tests.factories import actor
from tests.web.tokens.conftest import Issue, Visit, issue, visit

__all__ = ["issue", "visit"]
REASON = "Payday is on Friday"


def test_a_newcomer_is_told_the_next_step(visit: Visit, cast: Cast) -> None:
    page = visit(cast.sam).get("/").text

    assert "Start here" in page
    assert 'href="/applications/new"' in page
    assert "Billing" not in page


def test_with_an_application_the_next_step_is_its_first_token(visit: Visit, cast: Cast) -> None:
    page = visit(cast.linus).get("/").text

    assert "Next: open one and issue its first token." in page
    assert f'href="/applications/{cast.billing}/credentials"' in page


@pytest.mark.parametrize("who", ["linus", "margaret"])
def test_it_lists_what_the_person_works_on(visit: Visit, cast: Cast, issue: Issue, who: str) -> None:
    issue()

    page = visit(getattr(cast, who)).get("/").text

    assert f'href="/applications/{cast.billing}"' in page
    assert "Next:" not in page


def test_an_administrator_is_not_shown_other_peoples_applications_as_theirs(visit: Visit, cast: Cast) -> None:
    assert "Billing" not in visit(cast.grace).get("/").text


def test_deciders_see_what_waits_for_them(visit: Visit, cast: Cast, issue: Issue) -> None:
    asked = issue(name="Payouts", scopes=(cast.high,), reason=REASON)

    page = visit(cast.grace).get("/").text

    assert "Waiting for you" in page
    assert f'href="/approvals/{asked.request_id}"' in page


def test_a_requester_sees_that_they_wait_and_is_not_asked_to_decide(
    app: Flask, visit: Visit, cast: Cast, issue: Issue, clock: FixedClock
) -> None:
    with app.app_context():
        shop = factories.make_application("Shop", cast.grace, clock())
    issue(by=cast.grace, application_id=shop, name="Payouts", scopes=(cast.high,), reason=REASON)

    page = visit(cast.grace).get("/").text

    assert "Waiting for you" not in page
    assert "Your requests" in page


def test_members_are_not_asked_to_decide(visit: Visit, cast: Cast, issue: Issue) -> None:
    issue(name="Payouts", scopes=(cast.high,), reason=REASON)

    assert "Waiting for you" not in visit(cast.margaret).get("/").text


def test_tokens_that_end_soon_are_named(app: Flask, visit: Visit, cast: Cast, issue: Issue, clock: FixedClock) -> None:
    soon, later, off = (
        issue(name="Soon", expires="1 week"),
        issue(name="Later", expires="3 months"),
        issue(name="Off", expires="1 week"),
    )
    with app.app_context():
        disable_token(off.token_id, "", actor(cast.linus), clock())

    page = visit(cast.linus).get("/").text
    assert f"/tokens/{soon.token_id}" in page
    assert f"/tokens/{later.token_id}" not in page
    assert f"/tokens/{off.token_id}" not in page
    assert f"/tokens/{soon.token_id}" not in visit(cast.grace).get("/").text

    clock.advance(timedelta(days=7))
    assert f"/tokens/{soon.token_id}" not in visit(cast.linus).get("/").text
