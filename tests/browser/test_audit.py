"""The audit log in a real browser: narrowed down in place, taken out as a file, on a phone, without JavaScript."""

import csv
import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.clock import Clock
from app.domain.csv_cells import plain
from app.domain.identifiers import random_text
from app.services.tokens.issue import IssueForm, issue_token
from tests.browser.conftest import SignIn
from tests.browser.test_approve import PHONE, fits
from tests.browser.test_issue_and_verify import faults
from tests.cast import Cast
from tests.factories import actor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
EVENTS = "tr[id^=event-]"


@pytest.fixture
def token_id(app: Flask, cast: Cast, clock: Clock) -> str:
    form = IssueForm(cast.billing, random_text(22), "=1+1, nightly", "", (cast.low,), "1 month", "", "")
    with app.app_context():
        return issue_token(form, actor(cast.linus, "Linus"), clock()).token_id


@pytest.fixture
def vera(token_id: str, sign_in: SignIn) -> Page:
    page = sign_in("Vera")
    page.get_by_role("link", name="Audit").click()
    expect(page.get_by_role("heading", name="Audit")).to_be_visible()
    return page


def shown(page: Page) -> list[str]:
    """The sequences of the events on the page."""
    rows = page.locator(EVENTS).all()
    return [(row.get_attribute("id") or "").removeprefix("event-") for row in rows]


def test_it_is_narrowed_down_in_place_and_reloads_to_the_same(vera: Page) -> None:
    vera.evaluate("window.kept = true")
    vera.get_by_label("Actor").fill("linus@example.com")
    vera.get_by_label("Action").select_option("token.issued")
    vera.get_by_role("button", name="Filter").click()
    expect(vera.locator(EVENTS)).to_have_count(1)
    expect(vera).to_have_url(re.compile(r"actor=linus%40example.com&action=token.issued"))
    assert vera.evaluate("window.kept")
    assert faults(vera) == []

    vera.reload()
    expect(vera.locator(EVENTS)).to_have_count(1)
    expect(vera.get_by_label("Actor")).to_have_value("linus@example.com")
    vera.go_back()
    expect(vera.locator(EVENTS).nth(1)).to_be_visible()


@pytest.mark.console_errors("status of 422")
def test_what_is_no_filter_is_said_at_its_field(vera: Page) -> None:
    vera.get_by_label("From").fill("yesterday")
    vera.get_by_role("button", name="Filter").click()
    expect(vera.get_by_label("From")).to_have_attribute("aria-invalid", "true")
    expect(vera.get_by_label("From")).to_have_value("yesterday")
    assert faults(vera) == []


@pytest.mark.parametrize("narrowed", ["", "?action=token.issued"])
def test_the_exported_file_holds_the_rows_on_the_screen(vera: Page, narrowed: str, tmp_path: Path) -> None:
    vera.goto(f"/audit{narrowed}")
    on_screen = shown(vera)
    names = vera.locator(f"{EVENTS} .sentence").all_inner_texts()
    with vera.expect_download() as download:
        vera.get_by_role("button", name="Export CSV").click()

    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)

    with file.open(newline="", encoding="utf-8") as text:
        rows = list(csv.DictReader(text, strict=True))
    assert [row["sequence"] for row in rows] == on_screen
    assert [f"{row['what']}: {plain(row['subject'])}" for row in rows] == names
    assert "'=1+1, nightly" in {row["subject"] for row in rows}
    assert re.fullmatch(r"postern-audit-to-\d+\.csv", file.name)


def test_on_a_phone_it_fits_the_screen(vera: Page) -> None:
    vera.set_viewport_size(PHONE)
    vera.reload()
    assert fits(vera)
    assert faults(vera) == []


def test_a_tokens_activity_is_a_tab(vera: Page, token_id: str) -> None:
    vera.goto(f"/tokens/{token_id}")
    vera.evaluate("window.kept = true")
    vera.get_by_role("navigation", name="Token").get_by_role("link", name="Activity").click()
    expect(vera.locator(EVENTS)).to_have_count(1)
    expect(vera).to_have_url(re.compile(r"/activity$"))
    assert vera.evaluate("window.kept")
    assert faults(vera) == []
    vera.set_viewport_size(PHONE)
    assert fits(vera)


def test_it_works_without_javascript(vera: Page) -> None:
    context = vera.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    context.add_cookies(vera.context.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(vera.url)
    page.get_by_label("Token").fill("=1+1, nightly")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(EVENTS)).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("button", name="Export JSON").click()
    assert download.value.suggested_filename.endswith(".jsonl")
    context.close()
