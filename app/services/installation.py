"""The first minute of an installation: its first superuser and its approval policy (SPEC 15)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from app.domain.errors import Conflict
from app.domain.events import Action
from app.domain.identifiers import random_text
from app.domain.risk import Risk
from app.domain.roles import Role
from app.services import host, passwords
from app.services.people import new_row
from app.services.recording import recording
from app.store.database import transaction
from app.store.queries import people
from app.store.tables import PolicyRow

PASSWORD_GROUPS, GROUP_LENGTH = 5, 5


@dataclass(frozen=True)
class Initialised:
    """The first superuser, with the password that is shown once."""

    user_id: str
    password: str = field(repr=False)


def initialise(email: str, name: str, approval_at: Collection[Risk], now: datetime) -> Initialised:
    """Add the first superuser, and set at which risks a second person is asked. Raises Conflict where people exist
    already, Invalid."""
    row = new_row(email, name, Role.SUPERUSER, host.CONSOLE, now)
    password = "-".join(random_text(GROUP_LENGTH) for _ in range(PASSWORD_GROUPS))
    row.password_hash, row.password_set_at = passwords.hashed(password), now
    with transaction() as session:
        if people.exist(session):
            raise Conflict("People exist already. flask people add and flask people reset help from here.")
        with recording(session, Action.INSTALLATION_INITIALISED, row, host.CONSOLE, now) as record:
            session.add(row)
            for policy in session.scalars(select(PolicyRow).order_by(PolicyRow.risk)):
                record.note(f"approval at {policy.risk.label}", policy.approval, policy.risk in approval_at)
                policy.approval = policy.risk in approval_at
    return Initialised(row.id, password)
