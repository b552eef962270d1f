"""govern by requests

A request may be about an entry of the policy or a scope, one at a time; the policy has versions, so that of two people
who edit it at once the second is told.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

PENDING = sa.text("status = 'pending'")


def upgrade() -> None:
    op.add_column("approval_request", sa.Column("governed", sa.String(length=220), nullable=True))
    op.create_index(
        "uq_approval_request_pending_governed",
        "approval_request",
        ["governed"],
        unique=True,
        sqlite_where=PENDING,
        postgresql_where=PENDING,
    )
    op.create_index("ix_approval_request_age", "approval_request", ["created_at", "id"])
    op.add_column("policy", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    op.drop_column("policy", "version")
    op.drop_index("ix_approval_request_age", "approval_request")
    op.drop_index("uq_approval_request_pending_governed", "approval_request")
    # What only the newer version understands cannot stay: its requests are about no token.
    op.execute("DELETE FROM approval_request WHERE governed IS NOT NULL")
    op.drop_column("approval_request", "governed")
