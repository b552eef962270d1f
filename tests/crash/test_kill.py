"""A process that is killed leaves each change whole, with its event, or not at all: SPEC 16.

POSTERN_KILLS says how often (20 where it says nothing)."""

import os
import signal
import time

import pytest
from flask import Flask

from app.clock import system_clock
from app.store import audit_chain
from app.store.database import db
from app.store.tables import AuditEventRow
from tests.cast import Cast, assemble
from tests.crash.changes import assert_rows_and_events_agree, change_without_end

KILLS = int(os.environ.get("POSTERN_KILLS", "20"))


@pytest.fixture
def real_cast(app: Flask) -> Cast:
    with app.app_context():
        cast = assemble(system_clock())
        db.session.remove()
        # A connection must not be carried into a forked process.
        db.engine.dispose()
    return cast


# The child uses nothing that a thread of the parent could have held.
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_killed_process_leaves_no_change_without_its_event(app: Flask, real_cast: Cast) -> None:
    for seed in range(KILLS):
        begun, begin = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                change_without_end(app, real_cast, seed, begin)
            finally:
                os._exit(1)
        os.close(begin)
        assert os.read(begun, 1) == b"1", "the child died by itself"
        os.close(begun)
        # Anywhere in the next few changes.
        time.sleep(0.04 * (seed % 20) / 20)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL

    with app.app_context():
        assert db.session.query(AuditEventRow).count() > KILLS
        assert audit_chain.first_break(db.session()) is None
        assert_rows_and_events_agree(db.session())
