"""The Approvals list narrowed by its address, and paged among those that wait (SPEC 7)."""

import html
import re
from datetime import timedelta

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.risk import Risk
from app.services.policy import set_policy
from app.services.scopes.edit import ScopeForm, edit_scope
from app.store.queries import approvals
from tests import factories, people
from tests.cast import Cast
from tests.web.approvals.conftest import Ask, Desk, Sit

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WHY = "It stands in the plan for this week"
LINK = re.compile(r'href="/approvals/req_\w+">([^<]+)</a>')


@pytest.fixture
def rules(app: Flask, cast: Cast, clock: FixedClock) -> None:
    """Ada asks to relax the policy, Grace to lower a scope's risk."""
    with app.app_context():
        set_policy(Risk.MEDIUM, False, "1", WHY, factories.actor(cast.ada), clock())
        form = ScopeForm("low", permissions="POST /api/payouts", reason=WHY)
        edit_scope(cast.high, "1", form, factories.actor(cast.grace), clock())


def titles(desk: Desk, query: str) -> set[str]:
    return set(LINK.findall(desk.open(f"/approvals{query}")))


POLICY = "Approval at Medium risk"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"payouts", "reports", POLICY, "payout:create"}),
        ("?kind=issue", {"payouts", "reports"}),
        ("?kind=governance", {POLICY, "payout:create"}),
        ("?kind=change", set()),
        ("?kind=nonsense", {"payouts", "reports", POLICY, "payout:create"}),
        ("?about=PAYOUT", {"payouts", "payout:create"}),
        ("?about=billing", {"payouts", "reports"}),
        ("?about=%25", set()),
        ("?about=%00", set()),
        ("?requester=mar", {"reports"}),
        ("?requester=linus&about=rep", set()),
        ("?show=mine", {"payout:create"}),
        ("?show=pending&kind=governance&requester=Ada", {POLICY}),
    ],
)
@pytest.mark.usefixtures("rules")
def test_it_is_narrowed_by_kind_name_and_requester(cast: Cast, ask: Ask, sit: Sit, query: str, found: set[str]) -> None:
    ask()
    ask(name="reports", by=cast.margaret)
    assert titles(sit(cast.grace), query) == found


@pytest.mark.usefixtures("rules")
def test_members_see_nothing_of_the_rules(cast: Cast, ask: Ask, sit: Sit) -> None:
    ask()
    assert titles(sit(cast.linus), "") == {"payouts"}


@pytest.mark.usefixtures("rules")
def test_the_badge_counts_the_rules_that_one_could_decide(cast: Cast, sit: Sit) -> None:
    assert '1<span class="sr-only"> waiting</span>' in sit(cast.grace).open("/")
    assert '2<span class="sr-only"> waiting</span>' in sit(cast.barbara).open("/")
    assert '<span class="sr-only"> waiting</span>' not in sit(cast.linus).open("/")


@pytest.mark.parametrize("show", ["all", "pending", "mine"])
def test_those_that_wait_are_paged_and_none_is_missed_or_shown_twice(
    cast: Cast, ask: Ask, sit: Sit, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, show: str
) -> None:
    monkeypatch.setattr(approvals, "PAGE", 2)
    for number in range(5):
        # Two of them at one instant: the order has to tell them apart.
        clock.advance(timedelta(minutes=number % 2))
        ask(name=f"number-{number}")
    linus, seen, path = sit(cast.linus), list[list[str]](), f"/approvals?show={show}&kind=issue"

    while path:
        page = linus.open(path)
        seen.append(re.findall(r">(number-\d)</a>", page))
        onward = re.search(r'href="([^"]+)"[^>]*>Next page<', page)
        path = html.unescape(onward[1]) if onward else ""

    assert [len(names) for names in seen] == [2, 2, 1]
    assert sorted(name for names in seen for name in names) == [f"number-{number}" for number in range(5)]


@pytest.mark.usefixtures("rules")
def test_where_nobody_else_could_relax_the_policy_the_page_names_the_way_on_the_host(
    app: Flask, cast: Cast, sit: Sit, clock: FixedClock
) -> None:
    for administrator in (cast.grace, cast.barbara):
        people.deactivate(app, administrator, clock())
    ada = sit(cast.ada)
    found = re.search(r'href="(/approvals/req_\w+)">Approval at', ada.open("/approvals"))
    assert found
    assert "flask policy set" in ada.open(found[1])
