"""Events of one thing, newest first, for people who may see the thing."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.domain.events import Action, Event, Subject
from app.store.tables import AuditEventRow

MOST = 100
_NEWEST = select(AuditEventRow).order_by(AuditEventRow.sequence.desc()).limit(MOST)
_OF_TOKEN = _NEWEST.where(AuditEventRow.token_id == bindparam("token_id"))
_OF_APPLICATION = _NEWEST.where(AuditEventRow.application_id == bindparam("application_id"))


def of_token(session: Session, token_id: str) -> Sequence[Event]:
    """The last 100 events of a token. The caller has found the token for the person who asks."""
    return [event(row) for row in session.scalars(_OF_TOKEN, {"token_id": token_id})]


def newest(session: Session, token_id: str) -> int:
    """The number of the token's newest event. The caller has found the token for the person who asks."""
    statement = select(func.max(AuditEventRow.sequence)).where(AuditEventRow.token_id == token_id)
    return session.scalars(statement).one() or 0


def of_application(session: Session, application_id: str) -> Sequence[Event]:
    """The last 100 events of an application and its tokens. The caller has found it for the person who asks."""
    return [event(row) for row in session.scalars(_OF_APPLICATION, {"application_id": application_id})]


def event(row: AuditEventRow) -> Event:
    """A row of the log as pages read it."""
    return Event(
        sequence=row.sequence,
        id=row.id,
        at=row.at,
        action=Action(row.action),
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        subject=Subject(row.subject_kind, row.subject_id, row.subject_name, row.application_id, row.token_id),
        reason=row.reason,
        changes=tuple(row.changes),
        address=row.address,
        user_agent=row.user_agent,
        request_id=row.request_id,
    )
