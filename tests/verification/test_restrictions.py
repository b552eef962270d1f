"""Restrictions as verifying services meet them, over HTTP."""

from datetime import timedelta

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.restrictions import Typed
from app.domain.scopes import TOKEN_VERIFY
from app.services.tokens.edit import EditForm, edit_token
from app.store.database import db
from app.store.queries import usage
from app.verification.verifier import Verifier
from tests.verification.conftest import PEER, MakeService, Office, Service

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
REASON = "It is used from one place only"


def narrow(office: Office, token_id: str, version: int = 1, **typed: object) -> None:
    form = EditForm(token_id, str(version), restrictions=Typed(**typed), reason=REASON)  # type: ignore[arg-type]
    office.do(edit_token, form)


def test_an_address_is_needed_and_has_to_be_on_the_list(service: Service, office: Office) -> None:
    issued = office.issue()
    narrow(office, issued.token_id, ip_whitelist="10.0.0.0/8\n2001:db8::/32")

    assert service.code(issued.key) == "IP_REQUIRED"
    assert service.code(issued.key, client_ip="192.0.2.1") == "IP_NOT_ALLOWED"
    for address in ("10.1.2.3", "::ffff:10.1.2.3", "2001:DB8::7"):
        assert service.code(issued.key, client_ip=address) == "VALID"
    for address in ("::a01:203", "64:ff9b::a01:203", "2002:a01:203::"):
        assert service.code(issued.key, client_ip=address) == "IP_NOT_ALLOWED"


def test_the_peer_is_not_taken_for_the_client(service: Service, office: Office) -> None:
    issued = office.issue()
    narrow(office, issued.token_id, ip_whitelist=PEER)

    assert service.code(issued.key) == "IP_REQUIRED"
    forged = {"token": issued.key, "scopes": [], "client_ip": "192.0.2.1"}
    answer = service.post(forged, headers={"X-Forwarded-For": PEER, "Forwarded": f"for={PEER}"})
    assert answer.json is not None
    assert answer.json["code"] == "IP_NOT_ALLOWED"


def test_hours_hold_to_the_minute_and_say_when_to_come_back(
    service: Service, office: Office, clock: FixedClock
) -> None:
    issued = office.issue()
    # NOW is a Monday at noon.
    narrow(office, issued.token_id, days=("Mon",), time_from="12:00", time_until="12:01")
    assert service.code(issued.key) == "VALID"

    clock.advance(timedelta(seconds=60))
    refused = service.ask(issued.key)
    assert (refused["code"], refused["retry_after"]) == ("OUTSIDE_HOURS", 7 * 86400 - 60)
    assert list(refused)[:3] == ["valid", "code", "message"]


def test_access_rules_narrow_what_scopes_permit(service: Service, office: Office) -> None:
    issued = office.issue()
    narrow(office, issued.token_id, access_rules="GET /api/invoices/42")

    assert service.code(issued.key) == "REQUEST_REQUIRED"
    assert service.code(issued.key, method="GET", path="/api/invoices/42") == "VALID"
    assert service.code(issued.key, method="GET", path="/api/invoices/43") == "ACCESS_DENIED"


def test_a_rate_is_told_and_counted(service: Service, office: Office) -> None:
    issued = office.issue()
    assert service.ask(issued.key)["rate_limit"] is None
    narrow(office, issued.token_id, rate_limit="3/minute")

    first = service.ask(issued.key)["rate_limit"]
    assert first == {"limit": 3, "window_seconds": 60, "remaining": 2, "reset_at": "2026-11-23T12:00:00Z"}
    assert service.ask(issued.key, cost=2)["rate_limit"]["reset_at"] == "2026-11-23T12:01:00Z"
    refused = service.ask(issued.key)
    assert (refused["code"], refused["retry_after"]) == ("RATE_LIMITED", 60)
    assert "rate_limit" not in refused


def test_refused_calls_cost_nothing_and_a_cost_of_nothing_uses_nothing(service: Service, office: Office) -> None:
    issued = office.issue()
    narrow(office, issued.token_id, rate_limit="2/hour")

    for _ in range(20):
        assert service.code(issued.key, scopes=["payout:create"]) == "INSUFFICIENT_SCOPE"
        assert service.ask(issued.key, cost=0)["rate_limit"]["remaining"] == 2
        assert service.ask(issued.key, explain=True)["checks"][-1]["outcome"] == "pass"
        assert service.code(issued.key, cost=3) == "RATE_LIMITED"
    assert service.code(issued.key, cost=2) == "VALID"
    assert service.ask(issued.key, explain=True)["checks"][-1]["code"] == "RATE_LIMITED"


def test_neither_an_edit_nor_a_new_key_refills_the_window(service: Service, office: Office) -> None:
    issued = office.issue()
    narrow(office, issued.token_id, rate_limit="3/hour")
    assert service.code(issued.key, cost=3) == "VALID"

    narrow(office, issued.token_id, 2, rate_limit="5/hour")
    assert service.ask(issued.key, cost=1)["rate_limit"]["remaining"] == 1
    rotated = office.rotate(issued.token_id)
    assert [service.code(rotated.key), service.code(rotated.key)] == ["VALID", "RATE_LIMITED"]


def test_a_caller_is_judged_by_its_own_restrictions(make_service: MakeService, office: Office) -> None:
    service, issued = make_service(scopes=(TOKEN_VERIFY,)), office.issue()
    asked = {"token": issued.key, "scopes": []}
    narrow(office, service.token_id, 2, ip_whitelist="10.0.0.0/8")

    refused = service.post(asked)
    assert (refused.status_code, refused.json and refused.json["code"]) == (403, "CALLER_IP_NOT_ALLOWED")
    assert service.post(asked, peer="10.0.0.1").status_code == 200
    # The peer is no trusted proxy: what it says of others is not believed.
    assert service.post(asked, headers={"X-Forwarded-For": "10.0.0.1"}).status_code == 403


def test_a_caller_that_asks_too_often_is_told_when_to_come_back(make_service: MakeService, office: Office) -> None:
    service, issued = make_service(scopes=(TOKEN_VERIFY,)), office.issue()
    asked = {"token": issued.key, "scopes": []}
    narrow(office, service.token_id, 2, rate_limit="2/minute")

    unread = [service.post("{").status_code, service.post({**asked, "explain": True}).status_code]
    answers = [service.post(asked) for _ in range(3)]

    assert unread == [400, 200]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json is not None
    assert (answers[2].json["code"], answers[2].headers["Retry-After"]) == ("CALLER_RATE_LIMITED", "60")


def test_a_key_that_asks_about_itself_is_judged_from_its_peer_and_uses_up_nothing(
    service: Service, office: Office
) -> None:
    issued = office.issue()
    narrow(office, issued.token_id, ip_whitelist="10.0.0.0/8", rate_limit="1/hour")

    def about_self(peer: str) -> dict[str, object]:
        headers = {"Authorization": f"Bearer {issued.key}"}
        answer = service.client.get("/api/v1/self", headers=headers, environ_overrides={"REMOTE_ADDR": peer})
        return dict(answer.json or {})

    assert about_self("192.0.2.1")["code"] == "IP_NOT_ALLOWED"
    for _ in range(3):
        assert about_self("10.0.0.1")["rate_limit"] == {
            "limit": 1,
            "window_seconds": 3600,
            "remaining": 1,
            "reset_at": "2026-11-23T12:00:00Z",
        }


def test_what_was_refused_is_kept_with_its_address(
    service: Service, office: Office, app: Flask, verifier: Verifier
) -> None:
    issued = office.issue()
    narrow(office, issued.token_id, ip_whitelist="10.0.0.0/8")
    service.ask(issued.key, client_ip="192.0.2.9")
    verifier.usage.flush()

    with app.app_context():
        (refusal,) = usage.refusals(db.session(), issued.token_id)
    assert (refusal.code, refusal.address) == ("IP_NOT_ALLOWED", "192.0.2.9")
