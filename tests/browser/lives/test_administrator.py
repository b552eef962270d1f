"""Fifteen minutes of an administrator: an application, its people and tokens, a decision, the log."""

from collections.abc import Callable

from playwright.sync_api import expect

from app.domain.roles import Role
from tests import people
from tests.browser.lives.conftest import Town
from tests.browser.lives.looks import AT_A_DESK, Life, Look, lived, slug


@lived(AT_A_DESK)
def test_the_life_of_an_administrator(town: Town, look: Look, begin: Callable[[], Life]) -> None:
    name, friend = f"vera-{slug(look)}", f"max-{slug(look)}"
    town.settle(name, Role.ADMINISTRATOR)
    town.settle(friend, Role.MEMBER)
    town.token(town.cast.billing, f"payouts {slug(look)}", "payout:create", town.cast.linus, approved=False)
    life = begin()
    life.sign_in(name, people.PASSWORD)

    creates_an_application(life, f"Depot of {name}")
    adds_a_member(life, friend)
    issues_a_low_token(life)
    edits_rotates_and_finishes(life)
    stops_and_starts_it(life)
    life.press(life.link(f"Depot of {name}"))
    life.press(life.link("Credentials"))
    issues_a_high_token(life)
    decides_what_somebody_else_asked_for(life, f"payouts {slug(look)}")
    reads_the_log(life, name)


def creates_an_application(life: Life, name: str) -> None:
    life.go_to("Applications")
    life.press(life.link("New application"))
    life.arrives("new application", "You will own it")
    life.press(life.button("New application"))
    life.arrives("new application, refused", "Enter a name.")
    life.write(life.field("Name"), name)
    life.press(life.button("New application"))
    life.arrives("first credentials", "Application created. Issue its first token here.")


def adds_a_member(life: Life, friend: str) -> None:
    life.press(life.link("Members"))
    life.sees("Add a member", heading=True)
    life.write(life.field("Email"), f"{friend}@example.com")
    life.press(life.button("Add member"))
    life.arrives("members", "is a member now." if not life.look.javascript else f"{friend}@example.com")
    life.press(life.link("Settings"))
    life.arrives("application settings", "Answers for", heading=True)
    life.press(life.link("Credentials"))
    life.sees("This application has no tokens yet.")


def issues_a_low_token(life: Life) -> None:
    life.press(life.link("Issue token"))
    life.arrives("issue", "No scope chosen yet")
    life.write(life.field("Name"), "report")
    life.tick(life.scope("invoice:read"))
    if life.look.javascript:
        life.sees("No approval needed")
    life.choose(life.field("Expires at"), "3 months")
    life.press(life.button("Issue token"))
    takes_the_key(life)
    life.sees("Works now")


def takes_the_key(life: Life) -> None:
    life.arrives("key", "Copy this key now", heading=True)
    if life.look.javascript:
        life.press(life.button("Copy key"))
        expect(life.page.locator("#live")).to_have_text("Copied.")
    life.tick(life.field("I have stored it"))
    life.press(life.link("Done"))


def edits_rotates_and_finishes(life: Life) -> None:
    details = life.region("Details")
    life.press(details.get_by_role("link", name="Edit"))
    expect(life.button("Save changes")).to_be_visible()
    life.write(life.field("Name", details), "monthly report")
    life.press(life.button("Save changes"))
    life.sees("Name changed from “report” to “monthly report”")

    life.press(life.button("Rotate key"))
    life.tick(life.field("After 24 hours"))
    life.is_decent("rotate")
    life.press(life.button("Rotate key"))
    takes_the_key(life)
    life.arrives("token, two keys", "Two keys verify")
    life.press(life.button("Finish now"))
    life.sees("The old key has stopped: only the new one verifies.")


def stops_and_starts_it(life: Life) -> None:
    life.asked("Disable", "disable", "The report is wrong")
    life.arrives("token, disabled", "Disabled. Every verification that starts now is refused.")
    life.asked("Enable", "enable")
    life.sees("Works now")
    life.asked("Revoke", "revoke", "Nobody reads it")
    life.arrives("token, revoked", "Revoked. No key of this token verifies any more.")
    life.press(life.link("Activity"))
    life.arrives("activity", "Revoked the token")


def issues_a_high_token(life: Life) -> None:
    life.press(life.link("Issue token"))
    life.write(life.field("Name"), "payday")
    life.tick(life.scope("payout:create"))
    if life.look.javascript:
        life.arrives("issue, high", "Needs approval.")
    life.write(life.field("Reason"), "Suppliers are paid on Fridays")
    life.press(life.button("Issue token"))
    life.arrives("key, pending", "Store the key now, use it after approval")
    takes_the_key(life)
    life.arrives("token, pending", "Waiting for approval")


def decides_what_somebody_else_asked_for(life: Life, token: str) -> None:
    life.go_to("Approvals")
    life.arrives("approvals", "What waits for a second person")
    life.press(life.link(token))
    life.arrives("request, to decide", "Needed to approve, and to reject.")
    life.press(life.button("Approve"))
    life.sees("Write a comment")
    life.write(life.field("Comment"), "Checked with finance")
    life.press(life.button("Approve"))
    expect(life.region("Outcome")).to_contain_text("Approved")
    life.is_decent("request, decided")


def reads_the_log(life: Life, name: str) -> None:
    life.go_to("Audit")
    life.arrives("audit", "Approved the request")
    life.write(life.field("Actor"), f"{name}@example.com")
    life.press(life.button("Filter"))
    life.sees("All events that fit, not only this page.")
    with life.page.expect_download() as download:
        life.press(life.button("Export CSV"))
    assert download.value.suggested_filename.endswith(".csv")
