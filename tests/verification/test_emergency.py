"""What verifications say and count while emergency access is open: SPEC 10 and 12."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.checks import Code
from app.domain.usage import Alike, Use
from app.services.emergency import activate_emergency_access, deactivate_emergency_access
from app.services.tokens.issue import Issued
from app.services.tokens.switch import disable_token, enable_token
from app.store.database import db
from app.store.queries import emergency
from app.store.tables import EmergencyWindowRow
from app.verification.verifier import Verifier
from tests.verification.conftest import SELF, Office, Service

REASON = "The office network is down"
HOUR = timedelta(hours=1)
Open = Callable[..., None]


@pytest.fixture
def issued(office: Office) -> Issued:
    return office.issue()


@pytest.fixture
def open_for(office: Office, issued: Issued) -> Open:
    """Ada opens the token, or another one, for some hours."""

    def press(hours: str = "1", token_id: str | None = None) -> None:
        office.do(activate_emergency_access, token_id or issued.token_id, hours, REASON, by=office.cast.ada)

    return press


def test_answers_say_so_from_the_activation_to_the_end(
    service: Service, office: Office, issued: Issued, open_for: Open, clock: FixedClock
) -> None:
    def said() -> object:
        return service.ask(issued.key)["emergency_access"]

    assert said() is False
    open_for("1")
    assert said() is True
    clock.advance(HOUR - timedelta(microseconds=1))
    assert said() is True
    clock.advance(timedelta(microseconds=1))
    assert said() is False
    open_for("2")
    assert said() is True
    office.do(deactivate_emergency_access, issued.token_id, "", by=office.cast.ada)
    assert said() is False


def test_the_key_itself_is_told_too(service: Service, issued: Issued, open_for: Open) -> None:
    open_for()

    answer = service.client.get(SELF, headers={"Authorization": f"Bearer {issued.key}"}).json

    assert answer is not None
    assert answer["emergency_access"] is True


def test_a_refusal_stays_a_refusal_and_says_nothing_of_it(
    service: Service, office: Office, issued: Issued, open_for: Open
) -> None:
    open_for()

    refused = service.ask(issued.key, scopes=["payout:create"])
    office.do(disable_token, issued.token_id, "")
    disabled = service.ask(issued.key)
    office.do(enable_token, issued.token_id, "")

    assert (refused["code"], disabled["code"]) == ("INSUFFICIENT_SCOPE", "DISABLED")
    assert not {"emergency_access"} & {*refused, *disabled}
    assert service.ask(issued.key)["emergency_access"] is False


def test_another_token_is_as_it_was(service: Service, office: Office, issued: Issued, open_for: Open) -> None:
    open_for()

    assert service.ask(office.issue().key)["emergency_access"] is False


def test_what_passed_only_because_of_a_window_is_counted_by_window(
    app: Flask, office: Office, issued: Issued, open_for: Open, verifier: Verifier, clock: FixedClock
) -> None:
    open_for("1")
    clock.advance(HOUR)
    open_for("1")
    with app.app_context():
        older, newer = db.session.scalars(db.select(EmergencyWindowRow.id).order_by(EmergencyWindowRow.starts_at))
    key_id = office.key_id(issued.token_id)

    def pass_by(window: int | None) -> None:
        use = Use(issued.token_id, key_id, clock(), Code.VALID, "198.51.100.1", None, "req", window_id=window)
        verifier.usage.note_again(Alike(use), clock())

    for window in (older, newer, newer, None):
        pass_by(window)
    verifier.usage.flush()
    # One that is not there any more takes nothing else along.
    for window in (newer, 999):
        pass_by(window)
    verifier.usage.flush()

    with app.app_context():
        assert [view.passed for view in emergency.of_token(db.session(), issued.token_id)] == [3, 1]
