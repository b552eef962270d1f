"""Applications in a real browser: tabs in place, the switch with its confirmation, members, search."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import SignIn
from tests.browser.test_issue_and_verify import create_application, faults

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TABS = ("Credentials", "Members", "Settings", "Overview")


@pytest.fixture
def nora(sign_in: SignIn) -> Page:
    page = sign_in("Nora")
    create_application(page)
    return page


def open_tab(page: Page, label: str) -> None:
    tabs = page.get_by_role("navigation", name="Application")
    tabs.get_by_role("link", name=label).click()
    expect(tabs.locator("[aria-current=page]")).to_have_text(label)


def test_tabs_are_swapped_in_place_and_reload_to_the_same(nora: Page) -> None:
    open_tab(nora, "Overview")
    nora.evaluate("window.kept = true")
    for label in TABS:
        open_tab(nora, label)
        assert nora.evaluate("window.kept")
        assert faults(nora) == []
    open_tab(nora, "Members")
    nora.reload()
    expect(nora.get_by_role("heading", name="Add a member")).to_be_visible()
    nora.go_back()
    expect(nora.get_by_role("heading", name="Recent events")).to_be_visible()


def test_a_second_tab_opened_before_the_first_has_come_is_the_one_that_is_shown(nora: Page) -> None:
    open_tab(nora, "Overview")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    nora.route("**/members", hold)
    nora.route("**/settings", hold)
    tabs = nora.get_by_role("navigation", name="Application")
    for label, address in (("Members", "**/members"), ("Settings", "**/settings")):
        with nora.expect_request(address):
            tabs.get_by_role("link", name=label).click()
    for route in held:
        route.continue_()
    expect(tabs.locator("[aria-current=page]")).to_have_text("Settings")
    expect(nora.get_by_role("button", name="Disable")).to_be_visible()
    assert nora.url.endswith("/settings")


def test_disable_and_enable_ask_first(nora: Page) -> None:
    open_tab(nora, "Settings")
    for word, told in (("Disable", "This application is disabled"), ("Enable", "Enabled.")):
        nora.get_by_role("button", name=word).click()
        dialog = nora.get_by_role("dialog")
        dialog.get_by_label("Reason").fill("Looking into it")
        dialog.get_by_role("button", name=word).click()
        expect(nora.get_by_text(told)).to_be_visible()
    open_tab(nora, "Overview")
    expect(nora.get_by_text("“Looking into it”")).to_have_count(2)


@pytest.mark.console_errors("status of 422")
def test_a_form_error_is_shown_in_place_and_the_field_is_focused(nora: Page) -> None:
    open_tab(nora, "Members")
    nora.evaluate("window.kept = true")
    nora.get_by_label("Email").fill("nobody@example.com")
    nora.get_by_role("button", name="Add member").click()
    expect(nora.get_by_text("Nobody here has this email.")).to_be_visible()
    expect(nora.get_by_label("Email")).to_be_focused()
    expect(nora.get_by_label("Email")).to_have_value("nobody@example.com")
    assert nora.evaluate("window.kept")

    nora.get_by_label("Email").fill("vera@example.com")
    nora.get_by_role("button", name="Add member").click()
    expect(nora.get_by_text("Vera is a member now.")).to_be_visible()


def test_the_list_is_searched_while_typing(nora: Page) -> None:
    nora.goto("/applications")
    found = nora.locator("#applications")
    nora.get_by_label("Search by name").press_sequentially("zzz")
    expect(found.get_by_text("No application that you may see")).to_be_visible()
    nora.get_by_label("Search by name").fill("billing")
    expect(found.get_by_role("link", name="Billing of Nora")).to_be_visible()
    expect(nora.get_by_label("Search by name")).to_be_focused()
    assert faults(nora) == []
