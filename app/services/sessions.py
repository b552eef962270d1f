"""Signed-in browsers are rows: started, seen, ended here. The cookie holds a secret, the row only its digest."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.changes import FieldChange
from app.domain.errors import NotFound
from app.domain.events import Action
from app.domain.identifiers import random_text
from app.domain.people import Actor
from app.domain.sessions import SEEN_EVERY
from app.services.recording import append_event, plain, subject_of
from app.store.database import transaction
from app.store.queries.sessions import id_of, is_id
from app.store.tables import UserRow, UserSessionRow

SECRET_LENGTH = 43


def start(session: Session, user_id: str, actor: Actor, now: datetime) -> str:
    """A new session of this person inside the caller's transaction; returns the secret for the cookie."""
    secret = random_text(SECRET_LENGTH)
    row = UserSessionRow(id=id_of(secret), user_id=user_id, created_at=now, seen_at=now, password_at=now)
    row.address, row.user_agent = actor.address, actor.user_agent
    session.add(row)
    return secret


def note_seen(session_id: str, now: datetime) -> None:
    """Write down that the session was used, if that was not done within the last minute."""
    with transaction() as session:
        session.execute(
            update(UserSessionRow)
            .where(UserSessionRow.id == session_id, UserSessionRow.seen_at <= now - SEEN_EVERY)
            .values(seen_at=now)
        )


def sign_out(session_id: str, actor: Actor, now: datetime) -> None:
    """End the session the person acts in. One that has ended already stays as it is."""
    _end(session_id, Action.USER_SIGNED_OUT, actor, now)


def end_session(session_id: str, actor: Actor, now: datetime) -> None:
    """End one of the person's own sessions. Raises NotFound for anybody else's."""
    _end(session_id, Action.USER_SESSION_ENDED, actor, now)


def end_all_sessions(session: Session, user_id: str, now: datetime) -> None:
    """End every session of a person, inside the caller's transaction: for a new password or role, or a deactivation."""
    session.execute(
        update(UserSessionRow)
        .where(UserSessionRow.user_id == user_id, UserSessionRow.ended_at.is_(None))
        .values(ended_at=now)
    )


def _end(session_id: str, action: Action, actor: Actor, now: datetime) -> None:
    with transaction() as session:
        row = session.get(UserSessionRow, session_id) if is_id(session_id) else None
        owner = session.get(UserRow, row.user_id) if row is not None else None
        if row is None or owner is None or owner.id != actor.person_id:
            raise NotFound
        if row.ended_at is not None:
            return
        row.ended_at = now
        since = FieldChange("session since", plain(row.created_at), None)
        append_event(session, action, subject_of(owner), actor, now, changes=[since])
