"""Rotating a key in the browser: with an overlap both verify, after Finish now only the new one."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Service, SignIn
from tests.browser.test_issue_and_verify import KEY, create_application, done, faults, issue


@pytest.fixture
def nora(sign_in: SignIn) -> Page:
    page = sign_in("Nora")
    create_application(page)
    return page


def rotate(page: Page, overlap: str) -> str:
    """Rotate from the token's page; the new key."""
    page.get_by_role("button", name="Rotate key").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(overlap).check()
    dialog.get_by_label("Reason").fill("Scheduled rotation")
    dialog.get_by_role("button", name="Rotate key").click()
    return page.locator(KEY).inner_text()


def test_both_keys_verify_during_the_overlap_and_one_after_finish_now(nora: Page, service: Service) -> None:
    old = issue(nora, "nightly", "invoice:read")
    done(nora)
    new = rotate(nora, "24 hours")
    answers = [service.verify(key) for key in (old, new)]
    assert [(answer["valid"], answer["key"]) for answer in answers] == [(True, "retiring"), (True, "current")]
    assert answers[0]["key_stops_at"] is not None

    done(nora)
    overlap = nora.get_by_role("region", name="Two keys verify")
    expect(overlap.get_by_role("row")).to_have_count(3)
    assert faults(nora, shows=overlap) == []
    overlap.get_by_role("button", name="Finish now").click()
    expect(nora.get_by_text("The old key has stopped")).to_be_visible()
    expect(overlap).to_have_count(0)
    assert [service.verify(key)["code"] for key in (old, new)] == ["ROTATED", "VALID"]


def test_by_default_the_old_key_stops_at_once(nora: Page, service: Service) -> None:
    old = issue(nora, "nightly", "invoice:read")
    done(nora)
    nora.get_by_role("button", name="Rotate key").click()
    dialog = nora.get_by_role("dialog")
    expect(dialog.get_by_label("Immediately")).to_be_checked()
    dialog.get_by_role("button", name="Rotate key").click()
    new = nora.locator(KEY).inner_text()
    assert [service.verify(key)["code"] for key in (old, new)] == ["ROTATED", "VALID"]


@pytest.mark.console_errors("status of 409")
def test_refreshed_it_shows_no_key_and_rotates_no_second_time(nora: Page, service: Service) -> None:
    issue(nora, "nightly", "invoice:read")
    done(nora)
    new = rotate(nora, "Immediately")
    nora.reload()
    expect(nora.get_by_text("rotated a moment ago")).to_be_visible()
    assert new not in nora.content()
    assert service.verify(new)["code"] == "VALID"


def test_it_all_works_without_javascript(nora: Page, service: Service) -> None:
    browser = nora.context.browser
    assert browser is not None
    context = browser.new_context(base_url=service.url, java_script_enabled=False)
    context.add_cookies(nora.context.cookies())  # type: ignore[arg-type]
    plain = context.new_page()
    plain.goto(nora.url)
    old = issue(plain, "nightly", "invoice:read")
    done(plain)
    new = rotate(plain, "1 hour")
    assert [service.verify(key)["code"] for key in (old, new)] == ["VALID", "VALID"]
    done(plain)
    plain.get_by_role("button", name="Finish now").click()
    assert [service.verify(key)["code"] for key in (old, new)] == ["ROTATED", "VALID"]
    plain.get_by_role("button", name="Revoke").click()
    plain.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(plain.get_by_text("Revoked. No key of this token verifies any more.")).to_be_visible()
    assert service.verify(new)["code"] == "REVOKED"
    context.close()
