"""Counted in memory, written behind, bounded, and never in the way."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.clock import FixedClock
from app.domain.checks import Code
from app.domain.usage import LastUse, Use
from app.services.late_use import record_late_use
from app.services.tokens.switch import disable_token
from app.store.database import db
from app.store.queries import usage
from app.store.queries.usage import HourlyCount, Refusal, Used
from app.store.tables import RefusalRow
from app.verification.usage import UsageWriter
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
    for number in range(130):
        service.ask(many.key, scopes=["invoice:write"])
        clock.advance(timedelta(seconds=1))
        if number % 50 == 0:
            verifier.usage.flush()

    with reading(app, verifier):
        kept = usage.refusals(db.session(), many.token_id)
        assert len(kept) == 100
        assert (kept[0].at, kept[-1].at) == (clock() - timedelta(seconds=1), clock() - timedelta(seconds=100))
        assert len(usage.refusals(db.session(), few.token_id)) == 1
        assert db.session.scalar(db.select(db.func.count()).select_from(RefusalRow)) == 101
        assert sum(count.count for count in usage.hourly(db.session(), many.token_id, clock() - timedelta(1))) == 130


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


def a_use(service: Service, office: Office, at: datetime) -> Use:
    return Use(service.token_id, office.key_id(service.token_id), at, Code.VALID, None, None, "request")


def test_beyond_its_bound_the_writer_drops_and_says_how_many(
    service: Service, office: Office, app: Flask, clock: FixedClock
) -> None:
    writer = UsageWriter(app.app_context, record_late_use, most_waiting=10)
    use = a_use(service, office, clock())
    for _ in range(25):
        writer.note(use)
    writer.flush()
    writer.note(use)
    writer.flush()

    with app.app_context():
        (count,) = usage.hourly(db.session(), service.token_id, clock())
        assert (count.count, usage.dropped(db.session(), clock())) == (11, 15)
        assert usage.dropped(db.session(), clock() + timedelta(hours=1)) == 0


def test_what_is_noted_while_the_writer_writes_waits_for_the_next_time(
    service: Service, office: Office, app: Flask, clock: FixedClock
) -> None:
    use = a_use(service, office, clock())
    noted = iter([use])

    def record(_: Use) -> None:
        for one in noted:
            writer.note(one)

    writer = UsageWriter(app.app_context, record)
    writer.note(use._replace(code=Code.ROTATED))

    for codes in ({Code.ROTATED}, {Code.ROTATED, Code.VALID}):
        writer.flush()
        with app.app_context():
            counts = usage.hourly(db.session(), service.token_id, clock() - timedelta(hours=1))
        assert {count.code for count in counts} == codes


def test_what_could_not_be_written_is_written_later(
    service: Service, office: Office, app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = UsageWriter(app.app_context, record_late_use)
    use = a_use(service, office, clock())
    writer.note(use)

    def gone() -> AbstractContextManager[object]:
        raise OperationalError("no", None, Exception())

    with monkeypatch.context() as broken:
        broken.setattr("app.verification.usage.transaction", gone)
        for _ in range(2):
            with pytest.raises(OperationalError):
                writer.flush()
            writer.note(use)
    writer.flush()

    with app.app_context():
        assert [count.count for count in usage.hourly(db.session(), service.token_id, clock())] == [3]


def test_the_use_of_a_key_that_is_gone_is_forgotten(
    service: Service, office: Office, app: Flask, clock: FixedClock
) -> None:
    writer = UsageWriter(app.app_context, record_late_use)
    writer.note(Use("tok_gone", "key_gone", clock(), Code.VALID, None, None, "request"))
    writer.note(a_use(service, office, clock()))

    writer.flush()

    with app.app_context():
        assert len(usage.last_used(db.session(), ["tok_gone", service.token_id])) == 1


def test_closing_writes_what_is_left(service: Service, office: Office, app: Flask, clock: FixedClock) -> None:
    writer = UsageWriter(app.app_context, record_late_use)
    writer.start()
    writer.note(a_use(service, office, clock()))

    writer.close()

    assert "usage" not in {thread.name for thread in threading.enumerate()}
    with app.app_context():
        assert service.token_id in usage.last_used(db.session(), [service.token_id])


def test_nobody_waits_for_a_flush(service: Service, office: Office, app: Flask, clock: FixedClock) -> None:
    writing, go_on = threading.Event(), threading.Event()

    @contextmanager
    def slow() -> Iterator[None]:
        writing.set()
        go_on.wait(10)
        with app.app_context():
            yield

    writer = UsageWriter(slow, record_late_use)
    use = a_use(service, office, clock())
    writer.note(use)
    flush = threading.Thread(target=writer.flush)
    flush.start()
    assert writing.wait(10)

    writer.note(use)  # returns though the flush stands still

    go_on.set()
    flush.join()
    with app.app_context():
        assert [count.count for count in usage.hourly(db.session(), service.token_id, clock())] == [2]
