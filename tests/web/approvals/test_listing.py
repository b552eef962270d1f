"""The Approvals list: who sees what, in which order, and how it is narrowed (SPEC 7)."""

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from app.clock import FixedClock
from app.services.tokens.switch import disable_token, enable_token
from app.store.database import db
from app.store.queries import approvals
from tests import factories
from tests.cast import Cast
from tests.web.approvals.conftest import Ask, Sit

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def test_pending_stand_first_with_the_oldest_on_top(cast: Cast, ask: Ask, sit: Sit, clock: FixedClock) -> None:
    over = ask(name="over")
    sit(cast.grace).decide(over, "reject", "Not now")
    clock.advance(timedelta(hours=1))
    ask(name="older")
    clock.advance(timedelta(hours=1))
    ask(name="newer")

    page = sit(cast.grace).open("/approvals")

    assert page.index(">older<") < page.index(">newer<") < page.index(">over<")


def test_a_row_says_what_a_decider_sorts_by(cast: Cast, ask: Ask, sit: Sit, clock: FixedClock) -> None:
    asked = ask()
    clock.advance(timedelta(days=2))
    page = sit(cast.grace).open("/approvals")
    for text in ("payouts", "Billing", "High", "Linus", "Payday is on Friday", "2 days ago", "in 5 days"):
        assert text in page
    first_link = page[page.index(">payouts</a>") - 120 : page.index(">payouts</a>")]
    assert asked.path in first_link


@pytest.mark.parametrize(("who", "sees"), [("linus", True), ("margaret", True), ("sam", False), ("ada", True)])
def test_people_see_the_requests_of_their_applications_and_administrators_all(
    cast: Cast, ask: Ask, sit: Sit, who: str, sees: bool
) -> None:
    ask()
    assert (">payouts</a>" in sit(getattr(cast, who)).open("/approvals")) is sees


def test_it_is_narrowed_to_pending_decided_and_ones_own(cast: Cast, ask: Ask, sit: Sit) -> None:
    grace, linus = sit(cast.grace), sit(cast.linus)
    grace.decide(ask(name="decided-one"), "reject", "Not now")
    ask(name="waiting-one")
    ask(name="of-margaret", by=cast.margaret)

    def shown(show: str) -> set[str]:
        page = linus.open(f"/approvals?show={show}")
        return {name for name in ("decided-one", "waiting-one", "of-margaret") if f">{name}</a>" in page}

    assert shown("pending") == {"waiting-one", "of-margaret"}
    assert shown("decided") == {"decided-one"}
    assert shown("mine") == {"decided-one", "waiting-one"}
    assert shown("all") == shown("nonsense") == {"decided-one", "waiting-one", "of-margaret"}


def test_decided_requests_are_paged_and_none_is_missed_or_shown_twice(
    cast: Cast, ask: Ask, sit: Sit, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approvals, "PAGE", 2)
    grace = sit(cast.grace)
    for number in range(5):
        # Two of them at one instant: the order has to tell them apart.
        clock.advance(timedelta(minutes=number % 2))
        grace.decide(ask(name=f"number-{number}"), "reject", "Not now")

    seen, page = [], grace.open("/approvals")
    while True:
        seen.append(re.findall(r">(number-\d)</a>", page))
        onward = re.search(r'href="([^"]+)"[^>]*>Next page<', page)
        if onward is None:
            break
        page = grace.open(html.unescape(onward.group(1)))

    assert [len(names) for names in seen] == [2, 2, 1]
    assert sorted(name for names in seen for name in names) == [f"number-{number}" for number in range(5)]
    assert 'href="/approvals?show=decided"' in page


def test_a_page_behind_nothing_that_is_known_begins_at_the_top(cast: Cast, ask: Ask, sit: Sit) -> None:
    grace = sit(cast.grace)
    grace.decide(ask(), "reject", "Not now")
    asked = ask(name="waiting")
    for place in ("nonsense", asked.id, "~", "2026-11-23~x"):
        assert ">payouts</a>" in grace.open(f"/approvals?show=decided&before={place}")
        assert ">waiting</a>" in grace.open(f"/approvals?show=pending&after={place}")


def test_a_filter_is_an_address_that_htmx_swaps_in_place(cast: Cast, sit: Sit) -> None:
    answer = sit(cast.grace).client.get("/approvals?show=mine", headers=HTMX)
    assert answer.text.count('<div id="approvals"') == 1
    assert "<html" not in answer.text
    assert "You have no request waiting." in answer.text


def test_an_empty_list_says_so(cast: Cast, sit: Sit) -> None:
    page = sit(cast.grace).open("/approvals")
    assert "No requests are waiting." in page
    assert "Nothing has been decided yet." in page


def test_a_change_shows_before_and_after(app: Flask, cast: Cast, ask: Ask, sit: Sit, clock: FixedClock) -> None:
    asked, grace = ask(), sit(cast.grace)
    grace.decide(asked, "approve", "Checked with finance")
    clock.advance(timedelta(minutes=1))
    with app.app_context():
        disable_token(asked.token_id, "", factories.actor(cast.linus), clock())
        clock.advance(timedelta(minutes=31))
        change = enable_token(asked.token_id, "The incident is over", factories.actor(cast.linus), clock())
    grace = sit(cast.grace)

    assert "Status: disabled → active" in grace.open("/approvals?show=pending")
    page = grace.open(f"/approvals/{change.request_id}")
    assert "asks to enable this token again" in page
    assert "disabled</td>" in page
    assert "active</td>" in page


def test_names_and_reasons_are_shown_as_text(cast: Cast, ask: Ask, sit: Sit) -> None:
    asked = ask(name="<b>bold</b>")
    for path in ("/approvals", asked.path):
        page = sit(cast.grace).open(path)
        assert "<b>bold</b>" not in page
        assert "&lt;b&gt;bold&lt;/b&gt;" in page


def test_many_requests_cost_no_more_queries_than_one(app: Flask, cast: Cast, ask: Ask, sit: Sit) -> None:
    grace = sit(cast.grace)

    def queries() -> int:
        with app.app_context():
            engine = db.engine
        found: list[str] = []
        note = lambda connection, cursor, statement, *_: found.append(statement)  # noqa: E731
        event.listen(engine, "before_cursor_execute", note)
        grace.open("/approvals")
        event.remove(engine, "before_cursor_execute", note)
        return len(found)

    ask(name="first")
    for_one = queries()
    for number in range(5):
        ask(name=f"more-{number}")
    assert queries() == for_one <= 12
