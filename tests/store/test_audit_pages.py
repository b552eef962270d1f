"""Any page of the log costs what the first one costs: it is read off an index, in order (SPEC 11, 17)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import ClauseElement, Executable, Select, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from app.clock import FixedClock
from app.domain.audit_selection import Selection
from app.domain.events import Action
from app.store.database import db
from app.store.queries import audit
from app.store.tables import AuditEventRow

pytestmark = pytest.mark.usefixtures("app_context", "cast")
NARROWED: list[dict[str, Any]] = [
    {},
    {"actor_id": "usr_x"},
    {"actor_name": "the test"},
    {"action": Action.USER_ADDED},
    {"application_id": "app_x"},
    {"token_id": "tok_x"},
]


class Explained(Executable, ClauseElement):
    """A statement with the database's word for explaining it put before it."""

    inherit_cache = False

    def __init__(self, statement: Select[AuditEventRow]) -> None:
        self.statement = statement


@compiles(Explained, "sqlite")
def _on_sqlite(element: Explained, compiler: SQLCompiler, **more: Any) -> str:
    return f"EXPLAIN QUERY PLAN {compiler.process(element.statement, **more)}"


@compiles(Explained, "postgresql")
def _on_postgresql(element: Explained, compiler: SQLCompiler, **more: Any) -> str:
    return f"EXPLAIN {compiler.process(element.statement, **more)}"


def plan(selection: Selection, place: audit.Place) -> str:
    """How the database would read a page within the log. It would rather read and sort a few rows than look them up, so
    PostgreSQL is told not to."""
    connection = db.session().connection()
    if connection.dialect.name == "postgresql":
        for way in ("seqscan", "sort", "bitmapscan"):
            connection.execute(text(f"SET LOCAL enable_{way} = off"))
    statement = Explained(audit._newest(selection, place).limit(audit.PAGE))
    return "\n".join(str(row[-1]) for row in connection.execute(statement))


@pytest.mark.parametrize("ends", [{}, {"since": timedelta(days=-9), "until": timedelta(days=9)}], ids=["ever", "then"])
@pytest.mark.parametrize("narrowed", NARROWED, ids=lambda narrowed: next(iter(narrowed), "all"))
def test_a_page_is_read_off_an_index_in_order(
    narrowed: dict[str, Any], ends: dict[str, timedelta], clock: FixedClock
) -> None:
    times: dict[str, Any] = {name: clock() + distance for name, distance in ends.items()}

    found = plan(Selection(**narrowed, **times), (clock(), 5))

    assert "ix_audit_event_" in found
    assert "Sort" not in found
    assert "TEMP B-TREE" not in found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", [{"actor_id": "usr_x"}, {"actor_name": "the test"}, {"application_id": "app_x"}])
def test_what_is_asked_of_somebody_and_of_an_action_is_looked_up_by_both(
    who: dict[str, Any], clock: FixedClock
) -> None:
    found = plan(Selection(**who, action=Action.USER_ADDED), (clock(), 5))
    assert f"({next(iter(who))}=? AND action=? AND at" in found


def test_a_page_within_a_time_begins_at_its_place_and_not_at_the_end_of_the_time(clock: FixedClock) -> None:
    until, since = clock() + timedelta(days=9), clock() - timedelta(days=9)
    within = str(audit._newest(Selection(since=since, until=until), (clock(), 5)))
    beyond = str(audit._newest(Selection(since=since, until=since), (clock(), 5)))
    assert ("audit_event.at >= " in within, "audit_event.at < " in within) == (True, False)
    assert "audit_event.at < " in beyond
