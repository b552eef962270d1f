"""Keys as part of other verbs: made, and found in their generations."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import keys
from app.domain.identifiers import Kind, new_id
from app.store import secrets
from app.store.tables import KeyRow


def new_key(session: Session, token_id: str, shown_to: str, now: datetime) -> tuple[str, KeyRow]:
    """Make a key for the token: the key itself, for this one answer, and its row."""
    key = keys.make()
    secret = secrets.current().current_key
    row = KeyRow(
        id=new_id(Kind.KEY),
        token_id=token_id,
        digest=keys.digest(key, secret),
        secret_id=secret.id,
        hint=keys.hint(key),
        created_at=now,
        shown_to=shown_to,
    )
    session.add(row)
    return key, row


def current_key(session: Session, token_id: str) -> KeyRow:
    """The token's current key."""
    return session.scalars(select(KeyRow).where(KeyRow.token_id == token_id, KeyRow.stops_at.is_(None))).one()


def retiring_keys(session: Session, token_id: str, now: datetime) -> list[KeyRow]:
    """The old keys that still verify: one during a rotation overlap, else none."""
    statement = select(KeyRow).where(KeyRow.token_id == token_id, KeyRow.stops_at > now)
    return list(session.scalars(statement))
