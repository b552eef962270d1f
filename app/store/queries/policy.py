"""The approval policy."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.approval import Policy
from app.domain.risk import Risk
from app.store.tables import PolicyRow

_ASKING = select(PolicyRow.risk).where(PolicyRow.approval)


@dataclass(frozen=True)
class Entry:
    """Whether a second person is asked at this risk, and which version of that answer it is."""

    level: Risk
    asks: bool
    version: int


def current(session: Session) -> Policy:
    """For which risks a second person is asked."""
    return Policy(frozenset(session.scalars(_ASKING)))


def entries(session: Session) -> Sequence[Entry]:
    """The policy whole, by risk."""
    return [
        Entry(row.risk, row.approval, row.version)
        for row in session.scalars(select(PolicyRow).order_by(PolicyRow.risk))
    ]
