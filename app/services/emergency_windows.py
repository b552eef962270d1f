"""Emergency windows as part of other verbs: looked up and ended inside the verb's own transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain import emergency
from app.domain.emergency import SPAN, End, Window
from app.domain.events import Action
from app.domain.history import ACTIVATOR, DURATION, EMERGENCY_ENDS
from app.domain.people import Actor
from app.services.recording import Record, recording
from app.store.tables import EmergencyWindowRow, TokenRow, UserRow


def open_window(session: Session, token_id: str, now: datetime) -> EmergencyWindowRow | None:
    """The token's window that is open now. One that the clock ended makes room for the next: only then is that
    stored."""
    statement = select(EmergencyWindowRow).where(
        EmergencyWindowRow.token_id == token_id, EmergencyWindowRow.ended_at.is_(None)
    )
    row = session.scalars(statement).one_or_none()
    if row is not None and not row.window.is_open(now):
        row.ended_at, row.ended_how = row.ends_at, End.CLOCK
        session.flush()
        return None
    return row


def lately(session: Session, token_id: str, now: datetime) -> Sequence[Window]:
    """The token's windows that closed within the last 24 hours, or are open."""
    statement = select(EmergencyWindowRow).where(
        EmergencyWindowRow.token_id == token_id,
        EmergencyWindowRow.ends_at > now - SPAN,
        or_(EmergencyWindowRow.ended_at.is_(None), EmergencyWindowRow.ended_at > now - SPAN),
    )
    return [row.window for row in session.scalars(statement)]


def end(row: EmergencyWindowRow, how: End, record: Record, actor: Actor, now: datetime) -> None:
    """End an open window now; noted in the event."""
    record.note(DURATION, emergency.in_words(row.ends_at - row.starts_at), emergency.in_words(now - row.starts_at))
    record.note(EMERGENCY_ENDS, row.ends_at, now)
    row.ended_at, row.ended_by, row.ended_how = now, actor.person_id, how


def end_open(session: Session, token: TokenRow, how: End, record: Record, actor: Actor, now: datetime) -> None:
    """End the token's open window, if there is one, because of what is done to the token; noted in its event."""
    row = open_window(session, token.id, now)
    if row is not None:
        end(row, how, record, actor, now)


def end_activated_by(session: Session, activator: UserRow, actor: Actor, now: datetime) -> None:
    """End every open window of a person who, being who they are now, may not open one any more; each is an event of
    its token."""
    if emergency.may_keep_open(activator.person):
        return
    statement = (
        select(EmergencyWindowRow, TokenRow)
        .join(TokenRow, TokenRow.id == EmergencyWindowRow.token_id)
        .where(EmergencyWindowRow.activated_by == activator.id, EmergencyWindowRow.ended_at.is_(None))
        .where(EmergencyWindowRow.ends_at > now)
        .order_by(EmergencyWindowRow.id)
    )
    for row, token in session.execute(statement).all():
        with recording(session, Action.TOKEN_EMERGENCY_ENDED, token, actor, now) as record:
            record.note(ACTIVATOR, activator.name, None)
            end(row, End.ACTIVATOR_LEFT, record, actor, now)
