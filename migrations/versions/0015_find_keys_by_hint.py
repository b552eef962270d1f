"""find keys by hint

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_index("ix_key_hint", "key", ["hint"])


def downgrade() -> None:
    op.drop_index("ix_key_hint", "key")
