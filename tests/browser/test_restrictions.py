"""A whitelist that shuts somebody out, in the browser: foreseen with numbers, found out why, told in the history."""

import json
import urllib.request
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.clock import Clock
from app.domain.roles import Role
from app.store.database import db
from app.store.queries import usage
from tests import people
from tests.browser.conftest import Service, SignIn
from tests.browser.test_edit import opened, region
from tests.browser.test_issue_and_verify import create_application, done, faults, issue

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WHY = "Only the office may use it"
HERE, OFFICE = "203.0.113.7", "10.1.2.3"


def verify(service: Service, key: str, client_ip: str) -> dict[str, Any]:
    """What Postern answers a service that saw this address."""
    body = json.dumps({"token": key, "scopes": ["invoice:read"], "client_ip": client_ip}).encode()
    headers = {"Authorization": f"Bearer {service.key}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"{service.url}/api/v1/verify", body, headers)) as answer:
        return dict(json.load(answer))


def wait_for_usage(page: Page, app: Flask, clock: Clock, count: int) -> None:
    """Usage is written at most a second late: wait until so many accepted uses of the page's token are there, and with
    them what was refused before."""
    token_id = page.url.partition("/tokens/")[2].partition("/")[0]
    for _ in range(200):
        with app.app_context():
            if sum(usage.accepted(db.session(), token_id, clock()).by_address.values()) == count:
                return
        page.wait_for_timeout(50)
    raise AssertionError("usage was not written")


def tab(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Token").get_by_role("link", name=name, exact=True).click()


def try_from(page: Page, address: str) -> None:
    """Ask on the ACL tab what a service would be told that saw this address."""
    trying = region(page, "Try a request")
    trying.get_by_label("Scopes").fill("invoice:read")
    trying.get_by_label("Address").fill(address)
    trying.get_by_role("button", name="Try request").click()


def activate(superuser: Page, security: str) -> None:
    """Open emergency access on the Security tab."""
    superuser.goto(security)
    emergency = region(superuser, "Emergency access")
    emergency.get_by_label("Duration (hours)").fill("1")
    emergency.get_by_label("Reason").fill("The office network is down")
    emergency.get_by_role("button", name="Activate emergency access").click()
    expect(superuser.get_by_role("button", name="Deactivate")).to_be_visible()


def test_a_whitelist_that_shuts_a_caller_out_is_foreseen_found_out_and_lifted(
    sign_in: SignIn, service: Service, app: Flask, clock: Clock
) -> None:
    people.add(app, "Uma", clock(), Role.SUPERUSER)
    page = sign_in("Nora")
    create_application(page)
    key = issue(page, "nightly", "invoice:read")
    done(page)
    for address in (HERE, HERE, OFFICE):
        assert verify(service, key, address)["valid"] is True
    wait_for_usage(page, app, clock, 3)

    page.evaluate("window.stays = true")
    tab(page, "Security")
    form = opened(page, "IP whitelist")
    told = form.get_by_role("status")
    form.get_by_label("IP whitelist").press_sequentially("10.0.0.0/8")
    expect(told).to_contain_text("It would have refused 2 of the 3 verifications")
    expect(told).to_contain_text(f"{HERE}: 2")
    assert faults(page, shows=told) == []
    form.get_by_label("Reason").fill(WHY)
    form.get_by_role("button", name="Save changes").click()
    expect(region(page, "IP whitelist").get_by_role("link", name="Edit")).to_be_visible()
    expect(region(page, "IP whitelist")).to_contain_text("10.0.0.0/8")
    assert (verify(service, key, HERE)["code"], verify(service, key, OFFICE)["code"]) == ("IP_NOT_ALLOWED", "VALID")

    tab(page, "ACL")
    try_from(page, HERE)
    decided = region(page, "Try a request").get_by_role("row").filter(has_text="Decided")
    expect(decided).to_contain_text(f"Add {HERE} to the IP whitelist")
    assert page.evaluate("window.stays"), "the page was loaded anew"
    wait_for_usage(page, app, clock, 4)
    page.reload()
    assert faults(page, shows=region(page, "Recent refusals").get_by_text("IP_NOT_ALLOWED")) == []

    uma = sign_in("Uma")
    activate(uma, f"{page.url.partition('/acl')[0]}/security")
    answer = verify(service, key, HERE)
    assert (answer["valid"], answer["emergency_access"]) == (True, True)
    page.reload()
    expect(page.get_by_text("Emergency access").first).to_be_visible()
    expect(region(page, "Try a request").get_by_role("row").filter(has_text="Client address")).to_contain_text("Lifted")
    region(uma, "Emergency access").get_by_role("button", name="Deactivate").click()
    expect(uma.get_by_role("button", name="Activate emergency access")).to_be_visible()
    assert verify(service, key, HERE)["code"] == "IP_NOT_ALLOWED"

    tab(page, "Overview")
    history = region(page, "Change history")
    for sentence in ("IP whitelist set to 10.0.0.0/8", WHY, "Emergency access", "The office network is down"):
        expect(history).to_contain_text(sentence)


def test_hours_are_said_in_the_viewers_own_time(sign_in: SignIn) -> None:
    nora = sign_in("Nora")
    create_application(nora)
    issue(nora, "nightly", "invoice:read")
    done(nora)
    browser = nora.context.browser
    assert browser is not None
    context = browser.new_context(timezone_id="Asia/Kolkata", locale="en-GB")
    context.add_cookies(nora.context.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{nora.url}/security")
    form = opened(page, "Time restriction")
    for day in ("Monday", "Sunday"):
        form.get_by_label(day).check()
    form.get_by_label("From (UTC)").fill("17:00")
    form.get_by_label("Until (UTC)").fill("19:30")
    expect(form.get_by_text("In your time this week")).to_contain_text("Mon, Sun 22:30 to 01:00 the next day")
    form.get_by_label("Reason").fill(WHY)
    form.get_by_role("button", name="Save changes").click()
    expect(region(page, "Time restriction").get_by_role("link", name="Edit")).to_be_visible()
    expect(region(page, "Time restriction")).to_contain_text("Mon, Sun 22:30 to 01:00 the next day")
    context.close()
