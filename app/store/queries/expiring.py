"""Tokens that end soon, for those who work with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import expiry
from app.domain.lifecycle import Status
from app.domain.people import Person
from app.store.queries import visible
from app.store.tables import ApplicationRow, TokenRow

MOST = 20


@dataclass(frozen=True)
class Expiring:
    """A token that will stop."""

    token_id: str
    token_name: str
    application_name: str
    expires_at: datetime


def soon(session: Session, person: Person, now: datetime) -> Sequence[Expiring]:
    """The active tokens of the person's own applications whose end is near, the first to end first."""
    statement = (
        select(TokenRow.id, TokenRow.name, ApplicationRow.name, TokenRow.expires_at)
        .join(ApplicationRow, ApplicationRow.id == TokenRow.application_id)
        .where(visible.worked_on_by(person), TokenRow.status == Status.ACTIVE)
        .where(TokenRow.expires_at > now, TokenRow.expires_at <= now + expiry.NEAR)
        .order_by(TokenRow.expires_at, TokenRow.id)
        .limit(MOST)
    )
    return [
        Expiring(token_id, token, application, end)
        for token_id, token, application, end in session.execute(statement)
        if end
    ]
