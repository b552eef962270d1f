"""Who holds a scope, and whose risk rose since somebody agreed to it (SPEC 4)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, insert

from app.clock import FixedClock
from app.domain.identifiers import Kind, new_id, random_text
from app.domain.lifecycle import Status
from app.domain.risk import Risk
from app.services import approvals as decisions
from app.services.scopes.edit import ScopeForm, edit_scope
from app.services.tokens.edit import EditForm, edit_token
from app.services.tokens.issue import IssueForm, issue_token
from app.services.tokens.switch import revoke_token
from app.store.database import WRITES, db
from app.store.queries import approvals, scopes, tokens
from app.store.tables import TokenRow, TokenScope
from tests import factories
from tests.cast import Cast
from tests.factories import actor
from tests.web.approvals.conftest import SEES_ALL, Sit, sit

__all__ = ["sit"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WHY = "It stands in the plan for this week"
Issue = Callable[..., str]


@pytest.fixture
def issue(app: Flask, cast: Cast, clock: FixedClock) -> Issue:
    """A live token of Linus, approved where that is needed; its id."""

    def send(name: str, *names: str) -> str:
        form = IssueForm(cast.billing, random_text(22), name, "", names or (cast.low,), "1 month", "", WHY)
        with app.app_context():
            issued = issue_token(form, actor(cast.linus), clock())
            if issued.request_id:
                approve(issued.request_id, cast, clock())
        return issued.token_id

    return send


def approve(request_id: str, cast: Cast, now: datetime) -> None:
    view = approvals.find(db.session(), SEES_ALL, request_id, now)
    assert view is not None
    decisions.approve(view.id, view.fingerprint, "Agreed in the meeting", actor(cast.barbara), now)


def raise_risk(app: Flask, cast: Cast, name: str, risk: str, clock: FixedClock) -> None:
    with app.app_context():
        found = scopes.find(db.session(), name)
        assert found is not None
        permissions = "\n".join(found.scope.permissions)
        form = ScopeForm(risk, permissions=permissions, reason=WHY)
        edit_scope(name, str(found.version), form, actor(cast.grace), clock())


def test_the_page_of_a_scope_names_its_live_holders(
    app: Flask, cast: Cast, sit: Sit, issue: Issue, clock: FixedClock
) -> None:
    issue("nightly-report")
    issue("writer", cast.low, cast.medium)
    gone = issue("gone")
    with app.app_context():
        revoke_token(gone, "", actor(cast.linus), clock())

    page = sit(cast.grace).open(f"/scopes/{cast.low}")

    assert page.index(">nightly-report<") < page.index(">writer<")
    assert ">gone<" not in page
    assert ">writer<" not in sit(cast.grace).open(f"/scopes/{cast.high}")


@pytest.mark.parametrize(("who", "sees"), [("linus", True), ("margaret", True), ("sam", False), ("grace", True)])
def test_members_see_the_holders_of_their_applications(
    app: Flask, cast: Cast, sit: Sit, issue: Issue, clock: FixedClock, who: str, sees: bool
) -> None:
    issue("nightly-report")
    raise_risk(app, cast, cast.low, "high", clock)
    desk = sit(getattr(cast, who))
    assert (">nightly-report<" in desk.open(f"/scopes/{cast.low}")) is sees
    assert (">nightly-report<" in desk.open("/scopes/review")) is sees
    assert ("The risk of some tokens rose" in desk.open("/scopes")) is sees


def test_only_tokens_whose_own_risk_rose_are_listed_for_review(
    app: Flask, cast: Cast, sit: Sit, issue: Issue, clock: FixedClock
) -> None:
    issue("nightly-report")
    issue("high-anyway", cast.low, cast.high)
    assert "The risk of some tokens rose" not in sit(cast.grace).open("/scopes")

    raise_risk(app, cast, cast.low, "high", clock)
    issue("came-later")

    page = sit(cast.grace).open("/scopes/review")
    assert ">nightly-report<" in page
    assert ">high-anyway<" not in page
    assert ">came-later<" not in page


def test_who_loses_the_scope_or_is_approved_anew_needs_no_review(
    app: Flask, cast: Cast, sit: Sit, issue: Issue, clock: FixedClock
) -> None:
    tighter, approved = issue("tighter", cast.low, cast.medium), issue("approved", cast.medium)
    raise_risk(app, cast, cast.medium, "high", clock)
    grace = sit(cast.grace)
    assert grace.open("/scopes/review").count(">Rose<") == 2

    with app.app_context():
        for token_id, wanted in ((tighter, (cast.low,)), (approved, (cast.low, cast.medium))):
            found = tokens.find(db.session(), SEES_ALL, token_id, clock())
            assert found is not None
            form = EditForm(token_id, str(found.version), scopes=wanted, reason=WHY)
            edited = edit_token(form, actor(cast.linus), clock())
            if edited.request_id:
                approve(edited.request_id, cast, clock())

    assert ">Rose<" not in grace.open("/scopes/review")


def test_taking_another_scope_away_does_not_agree_to_what_rose(
    app: Flask, cast: Cast, sit: Sit, issue: Issue, clock: FixedClock
) -> None:
    token_id = issue("both", cast.low, cast.medium)
    raise_risk(app, cast, cast.low, "high", clock)
    with app.app_context():
        found = tokens.find(db.session(), SEES_ALL, token_id, clock())
        assert found is not None
        edit_token(EditForm(token_id, str(found.version), scopes=(cast.low,), reason=WHY), actor(cast.linus), clock())

    assert ">both<" in sit(cast.grace).open("/scopes/review")


def test_with_10_000_holders_a_page_is_few_queries_and_every_token_is_on_one_page(
    app: Flask, cast: Cast, sit: Sit, clock: FixedClock
) -> None:
    many(app, cast, 10_000, clock())
    grace = sit(cast.grace)
    with app.app_context():
        engine = db.engine
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    page = grace.open(f"/scopes/{cast.low}")

    assert len([one for one in asked if one.lstrip().startswith("SELECT")]) <= 12
    assert page.count(">Low<") >= 50
    first = page[page.index('id="holders"') :]
    older = first[first.index("?after=") : first.index('"', first.index("?after="))]
    second = grace.open(f"/scopes/{cast.low}{older}")
    assert ">batch-00049<" in page
    assert ">batch-00050<" not in page
    assert ">batch-00050<" in second


def test_behind_a_token_that_one_may_not_see_begins_at_the_top(
    app: Flask, cast: Cast, sit: Sit, issue: Issue, clock: FixedClock
) -> None:
    hidden = issue("middle")
    with app.app_context():
        # In the order of applications, Sam's stand on both sides of Billing.
        for name in ("Attic", "Cellar"):
            place = factories.make_application(name, cast.sam, clock())
            form = IssueForm(place, random_text(22), f"of-{name}", "", (cast.low,), "1 month", "", WHY)
            issue_token(form, actor(cast.sam), clock())

    def shown(who: str) -> set[str]:
        page = sit(who).open(f"/scopes/{cast.low}?after={hidden}")
        return {name for name in ("of-Attic", "middle", "of-Cellar") if f">{name}<" in page}

    assert shown(cast.sam) == {"of-Attic", "of-Cellar"}
    assert shown(cast.grace) == {"of-Cellar"}


def many(app: Flask, cast: Cast, count: int, now: datetime) -> None:
    """Rows written past the verbs, which would take minutes."""
    rows = [
        {
            "id": new_id(Kind.TOKEN),
            "application_id": cast.billing,
            "name": f"batch-{number:05}",
            "name_folded": f"batch-{number:05}",
            "description": "",
            "status": Status.ACTIVE,
            "agreed_risk": Risk.LOW,
            "created_at": now - timedelta(days=1),
            "created_by": cast.linus,
            "form_id": f"form-{number}",
            "disabled_by_administrator": False,
            "example": False,
            "version": 1,
        }
        for number in range(count)
    ]
    held = [{"token_id": row["id"], "scope_name": cast.low} for row in rows]
    with (
        app.app_context(),
        db.engine.connect().execution_options(**{WRITES: True}) as connection,
        connection.begin(),
    ):
        connection.execute(insert(TokenRow), rows)
        connection.execute(insert(TokenScope), held)
