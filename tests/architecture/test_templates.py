"""Templates: nothing that a strict content security policy would block, no escaping undone, none left over."""

import ast
import re

import pytest

from tests.architecture.conftest import Plant
from tests.architecture.house import House

FORBIDDEN = {
    r"\sstyle\s*=": "an inline style; the policy blocks it",
    r"<style\b": "an inline style sheet; the policy blocks it",
    r"\son[a-z]+\s*=": "an inline handler; the policy blocks it",
    r"\bhx-on\b": "an inline handler of htmx; the policy blocks it",
    r"\bjs:": "an expression for htmx to evaluate; the policy blocks it",
    r"=\s*[\"']?\s*javascript:": "a script as an address",
    r"\|\s*safe\b": "escaping undone",
    r"{%-?\s*autoescape\s+false": "escaping undone",
}
QUOTED = re.compile(r"""["']([\w/.-]+\.html)["']""")


def forbidden(house: House) -> list[str]:
    return [
        f"{name}:{source[: match.start()].count(chr(10)) + 1}: {match.group().strip()!r} is {complaint}"
        for name, source in house.templates.items()
        for pattern, complaint in FORBIDDEN.items()
        for match in re.finditer(pattern, source, re.IGNORECASE)
    ]


def named_in_python(house: House) -> set[str]:
    return {
        node.value
        for module in house.modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def unused(house: House) -> set[str]:
    named_in_templates = {name for source in house.templates.values() for name in QUOTED.findall(source)}
    return set(house.templates) - named_in_python(house) - named_in_templates


def missing(house: House) -> set[str]:
    named = {name for source in house.templates.values() for name in QUOTED.findall(source)}
    named |= {name for name in named_in_python(house) if name.endswith(".html")}
    return named - set(house.templates)


def test_templates_hold_nothing_that_the_policy_blocks(house: House) -> None:
    assert forbidden(house) == []


def test_every_template_is_used(house: House) -> None:
    assert unused(house) == set()


def test_every_template_that_is_named_exists(house: House) -> None:
    assert missing(house) == set()


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        '<button onclick="f()">',
        "<form\nONSUBMIT = f()>",
        '<a hx-on:click="f()">',
        '<div hx-vals="js:{a: 1}">',
        '<a href="javascript:f()">',
        "{{ name|safe }}",
        "{{ name | safe }}",
        "{% autoescape false %}",
    ],
)
def test_each_forbidden_thing_is_found(plant: Plant, markup: str) -> None:
    assert len(forbidden(plant({"app/templates/page.html": markup}))) == 1


def test_a_template_that_nobody_names_is_found(plant: Plant) -> None:
    planted = plant(
        {
            "app/templates/base.html": "",
            "app/templates/area/page.html": "{% extends 'base.html' %}{% include \"area/_gone.html\" %}",
            "app/templates/area/_left_over.html": "",
            "app/web/area/views.py": "render_template('area/page.html')",
        }
    )
    assert unused(planted) == {"area/_left_over.html"}
    assert missing(planted) == {"area/_gone.html"}
