"""keep what was approved

The content that somebody approved, as it was once it took effect: a later request is shown beside it. For what was
approved before, it is not known. What is governed is looked up by its name.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("approval_request", sa.Column("agreed", sa.JSON(), nullable=True))
    op.create_index("ix_approval_request_governed", "approval_request", ["governed"])


def downgrade() -> None:
    op.drop_index("ix_approval_request_governed", "approval_request")
    op.drop_column("approval_request", "agreed")
