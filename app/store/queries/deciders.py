"""Who could decide a request, and what ties a decider to its requester."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.people import Person
from app.domain.roles import Deed, Role, may
from app.store.tables import UserRow


@dataclass(frozen=True)
class Ties:
    """Where one of the two made the other's account, or the link by which their password was last set: then one
    person may stand behind both."""

    decider_made_account: bool
    decider_set_password: bool
    requester_made_account: bool
    requester_set_password: bool

    @property
    def any(self) -> bool:
        """Whether there is anything to look at."""
        return self != NO_TIES


NO_TIES = Ties(
    decider_made_account=False,
    decider_set_password=False,
    requester_made_account=False,
    requester_set_password=False,
)


def others(session: Session, requester_id: str) -> Sequence[str]:
    """The names of the active people who could decide what this person asked for."""
    deciding = [role for role in Role if may(Deed.DECIDE_REQUEST, role)]
    statement = (
        select(UserRow.name)
        .where(UserRow.role.in_(deciding), UserRow.active, UserRow.id != requester_id)
        .order_by(UserRow.name, UserRow.id)
    )
    return session.scalars(statement).all()


def ties(session: Session, decider: Person, requester_id: str) -> Ties:
    """What ties these two to one another."""
    statement = select(UserRow).where(UserRow.id.in_([decider.id, requester_id]))
    rows = {row.id: row for row in session.scalars(statement)}
    mine, theirs = rows[decider.id], rows[requester_id]
    return Ties(
        decider_made_account=theirs.created_by == decider.id,
        decider_set_password=theirs.password_link_by == decider.id,
        requester_made_account=mine.created_by == requester_id,
        requester_set_password=mine.password_link_by == requester_id,
    )
