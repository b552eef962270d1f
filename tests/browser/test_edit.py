"""Editing a token in the browser: tighter holds at once, looser waits for a second person, who has a phone."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Service, SignIn
from tests.browser.test_issue_and_verify import create_application, done, faults, issue
from tests.web.shell.test_pages_in_a_browser import PHONE

WHY = "The batch moved to another service"


@pytest.fixture
def nora(sign_in: SignIn) -> Page:
    page = sign_in("Nora")
    create_application(page)
    return page


def region(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def opened(page: Page, name: str) -> Locator:
    """Press Edit on a card: its form, in the same place."""
    region(page, name).get_by_role("link", name="Edit", exact=True).click()
    form = region(page, name)
    expect(form.get_by_role("button", name="Save changes")).to_be_visible()
    return form


def test_what_tightens_holds_at_once_and_what_loosens_waits(nora: Page, service: Service, sign_in: SignIn) -> None:
    key = issue(nora, "nightly", "invoice:read", "token:verify", reason="It asks for everybody")
    done(nora)
    request = nora.get_by_role("link", name="See the request").get_attribute("href")
    vera = sign_in("Vera")
    vera.goto(str(request))
    vera.get_by_role("button", name="Approve").click()
    expect(region(vera, "Outcome")).to_be_visible()
    nora.reload()
    nora.evaluate("window.stays = true")

    form = opened(nora, "Details")
    expect(form.get_by_label("Name")).to_be_focused()
    form.get_by_label("Name").fill("morning")
    form.get_by_role("button", name="Save changes").click()
    expect(nora.get_by_role("heading", level=1)).to_have_text("morning")
    expect(nora.locator("#live")).to_have_text("Saved. It holds from now on.")
    expect(region(nora, "Change history")).to_contain_text("Name changed from “nightly” to “morning”")

    form = opened(nora, "Scopes")
    form.get_by_label("token:verify").uncheck()
    expect(form.get_by_role("status").filter(has_text="Tighter.")).to_contain_text("No approval needed")
    assert faults(nora, shows=form.get_by_text("Tighter.")) == []
    form.get_by_label("Reason").fill(WHY)
    form.get_by_role("button", name="Save changes").click()
    expect(nora.locator("header.head")).to_contain_text("Low risk")
    assert service.verify(key, "token:verify")["code"] == "INSUFFICIENT_SCOPE"

    form = opened(nora, "Scopes")
    form.get_by_label("payout:create").check()
    expect(form.get_by_role("status").filter(has_text="Looser.")).to_contain_text("Needs approval.")
    form.get_by_label("Reason").fill(WHY)
    form.get_by_role("button", name="Save changes").click()
    waits = nora.get_by_role("status").filter(has_text="A change waits for approval")
    expect(waits).to_contain_text("added payout:create")
    assert nora.evaluate("window.stays"), "the page was loaded anew"
    assert service.verify(key, "payout:create")["code"] == "INSUFFICIENT_SCOPE"

    vera.set_viewport_size(PHONE)  # type: ignore[arg-type]  # has both sizes
    vera.goto(str(waits.get_by_role("link", name="See the request").get_attribute("href")))
    expect(vera.get_by_text("Scopes: added payout:create")).to_be_visible()
    assert faults(vera, shows=vera.get_by_text("If approved").first) == []
    vera.get_by_label("Comment").fill("Checked with finance")
    vera.get_by_role("button", name="Approve").click()
    expect(region(vera, "Outcome")).to_contain_text("Approved")
    assert service.verify(key, "payout:create")["code"] == "VALID"


@pytest.mark.console_errors("status of 422", "status of 409")
def test_what_is_refused_is_said_in_place_and_cancel_brings_the_card_back(nora: Page) -> None:
    issue(nora, "nightly", "invoice:read")
    done(nora)
    form = opened(nora, "Expiry")
    form.get_by_label("Expires at").select_option("1 week")
    form.get_by_role("button", name="Save changes").click()
    expect(form.get_by_text("1 field needs another look")).to_be_visible()
    expect(form.get_by_label("Expires at")).to_have_value("1 week")
    form.get_by_role("link", name="Cancel").click()
    expect(region(nora, "Expiry").get_by_role("link", name="Edit")).to_be_visible()


def test_it_works_without_javascript(nora: Page) -> None:
    issue(nora, "nightly", "invoice:read")
    done(nora)
    browser = nora.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(nora.context.cookies())  # type: ignore[arg-type]
    plain = context.new_page()
    plain.goto(nora.url)
    form = opened(plain, "Expiry")
    form.get_by_label("Expires at").select_option("1 week")
    form.get_by_label("Reason").fill(WHY)
    form.get_by_role("button", name="Save changes").click()
    expect(plain.get_by_text("Saved. It holds from now on.")).to_be_visible()
    context.close()
