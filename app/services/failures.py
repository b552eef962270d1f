"""Failed sign-ins become one event for each account and address a minute, with a count (SPEC 11)."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.domain.changes import FieldChange
from app.domain.events import Action, Subject
from app.domain.people import Actor
from app.services.recording import append_event, plain
from app.store.database import transaction
from app.store.tables import SignInFailureRow, UserRow

# What one transaction writes down at most, so that the one who comes next does not wait for a flood's bookkeeping.
AT_ONCE = 100
NOBODY = Subject("user", "unknown", "an unknown account")


def note_failure(account_id: str | None, actor: Actor, now: datetime) -> None:
    """Count a failed sign-in. What was typed for an account that does not exist is not kept."""
    key = (account_id or "", actor.address or "", _minute(now))
    with transaction() as session:
        write_past(session, now)
        row = session.get(SignInFailureRow, key)
        if row is None:
            row = SignInFailureRow(account_id=key[0], address=key[1], minute=key[2], count=0)
            session.add(row)
        row.count += 1
        row.user_agent = actor.user_agent


def write_past(session: Session, now: datetime) -> None:
    """Turn the failures of the minutes before this one into events, inside the caller's transaction."""
    statement = (
        select(SignInFailureRow)
        .where(SignInFailureRow.minute < _minute(now))
        .order_by(SignInFailureRow.minute, SignInFailureRow.account_id, SignInFailureRow.address)
        .limit(AT_ONCE)
    )
    rows = session.scalars(statement).all()
    names = _names(session, (row.account_id for row in rows))
    for row in rows:
        subject = Subject("user", row.account_id, names[row.account_id]) if row.account_id else NOBODY
        who = Actor(None, "somebody", address=row.address or None, user_agent=row.user_agent)
        folded = [FieldChange("attempts", None, row.count), FieldChange("minute", None, plain(row.minute))]
        append_event(session, Action.USER_SIGN_IN_FAILED, subject, who, now, changes=folded)
        session.delete(row)


def write_past_failures(now: datetime) -> None:
    """The same as a change of its own."""
    with transaction() as session:
        write_past(session, now)


def try_to_write_past_failures(now: datetime) -> None:
    """The same before the audit log is shown, and when the server stops. Where the database does not take it, the rows
    wait for the next sign-in."""
    with suppress(SQLAlchemyError):
        write_past_failures(now)


def _names(session: Session, ids: Iterable[str]) -> dict[str, str]:
    statement = select(UserRow.id, UserRow.name).where(UserRow.id.in_({one for one in ids if one}))
    return dict(session.execute(statement).all())


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)
