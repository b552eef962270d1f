"""Migrations go up and down with rows in the tables, on both databases."""

import base64
from collections.abc import Callable
from hashlib import sha256

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from app.clock import FixedClock
from app.domain.identifiers import random_text
from app.domain.roles import Role
from app.services.tokens.issue import IssueForm, issue_token
from app.services.tokens.switch import revoke_token
from app.store import audit_chain, schema
from app.store.database import WRITES, db
from tests.cast import Cast
from tests.factories import actor, make_person

pytestmark = pytest.mark.usefixtures("app_context")
FOLDER = str(schema.MIGRATIONS)
REFUSED = "BEGIN SELECT RAISE(ABORT, 'audit events are never changed or removed'); END"
REFUSES = "ON audit_event FOR EACH ROW {} EXECUTE FUNCTION audit_event_refuse()"


def by_hand(statement: str) -> None:
    db.session.rollback()
    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        connection.execute(text(statement))


def test_the_newest_schema_has_no_fault(app: Flask) -> None:
    assert schema.fault() is None


def test_down_and_up_again_with_rows_in_the_tables(cast: Cast, clock: FixedClock) -> None:
    db.session.remove()
    downgrade(directory=FOLDER, revision="0001")
    upgrade(directory=FOLDER)

    db.session.remove()
    assert schema.fault() is None
    assert db.session.execute(text('SELECT count(*) FROM "user"')).scalar_one() == 6


def test_all_the_way_down_leaves_nothing_and_up_works(cast: Cast, clock: FixedClock) -> None:
    db.session.remove()
    downgrade(directory=FOLDER, revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}

    schema.migrate()

    assert schema.fault() is None
    assert make_person("New", Role.MEMBER, clock())
    assert audit_chain.first_break(db.session()) is None


def test_the_tables_are_the_ones_the_code_describes(app: Flask) -> None:
    found = inspect(db.engine)
    described = {table.name: set(table.columns.keys()) for table in db.metadata.sorted_tables}

    assert {name: {one["name"] for one in found.get_columns(name)} for name in described} == described
    assert found.get_columns("audit_event")[0]["name"] == "sequence"


def test_a_schema_that_is_behind_is_one_line(app: Flask) -> None:
    downgrade(directory=FOLDER, revision="0002")

    assert "behind" in (schema.fault() or "")


def test_a_schema_that_is_ahead_is_one_line(app: Flask) -> None:
    by_hand("UPDATE alembic_version SET version_num = '9999'")

    assert "ahead" in (schema.fault() or "")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("trigger", sorted(schema.TRIGGERS["sqlite"]))
def test_a_missing_trigger_is_one_line(app: Flask, trigger: str) -> None:
    by_hand(f"DROP TRIGGER {trigger}")

    assert trigger in (schema.fault() or "")


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("trigger", sorted(schema.TRIGGERS["postgresql"]))
def test_a_disabled_trigger_counts_as_missing(app: Flask, trigger: str) -> None:
    by_hand(f"ALTER TABLE audit_event DISABLE TRIGGER {trigger}")

    assert trigger in (schema.fault() or "")


@pytest.mark.parametrize(
    "instead",
    [
        "AFTER UPDATE ON audit_event BEGIN SELECT 1; END",
        f"BEFORE UPDATE ON audit_event WHEN 0 {REFUSED}",
        f"BEFORE UPDATE OF id ON audit_event {REFUSED}",
        f"BEFORE UPDATE ON policy {REFUSED}",
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_trigger_that_has_the_name_only_is_one_line(app: Flask, instead: str) -> None:
    by_hand("DROP TRIGGER audit_event_no_update")
    by_hand(f"CREATE TRIGGER audit_event_no_update {instead}")

    assert "audit_event_no_update is missing or was altered" in (schema.fault() or "")


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "instead",
    [
        "FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        f"TRIGGER audit_event_no_change BEFORE DELETE {REFUSES}",
        f"TRIGGER audit_event_no_change BEFORE UPDATE OF id OR DELETE {REFUSES}",
        f"TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE {REFUSES.format('WHEN (OLD.sequence < 0)')}",
    ],
)
def test_a_trigger_that_refuses_less_is_one_line(app: Flask, instead: str) -> None:
    by_hand(f"CREATE OR REPLACE {instead}".replace("{}", ""))

    assert "audit_event_no_change" in (schema.fault() or "")


@pytest.mark.parametrize("name", ["key 1", "chain"])
def test_a_wrong_secret_is_noticed(app: Flask, name: str) -> None:
    by_hand(f"UPDATE secret_check SET value = 'of another secret' WHERE name = '{name}'")

    assert name in (schema.fault() or "")


def test_a_missing_secret_is_noticed_as_long_as_live_keys_need_it(cast: Cast, clock: FixedClock) -> None:
    form = IssueForm(cast.billing, random_text(22), "Report", "", (cast.low,), "1 month", "", "")
    issued = issue_token(form, actor(cast.linus), clock())
    by_hand("UPDATE key SET secret_id = 'older'")

    assert "older" in (schema.fault() or "")

    revoke_token(issued.token_id, "", actor(cast.linus), clock())
    assert schema.fault() is None


def test_a_new_secret_is_known_from_the_first_start_on(
    another_app: Callable[..., Flask], environ: dict[str, str]
) -> None:
    new, other = (f"2:{base64.b64encode(sha256(text).digest()).decode()}" for text in (b"new", b"other"))
    with another_app(KEY_SECRETS=f"{new},{environ['KEY_SECRETS']}").app_context():
        schema.adopt_secrets()
        assert schema.fault() is None

    with another_app(KEY_SECRETS=other).app_context():
        assert "key 2" in (schema.fault() or "")
