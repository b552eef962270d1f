"""A question that is asked again word for word is not worked out again, and yet answered as of now."""

from datetime import timedelta
from typing import Any

import pytest

from app.clock import FixedClock
from app.domain import keys
from app.services.tokens.switch import disable_token, enable_token
from app.verification import plans, wording
from app.verification.plans import Plans
from app.verification.verifier import Verifier
from tests.verification.conftest import Office, Service
from tests.verification.test_restrictions import narrow

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def worked_out(verifier: Verifier, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every plan that was made."""
    made: list[object] = []
    keep = Plans.keep

    def note(self: Plans, mark: Any, generation: Any, plan: Any) -> None:
        made.append(plan)
        keep(self, mark, generation, plan)

    monkeypatch.setattr(Plans, "keep", note)
    return made


def test_the_same_question_is_worked_out_once(service: Service, office: Office, worked_out: list[object]) -> None:
    issued, other = office.issue(), office.issue()
    for _ in range(3):
        assert service.code(issued.key) == "VALID"
        assert service.code(other.key, scopes=["payout:create"]) == "INSUFFICIENT_SCOPE"
        assert service.code(keys.make()[:-1] + "!") == "UNKNOWN_TOKEN"

    assert len(worked_out) == 2 + 3


def test_what_nobody_changed_is_not_worked_out_again(
    service: Service, office: Office, worked_out: list[object]
) -> None:
    issued, other, nobodys = office.issue(), office.issue(), keys.make()
    asked = (issued.key, other.key, nobodys)
    assert [service.code(key) for key in asked] == ["VALID", "VALID", "UNKNOWN_TOKEN"]
    office.do(disable_token, other.token_id, "")
    assert [service.code(key) for key in asked] == ["VALID", "DISABLED", "UNKNOWN_TOKEN"]
    assert len(worked_out) == 3 + 2, "a key that nobody has may have been issued by any change"

    # The caller's own token is looked at, too.
    narrow(office, service.token_id, 2, ip_whitelist="198.51.100.0/24")
    assert service.post({"token": issued.key, "scopes": []}).status_code == 403


def test_another_question_peer_or_caller_is_another_plan(
    service: Service, office: Office, worked_out: list[object]
) -> None:
    key = office.issue().key
    narrow(office, service.token_id, 2, ip_whitelist="192.0.2.0/24")
    body = {"token": key, "scopes": []}
    assert service.post(body).status_code == 200
    assert service.post(body, peer="198.51.100.1").status_code == 403
    assert service.post(body, peer="192.0.2.11").status_code == 200
    assert service.post(body, headers={"Authorization": f"Bearer {key}"}).status_code == 403
    assert service.ask(key, scopes=["invoice:read"])["valid"]
    assert not service.ask(key, scopes=["invoice:write"])["valid"]
    assert "checks" in service.ask(key, explain=True)
    assert "checks" not in service.ask(key)


def test_what_is_changed_and_what_time_changes_is_answered_as_of_now(
    service: Service, office: Office, clock: FixedClock
) -> None:
    issued = office.issue(expires="1 week")
    rotated = office.rotate(issued.token_id, "1 hour")
    for _ in range(2):
        assert service.ask(issued.key)["key"] == "retiring"
        assert service.ask(rotated.key)["key"] == "current"
    office.do(disable_token, issued.token_id, "")
    assert service.code(rotated.key) == "DISABLED"
    office.do(enable_token, issued.token_id, "It is needed again")
    assert service.code(rotated.key) == "VALID"
    clock.advance(timedelta(hours=1))
    assert service.code(issued.key) == "ROTATED"
    assert service.code(rotated.key) == "VALID"
    clock.advance(timedelta(days=7))
    assert service.code(rotated.key) == "EXPIRED"


def test_hours_are_looked_at_each_minute(service: Service, office: Office, clock: FixedClock) -> None:
    issued = office.issue()
    narrow(office, issued.token_id, days=("Mon",), time_from="12:00", time_until="12:01")  # it is Monday, 12:00
    clock.advance(timedelta(seconds=59, microseconds=999_999))
    assert service.code(issued.key) == "VALID"
    clock.advance(timedelta(microseconds=1))
    assert service.code(issued.key) == "OUTSIDE_HOURS"


def test_the_wait_that_is_said_gets_shorter(service: Service, office: Office, clock: FixedClock) -> None:
    issued = office.issue()
    narrow(office, issued.token_id, days=("Mon",), time_from="13:00", time_until="14:00")  # it is Monday, 12:00
    waits = []
    for _ in range(3):
        waits.append(service.ask(issued.key)["retry_after"])
        clock.advance(timedelta(seconds=7))
    assert waits == [3600, 3593, 3586]


def test_what_is_said_again_is_what_would_be_said_anew(
    service: Service, office: Office, monkeypatch: pytest.MonkeyPatch, verifier: Verifier
) -> None:
    issued, disabled = office.issue(), office.issue()
    office.do(disable_token, disabled.token_id, "")
    questions = (
        (disabled.key, ["invoice:read"]),
        (issued.key, ["payout:create"]),
        (keys.make(), ["invoice:read"]),
        ("no key", ["invoice:read"]),
    )

    def answers() -> list[bytes]:
        said = [service.post({"token": key, "scopes": scopes}) for key, scopes in questions]
        return [one.data.replace(one.headers["X-Request-Id"].encode(), b"") for one in said]

    again = [answers() for _ in range(3)][-1]
    noted = [use.request_id for use in verifier.usage._refusals]
    monkeypatch.setattr(Plans, "find", lambda *_: None)
    monkeypatch.setattr(wording, "begun", lambda *_: None)

    assert again == answers()
    assert len(set(noted)) == len(noted) == 3 * 2


def test_each_use_is_counted(service: Service, office: Office, verifier: Verifier) -> None:
    issued = office.issue()
    narrow(office, issued.token_id, rate_limit="3/hour")

    assert [service.ask(issued.key)["rate_limit"]["remaining"] for _ in range(3)] == [2, 1, 0]
    assert service.code(issued.key) == "RATE_LIMITED"
    assert service.code(issued.key, cost=0) == "VALID"
    accepted = [alike for alike, _ in verifier.usage._accepted if alike.first.token_id == issued.token_id]
    assert (len(accepted), len(set(accepted)), len(verifier.usage._refusals)) == (4, 2, 1)


def test_plans_are_bounded_and_made_up_keys_push_out_no_others(
    service: Service, office: Office, verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "MOST_KNOWN", 2)
    monkeypatch.setattr(plans, "MOST_NOBODYS", 3)
    for _ in range(4):
        service.code(office.issue().key)
    for _ in range(9):
        service.code(keys.make())

    assert (len(verifier.plans._known), len(verifier.plans._nobodys)) == (2, 3)
    assert b"pst_" not in repr(list(verifier.plans._known)).encode()
