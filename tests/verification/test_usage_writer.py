"""The writer of usage: behind, in batches, bounded, and never in the way."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.clock import FixedClock
from app.domain.checks import Code
from app.domain.usage import Alike, Use
from app.services.late_use import record_late_use
from app.store.database import db
from app.store.queries import usage
from app.verification.usage import UsageWriter
from tests.verification.conftest import Office, Service


def an_accepted(service: Service, office: Office, at: datetime) -> Alike:
    use = Use(service.token_id, office.key_id(service.token_id), at, Code.VALID, None, None, "request")
    return Alike(use)


def test_beyond_its_bound_the_writer_drops_and_says_how_many(
    service: Service, office: Office, app: Flask, clock: FixedClock
) -> None:
    writer = UsageWriter(app.app_context, record_late_use, most_waiting=10)
    use = an_accepted(service, office, clock())
    for _ in range(25):
        writer.note_again(use, clock())
    writer.flush()
    writer.note_again(use, clock())
    writer.flush()

    with app.app_context():
        (count,) = usage.hourly(db.session(), service.token_id, clock())
        assert (count.count, usage.dropped(db.session(), clock())) == (11, 15)
        assert usage.dropped(db.session(), clock() + timedelta(hours=1)) == 0


def test_what_is_noted_while_the_writer_writes_waits_for_the_next_time(
    service: Service, office: Office, app: Flask, clock: FixedClock
) -> None:
    use = an_accepted(service, office, clock())
    noted = iter([use])

    def record(_: Use) -> None:
        for one in noted:
            writer.note_again(one, clock())

    writer = UsageWriter(app.app_context, record)
    writer.note(use.first._replace(code=Code.ROTATED))

    for codes in ({Code.ROTATED}, {Code.ROTATED, Code.VALID}):
        writer.flush()
        with app.app_context():
            counts = usage.hourly(db.session(), service.token_id, clock() - timedelta(hours=1))
        assert {count.code for count in counts} == codes


def test_an_event_that_fails_does_not_have_anything_counted_twice(
    service: Service, office: Office, app: Flask, clock: FixedClock
) -> None:
    def fail(_: Use) -> None:
        raise OperationalError("no", None, Exception())

    writer = UsageWriter(app.app_context, fail)
    writer.note(an_accepted(service, office, clock()).first._replace(code=Code.ROTATED))
    with pytest.raises(OperationalError):
        writer.flush()
    writer.flush()

    with app.app_context():
        assert [count.count for count in usage.hourly(db.session(), service.token_id, clock())] == [1]


def test_what_could_not_be_written_is_written_later(
    service: Service, office: Office, app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = UsageWriter(app.app_context, record_late_use)
    use = an_accepted(service, office, clock())
    writer.note_again(use, clock())

    def gone() -> AbstractContextManager[object]:
        raise OperationalError("no", None, Exception())

    with monkeypatch.context() as broken:
        broken.setattr("app.verification.usage.transaction", gone)
        for _ in range(2):
            with pytest.raises(OperationalError):
                writer.flush()
            writer.note_again(use, clock())
    writer.flush()

    with app.app_context():
        assert [count.count for count in usage.hourly(db.session(), service.token_id, clock())] == [3]


def test_the_use_of_a_key_that_is_gone_is_forgotten(
    service: Service, office: Office, app: Flask, clock: FixedClock
) -> None:
    writer = UsageWriter(app.app_context, record_late_use)
    gone = Use(
        "tok_gone", "key_gone", clock(), Code.VALID, "10.0.0.1", None, "request", frozenset({"a:b"}), window_id=7
    )
    writer.note_again(Alike(gone), clock())
    writer.note(gone._replace(code=Code.ROTATED))
    writer.note_again(an_accepted(service, office, clock()), clock())

    writer.flush()

    with app.app_context():
        assert len(usage.last_used(db.session(), ["tok_gone", service.token_id])) == 1


def test_closing_writes_what_is_left(service: Service, office: Office, app: Flask, clock: FixedClock) -> None:
    writer = UsageWriter(app.app_context, record_late_use)
    writer.start()
    writer.note_again(an_accepted(service, office, clock()), clock())

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
    use = an_accepted(service, office, clock())
    writer.note_again(use, clock())
    flush = threading.Thread(target=writer.flush)
    flush.start()
    assert writing.wait(10)

    writer.note_again(use, clock())  # returns though the flush stands still

    go_on.set()
    flush.join()
    with app.app_context():
        assert [count.count for count in usage.hourly(db.session(), service.token_id, clock())] == [2]
