"""Which approval requests wait for a decision, as a condition that the database applies."""

from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, and_

from app.domain.approval import RequestStatus
from app.store.tables import ApprovalRequestRow


def at(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """The condition under which a request waits at this instant: pending, and not lapsed."""
    return and_(ApprovalRequestRow.status == RequestStatus.PENDING, ApprovalRequestRow.expires_at > now)
