"""What would change a refusal: every code that can be an answer has its remedy, and each fits its case."""

from typing import Any

import pytest

from app.domain.checks import Code
from app.domain.question import Question
from app.domain.remedies import REMEDIES, Case, remedy
from app.domain.risk import Risk
from app.domain.scopes import AnswersFor, Scope
from tests.domain.test_decision import LIVE

CATALOGUE = {
    scope.name: scope
    for scope in (
        Scope("invoice:read", Risk.LOW, permissions=("GET /api/invoices/*",)),
        Scope("invoice:write", Risk.MEDIUM, permissions=("PUT /api/invoices/*",)),
        Scope("payout:create", Risk.HIGH, permissions=("POST /api/payouts",)),
        Scope("payout:old", Risk.HIGH, permissions=("DELETE /api/payouts",), retired=True),
    )
}
INVOICES = AnswersFor(frozenset({"invoice"}))


def case(*scopes: str, **asked: Any) -> Case:
    return Case(LIVE, Question(frozenset(scopes), **asked), CATALOGUE)


def test_every_refusal_has_a_remedy() -> None:
    assert {code.value for code in Code} - {"VALID"} <= set(REMEDIES)
    for code in set(Code) - {Code.VALID}:
        assert remedy(code, case("a:b", method="GET", path="/nowhere")).endswith(".")


TO_PUT = {"method": "PUT", "path": "/api/invoices/7"}
TO_PAY = {"method": "POST", "path": "/api/payouts"}


@pytest.mark.parametrize(
    ("code", "asked", "said"),
    [
        (Code.INSUFFICIENT_SCOPE, case("invoice:write"), "Add invoice:write to the token's scopes."),
        (Code.INSUFFICIENT_SCOPE, case("a:b", "c:d"), "The catalogue has no a:b and c:d"),
        (Code.INSUFFICIENT_SCOPE, case("payout:create", answers_for=INVOICES), "has payout:create, but who asks"),
        (Code.ACCESS_DENIED, case(**TO_PUT), "Add a scope that permits it to the token: invoice:write."),
        (Code.ACCESS_DENIED, case(**TO_PAY, answers_for=INVOICES), "payout:create permits it, but"),
        (Code.ACCESS_DENIED, case(method="DELETE", path="/api/payouts"), "No scope permits this method and path."),
        (Code.ACCESS_DENIED, case(method="GET", path="/api/%2e%2e/x"), "could be read in two ways"),
    ],
)
def test_it_fits_the_case(code: Code, asked: Case, said: str) -> None:
    assert said in remedy(code, asked)


def test_what_is_there_already_is_not_asked_for_again() -> None:
    told = remedy(Code.INSUFFICIENT_SCOPE, case("invoice:read", "invoice:write", "a:b"))
    assert "invoice:read" not in told
    assert told.count(".") == 2
