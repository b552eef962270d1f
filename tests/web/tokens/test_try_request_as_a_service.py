"""Trying a request as a service: it is told only what it answers for, and people see only their own. SPEC 3."""

import pytest
from flask import Flask

from app.domain.checks import CHECKS
from app.domain.scopes import AnswersFor
from tests import factories
from tests.cast import Cast
from tests.web.tokens.conftest import House, Visit, Visitor
from tests.web.tokens.edits import low
from tests.web.tokens.test_try_request import ask, told

__all__ = ["low"]


@pytest.fixture
def gateway(app: Flask, house: House, cast: Cast) -> str:
    """A service of Linus that answers for payouts only."""
    with app.app_context():
        answers_for = AnswersFor(frozenset({"payout"}))
        return factories.make_application("Gateway", cast.linus, house.clock(), answers_for=answers_for)


def test_a_service_is_told_only_what_it_answers_for(linus: Visitor, low: str, gateway: str) -> None:
    form = linus.get(f"/tokens/{low}/acl").text
    assert f'value="{gateway}">Gateway</option>' in form
    assert "Billing</option>" not in form
    page = told(ask(linus, low, asked_by=gateway, scopes="invoice:read"))
    assert "UNKNOWN_TOKEN: refused" in page
    assert page.count("Skipped") == len(CHECKS) + 1
    assert "answers for none of the token's scopes" in page


def test_only_services_that_the_person_may_see_are_offered(visit: Visit, low: str, gateway: str, cast: Cast) -> None:
    margaret = visit(cast.margaret)
    assert "Gateway" not in margaret.get(f"/tokens/{low}/acl").text
    for unseen in (gateway, "app_" + "0" * 22, "nonsense"):
        assert "Choose a service from the list." in ask(margaret, low, asked_by=unseen, status=422)
    assert "UNKNOWN_TOKEN" in ask(visit(cast.grace), low, asked_by=gateway)
