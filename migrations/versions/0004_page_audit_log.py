"""page audit log

A page of the log is newest first by instant, narrowed by time, person, action or application: each of these is read off
an index, wherever in the log the page lies. Never a batch migration, which would drop the triggers (TRAPS M20).

Revision ID: 0004
Revises: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"

TABLE = "audit_event"
BEFORE = {
    "ix_audit_event_at": ["at"],
    "ix_audit_event_actor": ["actor_id", "sequence"],
    "ix_audit_event_action": ["action", "sequence"],
}
AFTER = {
    "ix_audit_event_at": ["at", "sequence"],
    "ix_audit_event_actor": ["actor_id", "at", "sequence"],
    "ix_audit_event_actor_name": ["actor_name", "at", "sequence"],
    "ix_audit_event_action": ["action", "at", "sequence"],
    "ix_audit_event_application_at": ["application_id", "at", "sequence"],
    "ix_audit_event_token_at": ["token_id", "at", "sequence"],
}


def upgrade() -> None:
    _replace(BEFORE, AFTER)


def downgrade() -> None:
    _replace(AFTER, BEFORE)


def _replace(old: dict[str, list[str]], new: dict[str, list[str]]) -> None:
    for name in old:
        op.drop_index(name, TABLE)
    for name, columns in new.items():
        op.create_index(name, TABLE, columns)
