"""Fifteen minutes of a superuser: who may sign in, when a second person is asked, the catalogue, and a bad hour."""

from collections.abc import Callable

from playwright.sync_api import expect

from app.domain.roles import Role
from tests import people
from tests.browser.lives.conftest import Town
from tests.browser.lives.looks import ON_A_PHONE, Life, Look, lived, slug


@lived(ON_A_PHONE)
def test_the_life_of_a_superuser(town: Town, look: Look, begin: Callable[[], Life]) -> None:
    name = f"rosa-{slug(look)}"
    town.settle(name, Role.SUPERUSER)
    ferry = town.application(f"Ferry of {name}", town.cast.linus)
    for token in ("tickets", "timetable"):
        town.token(ferry, token, "invoice:read", town.cast.linus)
    life = begin()
    life.sign_in(name, people.PASSWORD)

    looks_after_people(life, f"Iris {slug(look)}")
    sets_the_policy(life)
    keeps_the_catalogue(life, f"crate_{slug(look).replace('-', '_')}:read")
    handles_an_incident(life, f"Ferry of {name}")
    opens_a_token_in_an_emergency(life, f"Ferry of {name}")
    life.go_to("Audit")
    life.sees("Deactivated emergency access")
    life.page.goto("/account")
    life.arrives("account", "Change password", heading=True)
    life.page.goto("/docs")
    life.arrives("guide", "Getting started", heading=True)


def looks_after_people(life: Life, name: str) -> None:
    life.go_to("People")
    life.arrives("people", "Add a person", heading=True)
    life.write(life.field("Email"), f"{name.replace(' ', '-')}@example.com")
    life.write(life.field("Name"), name)
    life.press(life.button("Add person"))
    life.arrives("one-time link", f"Send this link to {name} now", heading=True)
    life.press(life.link("Done"))
    life.arrives("person", "Change role", heading=True)
    life.choose(life.field("Role"), "Administrator")
    life.press(life.button("Save changes"))
    life.sees(f"Saved. {name} has been signed out everywhere.")
    life.asked("Deactivate", "deactivate")
    life.arrives("person, deactivated", f"{name} is deactivated and has been signed out everywhere.")


def sets_the_policy(life: Life) -> None:
    life.go_to("Settings")
    life.arrives("settings", "Environment", heading=True)
    medium = life.region("Medium risk")
    life.tick(life.field("Takes effect at once", medium))
    life.write(life.field("Reason", medium), "All of them are approved anyway")
    life.press(medium.get_by_role("button", name="Save changes"))
    life.arrives("settings, waiting", "Asked for this change. The policy stays as it is until somebody else approves.")
    life.press(life.link("To ask nobody any more at Medium risk"))
    life.arrives("request, policy", "You asked for this, and nobody decides their own request.")
    life.press(life.button("Cancel request"))
    life.sees("Cancelled")


def keeps_the_catalogue(life: Life, scope: str) -> None:
    life.go_to("Scopes")
    life.arrives("scopes", "Catalogue", heading=True)
    life.press(life.link("New scope"))
    life.arrives("new scope", "New scope", heading=True)
    life.write(life.field("Name"), scope)
    life.choose(life.field("Risk"), "Low")
    life.press(life.button("Add scope"))
    life.arrives("scope", f"Added {scope}. It can be given to tokens from now on.")
    life.write(life.field("Description"), "See what is in a crate.")
    life.press(life.button("Save changes"))
    life.sees("Saved. It holds from now on.")
    life.asked("Retire", "retire", "There are no crates any more")
    life.arrives("scope, retired", "Retired")


def handles_an_incident(life: Life, application: str) -> None:
    life.go_to("Incident")
    life.arrives("incident", "Say what the tokens have in common")
    life.write(life.field("Application"), application)
    life.press(life.button("Show tokens"))
    life.arrives("incident, found", "2 tokens can be disabled, 2 revoked.")
    life.asked("Disable", "incident, disable", "Keys were seen in a public repository")
    life.arrives("incident, stopped", "Disabled 2 tokens. They verify no more.")
    life.press(life.button("Enable all again"))
    life.arrives("incident, taken back", "Enabled 2 tokens again.")


def opens_a_token_in_an_emergency(life: Life, application: str) -> None:
    life.go_to("Applications")
    life.press(life.link(application))
    life.press(life.link("Credentials"))
    life.press(life.link("tickets"))
    life.sees("Works now")
    life.press(life.link("Security"))
    life.arrives("security, superuser", "Danger zone", heading=True)
    emergency = life.region("Emergency access")
    life.write(life.field("Duration (hours)", emergency), "1")
    life.write(life.field("Reason", emergency), "The office network is down")
    life.press(life.button("Activate emergency access"))
    expect(life.page.get_by_text("Emergency access is open.")).to_be_visible()
    expect(life.button("Deactivate")).to_be_visible()
    life.is_decent("security, emergency")
    life.press(life.button("Deactivate"))
    expect(life.page.get_by_text("Emergency access is open.")).to_be_hidden()
    life.arrives("security, after an emergency", "Ended windows", heading=True)
