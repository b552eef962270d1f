"""`flask audit verify` names the row whose time was shifted, or that was put before all others (SPEC 11)."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app.store.database import db
from tests import people
from tests.cli.test_audit import by_hand, verify

pytestmark = pytest.mark.usefixtures("cast")
MS = timedelta(milliseconds=1)
NAMES = "action, actor_name, subject_kind, subject_id, subject_name, reason, changes, previous_hash, hash"


def shift(app: Flask, by: timedelta, sequence: int | None = None) -> None:
    """Shift the time of one event, or of all of them, by hand."""
    rows = [row for row in people.events(app) if sequence in {None, row.sequence}]
    assert rows
    with app.app_context():
        zone = "" if db.engine.dialect.name == "sqlite" else "+00"
    by_hand(
        app,
        *(
            f"UPDATE audit_event SET at = '{row.at + by:%Y-%m-%d %H:%M:%S.%f}{zone}' WHERE sequence = {row.sequence}"
            for row in rows
        ),
    )
    assert [row.at for row in people.events(app) if sequence in {None, row.sequence}] == [row.at + by for row in rows]


@pytest.mark.parametrize("by", [MS, -timedelta(hours=1), timedelta(microseconds=1)], ids=str)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_an_event_whose_time_was_shifted_is_named(
    app: Flask, runner: FlaskCliRunner, by: timedelta, place: str
) -> None:
    rows = people.events(app)
    row = {"first": rows[0], "middle": rows[4], "last": rows[-1]}[place]
    shift(app, by, row.sequence)

    result = verify(runner)

    assert result.exit_code == 1
    assert f"event {row.sequence} ({row.id}): its content is not what was written." in result.output


@pytest.mark.parametrize("by", [MS, timedelta(hours=1)], ids=str)
def test_of_a_log_that_was_shifted_whole_the_first_event_is_named(
    app: Flask, runner: FlaskCliRunner, by: timedelta
) -> None:
    first = people.events(app)[0]
    shift(app, by)
    assert f"event 1 ({first.id})" in verify(runner).output


@pytest.mark.parametrize("sequence", [0, -1, -(10**12)])
def test_an_event_put_before_the_first_one_is_named(app: Flask, runner: FlaskCliRunner, sequence: int) -> None:
    by_hand(
        app,
        f"INSERT INTO audit_event (sequence, id, at, {NAMES}) SELECT {sequence}, 'evt_forged', at, {NAMES} "
        "FROM audit_event WHERE sequence = 1",
        unguarded=False,
    )
    result = verify(runner)
    assert result.exit_code == 1
    assert f"event {sequence} (evt_forged): it stands before the first event." in result.output
