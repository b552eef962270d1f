"""Which tokens are live (pending, active or disabled) at an instant, as a condition for queries."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_

from app.domain.lifecycle import Status
from app.store.tables import TokenRow


def at(now: datetime) -> ColumnElement[bool]:
    """The same answer as `lifecycle.status(facts, now).is_live`, for the database."""
    return and_(
        TokenRow.status.in_([Status.PENDING, Status.ACTIVE, Status.DISABLED]),
        or_(TokenRow.expires_at.is_(None), TokenRow.expires_at > now),
        or_(TokenRow.status != Status.PENDING, TokenRow.lapses_at.is_(None), TokenRow.lapses_at > now),
    )
