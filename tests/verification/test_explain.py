"""`explain` shows every check in order, none of the values behind them, and counts nothing."""

from flask import Flask

from app.domain import keys
from app.store.database import db
from app.store.queries import usage
from app.store.queries.usage import Used
from app.verification.verifier import Verifier
from tests.verification.conftest import SEES_ALL, Office, Service


def outcomes(answer: dict[str, object]) -> list[tuple[str, str, str | None]]:
    checks = answer["checks"]
    assert isinstance(checks, list)
    assert all(list(check) == ["check", "outcome", "code", "message"] for check in checks)
    return [(check["check"], check["outcome"], check["code"]) for check in checks]


def test_every_check_is_listed_in_order(service: Service, office: Office) -> None:
    answer = service.ask(office.issue().key, scopes=["invoice:write"], method="GET", path="/api/payouts", explain=True)

    assert answer["code"] == "INSUFFICIENT_SCOPE"
    assert list(answer)[-1] == "request_id"
    assert outcomes(answer) == [
        ("key", "pass", None),
        ("generation", "pass", None),
        ("status", "pass", None),
        ("application", "pass", None),
        ("scopes", "fail", "INSUFFICIENT_SCOPE"),
        ("permissions", "fail", "ACCESS_DENIED"),
        ("address", "skipped", None),
        ("time", "skipped", None),
        ("rate", "skipped", None),
    ]


def test_a_valid_token_passes_what_is_asked_and_skips_the_rest(service: Service, office: Office) -> None:
    answer = service.ask(office.issue().key, explain=True)

    assert answer["valid"] is True
    assert [outcome for _, outcome, _ in outcomes(answer)] == ["pass"] * 5 + ["skipped"] * 4


def test_nothing_is_explained_about_an_unknown_token(service: Service) -> None:
    answer = service.ask(keys.make(), explain=True)

    assert "token_id" not in answer
    assert outcomes(answer)[0] == ("key", "fail", "UNKNOWN_TOKEN")
    assert {outcome for _, outcome, _ in outcomes(answer)[1:]} == {"skipped"}


def test_no_configured_value_is_told(service: Service, office: Office) -> None:
    answer = service.ask(office.issue("payout:create").key, scopes=["a:b"], method="GET", path="/x", explain=True)

    assert "payout" not in str(answer)
    assert "/api" not in str(answer)


def test_explaining_counts_nothing(service: Service, office: Office, app: Flask, verifier: Verifier) -> None:
    issued = office.issue()

    service.ask(issued.key, explain=True)
    service.ask(issued.key, explain=True, scopes=["invoice:write"])
    verifier.usage.flush()

    with app.app_context():
        for token_id in (issued.token_id, service.token_id):
            assert usage.of_token(db.session(), SEES_ALL, token_id) == Used({}, {})
            assert usage.refusals(db.session(), token_id) == []
