"""Catalogue files, and what loosens a catalogue: SPEC 4."""

import dataclasses
import tomllib
from pathlib import Path
from typing import Any

import pytest

from app.domain.catalogue import differs, loosenings, read
from app.domain.errors import Invalid
from app.domain.risk import Risk
from app.domain.scopes import Scope

EXAMPLE = Path(__file__).parents[2] / "app/example/catalogue.toml"
INVOICES = Scope("invoice:read", Risk.MEDIUM, "Billing", "Read invoices.", ("GET /api/invoices/*",))


def entry(**fields: Any) -> dict[str, Any]:
    return {"scope": [{"name": "invoice:read", "risk": "low", **fields}]}


def test_the_example_holds_what_is_promised() -> None:
    scopes = {one.scope.name: one.scope for one in read(tomllib.loads(EXAMPLE.read_text("utf-8")))}

    promised = {
        "product:read": Risk.LOW,
        "invoice:read": Risk.LOW,
        "invoice:write": Risk.MEDIUM,
        "customer:read": Risk.MEDIUM,
        "payout:create": Risk.HIGH,
    }
    assert {name: scopes[name].risk for name in promised} == promised
    for scope in scopes.values():
        assert scope.category
        assert scope.description.endswith(".")
        assert scope.permissions
        assert all(" /api/" in permission for permission in scope.permissions)


def test_only_name_and_risk_are_needed() -> None:
    (found,) = read(entry())

    assert found.over(None) == Scope("invoice:read", Risk.LOW)


def test_permissions_are_kept_in_one_spelling_and_once() -> None:
    (found,) = read(entry(permissions=["PUT /b", " GET   /a ", "PUT /b"]))

    assert found.scope.permissions == ("GET /a", "PUT /b")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"risk": "Low"}, "Give it a risk"),
        ({"risk": 1}, "Give it a risk"),
        ({"risk": ["low"]}, "Give it a risk"),
        ({"risk": None}, "Give it a risk"),
        ({"permissions": "GET /a"}, "Write its permissions as a list"),
        ({"permissions": [1]}, "Write its permissions as a text"),
        ({"permissions": ["GET a"]}, "Begin the path with a slash"),
        ({"permissions": ["FETCH /a"]}, "Begin with one of"),
        ({"permissions": ["GET /a"] * 101}, "at most 100"),
        ({"description": 1}, "Write its description as a text"),
        ({"description": "x" * 2001}, "Use at most 2,000 characters"),
        ({"category": "two\nlines"}, "invisible character"),
        ({"retired": "yes"}, "retired = true"),
        ({"colour": "red"}, "“colour” is not a field"),
    ],
)
def test_what_does_not_fit_is_said_of_its_scope(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(entry(**fields))
    assert sentence in refused.value.fields["invoice:read"]


@pytest.mark.parametrize("name", ["", "invoice", "Invoice:read", "invoice:*", "invoice:read\n", "é:read", None, 5])
def test_a_name_is_resource_and_action(name: object) -> None:
    with pytest.raises(Invalid) as refused:
        read({"scope": [{"name": name, "risk": "low"}]})
    assert refused.value.fields["scope 1 of the file"].startswith("Name it resource:action")


def test_the_built_in_scope_stays_out() -> None:
    with pytest.raises(Invalid, match="built in"):
        read({"scope": [{"name": "token:verify", "risk": "low"}]})


def test_a_scope_stands_in_the_file_once() -> None:
    with pytest.raises(Invalid, match="twice"):
        read({"scope": [*entry()["scope"], *entry()["scope"]]})


def test_every_fault_is_said() -> None:
    with pytest.raises(Invalid) as refused:
        read({"scope": [{"name": "a:b"}, {"name": "c:d"}, "text"]})
    assert list(refused.value.fields) == ["a:b", "c:d", "scope 3 of the file"]


@pytest.mark.parametrize("document", [{}, {"scope": []}, {"scope": {}}, {"scopes": []}, {**entry(), "version": 1}])
def test_a_file_of_another_shape_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match=r"\[\[scope\]\] tables and nothing else"):
        read(document)


@pytest.mark.parametrize(
    "after",
    [
        {},
        {"risk": Risk.HIGH},
        {"permissions": ()},
        {"permissions": ("GET /api/invoices/42",)},
        {"retired": True},
        {"description": "Look at invoices.", "category": "Money"},
    ],
)
def test_tighter_and_neutral_changes_loosen_nothing(after: dict[str, Any]) -> None:
    assert loosenings(INVOICES, dataclasses.replace(INVOICES, **after), held=True) == ()


@pytest.mark.parametrize(
    "after",
    [
        {"risk": Risk.LOW},
        {"permissions": ("GET /api/invoices/*", "PUT /api/invoices/*")},
        {"permissions": ("GET /api/invoices/**",)},
    ],
)
def test_less_risk_and_more_permissions_loosen(after: dict[str, Any]) -> None:
    assert len(loosenings(INVOICES, dataclasses.replace(INVOICES, **after), held=True)) == 1


def test_permissions_of_a_scope_that_no_live_token_holds_may_grow() -> None:
    wider = dataclasses.replace(INVOICES, permissions=("* /**",))

    assert loosenings(INVOICES, wider, held=False) == ()


def test_offering_a_retired_scope_again_loosens_but_silence_does_not() -> None:
    retired = dataclasses.replace(INVOICES, retired=True)
    silent, outspoken = read(entry(risk="medium"))[0], read(entry(risk="medium", retired=False))[0]

    assert silent.over(retired).retired
    assert loosenings(retired, silent.over(retired), held=False) == ()
    assert len(loosenings(retired, outspoken.over(retired), held=False)) == 1


def test_the_order_of_permissions_is_no_difference() -> None:
    one = dataclasses.replace(INVOICES, permissions=("GET /a", "GET /b"))
    other = dataclasses.replace(INVOICES, permissions=("GET /b", "GET /a"))

    assert not differs(one, other)
    assert differs(one, INVOICES)
