"""What operators watch: how much waits, is open, and how soon something ends. Told to whoever runs Postern, so no
person asks here, and nothing names a token."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.lifecycle import Status
from app.store.queries import undecided
from app.store.tables import ApprovalRequestRow, EmergencyWindowRow, TokenRow, UsageDropRow


@dataclass(frozen=True)
class Gauges:
    """`seconds_to_expiry` is None where no active token has an end."""

    approvals_pending: int
    emergency_windows_open: int
    seconds_to_expiry: float | None
    usage_dropped: int


def read(session: Session, now: datetime) -> Gauges:
    """How things stand at this instant."""
    requests = select(func.count()).select_from(ApprovalRequestRow).where(undecided.at(now))
    windows = (
        select(func.count())
        .select_from(EmergencyWindowRow)
        .where(EmergencyWindowRow.ended_at.is_(None), EmergencyWindowRow.ends_at > now)
    )
    next_end = select(func.min(TokenRow.expires_at)).where(TokenRow.status == Status.ACTIVE, TokenRow.expires_at > now)
    dropped = select(func.coalesce(func.sum(UsageDropRow.count), 0))
    ends_at = session.scalar(next_end)
    return Gauges(
        approvals_pending=session.scalar(requests) or 0,
        emergency_windows_open=session.scalar(windows) or 0,
        seconds_to_expiry=(ends_at - now).total_seconds() if ends_at else None,
        usage_dropped=int(session.scalar(dropped) or 0),
    )
