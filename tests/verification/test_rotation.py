"""Both keys verify during an overlap; then only the new one, and whoever still uses the old one is noticed once."""

from datetime import timedelta

from flask import Flask

from app.clock import FixedClock
from app.domain.checks import Code
from app.domain.events import Action, Event
from app.domain.usage import Use
from app.services.late_use import record_late_use
from app.services.tokens.rotate import finish_rotation
from app.store.audit_chain import first_break
from app.store.database import db
from app.store.queries import history
from app.verification.verifier import Verifier
from tests.verification.conftest import Office, Service


def late_uses(app: Flask, token_id: str) -> list[Event]:
    with app.app_context():
        events = history.of_token(db.session(), token_id)
        assert first_break(db.session()) is None
    return [event for event in events if event.action is Action.TOKEN_RETIRED_KEY_USED]


def test_during_an_overlap_both_keys_verify_and_the_answer_says_which(
    service: Service, office: Office, clock: FixedClock
) -> None:
    old = office.issue()
    new = office.rotate(old.token_id, "1 hour")

    retiring, current = service.ask(old.key), service.ask(new.key)
    assert (retiring["code"], retiring["key"], retiring["key_stops_at"]) == (
        "VALID",
        "retiring",
        "2026-11-23T13:00:00Z",
    )
    assert (current["code"], current["key"], current["key_stops_at"]) == ("VALID", "current", None)
    assert retiring["token_id"] == current["token_id"]

    clock.advance(timedelta(hours=1))
    assert [service.code(key) for key in (old.key, new.key)] == ["ROTATED", "VALID"]


def test_an_immediate_rotation_stops_the_old_key_at_once(service: Service, office: Office) -> None:
    old = office.issue()
    new = office.rotate(old.token_id)

    assert [service.code(key) for key in (old.key, new.key)] == ["ROTATED", "VALID"]


def test_finishing_an_overlap_stops_the_old_key_at_once(service: Service, office: Office) -> None:
    old = office.issue()
    first_key = office.key_id(old.token_id)
    office.rotate(old.token_id, "7 days")
    assert service.code(old.key) == "VALID"

    office.do(finish_rotation, old.token_id, first_key)

    assert service.code(old.key) == "ROTATED"


def test_rotating_during_an_overlap_ends_the_oldest_key(service: Service, office: Office) -> None:
    first = office.issue()
    second = office.rotate(first.token_id, "7 days")
    third = office.rotate(first.token_id, "7 days")

    assert [service.code(key) for key in (first.key, second.key, third.key)] == ["ROTATED", "VALID", "VALID"]


def test_that_a_key_was_rotated_is_said_before_anything_about_its_token(service: Service, office: Office) -> None:
    old = office.issue()
    office.rotate(old.token_id)

    assert service.code(old.key, scopes=["nothing:here"]) == "ROTATED"


def test_the_first_use_of_a_retired_key_is_one_audit_event(
    service: Service, office: Office, app: Flask, clock: FixedClock, verifier: Verifier
) -> None:
    old = office.issue()
    office.rotate(old.token_id)
    clock.advance(timedelta(minutes=5))
    answer = service.ask(old.key, client_ip="203.0.113.7")
    service.ask(old.key, client_ip="203.0.113.8")
    assert late_uses(app, old.token_id) == []

    verifier.usage.flush()
    service.ask(old.key)
    verifier.usage.flush()

    (event,) = late_uses(app, old.token_id)
    assert (event.at, event.address) == (clock(), "203.0.113.7")
    assert event.request_id == answer["request_id"]
    assert old.hint in event.actor_name
    assert old.key not in str(event)


def test_two_processes_that_saw_the_same_use_record_one_event(office: Office, app: Flask, clock: FixedClock) -> None:
    old = office.issue()
    key_id = office.key_id(old.token_id)
    office.rotate(old.token_id)

    with app.app_context():
        for request_id in ("one", "two"):
            record_late_use(Use(old.token_id, key_id, clock(), Code.ROTATED, None, None, request_id))

    assert [event.request_id for event in late_uses(app, old.token_id)] == ["one"]


def test_each_retired_key_has_its_own_event(service: Service, office: Office, app: Flask, verifier: Verifier) -> None:
    first = office.issue()
    second = office.rotate(first.token_id)
    office.rotate(first.token_id)

    for key in (first.key, second.key, first.key):
        service.ask(key)
    verifier.usage.flush()

    assert len(late_uses(app, first.token_id)) == 2


def test_a_retiring_key_in_use_is_no_event(service: Service, office: Office, app: Flask, verifier: Verifier) -> None:
    old = office.issue()
    office.rotate(old.token_id, "1 hour")

    service.ask(old.key)
    verifier.usage.flush()

    assert late_uses(app, old.token_id) == []


def test_a_caller_that_goes_on_with_a_retired_key_is_noticed_too(
    service: Service, office: Office, app: Flask, verifier: Verifier
) -> None:
    office.rotate(service.token_id)

    assert service.post({"token": "x", "scopes": []}).status_code == 401
    verifier.usage.flush()

    assert len(late_uses(app, service.token_id)) == 1
