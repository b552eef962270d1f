"""Failed sign-ins are events, folded: one for each account and address a minute, with a count."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.clock import FixedClock
from app.services import passwords
from app.services.failures import write_past_failures
from app.store.tables import AuditEventRow
from tests import people
from tests.people import PASSWORD
from tests.web.forms import sign_in

ACTION = "user.sign_in_failed"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_verify", lambda stored, password: password == PASSWORD)


def folded(event: AuditEventRow) -> dict[str, object]:
    return {change["field"]: change["after"] for change in event.changes}


def test_the_failures_of_a_minute_are_one_event_with_a_count(
    app: Flask, client: FlaskClient, linus: str, clock: FixedClock
) -> None:
    for _ in range(3):
        sign_in(client, "linus@example.com", "wrong", peer="192.0.2.7")
    assert people.events(app, ACTION) == []
    clock.advance(timedelta(minutes=1))
    sign_in(client, "linus@example.com", PASSWORD)
    [event] = people.events(app, ACTION)
    assert folded(event) == {"attempts": 3, "minute": "2026-11-23T12:00:00+00:00"}
    assert (event.subject_id, event.subject_name, event.address) == (linus, "Linus", "192.0.2.7")
    assert event.actor_id is None


def test_each_address_and_each_minute_has_its_own(
    app: Flask, client: FlaskClient, linus: str, clock: FixedClock
) -> None:
    sign_in(client, "linus@example.com", "wrong", peer="192.0.2.7")
    sign_in(client, "linus@example.com", "wrong", peer="192.0.2.8")
    clock.advance(timedelta(minutes=1))
    sign_in(client, "linus@example.com", "wrong", peer="192.0.2.7")
    clock.advance(timedelta(minutes=1))
    with app.app_context():
        write_past_failures(clock())
    assert [event.address for event in people.events(app, ACTION)] == ["192.0.2.7", "192.0.2.8", "192.0.2.7"]


def test_a_later_failure_writes_what_was_left(app: Flask, client: FlaskClient, linus: str, clock: FixedClock) -> None:
    sign_in(client, "linus@example.com", "wrong")
    clock.advance(timedelta(hours=3))
    sign_in(client, "linus@example.com", "wrong")
    assert len(people.events(app, ACTION)) == 1


def test_names_that_nobody_has_are_not_kept(app: Flask, client: FlaskClient, linus: str, clock: FixedClock) -> None:
    sign_in(client, "my-password-by-mistake@example.com", "wrong")
    sign_in(client, "someone-else@example.com", "wrong")
    clock.advance(timedelta(minutes=1))
    with app.app_context():
        write_past_failures(clock())
    [event] = people.events(app, ACTION)
    assert folded(event)["attempts"] == 2
    assert event.subject_name == "an unknown account"
    assert "mistake" not in str([vars(each) for each in people.events(app)])


def test_the_right_password_of_a_deactivated_person_is_a_failure_like_any_other(
    app: Flask, client: FlaskClient, linus: str, clock: FixedClock
) -> None:
    people.deactivate(app, linus, clock())
    sign_in(client, "linus@example.com", PASSWORD)
    clock.advance(timedelta(minutes=1))
    with app.app_context():
        write_past_failures(clock())
    assert [event.subject_id for event in people.events(app, ACTION)] == [linus]


def test_failures_at_once_are_all_counted(app: Flask, linus: str, clock: FixedClock) -> None:
    def fail(_: int) -> int:
        return sign_in(app.test_client(), "linus@example.com", "wrong").status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(fail, range(8)))
    clock.advance(timedelta(minutes=1))
    with app.app_context():
        write_past_failures(clock())
    [event] = people.events(app, ACTION)
    assert folded(event)["attempts"] == statuses.count(422)
