"""In which looks a life is lived, by which hands, and what has to be right about every page on the way.

`POSTERN_LOOKS=4` lives each life in all of them, and looks closely at every page in each. Without it each life is lived
as there is time for in each run: at a desk in the light with a mouse, or on a phone in the dark with nothing but keys,
the shortest without JavaScript too; and each kind of page is looked at closely by whoever comes by first.
"""

import os
import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.shell.test_pages_in_a_browser import AXE, DESK, PHONE, RULES, SMALL_TARGETS, VIOLATIONS


@dataclass(frozen=True)
class Look:
    """A colour scheme and a width. `keyboard`: no mouse is touched. `javascript`: whether there is any."""

    name: str
    scheme: str
    screen: dict[str, int]
    keyboard: bool = False
    javascript: bool = True

    @property
    def context(self) -> dict[str, Any]:
        """What a browser has to be told."""
        return {"color_scheme": self.scheme, "viewport": self.screen, "java_script_enabled": self.javascript}


IN_ALL = int(os.environ.get("POSTERN_LOOKS", "2")) >= 4
AT_A_DESK = Look("light at a desk", "light", DESK)
ON_A_PHONE = Look("dark on a phone by keyboard", "dark", PHONE, keyboard=True)
PLAIN = Look("without JavaScript", "light", PHONE, javascript=False)
FURTHER = (
    Look("dark at a desk by keyboard", "dark", DESK, keyboard=True),
    Look("light on a phone", "light", PHONE),
)

STILL = "() => Promise.all(document.getAnimations().map(each => each.finished.catch(() => {})))"

# Kinds of pages that were looked at closely, with the look: once is enough, however many lives come by.
_inspected: set[tuple[str, str]] = set()


def lived(*usual: Look) -> pytest.MarkDecorator:
    """A life that is lived in these looks in each run, and in all of them where that is asked for."""
    looks = (AT_A_DESK, ON_A_PHONE, PLAIN, *FURTHER) if IN_ALL else usual
    return pytest.mark.parametrize("look", looks, indirect=True, ids=slug)


class Life:
    """One person in front of one browser: what they do, and what they see each time."""

    def __init__(self, page: Page, look: Look) -> None:
        self.page, self.look = page, look

    def press(self, thing: Locator) -> None:
        """Press a button, or follow a link."""
        self._by("Enter", thing)

    def tick(self, thing: Locator) -> None:
        """Tick a box, or choose a radio."""
        self._by(" ", thing)
        expect(thing).to_be_checked()

    def write(self, field: Locator, text: str) -> None:
        """Put this text in the place of what stands in a field."""
        if not self.look.keyboard:
            field.fill(text)
            return
        field.focus()
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(text)

    def choose(self, field: Locator, label: str) -> None:
        """Choose the option of this label."""
        if not self.look.keyboard:
            field.select_option(label=label)
            return
        options = [text.strip() for text in field.locator("option").all_inner_texts()]
        steps = options.index(label) - field.evaluate("field => field.selectedIndex")
        field.focus()
        for _ in range(abs(steps)):
            self.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")

    def go_to(self, place: str) -> None:
        """Follow a link of the main navigation, which is behind Menu on a phone."""
        if self.look.screen == PHONE:
            self.press(self.button("Menu"))
        self.press(self.page.get_by_role("navigation", name="Main").get_by_role("link", name=place))

    def sign_in(self, name: str, password: str) -> None:
        """Sign in by the form, and be at home."""
        self.page.goto("/login")
        self.write(self.field("Email"), f"{name}@example.com")
        self.write(self.field("Password"), password)
        self.press(self.button("Sign in"))
        self.sees("Home", heading=True)

    def button(self, name: str) -> Locator:
        """The button called so; in the dialog, where one is open."""
        dialog = self.page.locator("dialog[open]")
        return (dialog if dialog.count() else self.page).get_by_role("button", name=name, exact=True)

    def link(self, name: str) -> Locator:
        """The first link of the page, not of the navigation, called so."""
        return self.page.locator("main").get_by_role("link", name=name, exact=True).first

    def field(self, label: str, within: Locator | None = None) -> Locator:
        """The field of this label, in the dialog where one is open."""
        dialog = self.page.locator("dialog[open]")
        around = within or (dialog if dialog.count() else self.page)
        fields = around.get_by_label(label, exact=True)
        return fields.and_(around.locator("input, select, textarea")).first

    def scope(self, name: str) -> Locator:
        """The box of this scope, where scopes are chosen."""
        return self.page.get_by_role("checkbox", name=name)

    def region(self, name: str) -> Locator:
        """The part of the page with this title."""
        return self.page.get_by_role("region", name=name, exact=True)

    def asked(self, button: str, dialog: str, reason: str = "") -> None:
        """Press a button that asks first, look at the question, and say yes."""
        self.press(self.button(button))
        expect(self.page.locator("dialog[open]")).to_be_visible()
        self.is_decent(dialog)
        if reason:
            self.write(self.field("Reason"), reason)
        self.press(self.button(button))

    def sees(self, text: str, *, heading: bool = False) -> None:
        """Wait until the page says so."""
        seen = self.page.get_by_role("heading", name=text) if heading else self.page.locator("main").get_by_text(text)
        expect(seen.filter(visible=True).first).to_be_visible()

    def arrives(self, kind: str, text: str, *, heading: bool = False) -> None:
        """Wait until the page says so, and look at what kind of page it is."""
        self.sees(text, heading=heading)
        self.is_decent(kind)

    def is_decent(self, kind: str) -> None:
        """Nothing makes the page scroll sideways; and, looked at closely, nobody is shut out from this kind of page."""
        width, room = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width <= room, f"{kind} scrolls sideways {self.look.name}: {width} in {room}"
        seen_in = self.look.name if IN_ALL else ""
        if self.look.javascript and (kind, seen_in) not in _inspected:
            _inspected.add((kind, seen_in))
            # What fades in or out has the contrast of neither.
            expect(self.page.locator("[aria-busy=true], .htmx-request")).to_have_count(0)
            self.page.evaluate(STILL)
            self.page.evaluate(AXE)
            found = self.page.evaluate(VIOLATIONS, RULES) + self.page.evaluate(SMALL_TARGETS)
            assert not found, f"{kind} {self.look.name}: {found}"

    def _by(self, key: str, thing: Locator) -> None:
        if not self.look.keyboard:
            thing.click()
            return
        thing.focus()
        expect(thing).to_be_focused()
        self.page.keyboard.press(key)


def slug(look: Look) -> str:
    """The look as part of a name."""
    return re.sub(r"\W+", "-", look.name).lower()
