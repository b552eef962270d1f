"""The two tables of the Approvals list, sorted by the heads of their columns (SPEC 14)."""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.approval import RequestStatus
from app.domain.risk import Risk
from app.domain.sorting import Sort
from app.services.policy import set_policy
from app.store.database import db
from app.store.queries import approvals
from app.store.queries.approvals import Page, RequestView, Wanted
from tests import factories
from tests.cast import Cast
from tests.web.approvals.conftest import SEES_ALL, Ask, Desk, Sit

WHY = "It stands in the plan for this week"
Key = Callable[[RequestView], Any]
COMMON: dict[str, Key] = {
    "what": lambda view: view.title.casefold(),
    "risk": lambda view: view.gravest_risk,
    "requester": lambda view: view.requester.lower(),
}


@pytest.fixture
def asked(app: Flask, cast: Cast, ask: Ask, sit: Sit, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests of two risks, of three people, some at one instant: half of them wait, the others ended in each way."""
    monkeypatch.setattr(approvals, "PAGE", 2)
    ask(name="lapses")
    clock.advance(timedelta(days=7))
    for name, verb in (("Banana", "approve"), ("apple", "reject"), ("APPLE two", "cancel")):
        one = ask(name=name, scope=cast.medium if verb == "reject" else None)
        sit(cast.linus if verb == "cancel" else cast.grace).decide(one, verb, "Agreed on the phone")
    for name, by in (("pear", cast.margaret), ("Plum", None), ("cherry", cast.margaret)):
        clock.advance(timedelta(minutes=0 if name == "Plum" else 1))
        ask(name=name, by=by, scope=cast.medium if name == "Plum" else None)
    with app.app_context():
        set_policy(Risk.MEDIUM, False, "1", WHY, factories.actor(cast.ada), clock())


def walked(page: Callable[..., Page]) -> Sequence[RequestView]:
    """The requests of every page, in the order of the pages."""
    seen, after = list[RequestView](), ""
    while True:
        found = page(after=after)
        seen += found.views
        if found.after is None:
            return seen
        assert len(found.views) == 2
        after = found.after


@pytest.mark.usefixtures("asked")
def test_every_request_is_on_one_page_in_order(app: Flask, clock: FixedClock) -> None:
    ranks = list(RequestStatus)
    over: dict[str, Key] = {
        "over": lambda view: view.decided_at or view.expires_at,
        "outcome": lambda view: ranks.index(view.status),
    }
    tables: Sequence[tuple[Callable[..., Page], int, Mapping[str, Key]]] = (
        (approvals.waiting, 4, {**COMMON, "asked": lambda view: view.created_at}),
        (approvals.decided, 4, COMMON | over),
    )
    with app.app_context():
        for read, count, keys in tables:
            for by, key in keys.items():
                for order in (Sort(by), Sort(by, descending=True)):
                    page = partial(read, db.session(), SEES_ALL, Wanted(), clock(), sort=order)
                    shown = walked(page)
                    assert len({view.id for view in shown}) == len(shown) == count, order
                    places = [key(view) for view in shown]
                    assert places == sorted(places, reverse=order.descending), order


def names(page: str) -> list[str]:
    return re.findall(r'href="/approvals/req_\w+">([^<]+)</a>', page)


def press(desk: Desk, page: str, head: str) -> str:
    link = re.search(rf'<a id="sort-{head}" href="([^"]+)"', page)
    assert link, head
    return desk.open(html.unescape(link[1]))


@pytest.mark.usefixtures("asked")
def test_a_press_on_a_head_sorts_and_another_turns(cast: Cast, sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approvals, "PAGE", 30)
    grace = sit(cast.grace)
    there = press(grace, grace.open("/approvals?show=pending&kind=issue"), "waiting-what")
    assert names(there) == ["cherry", "pear", "Plum"]
    assert 'aria-sort="ascending"><a id="sort-waiting-what"' in there
    assert names(press(grace, there, "waiting-what")) == ["Plum", "pear", "cherry"]
    both = press(grace, grace.open("/approvals"), "over-outcome")
    assert (len(names(both)), names(both)[4:]) == (8, ["Banana", "apple", "APPLE two", "lapses"])
    over = press(grace, grace.open("/approvals?show=decided"), "over-outcome")
    assert names(over) == ["Banana", "apple", "APPLE two", "lapses"]
    assert names(press(grace, over, "over-outcome")) == ["lapses", "APPLE two", "apple", "Banana"]


@pytest.mark.usefixtures("asked")
def test_the_address_keeps_the_order_when_the_list_is_narrowed_and_paged(cast: Cast, sit: Sit) -> None:
    grace = sit(cast.grace)
    page = grace.open("/approvals?sort=-risk&kind=issue")
    assert '<input type="hidden" name="sort" value="-risk">' in page
    for address in (
        "show=pending&amp;kind=issue&amp;sort=-risk",
        "show=decided&amp;kind=issue&amp;sort=-risk&amp;before=",
    ):
        assert f'href="/approvals?{address}' in page
    onward = re.search(r'href="([^"]+before=[^"]+)"[^>]*>Next page<', page)
    assert onward
    behind = grace.open(html.unescape(onward[1]))
    assert 'href="/approvals?show=decided&amp;kind=issue&amp;sort=-risk"' in behind
    assert set(names(page)) | set(names(behind)) >= {"Banana", "apple", "APPLE two", "lapses"}


@pytest.mark.usefixtures("asked")
def test_by_what_is_no_column_it_stands_in_its_own_order(cast: Cast, sit: Sit) -> None:
    grace = sit(cast.grace)
    for sort in ("password_hash", "-", "%00", "-nonsense"):
        assert names(grace.open(f"/approvals?sort={sort}")) == names(grace.open("/approvals"))
