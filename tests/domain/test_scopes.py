"""Scopes and risk: SPEC 4."""

import pytest

from app.domain import issuing, risk, scopes
from app.domain.approval import Policy
from app.domain.errors import Unfit
from app.domain.risk import Risk
from app.domain.scopes import AnswersFor, Scope

READ = Scope("invoice:read", Risk.LOW)
WRITE = Scope("invoice:write", Risk.MEDIUM)
PAY = Scope("payout:create", Risk.HIGH)
OLD = Scope("legacy:read", Risk.LOW, retired=True)
CATALOGUE = {scope.name: scope for scope in (READ, WRITE, PAY, OLD)}


@pytest.mark.parametrize("name", ["invoice:read", "a:b", "a1_b:c_2"])
def test_a_name_is_resource_and_action(name: str) -> None:
    assert scopes.is_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "invoice", "invoice:", ":read", "Invoice:read", "invoice:*", "*", "a:b:c", "1a:b", "a:b\n", "а:b", "a:b."],
)
def test_anything_else_is_no_name(name: str) -> None:
    assert not scopes.is_name(name)


def test_chosen_scopes_are_sorted_and_counted_once() -> None:
    assert scopes.chosen(["payout:create", "invoice:read", "invoice:read"], CATALOGUE) == (READ, PAY)


@pytest.mark.parametrize("names", [[], ["no:such"], ["invoice:*"], ["legacy:read"], [f"a:b{n}" for n in range(51)]])
def test_what_is_not_offered_cannot_be_chosen(names: list[str]) -> None:
    with pytest.raises(Unfit):
        scopes.chosen(names, CATALOGUE)


def test_the_risk_is_the_highest_and_low_without_scopes() -> None:
    assert risk.highest([Risk.LOW, Risk.HIGH, Risk.MEDIUM]) is Risk.HIGH
    assert risk.highest([]) is Risk.LOW


@pytest.mark.parametrize(
    ("chosen", "because", "approval", "reason"),
    [
        ([], (), False, False),
        ([READ], (), False, False),
        ([READ, WRITE], ("invoice:write",), True, True),
        ([READ, WRITE, PAY], ("payout:create",), True, True),
    ],
)
def test_the_forecast_says_what_set_the_risk_and_what_it_takes(
    chosen: list[Scope], because: tuple[str, ...], approval: bool, reason: bool
) -> None:
    found = issuing.forecast(chosen, Policy())

    assert (found.because, found.approval_needed, found.reason_required) == (because, approval, reason)


def test_a_relaxed_policy_still_wants_a_reason_for_high() -> None:
    found = issuing.forecast([PAY], Policy(frozenset()))

    assert (found.approval_needed, found.reason_required) == (False, True)


def test_a_verifying_service_is_told_about_its_resources_only() -> None:
    answers_for = AnswersFor(frozenset({"invoice"}))

    assert answers_for.covers("invoice:read")
    assert not answers_for.covers("payout:create")
    assert not AnswersFor().covers("invoice:read")
    assert AnswersFor(everything=True).covers("payout:create")
