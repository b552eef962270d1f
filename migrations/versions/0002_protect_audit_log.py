"""protect audit log

The database itself refuses to change or remove an event. SQLite's INSERT OR REPLACE would delete without firing a
delete trigger where recursive_triggers is off, so replacing is refused as well.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

SQLITE = {
    "audit_event_no_update": "BEFORE UPDATE ON audit_event",
    "audit_event_no_delete": "BEFORE DELETE ON audit_event",
    "audit_event_no_replace": """BEFORE INSERT ON audit_event
        WHEN EXISTS (SELECT 1 FROM audit_event WHERE sequence = NEW.sequence OR id = NEW.id)""",
}
POSTGRESQL = {
    "audit_event_no_change": "BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW",
    "audit_event_no_truncate": "BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT",
}
REFUSAL = "audit events are never changed or removed"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, when in SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END")
    else:
        op.execute(
            f"""CREATE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"""
        )
        for name, when in POSTGRESQL.items():
            op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION audit_event_refuse()")
    op.execute(
        sa.text("INSERT INTO chain_head (id, sequence, hash, seal) VALUES (1, 0, :start, '')").bindparams(
            start="0" * 64
        )
    )


def downgrade() -> None:
    op.execute("DELETE FROM chain_head")
    if op.get_bind().dialect.name == "sqlite":
        for name in SQLITE:
            op.execute(f"DROP TRIGGER {name}")
    else:
        for name in POSTGRESQL:
            op.execute(f"DROP TRIGGER {name} ON audit_event")
        op.execute("DROP FUNCTION audit_event_refuse()")
