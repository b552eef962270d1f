"""add restrictions

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

COLUMNS = {
    "ip_whitelist": sa.JSON(),
    "rate_limit": sa.String(length=20),
    "time_restriction": sa.String(length=60),
    "access_rules": sa.JSON(),
}


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("token", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("token", name)
