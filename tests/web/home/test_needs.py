"""What Home says needs somebody: only of their own applications, what cannot wait first, and never more than fits."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.attention import UNUSED_AFTER
from app.domain.scopes import TOKEN_VERIFY
from app.services.emergency import activate_emergency_access
from app.store.database import Base, transaction
from app.store.tables import KeyUsageRow, UsageHourRow
from app.web.home.needs import SHOWN
from tests.cast import Cast
from tests.factories import actor
from tests.web.tokens.conftest import REASON, House, Issue, Visit, Visitor, house, issue, visit
from tests.web.tokens.test_overview import counted

__all__ = ["house", "issue", "visit"]
Store = Callable[..., None]


@pytest.fixture
def store(app: Flask) -> Store:
    def add(*rows: Base) -> None:
        with app.app_context(), transaction() as session:
            session.add_all(rows)

    return add


def refusals(token_id: str, at: datetime, code: str, count: int) -> UsageHourRow:
    return UsageHourRow(token_id=token_id, hour=at, code=code, count=count)


def needs(visitor: Visitor, kind: str, query: str = "") -> str:
    """The lines of one kind; empty where there are none."""
    page = visitor.get(f"/{query}").text
    return page.split(f'<tbody id="{kind}">')[1].split("</tbody>")[0] if f'<tbody id="{kind}">' in page else ""


def test_refusals_that_rose_are_told_with_what_was_usual(
    visit: Visit, cast: Cast, issue: Issue, store: Store, clock: FixedClock
) -> None:
    risen, usual, accepted = issue(name="Risen"), issue(name="Usual"), issue(name="Accepted")
    store(
        refusals(risen.token_id, clock(), "ACCESS_DENIED", 1200),
        refusals(risen.token_id, clock() - timedelta(days=2), "ACCESS_DENIED", 14),
        refusals(risen.token_id, clock() - timedelta(days=9), "ACCESS_DENIED", 90_000),
        refusals(usual.token_id, clock(), "ACCESS_DENIED", 20),
        refusals(usual.token_id, clock() - timedelta(days=3), "ACCESS_DENIED", 140),
        refusals(accepted.token_id, clock(), "VALID", 5000),
    )

    told = needs(visit(cast.linus), "rose")

    assert "was refused 1,200 times in the last 24 hours, 2 a day before" in told
    assert usual.token_id not in told
    assert accepted.token_id not in told
    assert needs(visit(cast.margaret), "rose") == told
    assert needs(visit(cast.ada), "rose") == ""


def test_a_key_that_was_rotated_away_and_is_still_used_is_told_for_a_week(
    visit: Visit, cast: Cast, issue: Issue, store: Store, clock: FixedClock
) -> None:
    token_id = issue().token_id
    store(refusals(token_id, clock(), "ROTATED", 3))
    linus = visit(cast.linus)
    assert "was tried 3 times in 7 days with a key that was rotated away" in needs(linus, "retired")
    assert needs(linus, "rose") == ""

    clock.advance(timedelta(days=7))
    linus.sign_in_again()
    assert needs(linus, "retired") == ""


def test_tokens_that_end_are_told_and_a_callers_first(
    visit: Visit, cast: Cast, issue: Issue, house: House, clock: FixedClock
) -> None:
    soon, caller = issue(name="Soon", expires="1 week"), issue(name="Caller", scopes=(TOKEN_VERIFY,), reason=REASON)
    house.approve(caller)
    later = issue(name="Later", expires="3 months")

    told = needs(visit(cast.linus), "ending")

    assert told.index(caller.token_id) < told.index(soon.token_id)
    assert "every verification of its service" in told
    assert later.token_id not in told


def test_tokens_that_nobody_used_for_90_days_are_told(
    visit: Visit, cast: Cast, issue: Issue, store: Store, house: House, clock: FixedClock
) -> None:
    never, once, lately = (issue(name=name, expires="1 year") for name in ("Never", "Once", "Lately"))
    linus = visit(cast.linus)
    for issued, passed in ((once, timedelta(days=1)), (lately, UNUSED_AFTER)):
        key_id = house.token(issued.token_id).current_key.id
        store(KeyUsageRow(key_id=key_id, token_id=issued.token_id, used_at=clock() + passed))
    assert needs(linus, "unused") == ""

    clock.advance(UNUSED_AFTER + timedelta(days=2))
    young = issue(name="Young")
    linus.sign_in_again()
    told = needs(linus, "unused")

    assert told.index(never.token_id) < told.index(once.token_id)
    assert "was never used" in told
    assert lately.token_id not in told
    assert young.token_id not in told


def test_emergency_access_stands_above_all(
    visit: Visit, cast: Cast, issue: Issue, app: Flask, clock: FixedClock
) -> None:
    token_id = issue(expires="1 week").token_id
    with app.app_context():
        activate_emergency_access(token_id, "2", REASON, actor(cast.ada), clock())

    page = visit(cast.margaret).get("/").text

    assert page.index('id="emergency"') < page.index('id="ending"')


@pytest.mark.parametrize(("who", "told"), [("grace", True), ("ada", True), ("linus", True), ("sam", False)])
def test_administrators_are_told_of_every_emergency_access(
    visit: Visit, cast: Cast, issue: Issue, app: Flask, clock: FixedClock, who: str, told: bool
) -> None:
    token_id = issue().token_id
    with app.app_context():
        activate_emergency_access(token_id, "2", REASON, actor(cast.ada), clock())

    assert (token_id in needs(visit(getattr(cast, who)), "emergency")) is told


def test_a_long_list_is_cut_and_its_rest_is_one_press_away(visit: Visit, cast: Cast, issue: Issue) -> None:
    for number in range(SHOWN + 1):
        issue(name=f"Soon {number}", expires="1 week")
    linus = visit(cast.linus)

    assert needs(linus, "ending").count("stops working") == SHOWN
    assert 'href="/?show=ending#ending"' in needs(linus, "ending")
    whole = needs(linus, "ending", "?show=ending")
    assert whole.count("stops working") == SHOWN + 1
    assert "Show more" not in whole


def test_nothing_to_do_is_said(visit: Visit, cast: Cast, issue: Issue) -> None:
    issue(expires="1 year")

    assert "Nothing needs you now" in visit(cast.linus).get("/").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_takes_at_most_twelve_queries(visit: Visit, cast: Cast, issue: Issue, app: Flask) -> None:
    issue(scopes=(cast.high,), reason=REASON)
    ada = visit(cast.ada)

    with counted(app) as asked:
        ada.get("/")

    assert 5 < len(asked) <= 12, "\n".join(asked)


def test_of_many_requests_the_oldest_are_shown_and_all_are_counted(
    visit: Visit, cast: Cast, issue: Issue, clock: FixedClock
) -> None:
    asked = []
    for number in range(SHOWN + 2):
        asked.append(issue(name=f"Payouts {number}", scopes=(cast.high,), reason=REASON).request_id)
        clock.advance(timedelta(minutes=1))

    to_decide, own = needs(visit(cast.grace), "decide"), needs(visit(cast.linus), "asked")

    for told in (to_decide, own):
        assert [f"{request_id}" in told for request_id in asked] == [True] * SHOWN + [False] * 2
        assert f'<span class="muted">{SHOWN + 2}</span> <a href="/approvals">' in told
    assert needs(visit(cast.grace), "asked") == needs(visit(cast.linus), "decide") == ""
