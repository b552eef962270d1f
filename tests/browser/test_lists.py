"""Lists and the search box in a real browser: what was typed last is shown, focus stays, a key stands in no address."""

import re
from urllib.parse import unquote

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, Route, expect

from app.clock import Clock
from app.domain.identifiers import random_text
from app.domain.keys import hint, make
from app.domain.roles import Role
from app.services.tokens.issue import IssueForm, issue_token
from tests import factories, people
from tests.browser.conftest import SignIn
from tests.browser.test_issue_and_verify import faults
from tests.cast import Cast

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# Each list by its address, and the field that narrows it.
LISTS = {
    "/applications": "Search by name",
    "/applications/{it}/credentials": "Search tokens",
    "/users": "Search by name or email",
    "/scopes": "Search",
    "/approvals": "Application, token or scope",
    "/audit": "Actor",
    "/incident": "Last used from",
}
FIRST, LAST = "203.0.113.11", "203.0.113.22"


@pytest.fixture
def accounts(app: Flask, cast: Cast, clock: Clock) -> str:
    """An application of Rosa's, who is a superuser with a password, with two tokens."""
    rosa = people.add(app, "Rosa", clock(), Role.SUPERUSER)
    with app.app_context():
        it = factories.make_application("Accounts", rosa, clock())
        for name in ("nightly", "weekly"):
            form = IssueForm(it, random_text(22), name, "", (cast.low,), "1 month", "", "")
            issue_token(form, factories.actor(rosa, "Rosa"), clock())
    return it


def type_into(page: Page, label: str, text: str) -> None:
    """As far as this list listens: while it is typed, when it is left, or at Enter."""
    box = page.locator("main").get_by_label(label, exact=True)
    box.fill(text)
    box.press("Enter")


def test_what_was_typed_last_is_shown_whatever_is_answered_last(accounts: str, sign_in: SignIn) -> None:
    rosa, held = sign_in("Rosa"), list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    rosa.route(f"**/*{FIRST}*", hold)
    for address, label in LISTS.items():
        rosa.goto(address.format(it=accounts))
        with rosa.expect_request(f"**/*{FIRST}*"):
            type_into(rosa, label, FIRST)
        with rosa.expect_response(f"**/*{LAST}*"):
            type_into(rosa, label, LAST)
        held.pop().continue_()
        rosa.wait_for_load_state("networkidle")
        expect(rosa.locator("main").get_by_label(label, exact=True)).to_have_value(LAST)
        expect(rosa).to_have_url(re.compile(LAST))
        assert FIRST not in rosa.locator("main").inner_html(), address


def test_heads_sort_and_keep_focus_and_a_slash_leads_to_the_box(accounts: str, sign_in: SignIn) -> None:
    rosa = sign_in("Rosa")
    rosa.goto(f"/applications/{accounts}/credentials")
    rosa.evaluate("window.kept = true")
    head, search = rosa.locator("#sort-name"), rosa.get_by_label("Search tokens")
    search.fill("ly")
    rosa.wait_for_url("**q=ly**")
    for direction, order in (("ascending", ["nightly", "weekly"]), ("descending", ["weekly", "nightly"])):
        head.focus()
        rosa.keyboard.press("Enter")
        expect(rosa.locator("th", has=head)).to_have_attribute("aria-sort", direction)
        expect(rosa.locator("#tokens tbody td:first-child a")).to_have_text(order)
        expect(head).to_be_focused()
    search.fill("l")
    rosa.wait_for_url("**q=l&**")
    assert "sort=-name" in rosa.url
    expect(search).to_be_focused()
    assert rosa.evaluate("window.kept")
    assert faults(rosa) == []

    _a_key_stands_in_no_address(rosa, search)
    rosa.locator("h1").click()
    rosa.keyboard.press("/")
    rosa.keyboard.type("ly/")
    expect(rosa.get_by_label("Find anything")).to_have_value("ly/")
    rosa.keyboard.press("Backspace")
    rosa.keyboard.press("Enter")
    expect(rosa.get_by_role("region", name="Tokens").get_by_role("link")).to_have_text(["nightly", "weekly"])
    assert faults(rosa) == []
    rosa.goto("/account")
    rosa.get_by_label("The key / leads to the search box").uncheck()
    rosa.goto("/")
    rosa.keyboard.press("/")
    expect(rosa.get_by_label("Find anything")).not_to_be_focused()


def _a_key_stands_in_no_address(page: Page, search: Locator) -> None:
    key = make()
    search.fill(key)
    page.wait_for_url(lambda url: hint(key) in unquote(url))
    page.get_by_label("Find anything").fill(key)
    page.keyboard.press("Enter")
    expect(page.get_by_text("That was a whole key.")).to_be_visible()
    assert unquote(page.url).endswith(f"/search?q={hint(key)}")
