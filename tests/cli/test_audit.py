"""`flask audit verify`: the row that was touched is named, and the command fails (SPEC 11)."""

import re

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import text

from app.store import schema
from app.store.database import WRITES, db
from tests import people

pytestmark = pytest.mark.usefixtures("cast")


def by_hand(app: Flask, *statements: str, unguarded: bool = True) -> None:
    """Do what somebody with the database's password could do, and cover the tracks by guarding the log again."""
    with app.app_context(), db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        dialect = connection.dialect.name
        guards = []
        if unguarded and dialect == "sqlite":
            guards = [
                connection.execute(
                    text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": name}
                ).scalar_one()
                for name in sorted(schema.TRIGGERS["sqlite"])
            ]
            for name in schema.TRIGGERS["sqlite"]:
                connection.execute(text(f"DROP TRIGGER {name}"))
        elif unguarded:
            connection.execute(text("ALTER TABLE audit_event DISABLE TRIGGER ALL"))
            guards = ["ALTER TABLE audit_event ENABLE TRIGGER ALL"]
        for statement in [*statements, *guards]:
            connection.exec_driver_sql(statement)


def verify(runner: FlaskCliRunner) -> Result:
    return runner.invoke(args=["audit", "verify"])


def test_a_whole_log_is_one_line_with_its_last_hash(app: Flask, runner: FlaskCliRunner) -> None:
    last = people.events(app)[-1]
    result = verify(runner)
    assert result.exit_code == 0
    assert result.output == f"The audit log is whole: {last.sequence} events, the last with hash {last.hash}.\n"


@pytest.mark.parametrize("place", ["first", "middle", "last"])
@pytest.mark.parametrize(
    "change",
    ["reason = 'nothing to see'", "at = '2020-01-01 00:00:00'", "actor_name = 'Eve'", "changes = '[]'", "id = 'evt_x'"],
)
def test_the_altered_event_is_named(app: Flask, runner: FlaskCliRunner, change: str, place: str) -> None:
    rows = people.events(app)
    row = {"first": rows[0], "middle": rows[4], "last": rows[-1]}[place]
    by_hand(app, f"UPDATE audit_event SET {change} WHERE sequence = {row.sequence}")

    result = verify(runner)

    assert result.exit_code == 1
    event_id = "evt_x" if change.startswith("id") else row.id
    assert f"event {row.sequence} ({event_id}): its content is not what was written." in result.output
    assert len(result.output.splitlines()) == 1


def test_the_first_of_several_is_named(app: Flask, runner: FlaskCliRunner) -> None:
    by_hand(app, "UPDATE audit_event SET reason = 'x' WHERE sequence IN (3, 5)")
    assert "event 3 (" in verify(runner).output


@pytest.mark.parametrize("place", ["first", "middle"])
def test_a_removed_event_is_missed(app: Flask, runner: FlaskCliRunner, place: str) -> None:
    gone = {"first": 1, "middle": 4}[place]
    by_hand(app, f"DELETE FROM audit_event WHERE sequence = {gone}")
    result = verify(runner)
    assert result.exit_code == 1
    next_id = people.events(app)[gone - 1].id
    assert f"event {gone + 1} ({next_id}): event {gone} is missing before this one." in result.output


def test_an_event_put_in_between_is_named(app: Flask, runner: FlaskCliRunner) -> None:
    names = "action, actor_name, subject_kind, subject_id, subject_name, reason, changes, previous_hash, hash"
    by_hand(
        app,
        *(
            f"UPDATE audit_event SET sequence = {n + 1} WHERE sequence = {n}"
            for n in range(len(people.events(app)), 3, -1)
        ),
        f"INSERT INTO audit_event (sequence, id, at, {names}) SELECT 4, 'evt_forged', at, {names} "
        "FROM audit_event WHERE sequence = 3",
    )
    result = verify(runner)
    assert result.exit_code == 1
    assert "event 4 (evt_forged)" in result.output


def test_an_event_put_at_the_end_is_named(app: Flask, runner: FlaskCliRunner) -> None:
    last = people.events(app)[-1]
    by_hand(
        app,
        "INSERT INTO audit_event (sequence, id, at, action, actor_name, subject_kind, subject_id, subject_name, reason,"
        f" changes, previous_hash, hash) SELECT sequence + 1, 'evt_forged', at, action, actor_name, subject_kind,"
        f" subject_id, subject_name, reason, changes, hash, hash FROM audit_event WHERE sequence = {last.sequence}",
        unguarded=False,
    )
    result = verify(runner)
    assert result.exit_code == 1
    assert f"event {last.sequence + 1} (evt_forged)" in result.output


def test_swapped_events_are_named(app: Flask, runner: FlaskCliRunner) -> None:
    fifth = people.events(app)[4]
    by_hand(
        app,
        "UPDATE audit_event SET sequence = -1 WHERE sequence = 4",
        "UPDATE audit_event SET sequence = 4 WHERE sequence = 5",
        "UPDATE audit_event SET sequence = 5 WHERE sequence = -1",
    )
    result = verify(runner)
    assert result.exit_code == 1
    assert f"event 4 ({fifth.id})" in result.output


@pytest.mark.parametrize("length", [1, 2])
def test_a_cut_tail_shows(app: Flask, runner: FlaskCliRunner, length: int) -> None:
    end = people.events(app)[-1].sequence
    by_hand(app, f"DELETE FROM audit_event WHERE sequence > {end - length}")
    result = verify(runner)
    assert result.exit_code == 1
    assert f"event {end - length + 1} (no id): the log was cut: its head is event {end}." in result.output


def test_a_dropped_trigger_shows_although_the_log_is_whole(app: Flask, runner: FlaskCliRunner) -> None:
    with app.app_context():
        sqlite = db.engine.dialect.name == "sqlite"
    drop = "DROP TRIGGER audit_event_no_update" if sqlite else "DROP TRIGGER audit_event_no_change ON audit_event"
    by_hand(app, drop, unguarded=False)
    result = verify(runner)
    assert result.exit_code == 1
    assert re.search(r"trigger audit_event_no_(update|change) is missing", result.output)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "change",
    [
        "at = 'yesterday'",
        "at = 5",
        "changes = '[' || hex(zeroblob(20000))",
        "changes = replace(hex(zeroblob(20000)), '0', '[')",
        "reason = x'ff'",
        "reason = CAST(x'ff' AS TEXT)",
        "hash = CAST(x'ff' AS TEXT)",
        "hash = x'00'",
        "hash = 'ä'",
        "previous_hash = x'00'",
        "address = 1.5",
    ],
)
def test_what_no_program_could_load_is_named_too(app: Flask, runner: FlaskCliRunner, change: str) -> None:
    by_hand(app, f"UPDATE audit_event SET {change} WHERE sequence = 4")
    result = verify(runner)
    assert result.exit_code == 1
    assert re.search(r"event 4 \((evt_\w+|no id)\)", result.output)


@pytest.mark.parametrize("change", ["seal = 'ä'", "seal = ''", "hash = 'ä'", "sequence = 3"])
def test_an_altered_head_shows(app: Flask, runner: FlaskCliRunner, change: str) -> None:
    by_hand(app, f"UPDATE chain_head SET {change}", unguarded=False)
    result = verify(runner)
    assert result.exit_code == 1
    assert "the head of the chain was altered" in result.output


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("at", ["infinity", "-infinity", "0044-03-15 12:00:00+00 BC", "20000-01-01 00:00:00+00"])
def test_an_instant_that_no_program_could_load_is_named_too(app: Flask, runner: FlaskCliRunner, at: str) -> None:
    by_hand(app, f"UPDATE audit_event SET at = '{at}' WHERE sequence = 4")
    result = verify(runner)
    assert result.exit_code == 1
    assert "event 4 (evt_" in result.output
