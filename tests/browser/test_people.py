"""People in a real browser: somebody comes in by a one-time link, gets another role, and leaves."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.clock import Clock
from app.domain.roles import Role
from tests import people
from tests.browser.conftest import SignIn
from tests.browser.test_issue_and_verify import create_application, faults
from tests.browser.test_key_shown_once import seen
from tests.cast import Cast

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def cast(app: Flask, cast: Cast, clock: Clock) -> Cast:
    """With Rosa, a superuser who has a password."""
    people.add(app, "Rosa", clock(), Role.SUPERUSER)
    return cast


@pytest.fixture
def rosa(sign_in: SignIn) -> Page:
    page = sign_in("Rosa")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="People").click()
    expect(page.get_by_role("heading", name="People", exact=True)).to_be_visible()
    return page


def open_person(page: Page, name: str) -> None:
    page.goto("/users")
    page.get_by_label("Search by name or email").fill(name)
    expect(page.locator("#people tbody tr")).to_have_count(1)
    page.locator("#people").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def test_somebody_new_sets_their_password_by_the_link(rosa: Page, open_page: Callable[[], Page]) -> None:
    assert faults(rosa) == []
    rosa.get_by_label("Email", exact=True).fill("iris@example.com")
    rosa.get_by_label("Name", exact=True).fill("Iris")
    rosa.get_by_label("Role", exact=True).select_option("Administrator")
    rosa.get_by_role("button", name="Add person").click()
    link = rosa.locator("#copy-link").inner_text()
    assert faults(rosa) == []

    iris = open_page()
    iris.goto(re.sub(r"^https?://[^/]+", "", link))
    expect(iris.get_by_text("Rosa")).to_be_visible()
    iris.get_by_label("Password").fill(people.OTHER_PASSWORD)
    iris.locator("main button[type=submit]").click()
    iris.wait_for_url("**/login")
    iris.get_by_label("Email").fill("iris@example.com")
    iris.get_by_label("Password").fill(people.OTHER_PASSWORD)
    iris.get_by_role("button", name="Sign in").click()
    iris.wait_for_url("**/")

    rosa.get_by_role("link", name="Done").click()
    expect(rosa.get_by_role("heading", name="Iris", exact=True)).to_be_visible()
    assert link not in seen(rosa.go_back, rosa)


def test_a_new_role_signs_them_out(rosa: Page, sign_in: SignIn) -> None:
    nora = sign_in("Nora")
    open_person(rosa, "Nora")
    assert faults(rosa) == []
    rosa.get_by_label("Role", exact=True).select_option("Administrator")
    rosa.get_by_role("button", name="Save changes").click()
    expect(rosa.get_by_text("Nora has been signed out everywhere.")).to_be_visible()

    nora.goto("/applications")
    nora.wait_for_url("**/login**")


def test_deactivating_says_what_is_left_behind(rosa: Page, sign_in: SignIn) -> None:
    nora = sign_in("Nora")
    create_application(nora)
    open_person(rosa, "Nora")
    rosa.get_by_role("button", name="Deactivate").click()
    dialog = rosa.get_by_role("dialog")
    expect(dialog.get_by_role("link", name="Billing of Nora")).to_be_visible()
    assert faults(rosa) == []
    dialog.get_by_role("button", name="Deactivate").click()
    expect(rosa.get_by_text("Left to do: hand over the applications")).to_be_visible()
    assert faults(rosa) == []

    nora.goto("/applications")
    nora.wait_for_url("**/login**")


@pytest.mark.console_errors("status of 409")
def test_the_last_superuser_stays(rosa: Page, cast: Cast) -> None:
    open_person(rosa, "Ada")
    rosa.get_by_role("button", name="Deactivate").click()
    rosa.get_by_role("dialog").get_by_role("button", name="Deactivate").click()
    expect(rosa.get_by_text("Ada is deactivated")).to_be_visible()
    open_person(rosa, "Rosa")
    rosa.get_by_role("button", name="Deactivate").click()
    rosa.get_by_role("dialog").get_by_role("button", name="Deactivate").click()
    expect(rosa.get_by_text("Rosa is the last active superuser.")).to_be_visible()
