"""One change is one transaction with its event, or nothing."""

import threading

import pytest
from flask import Flask, current_app
from sqlalchemy import text, update

from app.clock import FixedClock
from app.domain.events import Action
from app.services.recording import NothingChanged, recording
from app.store.database import PRAGMAS, UnauditedChange, db, transaction
from app.store.tables import ApplicationRow, AuditEventRow, UserRow
from tests.cast import Cast
from tests.factories import HOST

pytestmark = pytest.mark.usefixtures("app_context")


def name_of(person_id: str) -> str:
    db.session.rollback()
    return db.session.get_one(UserRow, person_id).name


def test_a_change_without_an_event_is_refused_whole(cast: Cast) -> None:
    with pytest.raises(UnauditedChange), transaction() as session:
        session.get_one(UserRow, cast.linus).name = "Somebody else"

    assert name_of(cast.linus) == "Linus"


def test_a_change_without_an_event_is_refused_although_a_query_flushed_it_before(cast: Cast) -> None:
    with pytest.raises(UnauditedChange), transaction() as session:
        session.get_one(UserRow, cast.linus).name = "Somebody else"
        session.query(ApplicationRow).count()

    assert name_of(cast.linus) == "Linus"


def test_a_statement_that_changes_rows_needs_its_event_too(cast: Cast) -> None:
    with pytest.raises(UnauditedChange), transaction() as session:
        session.execute(update(UserRow).where(UserRow.id == cast.linus).values(name="Somebody else"))

    assert name_of(cast.linus) == "Linus"


def test_rows_are_not_changed_outside_of_a_transaction(cast: Cast) -> None:
    db.session.get_one(UserRow, cast.linus).name = "Somebody else"

    with pytest.raises(RuntimeError):
        db.session.flush()
    db.session.rollback()


def test_what_fails_on_the_way_leaves_neither_change_nor_event(cast: Cast, clock: FixedClock) -> None:
    before = db.session.query(AuditEventRow).count()

    with pytest.raises(ZeroDivisionError), transaction() as session:
        linus = session.get_one(UserRow, cast.linus)
        with recording(session, Action.USER_UPDATED, linus, HOST, clock()):
            linus.name = "Somebody else"
        raise ZeroDivisionError

    assert name_of(cast.linus) == "Linus"
    assert db.session.query(AuditEventRow).count() == before


def test_recording_a_change_that_changes_nothing_is_an_error(cast: Cast, clock: FixedClock) -> None:
    with pytest.raises(NothingChanged), transaction() as session:
        linus = session.get_one(UserRow, cast.linus)
        with recording(session, Action.USER_UPDATED, linus, HOST, clock()):
            linus.name = "Linus"


def test_a_verb_inside_a_verb_is_an_error() -> None:
    with pytest.raises(RuntimeError), transaction(), transaction():
        pass


def test_a_transaction_sees_what_was_committed_after_the_request_began_to_read(cast: Cast, clock: FixedClock) -> None:
    stale = db.session.get_one(UserRow, cast.linus)
    assert stale.name == "Linus"
    in_another_thread(rename, cast.linus, "Torvald", clock)

    with transaction() as session:
        assert session.get_one(UserRow, cast.linus).name == "Torvald"


def test_writers_wait_for_each_other_and_lose_nothing(app: Flask, cast: Cast, clock: FixedClock) -> None:
    def add_letters() -> None:
        with app.app_context():
            for _ in range(10):
                with transaction() as session:
                    linus = session.get_one(UserRow, cast.linus)
                    with recording(session, Action.USER_UPDATED, linus, HOST, clock()):
                        linus.name += "x"

    threads = [threading.Thread(target=add_letters) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert name_of(cast.linus) == "Linus" + "x" * 80
    assert db.session.query(AuditEventRow).filter_by(action="user.updated").count() == 80


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_sqlite_connection_is_set_up(app: Flask) -> None:
    for _ in range(2):
        with db.engine.connect() as connection:
            found = {name: str(connection.scalar(text(f"PRAGMA {name}"))) for name in PRAGMAS}
        db.engine.dispose()

        assert found == PRAGMAS


def rename(person_id: str, name: str, clock: FixedClock) -> None:
    with transaction() as session:
        row = session.get_one(UserRow, person_id)
        with recording(session, Action.USER_UPDATED, row, HOST, clock()):
            row.name = name


def in_another_thread(verb: object, *arguments: object) -> None:
    """Run the verb as another request would, with a session of its own."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def run() -> None:
        with app.app_context():
            verb(*arguments)  # type: ignore[operator]

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
