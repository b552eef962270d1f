"""What is counted of verifications, and who sees what of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from flask import Flask

from app.clock import FixedClock
from app.domain.checks import Code
from app.domain.usage import LastUse
from app.services.tokens.switch import disable_token
from app.store.database import db
from app.store.queries import usage
from app.store.queries.usage import HourlyCount, Refusal, Used
from app.store.tables import RefusalRow
from app.verification.usage import REFUSALS_A_TIDYING
from app.verification.verifier import Verifier
from tests.verification.conftest import PEER, SEES_ALL, Office, Service


@contextmanager
def reading(app: Flask, verifier: Verifier) -> Iterator[None]:
    verifier.usage.flush()
    with app.app_context():
        yield


def test_the_last_accepted_use_says_when_from_where_and_by_which_key(
    service: Service, office: Office, app: Flask, clock: FixedClock, verifier: Verifier
) -> None:
    old, unused = office.issue(), office.issue()
    old_key = office.key_id(old.token_id)
    new = office.rotate(old.token_id, "1 hour")
    first = clock()
    service.ask(new.key, client_ip="203.0.113.1")
    clock.advance(timedelta(minutes=1))
    service.ask(old.key, client_ip="203.0.113.2")
    clock.advance(timedelta(minutes=1))
    service.ask(old.key, client_ip="203.0.113.3", scopes=["invoice:write"])

    with reading(app, verifier):
        latest = LastUse(first + timedelta(minutes=1), "203.0.113.2", old_key)
        ids = [old.token_id, unused.token_id]
        assert usage.last_used(db.session(), ids) == {old.token_id: latest}
        new_key = office.key_id(old.token_id)
        earlier = LastUse(first, "203.0.113.1", new_key, "Service 1")
        assert usage.of_token(db.session(), SEES_ALL, old.token_id).keys == {
            old_key: replace(latest, service="Service 1"),
            new_key: earlier,
        }


def test_a_caller_is_used_from_its_own_address(
    service: Service, office: Office, app: Flask, clock: FixedClock, verifier: Verifier
) -> None:
    service.ask(office.issue().key, client_ip="203.0.113.1")

    with reading(app, verifier):
        used = usage.last_used(db.session(), [service.token_id])[service.token_id]
        assert (used.at, used.address) == (clock(), PEER)


def test_answers_are_counted_by_hour_and_code(
    service: Service, office: Office, app: Flask, clock: FixedClock, verifier: Verifier
) -> None:
    issued = office.issue()
    hour = clock()
    for _ in range(3):
        service.ask(issued.key)
    service.ask(issued.key, scopes=["invoice:write"])
    verifier.usage.flush()
    service.ask(issued.key)
    clock.advance(timedelta(hours=1, minutes=59))
    office.do(disable_token, issued.token_id, "")
    service.ask(issued.key)

    with reading(app, verifier):
        counts = usage.hourly(db.session(), issued.token_id, hour)
        assert counts == [
            HourlyCount(hour, Code.INSUFFICIENT_SCOPE, 1),
            HourlyCount(hour, Code.VALID, 4),
            HourlyCount(hour + timedelta(hours=1), Code.DISABLED, 1),
        ]
        assert usage.hourly(db.session(), issued.token_id, hour + timedelta(hours=1)) == counts[2:]


def test_a_refusal_keeps_who_asked_from_where_and_the_request(
    service: Service, office: Office, app: Flask, clock: FixedClock, verifier: Verifier
) -> None:
    issued = office.issue()
    answer = service.ask(issued.key, scopes=["invoice:write"], client_ip="::ffff:203.0.113.9")

    with reading(app, verifier):
        refusal = Refusal(clock(), Code.INSUFFICIENT_SCOPE, "203.0.113.9", service.token_id, str(answer["request_id"]))
        assert usage.refusals(db.session(), issued.token_id) == [refusal]


def test_the_last_hundred_refusals_of_each_token_are_kept(
    service: Service, office: Office, app: Flask, clock: FixedClock, verifier: Verifier
) -> None:
    many, few = office.issue(), office.issue()
    service.ask(few.key, scopes=["invoice:write"])
    for number in range(220):
        service.ask(many.key, scopes=["invoice:write"])
        clock.advance(timedelta(seconds=1))
        if number % 50 == 0:
            verifier.usage.flush()

    with reading(app, verifier):
        kept = usage.refusals(db.session(), many.token_id)
        assert len(kept) == 100
        assert (kept[0].at, kept[-1].at) == (clock() - timedelta(seconds=1), clock() - timedelta(seconds=100))
        assert len(usage.refusals(db.session(), few.token_id)) == 1
        stored = db.session.scalar(db.select(db.func.count()).select_from(RefusalRow))
        assert 101 <= stored <= 101 + REFUSALS_A_TIDYING < 221
        assert sum(count.count for count in usage.hourly(db.session(), many.token_id, clock() - timedelta(1))) == 220


def test_a_refused_caller_is_among_the_refusals_of_its_own_token(
    service: Service, office: Office, app: Flask, verifier: Verifier
) -> None:
    office.do(disable_token, service.token_id, "")

    service.post({"token": office.issue().key, "scopes": []})

    with reading(app, verifier):
        (refusal,) = usage.refusals(db.session(), service.token_id)
        assert (refusal.code, refusal.address, refusal.caller_token_id) == (Code.DISABLED, PEER, None)


def test_what_led_to_no_decision_counts_nothing(
    service: Service, office: Office, app: Flask, clock: FixedClock, verifier: Verifier
) -> None:
    service.post("{")
    service.post({"token": "x"})

    with reading(app, verifier):
        assert usage.of_token(db.session(), SEES_ALL, service.token_id) == Used({}, {})
        assert usage.hourly(db.session(), service.token_id, clock() - timedelta(hours=1)) == []
