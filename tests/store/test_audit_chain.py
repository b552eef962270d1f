"""The log names the row that was touched: SPEC 11."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.store import audit_chain, audit_link, schema
from app.store.database import WRITES, db
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("app_context", "cast")

UNGUARD = {
    "sqlite": [f"DROP TRIGGER {name}" for name in sorted(schema.TRIGGERS["sqlite"])],
    "postgresql": ["ALTER TABLE audit_event DISABLE TRIGGER ALL"],
}


def by_hand(*statements: str) -> None:
    """Do what somebody with the database's password could do."""
    db.session.rollback()
    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        for statement in [*UNGUARD[connection.dialect.name], *statements]:
            connection.execute(text(statement))


def last() -> int:
    with db.engine.connect() as connection:
        return int(connection.scalar(text("SELECT max(sequence) FROM audit_event")) or 0)


def test_an_untouched_log_has_no_break() -> None:
    assert last() > 5
    assert audit_chain.first_break(db.session()) is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET reason = 'nothing to see' WHERE sequence = {n}",
        "UPDATE audit_event SET at = '2020-01-01 00:00:00' WHERE sequence = {n}",
        "UPDATE audit_event SET actor_name = 'Eve' WHERE sequence = {n}",
        "UPDATE audit_event SET hash = '' WHERE sequence = {n}",
    ],
)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_an_altered_event_is_named(statement: str, place: str) -> None:
    sequence = {"first": 1, "middle": 4, "last": last()}[place]
    by_hand(statement.format(n=sequence))

    found = audit_chain.first_break(db.session())

    assert found is not None
    assert found.sequence == sequence
    assert found.event_id is not None


def test_a_removed_event_is_named() -> None:
    by_hand("DELETE FROM audit_event WHERE sequence = 4")

    found = audit_chain.first_break(db.session())

    assert found is not None
    assert "4 is missing" in found.sentence


def test_swapped_events_are_named() -> None:
    by_hand(
        "UPDATE audit_event SET sequence = -1 WHERE sequence = 4",
        "UPDATE audit_event SET sequence = 4 WHERE sequence = 5",
        "UPDATE audit_event SET sequence = 5 WHERE sequence = -1",
    )

    found = audit_chain.first_break(db.session())

    assert found is not None
    assert found.sequence == 4


def test_a_cut_tail_shows() -> None:
    end = last()
    by_hand(f"DELETE FROM audit_event WHERE sequence > {end - 2}")

    found = audit_chain.first_break(db.session())

    assert found is not None
    assert found.sequence == end - 1


def test_a_cut_tail_shows_although_the_head_was_moved_back() -> None:
    end = last()
    by_hand(
        f"DELETE FROM audit_event WHERE sequence > {end - 2}",
        f"UPDATE chain_head SET sequence = {end - 2}, hash = (SELECT hash FROM audit_event WHERE sequence = {end - 2})",
    )

    found = audit_chain.first_break(db.session())

    assert found is not None
    assert "head" in found.sentence


def test_a_log_that_was_emptied_shows() -> None:
    by_hand("DELETE FROM audit_event", f"UPDATE chain_head SET sequence = 0, hash = '{audit_link.START}'")

    assert audit_chain.first_break(db.session()) is not None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET reason = ''",
        "DELETE FROM audit_event",
        "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event WHERE sequence = 1",
        "TRUNCATE audit_event",
    ],
)
def test_the_database_itself_refuses(cast: Cast, statement: str) -> None:
    dialect = db.engine.dialect.name
    foreign = ("TRUNCATE" in statement) if dialect == "sqlite" else ("OR REPLACE" in statement)
    with pytest.raises(DBAPIError, match=None if foreign else "never changed or removed"), writing() as connection:
        connection.execute(text(statement))

    assert audit_chain.first_break(db.session()) is None


def writing() -> Connection:
    db.session.rollback()
    return db.engine.connect().execution_options(**{WRITES: True})
