"""Signed-in browsers, and the people behind them."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.domain import sessions
from app.domain.people import Person
from app.store.tables import UserRow, UserSessionRow

# Every request of a browser asks this, so it is written once.
_LIVE = (
    select(UserSessionRow, UserRow)
    .join(UserRow, UserRow.id == UserSessionRow.user_id)
    .where(UserSessionRow.id == bindparam("session_id"), UserRow.active)
)


@dataclass(frozen=True)
class LiveSession:
    """A session that counts, with the person as they are now."""

    id: str
    person: Person
    seen_at: datetime
    password_at: datetime


@dataclass(frozen=True)
class SessionLine:
    """One session of a person, as their account page lists it."""

    id: str
    created_at: datetime
    seen_at: datetime
    address: str | None
    user_agent: str | None


def id_of(secret: str) -> str:
    """The id of the session whose cookie holds this secret: a copy of the database signs nobody in."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def is_id(text: str) -> bool:
    """Whether `text` has the form of a session's id. Nothing else goes to the database (PostgreSQL takes no NUL)."""
    return re.fullmatch("[0-9a-f]{64}", text, re.ASCII) is not None


def live(session: Session, session_id: str, now: datetime) -> LiveSession | None:
    """The session if it counts at this instant and its person is active. One query."""
    found = session.execute(_LIVE, {"session_id": session_id}).one_or_none()
    if found is None:
        return None
    row, user = found
    if not sessions.is_live(row.created_at, row.seen_at, row.ended_at, now):
        return None
    return LiveSession(row.id, user.person, row.seen_at, row.password_at)


def of_person(session: Session, person: Person, now: datetime) -> Sequence[SessionLine]:
    """The sessions of this person that count at this instant, the one seen last first."""
    statement = (
        select(UserSessionRow)
        .where(
            UserSessionRow.user_id == person.id,
            UserSessionRow.ended_at.is_(None),
            UserSessionRow.seen_at > now - sessions.IDLE,
            UserSessionRow.created_at > now - sessions.LIFETIME,
        )
        .order_by(UserSessionRow.seen_at.desc(), UserSessionRow.id)
    )
    return [
        SessionLine(row.id, row.created_at, row.seen_at, row.address, row.user_agent)
        for row in session.scalars(statement)
    ]
