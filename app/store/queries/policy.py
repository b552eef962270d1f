"""The approval policy."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.approval import Policy
from app.store.tables import PolicyRow


def current(session: Session) -> Policy:
    """For which risks a second person is asked."""
    return Policy(frozenset(session.scalars(select(PolicyRow.risk).where(PolicyRow.approval))))
