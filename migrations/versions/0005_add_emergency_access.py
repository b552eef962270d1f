"""add emergency access

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "emergency_window",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("token_id", sa.String(length=40), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("activated_by", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=40), nullable=True),
        sa.Column("ended_how", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["token_id"], ["token.id"]),
        sa.ForeignKeyConstraint(["activated_by"], ["user.id"]),
        sa.ForeignKeyConstraint(["ended_by"], ["user.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "uq_emergency_window_open_token",
        "emergency_window",
        ["token_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_emergency_window_token", "emergency_window", ["token_id", "starts_at"])
    op.create_index("ix_emergency_window_ends", "emergency_window", ["ends_at"])
    op.create_index("ix_emergency_window_activated_by", "emergency_window", ["activated_by"])
    op.create_table(
        "emergency_use",
        sa.Column("window_id", NUMBER, nullable=False),
        sa.Column("token_id", sa.String(length=40), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["window_id"], ["emergency_window.id"]),
        sa.PrimaryKeyConstraint("window_id"),
    )
    op.create_index("ix_emergency_use_token_id", "emergency_use", ["token_id"])


def downgrade() -> None:
    op.drop_table("emergency_use")
    op.drop_table("emergency_window")
