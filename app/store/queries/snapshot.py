"""What a verification of a token's current key sees, for the person who asks: the SELECT of the hot path."""

from sqlalchemy.orm import Session

from app.domain.people import Person
from app.domain.question import Snapshot
from app.store import snapshots
from app.store.queries import visible
from app.store.tables import KeyRow, TokenRow


def of_token(session: Session, person: Person, token_id: str) -> Snapshot | None:
    """The snapshot of the token's current key, if the person may see its application."""
    statement = snapshots.FACTS.where(TokenRow.id == token_id, KeyRow.stops_at.is_(None), visible.to(person))
    rows = session.execute(statement).all()
    return snapshots.snapshot(rows) if rows else None
