"""note which tokens changed

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("generation", sa.Column("noted", NUMBER, nullable=False, server_default="0"))
    op.add_column("generation", sa.Column("everything", NUMBER, nullable=False, server_default="0"))
    op.execute("UPDATE generation SET noted = value, everything = value")
    op.add_column("token", sa.Column("changed_in", NUMBER, nullable=False, server_default="0"))
    op.create_index("ix_token_changed_in", "token", ["changed_in"])


def downgrade() -> None:
    op.drop_index("ix_token_changed_in", "token")
    op.drop_column("token", "changed_in")
    op.drop_column("generation", "everything")
    op.drop_column("generation", "noted")
