"""The shell in a real Chromium under the real CSP: readable by everyone, swapped in place, whole without JavaScript."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.shell.gallery import KEY

AXE = (Path(__file__).parents[2] / "vendor" / "axe-4.14.1.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK, PHONE = {"width": 1360, "height": 900}, {"width": 390, "height": 844}
VIOLATIONS = """rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})
  .then(found => found.violations.map(v => v.id + ' at ' + v.nodes.map(n => n.target + ': ' + n.failureSummary)))"""
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input, select, textarea, summary')].filter(e => {
  const box = (e.closest('label') ?? e).getBoundingClientRect()
  const counts = e.checkVisibility() && box.width && getComputedStyle(e).display !== 'inline'
  return counts && (box.width < 24 || box.height < 24)
}).map(e => e.outerHTML)"""


@pytest.mark.console_errors("status of 404", "status of 500")
@pytest.mark.parametrize("path", ["/", "/token", "/form", "/approvals", "/key", "/sign-in", "/fail/404", "/fail/bug"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_accessible_and_fits_its_screen(shown: Page, path: str, scheme: str) -> None:
    shown.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a literal, from the list above
    for screen in (DESK, PHONE):
        shown.set_viewport_size(screen)  # type: ignore[arg-type]  # has both sizes
        shown.goto(path)
        shown.evaluate(AXE)
        assert shown.evaluate(VIOLATIONS, RULES) == []
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways"
        assert shown.evaluate(SMALL_TARGETS) == []


def test_a_tab_is_swapped_in_place_and_keeps_focus_address_and_title(shown: Page) -> None:
    shown.goto("/token")
    shown.evaluate("window.stays = true")
    tab = shown.get_by_role("link", name="Security")
    tab.focus()
    shown.keyboard.press("Enter")
    expect(tab).to_have_attribute("aria-current", "page")
    expect(tab).to_be_focused()
    expect(shown).to_have_title("billing-worker security · Postern")
    assert shown.url.endswith("/token/security")
    assert shown.evaluate("window.stays"), "the page was loaded anew"
    shown.go_back()
    expect(shown.get_by_role("link", name="Overview")).to_have_attribute("aria-current", "page")


@pytest.mark.console_errors("status of 422", "status of 409")
def test_refused_forms_are_swapped_in_with_what_was_typed(shown: Page) -> None:
    shown.goto("/form")
    shown.evaluate("window.stays = true")
    shown.get_by_label("Description").fill("kept")
    shown.get_by_role("button", name="Save changes").click()
    expect(shown.get_by_text("2 fields need another look")).to_be_visible()
    expect(shown.locator("#errors")).to_be_focused()
    expect(shown.get_by_label("Description")).to_have_value("kept")
    shown.get_by_label("Name").fill("taken")
    shown.get_by_role("button", name="Save changes").click()
    expect(shown.get_by_text("Grace Hopper changed this")).to_be_visible()
    assert shown.evaluate("window.stays"), "the page was loaded anew"


def test_a_stored_form_is_announced(shown: Page) -> None:
    shown.goto("/form")
    shown.get_by_label("Name").fill("billing")
    shown.get_by_label("Reason").fill("because it is needed")
    shown.get_by_role("button", name="Save changes").click()
    expect(shown.locator("#live")).to_have_text("Saved.")


@pytest.mark.console_errors("status of 400")
def test_an_expired_form_keeps_the_text_and_works_at_the_second_press(shown: Page) -> None:
    shown.goto("/form")
    shown.get_by_label("Name").fill("billing")
    shown.get_by_label("Reason").fill("because it is needed")
    shown.context.clear_cookies()
    shown.get_by_role("button", name="Save changes").click()
    expect(shown.get_by_role("alert")).to_contain_text("open for too long")
    expect(shown.locator("[aria-busy=true]")).to_have_count(0)
    shown.get_by_role("button", name="Save changes").click()
    expect(shown.locator("#live")).to_have_text("Saved.")


def test_a_redirect_after_a_post_goes_to_the_page(shown: Page) -> None:
    shown.goto("/approvals?older=1")
    shown.get_by_role("button", name="Approve").click()
    shown.wait_for_url("**/approvals")


@pytest.mark.console_errors("hx-csp. blocked")
def test_markup_that_was_slipped_in_does_nothing(shown: Page) -> None:
    shown.goto("/token")
    asked: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    with shown.expect_console_message(lambda message: "no hx-nonce attribute" in message.text):
        shown.evaluate(
            """() => {
              const button = document.createElement('button')
              button.setAttribute('hx-get', '/slipped-in'); button.id = 'evil'
              document.getElementById('main').append(button); htmx.process(button); button.click()
            }"""
        )
    assert shown.locator("#evil").get_attribute("hx-get") is None
    assert not [url for url in asked if "slipped-in" in url]


def test_a_confirmation_is_called_like_its_opener_and_gives_the_focus_back(shown: Page) -> None:
    shown.goto("/token")
    # The dialog's own button is called the same, and is there for as long as the dialog takes to fade.
    opener = shown.locator("#open-disable")
    expect(opener).to_have_accessible_name("Disable")
    dialog = shown.get_by_role("dialog", name="Disable billing-worker-prod?")
    for away in ("Cancel", "Escape"):
        opener.press("Enter")
        expect(dialog).to_be_visible()
        expect(dialog.get_by_role("button", name="Disable")).to_be_visible()
        if away == "Cancel":
            dialog.get_by_role("button", name=away).press("Enter")
        else:
            shown.keyboard.press(away)
        expect(dialog).to_be_hidden()
        expect(opener).to_be_focused()


def test_the_first_tab_leads_past_the_navigation(shown: Page) -> None:
    shown.goto("/token")
    shown.keyboard.press("Tab")
    expect(shown.get_by_role("link", name="Skip to content")).to_be_focused()
    shown.keyboard.press("Enter")
    expect(shown.locator("main")).to_be_focused()


def test_everything_is_there_without_javascript(browser: Browser, gallery_url: str) -> None:
    context = browser.new_context(base_url=gallery_url, java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/key")
    expect(page.get_by_text(KEY, exact=True)).to_be_visible()
    page.get_by_role("link", name="Done").click()
    page.get_by_role("link", name="ACL", exact=True).click()
    assert page.url.endswith("/token/acl")
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Approvals")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Disable").click()
    page.get_by_role("dialog").get_by_role("button", name="Disable").click()
    assert page.url.endswith("/approvals")
    context.close()


def test_the_key_is_copied_gated_by_a_tick_and_wiped_when_left(shown: Page) -> None:
    shown.goto("/key")
    shown.get_by_role("button", name="Copy key").click()
    expect(shown.locator("#live")).to_have_text("Copied.")
    assert shown.evaluate("navigator.clipboard.readText()") == KEY
    done = shown.get_by_role("link", name="Done")
    done.click(force=True)  # past Playwright's own look at aria-disabled
    assert shown.url.endswith("/key")
    shown.get_by_label("I have stored it").check()
    shown.evaluate("addEventListener('pagehide', () => sessionStorage.left = document.body.textContent)")
    done.click()
    shown.wait_for_url("**/token")
    assert KEY not in shown.evaluate("sessionStorage.left")


def test_where_copying_is_not_allowed_the_key_is_selected(shown: Page) -> None:
    shown.goto("/key")
    shown.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    shown.get_by_role("button", name="Copy key").click()
    expect(shown.get_by_text("The text is selected")).to_be_visible()
    assert shown.evaluate("getSelection().toString()") == KEY


def test_a_list_is_searched_and_ticked_whole(shown: Page) -> None:
    shown.goto("/form")
    shown.get_by_label("Search scopes").fill("invoice")
    expect(shown.get_by_label("payout:create")).to_be_hidden()
    expect(shown.get_by_text("2 of 3 shown")).to_be_visible()
    shown.get_by_role("button", name="Select all of invoice").click()
    expect(shown.get_by_label("invoice:write")).to_be_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_is_remembered_and_stands_before_the_page_does(open_gallery: Callable[[], Page], scheme: str) -> None:
    page = open_gallery()
    page.emulate_media(color_scheme="dark" if scheme == "light" else "light")
    page.goto("/token")
    page.get_by_role("radio", name=scheme.capitalize()).check(force=True)
    page.add_init_script(
        """new MutationObserver((_, self) => {
          if (document.body) { window.atFirst = document.documentElement.className; self.disconnect() }
        }).observe(document, {childList: true, subtree: true})"""
    )
    page.reload()
    assert scheme in page.evaluate("window.atFirst")
    page.get_by_role("radio", name="System").check(force=True)
    expect(page.locator("html")).not_to_have_class(f"js {scheme}")


def test_nothing_of_a_page_is_left_in_the_browser(shown: Page) -> None:
    shown.goto("/key")
    shown.goto("/token")
    shown.get_by_role("link", name="ACL", exact=True).click()
    expect(shown).to_have_title("billing-worker acl · Postern")
    assert shown.evaluate("JSON.stringify({...localStorage, ...sessionStorage})") == "{}"
