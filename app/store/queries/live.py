"""What tokens are at an instant, as expressions for queries: whether they are live, and their status."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, or_

from app.domain.lifecycle import Status
from app.store.tables import TokenRow


def at(now: datetime) -> ColumnElement[bool]:
    """The same answer as `lifecycle.status(facts, now).is_live`, for the database."""
    return and_(
        TokenRow.status.in_([Status.PENDING, Status.ACTIVE, Status.DISABLED]),
        or_(TokenRow.expires_at.is_(None), TokenRow.expires_at > now),
        or_(TokenRow.status != Status.PENDING, TokenRow.lapses_at.is_(None), TokenRow.lapses_at > now),
    )


def status(now: datetime) -> ColumnElement[str]:
    """The same answer as `lifecycle.status`, for the database."""
    return case(
        (TokenRow.status.in_([Status.REVOKED, Status.REJECTED]), TokenRow.status),
        (and_(TokenRow.status == Status.PENDING, TokenRow.lapses_at <= now), Status.REJECTED.value),
        (TokenRow.expires_at <= now, Status.EXPIRED.value),
        else_=TokenRow.status,
    )
