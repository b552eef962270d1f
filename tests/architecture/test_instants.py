"""Instants on pages: one component writes them, so that each says its zone, and is told in the viewer's own as well."""

import re

import pytest

from tests.architecture.conftest import Plant
from tests.architecture.house import House

COMPONENT = "components/time.html"
BY_HAND = {
    r"<time\b": "a <time> by hand",
    r"{{[^}]*\|\s*(instant|relative|iso)\b(?![^}]*_anchor)": "an instant as bare text",
}
# What no element can stand in: a title that only screen readers are told.
ALLOWED = {"tokens/_acl.html": r"sr-only"}


def by_hand(house: House) -> list[str]:
    return [
        f"{name}: {complaint}; use {COMPONENT}"
        for name, source in house.templates.items()
        if name != COMPONENT
        for line in re.sub(r"{#.*?#}", "", source, flags=re.DOTALL).splitlines()
        for pattern, complaint in BY_HAND.items()
        if re.search(pattern, line) and not (name in ALLOWED and re.search(ALLOWED[name], line))
    ]


def test_every_instant_is_written_by_the_component(house: House) -> None:
    assert by_hand(house) == []


@pytest.mark.parametrize(
    "markup", ["{{ event.at | instant }}", "{{ event.at|relative(now) }}", '<time datetime="2026-11-23">Monday</time>']
)
def test_an_instant_by_hand_is_found(plant: Plant, markup: str) -> None:
    assert len(by_hand(plant({"app/templates/area/page.html": markup, f"app/templates/{COMPONENT}": markup}))) == 1
