"""The main job, end to end: a person issues a token in the browser, a service verifies its key over HTTP."""

import json
import shlex
import subprocess

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Service, SignIn
from tests.web.shell.test_pages_in_a_browser import AXE, DESK, PHONE, RULES, SMALL_TARGETS, VIOLATIONS

KEY = "#copy-key"


def create_application(page: Page, name: str = "Billing of Nora") -> None:
    page.goto("/applications")
    page.get_by_role("link", name="New application").first.click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="New application").click()
    page.wait_for_url("**/credentials")


def issue(page: Page, name: str, *scopes: str, reason: str = "") -> str:
    """Issue a token from the form of an application's Credentials; the key."""
    page.get_by_role("link", name="Issue token").click()
    page.get_by_label("Name").fill(name)
    for scope in scopes:
        page.get_by_label(scope).check()
    page.get_by_label("Expires at").select_option("3 months")
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name="Issue token").click()
    return page.locator(KEY).inner_text()


def done(page: Page) -> None:
    page.get_by_label("I have stored it").check()
    page.get_by_role("link", name="Done").click()


def test_a_key_is_issued_copied_and_verified_until_the_token_is_disabled(sign_in: SignIn, service: Service) -> None:
    page = sign_in("Nora")
    create_application(page)
    key = issue(page, "nightly", "invoice:read")

    page.get_by_role("button", name="Copy key").click()
    expect(page.locator("#live")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == key
    answer = service.verify(key)
    assert (answer["valid"], answer["code"], answer["key"]) == (True, "VALID", "current")
    assert answer["application"]["name"] == "Billing of Nora"
    assert service.verify(key, "payout:create")["code"] == "INSUFFICIENT_SCOPE"

    done_link = page.get_by_role("link", name="Done")
    expect(done_link).to_have_attribute("aria-disabled", "true")
    done(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("nightly")
    page.get_by_role("button", name="Disable").click()
    page.get_by_role("dialog").get_by_role("button", name="Disable").click()
    expect(page.get_by_text("Disabled by Nora")).to_be_visible()
    assert service.verify(key)["code"] == "DISABLED"


def test_the_curl_line_on_the_page_works_as_it_stands(sign_in: SignIn) -> None:
    page = sign_in("Nora")
    create_application(page)
    issue(page, "nightly", "invoice:read")
    line = page.locator("#copy-try-it").inner_text()
    answer = subprocess.run([*shlex.split(line), "--silent"], capture_output=True, check=True)
    assert json.loads(answer.stdout)["code"] == "VALID"


def test_the_form_says_what_is_chosen_as_it_is_chosen(sign_in: SignIn) -> None:
    page = sign_in("Nora")
    create_application(page)
    page.get_by_role("link", name="Issue token").click()
    outlook = page.locator("#outlook")
    expect(outlook).to_contain_text("No scope chosen yet")
    page.get_by_role("searchbox", name="Search scopes").fill("pay")
    expect(page.get_by_label("invoice:read")).to_be_hidden()
    page.get_by_role("group", name="payout").get_by_role("button", name="Select all").click()
    expect(outlook).to_contain_text("High risk set by payout:create")
    expect(outlook).to_contain_text("Needs approval.")
    expect(outlook).to_contain_text("1 month after approval")
    page.get_by_label("Expires at").select_option("custom")
    page.get_by_label("Custom date").fill("2999-01-31")
    page.keyboard.press("Tab")
    expect(outlook).to_contain_text("1 Feb 2999 00:00 UTC")
    page.get_by_label("payout:create").uncheck()
    expect(outlook).to_contain_text("No scope chosen yet")


def test_a_high_token_takes_two_people(sign_in: SignIn, service: Service) -> None:
    nora, vera = sign_in("Nora"), sign_in("Vera")
    create_application(nora)
    key = issue(nora, "payouts", "payout:create", reason="Payday is on Friday")
    expect(nora.get_by_text("Store the key now, use it after approval")).to_be_visible()
    assert service.verify(key, "payout:create")["code"] == "PENDING_APPROVAL"
    done(nora)
    nora.get_by_role("link", name="See the request").click()
    expect(nora.get_by_role("button", name="Approve")).to_have_count(0)

    vera.goto("/approvals")
    vera.get_by_role("link", name="payouts").first.click()
    vera.get_by_label("Comment").fill("Checked with finance")
    vera.get_by_role("button", name="Approve").click()
    expect(vera.get_by_role("region", name="Outcome")).to_contain_text("Vera")
    assert service.verify(key, "payout:create")["code"] == "VALID"


def test_pressed_twice_it_issues_one_token(sign_in: SignIn) -> None:
    page = sign_in("Nora")
    create_application(page)
    credentials = page.url
    page.get_by_role("link", name="Issue token").click()
    page.get_by_label("Name").fill("nightly")
    page.get_by_label("invoice:read").check()
    page.get_by_role("button", name="Issue token").dblclick()
    expect(page.locator(KEY)).to_be_visible()
    page.goto(credentials)
    expect(page.get_by_role("row").filter(has_text="nightly")).to_have_count(1)


@pytest.mark.console_errors("status of 422")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_on_the_way_is_accessible_and_fits_its_screen(sign_in: SignIn, scheme: str) -> None:
    page = sign_in("Nora")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a literal, from the list above
    create_application(page)
    page.get_by_role("link", name="Issue token").click()
    assert faults(page, shows=page.get_by_role("heading", name="Issue token")) == []
    page.get_by_label("payout:create").check()
    page.get_by_role("button", name="Issue token").click()
    assert faults(page, shows=page.get_by_text("2 fields need another look")) == []
    page.get_by_label("Name").fill("payouts")
    page.get_by_label("Reason").fill("Payday is on Friday")
    page.get_by_role("button", name="Issue token").click()
    assert faults(page, shows=page.locator(KEY)) == []
    done(page)
    assert faults(page, shows=page.get_by_role("navigation", name="Token")) == []
    page.get_by_role("button", name="Revoke").click()
    assert faults(page, shows=page.get_by_role("dialog")) == []


def faults(page: Page, *, shows: Locator | None = None) -> list[str]:
    """What axe finds, what scrolls sideways and what is too small to press, at a desk and on a phone, once it
    shows this."""
    if shows is not None:
        expect(shows).to_be_visible()
    found = []
    for screen in (DESK, PHONE):
        page.set_viewport_size(screen)  # type: ignore[arg-type]  # has both sizes
        page.evaluate(AXE)
        found += page.evaluate(VIOLATIONS, RULES) + page.evaluate(SMALL_TARGETS)
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append(f"scrolls sideways at {screen['width']}")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return found
