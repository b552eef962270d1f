"""How far the example was told here."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.events import Action
from app.store.tables import AuditEventRow, UserRow


def is_wanted(session: Session) -> bool:
    """Whether a first start fills it in: nothing ever happened here, or the telling was interrupted."""
    return session.scalar(select(func.count()).select_from(AuditEventRow)) == 0 or was_interrupted(session)


def was_interrupted(session: Session) -> bool:
    """Whether a process died in the middle of the telling, before anybody was told a password."""
    chapters = (Action.EXAMPLE_ADDED.value, Action.EXAMPLE_REMOVED.value)
    last = (
        select(AuditEventRow.action)
        .where(AuditEventRow.action.in_(chapters))
        .order_by(AuditEventRow.sequence.desc())
        .limit(1)
    )
    return has_active_people(session) and session.scalar(last) != Action.EXAMPLE_ADDED.value


def has_active_people(session: Session) -> bool:
    """Whether somebody of the example can sign in, whose password was printed on a screen."""
    return bool(session.scalar(select(func.count()).where(UserRow.example, UserRow.active)))
