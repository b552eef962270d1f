"""The Approvals list narrowed by risk: the one that its rows show (SPEC 7)."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.risk import Risk
from app.services.policy import set_policy
from app.services.scopes.edit import ScopeForm, edit_scope
from app.services.tokens.edit import EditForm, edit_token
from app.store.database import db
from app.store.queries import approvals, scopes, tokens
from tests import factories
from tests.cast import Cast
from tests.databases import on_both
from tests.web.approvals.conftest import SEES_ALL, Ask, Sit
from tests.web.approvals.test_narrow import titles

database_url = on_both
WHY = "It stands in the plan for this week"


@dataclass(frozen=True)
class Acts:
    """What people do so that requests wait or are over."""

    app: Flask
    cast: Cast
    clock: FixedClock

    def edit(self, token_id: str, **typed: object) -> None:
        with self.app.app_context():
            token = tokens.find(db.session(), SEES_ALL, token_id, self.clock())
            assert token is not None
            form = EditForm(token_id, str(token.version), reason=WHY, **typed)  # type: ignore[arg-type]
            edit_token(form, factories.actor(self.cast.linus), self.clock())

    def set_risk(self, name: str, risk: str) -> None:
        with self.app.app_context():
            found = scopes.find(db.session(), name)
            assert found is not None
            permissions = "\n".join(found.scope.permissions)
            form = ScopeForm(risk, permissions=permissions, reason=WHY)
            edit_scope(name, str(found.version), form, factories.actor(self.cast.grace), self.clock())

    def set_policy(self, risk: Risk, *, asks: bool) -> None:
        with self.app.app_context():
            set_policy(risk, asks, "1", WHY, factories.actor(self.cast.ada), self.clock())


@pytest.fixture
def every_kind(app: Flask, cast: Cast, ask: Ask, sit: Sit, clock: FixedClock) -> None:
    """Requests of every kind and risk, those that wait and those that are over."""
    acts, grace = Acts(app, cast, clock), sit(cast.grace)
    with app.app_context():
        factories.make_scope("risen:read", Risk.MEDIUM, clock())
        factories.make_scope("sunk:read", Risk.HIGH, clock())
    ask(name="asks High")
    ask(name="asks Medium", scope=cast.medium)
    grade = ask(name="asks Medium for High", scope=cast.medium)
    lower = ask(name="asks High for Medium")
    for asked in (grade, lower, ask(name="was High")):
        assert grace.decide(asked, "approve", WHY).status_code == 303
    assert grace.decide(ask(name="was refused", scope=cast.medium), "reject", WHY).status_code == 303
    clock.advance(timedelta(minutes=1))
    acts.edit(grade.token_id, scopes=(cast.high,))
    # Named like a scope, and holds none of that name.
    acts.edit(lower.token_id, scopes=(cast.medium,), name=cast.low, expires="never")
    ask(name="has risen", scope="risen:read")
    acts.set_risk("risen:read", "high")
    acts.set_risk("sunk:read", "low")
    acts.set_policy(Risk.MEDIUM, asks=False)
    acts.set_policy(Risk.LOW, asks=True)
    ask(name="asks Low", scope=cast.low)


@pytest.mark.usefixtures("every_kind")
def test_each_risk_finds_the_rows_that_show_it(app: Flask, cast: Cast, sit: Sit, clock: FixedClock) -> None:
    wanted = approvals.Wanted()
    with app.app_context():
        pages = [each(db.session(), SEES_ALL, wanted, clock()) for each in (approvals.waiting, approvals.decided)]
    shown = {(view.title, view.gravest_risk) for page in pages for view in page.views}
    assert len(shown) == 11
    assert {risk for _, risk in shown} == set(Risk)

    grace = sit(cast.grace)

    for risk in Risk:
        assert titles(grace, f"?risk={risk.word}") == {title for title, its in shown if its is risk}, risk
    assert titles(grace, "?risk=nonsense") == {title for title, _ in shown}


@pytest.mark.usefixtures("every_kind")
def test_it_holds_together_with_the_other_filters_and_stays_in_the_address(cast: Cast, sit: Sit) -> None:
    grace = sit(cast.grace)
    assert titles(grace, "?risk=high&kind=governance") == {"sunk:read"}
    assert titles(grace, "?risk=high&show=pending&about=risen") == {"has risen"}
    page = grace.open("/approvals?risk=high&show=pending")
    assert 'href="/approvals?show=decided&amp;risk=high"' in page
    assert '<option selected value="high">High</option>' in page


@pytest.mark.usefixtures("every_kind")
def test_a_policy_that_waits_has_the_risk_it_is_about(cast: Cast, sit: Sit) -> None:
    assert titles(sit(cast.grace), "?risk=medium&kind=governance") == {"Approval at Medium risk"}
