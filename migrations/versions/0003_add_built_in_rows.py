"""add built-in rows

The scope that lets a service ask about tokens, and the policy that an installation begins with.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

LOW, MEDIUM, HIGH = 1, 2, 3


def upgrade() -> None:
    scope = sa.table(
        "scope",
        *(sa.column(name) for name in ("name", "category", "description", "risk", "version")),
        sa.column("permissions", sa.JSON),
        sa.column("retired", sa.Boolean),
    )
    op.bulk_insert(
        scope,
        [
            {
                "name": "token:verify",
                "category": "Postern",
                "description": "Ask Postern whether a token may do something.",
                "risk": MEDIUM,
                "permissions": [],
                "retired": False,
                "version": 1,
            }
        ],
    )
    policy = sa.table("policy", sa.column("risk"), sa.column("approval", sa.Boolean))
    op.bulk_insert(policy, [{"risk": risk, "approval": risk != LOW} for risk in (LOW, MEDIUM, HIGH)])


def downgrade() -> None:
    # Rows that people made may refer to the scope; the tables themselves go with 0001.
    op.execute("DELETE FROM policy")
    op.execute("DELETE FROM scope WHERE name = 'token:verify' AND name NOT IN (SELECT scope_name FROM token_scope)")
