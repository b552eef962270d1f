"""Fifteen minutes of a member: is my token well, may it do this, and could it do more."""

from collections.abc import Callable

from playwright.sync_api import expect

from app.domain.roles import Role
from tests import people
from tests.browser.lives.conftest import Town
from tests.browser.lives.looks import AT_A_DESK, PLAIN, Life, Look, lived, slug


@lived(AT_A_DESK, PLAIN)
def test_the_life_of_a_member(town: Town, look: Look, begin: Callable[[], Life]) -> None:
    name = f"mina-{slug(look)}"
    member = town.settle(name, Role.MEMBER)
    shop = town.application(f"Shop of {name}", member)
    town.token(shop, "nightly", "invoice:write", member, rate="100/hour")
    life = begin()
    life.sign_in(name, people.PASSWORD)
    life.is_decent("home")

    life.go_to("Applications")
    life.arrives("applications", "Applications", heading=True)
    life.press(life.link(f"Shop of {name}"))
    life.arrives("application", "Recent events")
    life.press(life.link("Credentials"))
    life.arrives("credentials", "Search tokens")

    life.press(life.link("nightly"))
    life.arrives("token", "Works now")
    life.press(life.link("ACL"))
    life.arrives("acl", "Try a request", heading=True)
    asks_whether_it_may(life)
    life.press(life.link("Security"))
    life.arrives("security", "100 an hour")
    asks_for_more(life)

    life.go_to("Home")
    life.sees("Home", heading=True)
    life.is_decent("home")
    signs_out(life)


def asks_whether_it_may(life: Life) -> None:
    trial = life.region("Try a request")
    life.write(life.field("Scopes", trial), "invoice:write")
    life.press(life.button("Try request"))
    life.arrives("tried", "VALID: the token may do this")
    life.write(life.field("Scopes", trial), "payout:create")
    life.press(life.button("Try request"))
    life.sees("INSUFFICIENT_SCOPE: refused")


def asks_for_more(life: Life) -> None:
    card = life.region("Rate limit")
    life.press(card.get_by_role("link", name="Edit"))
    expect(life.button("Save changes")).to_be_visible()
    life.write(life.field("Rate limit", card), "200/hour")
    life.press(life.button("Save changes"))
    life.arrives("edit", "10 characters")
    life.write(life.field("Reason", card), "There are twice as many orders")
    life.press(life.button("Save changes"))
    life.arrives("security", "A change waits for approval")
    life.press(life.link("See the request"))
    life.arrives("request", "You asked for this, and nobody decides their own request.")
    life.press(life.button("Cancel request"))
    life.sees("Cancelled")


def signs_out(life: Life) -> None:
    if life.look.screen["width"] < 600:
        life.press(life.button("Menu"))
    life.press(life.button("Sign out"))
    expect(life.page.get_by_role("button", name="Sign in")).to_be_visible()
    life.is_decent("sign in")
