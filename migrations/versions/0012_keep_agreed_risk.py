"""keep agreed risk

The risk at which somebody last let a token have the scopes that it has: where a scope's risk is raised afterwards, the
token is listed for review. For the tokens that are there, it is today's.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("token", sa.Column("agreed_risk", sa.SmallInteger(), nullable=True))
    op.execute(
        """UPDATE token SET agreed_risk = (
            SELECT max(scope.risk) FROM token_scope JOIN scope ON scope.name = token_scope.scope_name
            WHERE token_scope.token_id = token.id)"""
    )


def downgrade() -> None:
    op.drop_column("token", "agreed_risk")
