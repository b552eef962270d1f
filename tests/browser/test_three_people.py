"""The whole story with three people: what is risky waits for a second one, what loosens it for a third, and what
tightens it for nobody."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.clock import Clock
from app.domain.roles import Role
from tests import people
from tests.browser.conftest import Service, SignIn
from tests.browser.test_approve import PHONE, fits
from tests.browser.test_edit import opened, region
from tests.browser.test_issue_and_verify import create_application, done, faults, issue
from tests.cast import Cast

WHY = "Suppliers are paid on Fridays"
LOOKED_AT_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"
# What the live region says, each time that it says something.
LISTEN = """() => {
  window.said = [];
  const live = document.getElementById("live");
  new MutationObserver(() => live.textContent && window.said.push(live.textContent)).observe(live, { childList: true });
}"""


@pytest.fixture
def olga(app: Flask, cast: Cast, clock: Clock, sign_in: SignIn) -> Page:
    """Olga, a second administrator."""
    people.add(app, "Olga", clock(), Role.ADMINISTRATOR)
    return sign_in("Olga")


def approve_on_the_phone(page: Page) -> None:
    """Two taps and a comment, and nothing scrolls sideways."""
    page.set_viewport_size(PHONE)
    page.goto("/approvals")
    assert fits(page)
    page.get_by_role("link", name="payer").click()
    expect(region(page, "Decision")).to_be_visible()
    assert fits(page)
    page.get_by_label("Comment").fill("Checked with finance")
    page.get_by_role("button", name="Approve").click()
    expect(region(page, "Outcome")).to_contain_text("Approved")
    assert fits(page)


def test_request_approve_from_a_phone_use_loosen_and_tighten(olga: Page, sign_in: SignIn, service: Service) -> None:
    nora, vera = sign_in("Nora"), sign_in("Vera")
    create_application(nora)
    key = issue(nora, "payer", "payout:create", reason=WHY)
    done(nora)
    expect(nora.get_by_role("heading", name="payer")).to_be_visible()
    assert service.verify(key, "payout:create")["code"] == "PENDING_APPROVAL"
    # Olga has the list open, and is about to open the request.
    olga.goto("/approvals")
    row = olga.get_by_role("row", name="payer")
    row.get_by_role("link", name="payer").focus()
    olga.evaluate(LISTEN)

    approve_on_the_phone(vera)
    assert service.verify(key, "payout:create")["valid"] is True

    olga.evaluate(LOOKED_AT_AGAIN)
    expect(row).to_contain_text("Approved")
    expect(row).to_contain_text("by Vera")
    expect(row.get_by_role("link", name="payer")).to_be_focused()
    olga.evaluate(LOOKED_AT_AGAIN)
    assert faults(olga) == []
    assert olga.evaluate("window.said") == ["payer: approved by Vera."]

    nora.reload()
    form = opened(nora, "Scopes")
    form.get_by_label("invoice:write").check()
    form.get_by_label("Reason").fill(WHY)
    form.get_by_role("button", name="Save changes").click()
    waits = nora.get_by_role("status").filter(has_text="A change waits for approval")
    request = str(waits.get_by_role("link", name="See the request").get_attribute("href"))
    assert service.verify(key, "invoice:write")["code"] == "INSUFFICIENT_SCOPE"

    nora.get_by_role("navigation", name="Token").get_by_role("link", name="Security").click()
    form = opened(nora, "Rate limit")
    form.get_by_label("Rate limit").fill("100/hour")
    form.get_by_label("Reason").fill(WHY)
    form.get_by_role("button", name="Save changes").click()
    expect(nora.locator("#live")).to_have_text("Saved. It holds from now on.")
    assert service.verify(key, "payout:create")["rate_limit"]["limit"] == 100

    olga.goto(request)
    expect(region(olga, "Approved last")).to_contain_text("Vera approved on")
    expect(region(olga, "Approved last").get_by_role("row", name="Rate limit")).to_contain_text("100")
    assert faults(olga, shows=region(olga, "Approved last")) == []
    olga.get_by_label("Comment").fill("Asked the supplier")
    olga.get_by_role("button", name="Approve").click()
    expect(region(olga, "Outcome")).to_contain_text("Olga")
    assert service.verify(key, "invoice:write")["rate_limit"]["limit"] == 100
