"""narrow audit log by two

Who did something, or where, is in many events, and what was done too; both together may be in none, and every one of
the many would be looked at. Never a batch migration, which would drop the triggers (TRAPS M20).

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"

TABLE = "audit_event"
NEW = {
    "ix_audit_event_actor_action": ["actor_id", "action", "at", "sequence"],
    "ix_audit_event_actor_name_action": ["actor_name", "action", "at", "sequence"],
    "ix_audit_event_application_action": ["application_id", "action", "at", "sequence"],
}


def upgrade() -> None:
    for name, columns in NEW.items():
        op.create_index(name, TABLE, columns)


def downgrade() -> None:
    for name in NEW:
        op.drop_index(name, TABLE)
