"""The decision as a table: what is stored, what is asked, which code comes out."""

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain import access_rules
from app.domain.checks import CHECKS, Code, Outcome
from app.domain.decision import Decision, decide
from app.domain.lifecycle import Facts, Status
from app.domain.question import GrantedScope, Question, Snapshot
from app.domain.risk import Risk
from app.domain.rotation import KeyState
from app.domain.scopes import AnswersFor

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
READ = GrantedScope("invoice:read", Risk.LOW, (access_rules.parse("GET /api/invoices/*"),))
PAY = GrantedScope("payout:create", Risk.HIGH, (access_rules.parse("POST /api/payouts"),))
LIVE = Snapshot(
    key_id="key_1",
    key_stops_at=None,
    token_id="tok_1",
    facts=Facts(Status.ACTIVE),
    application_id="app_1",
    application_name="Billing",
    application_enabled=True,
    answers_for=AnswersFor(),
    scopes=(READ, PAY),
)
ANY = Question()


def stored(**facts: Any) -> Snapshot:
    return dataclasses.replace(LIVE, **facts)


def asked(*scopes: str, **more: Any) -> Question:
    return Question(frozenset(scopes), **more)


@pytest.mark.parametrize(
    ("snapshot", "question", "code"),
    [
        (LIVE, ANY, Code.VALID),
        (None, ANY, Code.UNKNOWN_TOKEN),
        (stored(scopes=()), ANY, Code.UNKNOWN_TOKEN),
        (stored(key_stops_at=NOW + SECOND), ANY, Code.VALID),
        (stored(key_stops_at=NOW), ANY, Code.ROTATED),
        (stored(facts=Facts(Status.PENDING, lapses_at=NOW + SECOND)), ANY, Code.PENDING_APPROVAL),
        (stored(facts=Facts(Status.PENDING, lapses_at=NOW)), ANY, Code.REJECTED),
        (stored(facts=Facts(Status.REJECTED)), ANY, Code.REJECTED),
        (stored(facts=Facts(Status.REVOKED)), ANY, Code.REVOKED),
        (stored(facts=Facts(Status.DISABLED)), ANY, Code.DISABLED),
        (stored(facts=Facts(Status.ACTIVE, expires_at=NOW + SECOND)), ANY, Code.VALID),
        (stored(facts=Facts(Status.ACTIVE, expires_at=NOW)), ANY, Code.EXPIRED),
        (stored(application_enabled=False), ANY, Code.APPLICATION_DISABLED),
        (LIVE, asked("invoice:read", "payout:create"), Code.VALID),
        (LIVE, asked("invoice:read", "invoice:write"), Code.INSUFFICIENT_SCOPE),
        (LIVE, asked(method="GET", path="/api/invoices/42"), Code.VALID),
        (LIVE, asked(method="HEAD", path="/api/invoices/42"), Code.VALID),
        (LIVE, asked(method="DELETE", path="/api/invoices/42"), Code.ACCESS_DENIED),
        (LIVE, asked("payout:create", method="GET", path="/api/invoices/42"), Code.VALID),
    ],
)
def test_each_code_has_its_facts(snapshot: Snapshot | None, question: Question, code: Code) -> None:
    decision = decide(snapshot, question, NOW)

    assert (decision.code, decision.valid) == (code, code is Code.VALID)
    assert bool(decision.message) is not decision.valid


def test_the_first_failure_in_the_order_of_the_contract_decides() -> None:
    broken = stored(
        key_stops_at=NOW,
        facts=Facts(Status.DISABLED),
        application_enabled=False,
        scopes=(READ,),
    )
    question = asked("payout:create", method="POST", path="/api/payouts")
    repairs: list[dict[str, Any]] = [
        {"key_stops_at": None},
        {"facts": Facts(Status.ACTIVE)},
        {"application_enabled": True},
        {"scopes": (READ, GrantedScope("payout:create", Risk.HIGH))},
        {"scopes": (READ, PAY)},
    ]
    codes = []
    for repair in repairs:
        codes.append(decide(broken, question, NOW).code)
        broken = dataclasses.replace(broken, **repair)
    codes.append(decide(broken, question, NOW).code)

    assert codes == ["ROTATED", "DISABLED", "APPLICATION_DISABLED", "INSUFFICIENT_SCOPE", "ACCESS_DENIED", "VALID"]


def test_every_check_says_how_it_ended_whatever_came_before() -> None:
    decision = decide(stored(facts=Facts(Status.DISABLED)), asked("nothing:here"), NOW)

    assert [(result.check, result.finding.outcome) for result in decision.results] == [
        ("key", Outcome.PASS),
        ("generation", Outcome.PASS),
        ("status", Outcome.FAIL),
        ("application", Outcome.PASS),
        ("scopes", Outcome.FAIL),
        ("permissions", Outcome.SKIPPED),
        ("address", Outcome.SKIPPED),
        ("time", Outcome.SKIPPED),
        ("rate", Outcome.SKIPPED),
    ]


def told(answers_for: AnswersFor, question: Question = ANY) -> Decision:
    return decide(LIVE, dataclasses.replace(question, answers_for=answers_for), NOW)


@pytest.mark.parametrize("resources", [frozenset(), frozenset({"customer"}), frozenset({"invoic"})])
def test_a_token_of_which_the_asker_is_told_nothing_is_unknown_to_the_last_detail(resources: frozenset[str]) -> None:
    assert told(AnswersFor(resources)) == decide(None, ANY, NOW)


def test_a_scope_that_the_asker_is_not_told_about_is_lacking() -> None:
    invoices = AnswersFor(frozenset({"invoice"}))

    assert told(invoices, asked("invoice:read")).code is Code.VALID
    assert told(invoices, asked("payout:create")).code is Code.INSUFFICIENT_SCOPE
    assert told(invoices, asked(method="POST", path="/api/payouts")).code is Code.ACCESS_DENIED


def test_only_what_is_missing_is_named() -> None:
    message = decide(LIVE, asked("invoice:read", "b:b", "a:a"), NOW).message

    assert "a:a, b:b" in message
    assert "invoice:read" not in message


@pytest.mark.parametrize(
    ("stops_at", "state"), [(None, KeyState.CURRENT), (NOW + SECOND, KeyState.RETIRING), (NOW, KeyState.RETIRED)]
)
def test_the_answer_says_which_key_was_used(stops_at: datetime | None, state: KeyState) -> None:
    assert decide(stored(key_stops_at=stops_at), ANY, NOW).key is state


def test_the_risk_is_that_of_the_riskiest_scope() -> None:
    assert LIVE.risk is Risk.HIGH


def test_each_check_stands_once_in_the_order() -> None:
    names = [name for name, _ in CHECKS]
    assert names == ["generation", "status", "application", "scopes", "permissions", "address", "time"]
