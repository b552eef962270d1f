"""The catalogue searched, narrowed, sorted and paged by its address."""

import re

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.risk import Risk
from app.store.queries import catalogue_pages
from tests import factories
from tests.cast import Cast
from tests.web.approvals.conftest import Desk, Sit, sit

__all__ = ["sit"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def names(desk: Desk, query: str) -> list[str]:
    return re.findall(r'class="scope-name" href="/scopes/([^"]+)"', desk.open(f"/scopes{query}"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=invoice", ["invoice:read", "invoice:write"]),
        ("?q=INVOICE&risk=low", ["invoice:read"]),
        ("?q=%25", []),
        ("?risk=high", ["payout:create"]),
        ("?given=retired", []),
        ("?risk=grave&given=x&sort=y", ["invoice:read", "invoice:write", "payout:create", "token:verify"]),
        ("?sort=risk", ["payout:create", "invoice:write", "token:verify", "invoice:read"]),
        ("?q=%00", []),
    ],
)
def test_it_is_narrowed_and_sorted(cast: Cast, sit: Sit, query: str, found: list[str]) -> None:
    assert names(sit(cast.sam), query) == found


@pytest.mark.parametrize("sort", ["", "risk"])
def test_every_scope_is_on_exactly_one_page(
    app: Flask, cast: Cast, sit: Sit, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr(catalogue_pages, "PAGE", 3)
    with app.app_context():
        for number in range(7):
            factories.make_scope(f"shop{number}:read", Risk(number % 3 + 1), clock())
    sam, query, seen = sit(cast.sam), f"?sort={sort}", list[str]()
    while query:
        seen += names(sam, query)
        onward = re.search(r'href="/scopes(\?[^"]*after=[^"]+)"', sam.open(f"/scopes{query}"))
        query = onward[1].replace("&amp;", "&") if onward else ""
    assert len(seen) == 11
    assert len(set(seen)) == 11


@pytest.mark.parametrize("after", ["x", "%00", "shop:read", "a" * 3000])
def test_a_cursor_that_is_none_is_no_failure(cast: Cast, sit: Sit, after: str) -> None:
    sit(cast.sam).open(f"/scopes?after={after}")
    sit(cast.sam).open(f"/scopes/{cast.low}?after={after}")
