"""Instants in a real Chromium: in the viewer's own time with UTC at hand; without JavaScript in UTC, which they say."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

OpenPage = Callable[..., Page]


@pytest.fixture
def page_in(browser: Browser, gallery_url: str) -> Iterator[OpenPage]:
    """A page of the gallery, read in this zone."""
    opened = []

    def open_page(zone: str, *, javascript: bool = True) -> Page:
        opened.append(
            browser.new_context(base_url=gallery_url, timezone_id=zone, locale="de-DE", java_script_enabled=javascript)
        )
        page = opened[-1].new_page()
        page.goto("/token")
        return page

    yield open_page
    for context in opened:
        context.close()


@pytest.mark.parametrize(
    ("zone", "created", "expires"),
    [
        ("Europe/Berlin", "15 Aug 2026 14:00 CEST", "2 Dec 2026 13:00 CET"),
        ("Asia/Kolkata", "15 Aug 2026 17:30 GMT+5:30", "2 Dec 2026 17:30 GMT+5:30"),
        ("Pacific/Kiritimati", "16 Aug 2026 02:00 GMT+14", "3 Dec 2026 02:00 GMT+14"),
    ],
)
def test_an_instant_is_told_in_the_viewers_time_with_utc_on_hover(
    page_in: OpenPage, zone: str, created: str, expires: str
) -> None:
    page = page_in(zone)
    facts = page.locator(".facts")
    absolute = facts.locator("time:not([data-relative])")
    expect(absolute).to_have_text(created)
    expect(absolute).to_have_attribute("title", "15 Aug 2026 12:00 UTC")
    relative = facts.locator("time[data-relative]")
    expect(relative).to_have_attribute("title", f"{expires} · 2 Dec 2026 12:00 UTC")


def test_who_lives_in_utc_reads_it_once(page_in: OpenPage) -> None:
    absolute = page_in("UTC").locator(".facts time:not([data-relative])")
    expect(absolute).to_have_text("15 Aug 2026 12:00 UTC")
    expect(absolute).to_have_attribute("title", "15 Aug 2026 12:00 UTC")


def test_without_javascript_it_is_utc_and_says_so(page_in: OpenPage) -> None:
    facts = page_in("Europe/Berlin", javascript=False).locator(".facts")
    expect(facts.locator("time:not([data-relative])")).to_have_text("15 Aug 2026 12:00 UTC")
    expect(facts.locator("time[data-relative]")).to_have_attribute("title", "2 Dec 2026 12:00 UTC")


def test_a_part_that_is_swapped_in_is_told_in_the_viewers_time_too(page_in: OpenPage) -> None:
    page = page_in("Europe/Berlin")
    page.get_by_role("link", name="Security").click()
    expect(page.get_by_role("link", name="Security")).to_have_attribute("aria-current", "page")
    expect(page.locator(".facts time:not([data-relative])")).to_have_text("15 Aug 2026 14:00 CEST")
