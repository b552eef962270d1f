"""Emergency access is loud and bounded: opened by keyboard, seen wherever it matters, counted down, ended."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.clock import Clock
from app.domain.identifiers import random_text
from app.domain.roles import Role
from app.services.applications.people import add_member
from app.services.emergency import activate_emergency_access
from app.services.tokens.issue import IssueForm, issue_token
from tests import factories, people
from tests.browser.conftest import SignIn
from tests.browser.test_approve import fits, tab_to
from tests.cast import Cast

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
REASON = "The office network is down"
OPEN = "Emergency access is open."


@pytest.fixture
def token_id(app: Flask, cast: Cast, clock: Clock) -> str:
    """A token of Billing, of which Nora is a member."""
    people.add(app, "Root", clock(), Role.SUPERUSER)
    form = IssueForm(cast.billing, random_text(22), "Nightly report", "", (cast.low,), "1 month", "", "")
    with app.app_context():
        add_member(cast.billing, "nora@example.com", factories.actor(cast.linus), clock())
        return issue_token(form, factories.actor(cast.linus), clock()).token_id


def ask_for_news(page: Page) -> None:
    """What the page does by itself every 30 seconds."""
    with page.expect_response("**/emergency*"):
        page.evaluate("document.body.dispatchEvent(new Event('postern:emergency-over'))")


def test_opened_by_keyboard_seen_by_all_whom_it_concerns_and_deactivated(token_id: str, sign_in: SignIn) -> None:
    root, vera, nora = sign_in("Root"), sign_in("Vera"), sign_in("Nora")
    nora.goto(f"/tokens/{token_id}")
    vera.goto("/approvals")
    root.goto(f"/tokens/{token_id}/security")

    tab_to(root, "Duration (hours)")
    root.keyboard.type("2")
    tab_to(root, "Reason")
    root.keyboard.type(REASON)
    tab_to(root, "Activate emergency access")
    root.keyboard.press("Enter")

    region = root.get_by_role("region", name="Emergency access", exact=True)
    expect(region).to_contain_text(f"“{REASON}”")
    for page in (vera, nora):
        expect(page.get_by_text(OPEN)).to_be_hidden()
        ask_for_news(page)
    for page in (root, vera, nora):
        banner = page.get_by_role("status").filter(has_text=OPEN)
        expect(banner.get_by_role("link", name="Nightly report")).to_be_visible()
        expect(banner).to_contain_text("1:59:")
        page.set_viewport_size({"width": 390, "height": 844})
        assert fits(page)
    for path, seen in (("/applications", (root, vera)), (f"/tokens/{token_id}/acl", (root, vera, nora))):
        for page in seen:
            page.goto(path)
            expect(page.get_by_text(OPEN)).to_be_visible()
    nora.goto("/applications")
    expect(nora.get_by_text(OPEN)).to_be_hidden()

    root.get_by_role("link", name="Security").click()
    region.get_by_label("Reason").fill("The network is back")
    region.get_by_role("button", name="Deactivate").click()

    expect(region.get_by_role("button", name="Activate emergency access")).to_be_visible()
    expect(root.get_by_text(OPEN)).to_be_hidden()
    ask_for_news(vera)
    expect(vera.get_by_text(OPEN)).to_be_hidden()
    root.get_by_role("link", name="Overview").click()
    history = root.get_by_role("list", name="Change history")
    expect(history).to_contain_text("Emergency access activated for 2 hours")
    expect(history).to_contain_text("Emergency access deactivated after less than a minute of 2 hours")


# An hour in a second: to the page, its own question for news takes longer than it waits, and it takes it back.
@pytest.mark.console_errors("htmx:error: timeout", "htmx:error: .* AbortError")
def test_the_time_left_runs_and_is_said_at_five_two_and_one(
    app: Flask, token_id: str, cast: Cast, sign_in: SignIn, clock: Clock
) -> None:
    page = sign_in("Root")
    page.clock.install(time=clock())
    with app.app_context():
        activate_emergency_access(token_id, "1", REASON, factories.actor(cast.ada), clock())
    page.goto("/account")
    banner, live = page.get_by_role("status").filter(has_text=OPEN), page.locator("#live")
    expect(banner).to_contain_text("59:")

    # From here on time stands still but for what is done below.
    page.clock.pause_at(clock() + timedelta(seconds=60))
    gone = 60
    for left, said in ((300, "5 minutes"), (120, "2 minutes"), (60, "1 minute")):
        before, after = 3600 - left - 15, 3600 - left + 2
        page.clock.fast_forward((before - gone) * 1000)
        expect(live).to_be_empty()
        page.clock.run_for((after - before) * 1000)
        expect(live).to_have_text(f"Emergency access of Nightly report ends in {said}.")
        page.clock.run_for(7_000)
        gone = after + 7
    page.clock.fast_forward(60_000)
    expect(banner).to_contain_text("ended")
