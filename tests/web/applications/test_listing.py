"""The list of applications."""

import html
import re
from datetime import timedelta

import pytest
from flask import Flask

from app.clock import FixedClock
from app.store.queries.applications import PAGE
from tests import factories
from tests.cast import Cast
from tests.web.applications.conftest import Billing, Issue, Visit


def named(page: str) -> list[str]:
    return re.findall(r'<a href="/applications/app_\w+">([^<]+)</a>', page)


@pytest.mark.parametrize("who", ["linus", "margaret", "grace", "ada"])
def test_its_people_and_administrators_find_it(visit: Visit, cast: Cast, billing: Billing, who: str) -> None:
    page = visit(getattr(cast, who)).get("/applications").text

    assert named(page) == ["Billing"]
    assert f'href="{billing.page}"' in page
    assert "New application" in page


def test_a_stranger_is_told_the_next_step(visit: Visit, cast: Cast) -> None:
    page = visit(cast.sam).get("/applications").text

    assert named(page) == []
    assert "You have no applications yet." in page
    assert 'href="/applications/new"' in page


def test_live_tokens_are_counted(visit: Visit, cast: Cast, issue: Issue, clock: FixedClock) -> None:
    issue(name="One")
    issue(name="Two", expires="1 week")
    assert '<td data-label="Live tokens">2</td>' in visit(cast.linus).get("/applications").text

    clock.advance(timedelta(days=7))
    assert '<td data-label="Live tokens">1</td>' in visit(cast.linus).get("/applications").text


@pytest.fixture
def shops(app: Flask, cast: Cast, clock: FixedClock) -> None:
    with app.app_context():
        for name in ("Shop", "Café", "100% Wool"):
            factories.make_application(name, cast.linus, clock())


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["100% Wool", "Billing", "Café", "Shop"]),
        ("sho", ["Shop"]),
        ("CAFÉ", ["Café"]),
        ("Ｓｈｏｐ", ["Shop"]),
        ("%", ["100% Wool"]),
        ("_", []),
        ("nothing", []),
        ("\x00", []),
    ],
)
def test_the_list_is_searched_by_name(visit: Visit, cast: Cast, shops: None, search: str, found: list[str]) -> None:
    response = visit(cast.linus).client.get("/applications", query_string={"q": search})

    assert response.status_code == 200
    assert named(response.text) == found


def test_a_search_finds_only_what_the_person_may_see(visit: Visit, cast: Cast, shops: None) -> None:
    assert named(visit(cast.margaret).get("/applications?q=o").text) == []


def test_an_empty_search_result_leads_back_to_all(visit: Visit, cast: Cast) -> None:
    page = visit(cast.linus).get("/applications?q=zzz").text

    assert "has “zzz” in its name" in page
    assert "Show all" in page


def test_a_long_list_goes_on_on_the_next_page(app: Flask, visit: Visit, cast: Cast, clock: FixedClock) -> None:
    with app.app_context():
        for number in range(PAGE):
            factories.make_application(f"Shop {number:03}", cast.sam, clock())
    grace = visit(cast.grace)

    first = grace.get("/applications")
    onward = re.search(r'href="(/applications\?after=[^"]+)"', first.text)
    assert onward
    second = grace.get(html.unescape(onward.group(1)))

    assert len(named(first.text)) == PAGE
    assert named(second.text) == ["Shop 099"]
    assert "Next page" not in second.text


def test_a_head_sorts_and_keeps_the_search(visit: Visit, cast: Cast, shops: None) -> None:
    linus = visit(cast.linus)

    page = linus.get("/applications?q=o").text
    pressed = re.search(r'aria-sort="ascending"><a id="sort-name" href="([^"]+)"', page)
    assert pressed
    turned = linus.get(html.unescape(pressed[1])).text

    assert named(turned) == named(page)[::-1]
    assert 'aria-sort="descending"><a id="sort-name"' in turned
    assert turned.count("aria-sort=") == 1
    assert '<input type="hidden" name="sort" value="-name" form="narrow">' in turned
    assert 'value="o"' in turned
    assert 'id="sort-you-are"' not in page


@pytest.mark.parametrize("address", ["?sort=password_hash", "?sort=-", "?sort=%00", "?after=%00~x", "?after=zzz~"])
def test_an_address_that_means_nothing_is_no_failure(visit: Visit, cast: Cast, address: str) -> None:
    assert visit(cast.linus).get(f"/applications{address}").status_code == 200


def test_htmx_gets_the_list_alone(visit: Visit, cast: Cast) -> None:
    part = visit(cast.linus).get("/applications?q=bill", HX_Request="true", HX_Request_Type="partial")

    assert "<html" not in part.text
    assert named(part.text) == ["Billing"]
