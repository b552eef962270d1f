"""From which addresses a token is accepted: by day, the most frequent one by one, for 30 days."""

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.clock import FixedClock
from app.domain.checks import Code
from app.domain.preview import Accepted
from app.domain.usage import PLACES_KEPT, Alike, Use
from app.services.late_use import record_late_use
from app.store.database import db
from app.store.queries import usage
from app.store.tables import UsagePlaceRow
from app.verification.usage import UsageWriter
from app.verification.verifier import Verifier
from tests.verification.conftest import Office, Service


def use_of(office: Office, token_id: str, clock: FixedClock) -> Use:
    return Use(token_id, office.key_id(token_id), clock(), Code.VALID, "203.0.113.2", None, "request")


def accepted(app: Flask, verifier: Verifier, token_id: str, clock: FixedClock) -> Accepted:
    verifier.usage.flush()
    with app.app_context():
        return usage.accepted(db.session(), token_id, clock())


def test_accepted_uses_are_counted_by_address_and_hour_of_the_week(
    service: Service, office: Office, app: Flask, clock: FixedClock, verifier: Verifier
) -> None:
    issued = office.issue()
    for address in ("203.0.113.1", "::ffff:203.0.113.1", "2001:DB8::1"):
        service.ask(issued.key, client_ip=address)
    service.ask(issued.key)
    verifier.usage.flush()
    clock.advance(timedelta(days=1, hours=13))
    service.ask(issued.key, client_ip="203.0.113.1")
    service.ask(issued.key, client_ip="198.51.100.9", scopes=["invoice:write"])

    found = accepted(app, verifier, issued.token_id, clock)

    # It began on a Monday at 12:00 and went on on Wednesday at 01:00.
    assert found == Accepted(
        by_address={"203.0.113.1": 3, "2001:db8::1": 1}, nowhere=1, elsewhere=0, by_hour={12: 4, 49: 1}
    )


def test_the_addresses_used_most_on_a_day_are_kept_and_the_others_counted_together(
    service: Service, office: Office, app: Flask, clock: FixedClock, verifier: Verifier
) -> None:
    issued, other = office.issue(), office.issue()
    service.ask(other.key, client_ip="10.9.9.9")
    for number in range(PLACES_KEPT + 3):
        for _ in range(1 if number < 3 else 2):
            service.ask(issued.key, client_ip=f"10.0.0.{number}")
    verifier.usage.flush()
    service.ask(issued.key, client_ip="10.1.1.1")

    found = accepted(app, verifier, issued.token_id, clock)

    assert found.by_address == {f"10.0.0.{number}": 2 for number in range(3, PLACES_KEPT + 3)}
    assert (found.elsewhere, found.nowhere) == (4, 0)

    service.ask(issued.key, client_ip="10.0.0.0")  # which is counted among the others by now
    again = accepted(app, verifier, issued.token_id, clock)
    assert again.by_address == found.by_address
    assert again.elsewhere == 5
    assert accepted(app, verifier, other.token_id, clock).by_address == {"10.9.9.9": 1}


def test_what_is_older_than_thirty_days_is_not_counted_and_goes_with_the_next_use(
    service: Service, office: Office, app: Flask, clock: FixedClock, verifier: Verifier
) -> None:
    issued = office.issue(expires="1 year")
    service.ask(issued.key, client_ip="203.0.113.1")
    clock.advance(timedelta(days=30))
    assert accepted(app, verifier, issued.token_id, clock).by_address == {"203.0.113.1": 1}

    clock.advance(timedelta(days=1))
    assert accepted(app, verifier, issued.token_id, clock) == Accepted({}, 0, 0, Counter())

    writer = UsageWriter(app.app_context, record_late_use)
    writer.note_again(Alike(use_of(office, issued.token_id, clock)), clock())
    writer.flush()
    with app.app_context():
        days = db.session.scalar(select(func.count()).where(UsagePlaceRow.token_id == issued.token_id))
    assert days == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_asking_for_an_explanation_is_no_use(
    service: Service, office: Office, app: Flask, clock: FixedClock, verifier: Verifier
) -> None:
    issued = office.issue()
    service.ask(issued.key, client_ip="203.0.113.1", explain=True)

    assert accepted(app, verifier, issued.token_id, clock) == Accepted({}, 0, 0, Counter())
