"""A High token takes two people: the second one has a phone and a keyboard."""

import json
import urllib.request
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, ViewportSize, expect

from app.clock import Clock
from app.domain.identifiers import random_text
from app.domain.roles import Role
from app.services.tokens.issue import Issued, IssueForm, issue_token
from tests import factories, people
from tests.browser.conftest import SignIn
from tests.cast import Cast
from tests.real.postern import PosternServer

PHONE: ViewportSize = {"width": 390, "height": 844}
TOO_MANY_TABS = 60
FOCUSED = "(document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()"


def ask(app: Flask, cast: Cast, clock: Clock, name: str) -> Issued:
    """Ask for a High token as Linus."""
    reason = "Payday is on Friday"
    form = IssueForm(cast.billing, random_text(22), name, "", (cast.high,), "1 month", "", reason)
    with app.app_context():
        return issue_token(form, factories.actor(cast.linus), clock())


@pytest.fixture
def asked(app: Flask, cast: Cast, clock: Clock) -> Issued:
    """A High token that Linus asked for."""
    return ask(app, cast, clock, "payouts")


@pytest.fixture
def vera(sign_in: SignIn) -> Page:
    """Vera, an administrator, signed in on her phone."""
    page = sign_in("Vera")
    page.set_viewport_size(PHONE)
    return page


def tab_to(page: Page, name: str) -> None:
    """Press Tab until something called so has the focus."""
    for _ in range(TOO_MANY_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED).startswith(name):
            return
    raise AssertionError(f"{name} cannot be reached with Tab")


def fits(page: Page) -> bool:
    """Whether nothing makes the page scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def code(server: PosternServer, key: str) -> str:
    """What the key's holder is told about it."""
    question = urllib.request.Request(f"{server.url}/api/v1/self", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(question) as answer:
        return str(json.load(answer)["code"])


def test_from_a_phone_by_keyboard(asked: Issued, vera: Page, server: PosternServer) -> None:
    assert code(server, asked.key) == "PENDING_APPROVAL"

    tab_to(vera, "Menu")
    vera.keyboard.press("Enter")
    tab_to(vera, "Approvals")
    vera.keyboard.press("Enter")
    vera.wait_for_url("**/approvals")
    assert fits(vera)
    tab_to(vera, "payouts")
    vera.keyboard.press("Enter")
    vera.wait_for_url(f"**/approvals/{asked.request_id}")
    assert fits(vera)
    tab_to(vera, "Comment")
    vera.keyboard.type("Checked with finance")
    tab_to(vera, "Approve")
    vera.keyboard.press("Enter")

    expect(vera.get_by_role("region", name="Outcome")).to_contain_text("Vera")
    expect(vera.get_by_role("region", name="Outcome")).to_contain_text("Checked with finance")
    assert fits(vera)
    assert code(server, asked.key) == "VALID"


@pytest.mark.console_errors("status of 422")
def test_a_missing_comment_is_said_in_place_and_the_field_has_the_focus(asked: Issued, vera: Page) -> None:
    vera.goto(f"/approvals/{asked.request_id}")
    vera.get_by_role("button", name="Approve").click()
    expect(vera.get_by_text("Write a comment")).to_be_visible()
    expect(vera.get_by_label("Comment")).to_be_focused()

    vera.get_by_label("Comment").fill("Too much power for one program")
    vera.get_by_role("button", name="Reject").click()

    expect(vera.get_by_role("region", name="Outcome")).to_contain_text("Rejected")


@pytest.mark.console_errors("status of 409")
def test_who_comes_second_is_told_who_decided(asked: Issued, vera: Page, open_page: Callable[[], Page]) -> None:
    path = f"/approvals/{asked.request_id}"
    vera.goto(path)
    slower = open_page()
    slower.context.add_cookies(vera.context.cookies())  # type: ignore[arg-type]
    slower.goto(path)
    vera.get_by_label("Comment").fill("Checked with finance")
    vera.get_by_role("button", name="Approve").click()
    expect(vera.get_by_role("region", name="Outcome")).to_be_visible()

    slower.get_by_label("Comment").fill("Too much power")
    slower.get_by_role("button", name="Reject").click()

    expect(slower.get_by_role("alert")).to_contain_text("already approved by Vera")
    expect(slower.get_by_role("alert")).to_contain_text("Too much power")


def test_it_works_without_javascript(asked: Issued, vera: Page, server: PosternServer) -> None:
    browser = vera.context.browser
    assert browser is not None
    context = browser.new_context(base_url=server.url, java_script_enabled=False)
    context.add_cookies(vera.context.cookies())  # type: ignore[arg-type]
    plain = context.new_page()
    plain.goto("/approvals")
    plain.get_by_role("link", name="payouts").click()
    plain.get_by_label("Comment").fill("Too much power for one program")
    plain.get_by_role("button", name="Reject").click()
    expect(plain.get_by_role("region", name="Outcome")).to_contain_text("Rejected")
    context.close()


def test_an_open_list_tells_what_has_come_and_in_its_row_what_is_cancelled(
    app: Flask, cast: Cast, asked: Issued, sign_in: SignIn, clock: Clock
) -> None:
    people.add(app, "Root", clock(), Role.SUPERUSER)
    page = sign_in("Root")
    page.goto("/approvals?sort=what")
    row = page.get_by_role("row", name="payouts")
    row.get_by_role("button", name="Cancel request").click()
    expect(row).to_contain_text("Cancelled")
    assert page.url.endswith("/approvals?sort=what")

    ask(app, cast, clock, "bonuses")
    # What the page does by itself every 20 seconds, and when somebody comes back to it.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#live")).to_have_text("1 new request.")
    expect(page.get_by_role("row", name="bonuses")).to_be_hidden()
    page.get_by_text("1 new request waits.").get_by_role("link", name="Show it").click()
    expect(page.get_by_role("row", name="bonuses")).to_be_visible()
    expect(page.get_by_text("1 new request waits.")).to_be_hidden()
    assert "sort=what" in page.url
