"""May this token do this, now, from here?"""

from datetime import timedelta

import pytest
from flask import Flask

from app.clock import FixedClock
from app.config import Settings
from app.domain import keys
from app.domain.keys import KeySecret
from app.domain.risk import Risk
from app.domain.scopes import AnswersFor
from app.services import approvals
from app.services.tokens.switch import disable_token, enable_token, revoke_token
from app.store.database import db, transaction
from app.store.snapshots import Snapshots, open_reader
from app.store.tables import ApplicationRow, KeyRow
from app.verification.verifier import Verifier
from tests import factories
from tests.verification.conftest import MakeService, Office, Service


def test_a_live_token_is_valid_and_the_answer_is_the_one_printed_in_the_contract(
    service: Service, office: Office
) -> None:
    issued = office.issue("invoice:write", "invoice:read")

    response = service.post({"token": issued.key, "client_ip": "203.0.113.7", "scopes": ["invoice:read"], "cost": 1})

    assert response.mimetype == "application/json"
    request_id = response.headers["X-Request-Id"]
    assert response.text == (
        f'{{"valid":true,"code":"VALID","token_id":"{issued.token_id}",'
        f'"application":{{"id":"{office.cast.billing}","name":"Billing"}},'
        '"scopes":["invoice:read","invoice:write"],"risk":"medium","key":"current","key_stops_at":null,'
        '"expires_at":"2026-12-23T12:00:00Z","emergency_access":false,"rate_limit":null,'
        f'"request_id":"{request_id}"}}'
    )


def test_a_token_without_an_end_says_null(service: Service, office: Office) -> None:
    assert service.ask(office.issue(expires="never").key)["expires_at"] is None


def test_a_refusal_names_the_token_and_its_application(service: Service, office: Office) -> None:
    issued = office.issue()

    answer = service.ask(issued.key, scopes=["invoice:write"])

    assert list(answer) == ["valid", "code", "message", "token_id", "application", "request_id"]
    assert (answer["valid"], answer["code"], answer["token_id"]) == (False, "INSUFFICIENT_SCOPE", issued.token_id)
    assert answer["application"] == {"id": office.cast.billing, "name": "Billing"}
    assert "invoice:write" in answer["message"]


def test_disabling_enabling_and_revoking_hold_from_the_next_question_on(service: Service, office: Office) -> None:
    issued = office.issue()
    codes = [service.code(issued.key)]
    for verb in (disable_token, enable_token, revoke_token):
        office.do(verb, issued.token_id, "")
        codes.append(service.code(issued.key))

    assert codes == ["VALID", "DISABLED", "VALID", "REVOKED"]


def test_a_token_expires_by_the_clock_alone(service: Service, office: Office, clock: FixedClock) -> None:
    week = office.issue(expires="1 week")

    clock.advance(timedelta(days=7) - timedelta(microseconds=1))
    assert service.code(week.key) == "VALID"
    clock.advance(timedelta(microseconds=1))
    assert service.code(week.key) == "EXPIRED"


def test_a_pending_token_works_once_it_is_approved(service: Service, office: Office, app: Flask) -> None:
    issued = office.issue("payout:create", approved=False)
    assert service.code(issued.key, scopes=["payout:create"]) == "PENDING_APPROVAL"

    with app.app_context():
        fingerprint = office.request(issued).fingerprint
    office.do(approvals.approve, issued.request_id, fingerprint, "Agreed", by=office.cast.grace)

    assert service.code(issued.key, scopes=["payout:create"]) == "VALID"


def test_a_token_whose_request_was_rejected_or_lapsed_is_rejected(
    service: Service, office: Office, clock: FixedClock, app: Flask
) -> None:
    rejected, lapsing = (office.issue("payout:create", approved=False) for _ in range(2))
    with app.app_context():
        fingerprint = office.request(rejected).fingerprint
    office.do(approvals.reject, rejected.request_id, fingerprint, "Not this way", by=office.cast.grace)

    assert [service.code(one.key) for one in (rejected, lapsing)] == ["REJECTED", "PENDING_APPROVAL"]
    clock.advance(timedelta(days=7))
    assert service.code(lapsing.key) == "REJECTED"


def test_disabling_an_application_stops_all_its_tokens(
    service: Service, office: Office, app: Flask, clock: FixedClock
) -> None:
    issued = office.issue()
    with app.app_context(), transaction() as session:
        application = session.get_one(ApplicationRow, office.cast.billing)
        application.enabled = False
        factories.change(session, application, clock())

    assert service.code(issued.key) == "APPLICATION_DISABLED"


def test_the_answer_lists_only_what_the_caller_answers_for(make_service: MakeService, office: Office) -> None:
    issued = office.issue("invoice:read", "payout:create")
    payouts = make_service(AnswersFor(frozenset({"payout"})))

    assert payouts.ask(issued.key)["scopes"] == ["payout:create"]
    assert payouts.code(issued.key, scopes=["invoice:read"]) == "INSUFFICIENT_SCOPE"
    assert payouts.code(issued.key, method="GET", path="/api/invoices") == "ACCESS_DENIED"


def test_what_no_caller_may_know_is_one_answer_byte_for_byte(make_service: MakeService, office: Office) -> None:
    stranger = make_service(AnswersFor(frozenset({"customer"})))
    nobody = make_service(AnswersFor())
    issued = office.issue()
    office.do(disable_token, issued.token_id, "")
    presented = [issued.key, keys.make(), issued.key[:-1] + "!", " " + issued.key]
    presented += ["", "pst_", "é\u200b\x00\n", "x" * 512]

    answers = set()
    for service in (stranger, nobody):
        for token in presented:
            response = service.post({"token": token, "scopes": ["invoice:read"]})
            assert response.status_code == 200
            answers.add(response.text.replace(response.headers["X-Request-Id"], "ID"))

    message = "This is not a token that you can ask about."
    assert answers == {f'{{"valid":false,"code":"UNKNOWN_TOKEN","message":"{message}","request_id":"ID"}}'}


def test_a_malformed_key_costs_no_query_and_any_other_one(
    service: Service, office: Office, statements: list[str]
) -> None:
    issued = office.issue()
    wrong_checksum = issued.key[:-1] + ("A" if issued.key[-1] != "A" else "B")
    service.ask("")  # now the caller is known
    counts = []
    for token in (wrong_checksum, issued.key.upper(), issued.key + "\n", keys.make(), issued.key):
        statements.clear()
        service.ask(token)
        counts.append(len(statements))

    assert counts == [0, 0, 0, 1, 1]


def test_every_accepted_key_secret_is_tried_in_the_one_query(settings: Settings, office: Office) -> None:
    issued = office.issue()
    newer = KeySecret("2", bytes(range(100, 132)))
    both = Snapshots(open_reader(settings.database_url, 2), (newer, *settings.key_secrets))
    one = Snapshots(open_reader(settings.database_url, 1), (newer,))

    found, other = both.of(issued.key), one.of(issued.key)

    assert found is not None
    assert (found.token_id, other) == (issued.token_id, None)
    both.close()
    one.close()


def test_a_snapshot_says_what_is_stored(verifier: Verifier, office: Office, app: Flask, clock: FixedClock) -> None:
    with app.app_context():
        factories.make_scope("invoice_line:read", Risk.LOW, clock())
    issued = office.issue("invoice_line:read", "payout:create", "invoice:read")

    snapshot = verifier.snapshots.of(issued.key)

    assert snapshot is not None
    with app.app_context():
        key = db.session.scalars(db.select(KeyRow).where(KeyRow.token_id == issued.token_id)).one()
    assert (snapshot.key_id, snapshot.key_stops_at) == (key.id, None)
    assert (snapshot.application_id, snapshot.application_name) == (office.cast.billing, "Billing")
    assert [scope.name for scope in snapshot.scopes] == ["invoice:read", "invoice_line:read", "payout:create"]
    assert [str(rule) for rule in snapshot.scopes[0].permissions] == ["GET /api/invoices", "GET /api/invoices/*"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_cookie_is_read_or_set(service: Service, office: Office) -> None:
    service.client.set_cookie("postern_session", "anything")

    response = service.post({"token": office.issue().key, "scopes": []})

    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")
    assert response.headers["Cache-Control"] == "no-store"
