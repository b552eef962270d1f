"""The pages of sign-in in a real browser: they work, without a word in its console."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import update

from app.store.database import transaction
from app.store.tables import UserSessionRow
from tests import people
from tests.people import PASSWORD
from tests.real.postern import PosternServer


@pytest.fixture
def nora(app: Flask) -> str:
    """A member who is not among the people of the example, which the server fills an empty database with."""
    return people.add(app, "Nora", datetime.now(UTC))


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("Email").fill("nora@example.com")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_person_signs_in_and_out(page: Page, server: PosternServer, nora: str) -> None:
    page.goto(f"{server.url}/account")
    expect(page).to_have_title("Sign in · Postern")
    expect(page.get_by_label("Email")).to_be_focused()
    sign_in(page)
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_title("Sign in · Postern")


@pytest.mark.console_errors("status of 422")
def test_a_wrong_password_keeps_the_email_and_asks_for_the_password(
    page: Page, server: PosternServer, nora: str
) -> None:
    page.goto(f"{server.url}/login")
    sign_in(page, "wrong")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    expect(page.get_by_label("Email")).to_have_value("nora@example.com")
    expect(page.get_by_label("Password")).to_be_focused()


def test_a_new_person_sets_a_password_by_a_link(page: Page, server: PosternServer, nora: str) -> None:
    link = server.flask("people", "reset", "nora@example.com").stdout.splitlines()[0]
    assert link.startswith(server.url)
    page.goto(link)
    page.get_by_label("Password").fill(f"{PASSWORD}-new")
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_text("Your password is set.")).to_be_visible()
    sign_in(page, f"{PASSWORD}-new")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_another_browser_is_signed_out_from_the_account_page(
    open_page: Callable[[], Page], server: PosternServer, nora: str
) -> None:
    here, elsewhere = open_page(), open_page()
    for page in (elsewhere, here):
        page.goto(f"{server.url}/account")
        sign_in(page)
    here.get_by_role("row").filter(has_not_text="This browser").get_by_role("button", name="End").click()
    expect(here.get_by_text("That session has ended.")).to_be_visible()
    elsewhere.reload()
    expect(elsewhere).to_have_title("Sign in · Postern")


@pytest.mark.console_errors("status of 401")
def test_a_form_that_comes_late_is_kept(app: Flask, page: Page, server: PosternServer, nora: str) -> None:
    page.goto(f"{server.url}/account")
    sign_in(page)
    expect(page).to_have_title("Your account · Postern")
    page.goto(f"{server.url}/applications/new")
    page.get_by_label("Name").fill("Ledger")
    with app.app_context(), transaction() as session:
        session.execute(update(UserSessionRow).values(ended_at=datetime.now(UTC)))
    page.get_by_role("button", name="New application").click()
    sign_in(page)
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_role("heading", name="Ledger")).to_be_visible()
