"""remember what is asked for

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "scope_usage",
        sa.Column("token_id", sa.String(length=40), nullable=False),
        sa.Column("scope_name", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["token.id"]),
        sa.PrimaryKeyConstraint("token_id", "scope_name"),
    )
    op.add_column("key_usage", sa.Column("caller_token_id", sa.String(length=40), nullable=True))


def downgrade() -> None:
    op.drop_column("key_usage", "caller_token_id")
    op.drop_table("scope_usage")
