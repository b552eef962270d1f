"""The cast of every test: who they are is never explained twice."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain.risk import Risk
from app.domain.roles import Role
from app.store.database import db
from app.store.tables import ApplicationRow, UserRow
from tests import factories


@dataclass(frozen=True)
class Cast:
    """Ids of the people, of Linus's application Billing, and of a catalogue with one scope of each risk."""

    # Owns Billing.
    linus: str
    # A member of Billing.
    margaret: str
    # Has nothing to do with Billing.
    sam: str
    # An administrator, and a second one; neither owner nor member of Billing.
    grace: str
    barbara: str
    # The superuser.
    ada: str
    billing: str
    low: str = "invoice:read"
    medium: str = "invoice:write"
    high: str = "payout:create"


def find_cast() -> Cast:
    """The cast that is in the database already."""
    ids: dict[str, str] = {name.lower(): id_ for id_, name in db.session.execute(select(UserRow.id, UserRow.name))}
    return Cast(**ids, billing=db.session.execute(select(ApplicationRow.id)).scalar_one())


def assemble(now: datetime) -> Cast:
    """Put the cast into an empty database."""
    linus = factories.make_person("Linus", Role.MEMBER, now)
    margaret = factories.make_person("Margaret", Role.MEMBER, now)
    cast = Cast(
        linus=linus,
        margaret=margaret,
        sam=factories.make_person("Sam", Role.MEMBER, now),
        grace=factories.make_person("Grace", Role.ADMINISTRATOR, now),
        barbara=factories.make_person("Barbara", Role.ADMINISTRATOR, now),
        ada=factories.make_person("Ada", Role.SUPERUSER, now),
        billing=factories.make_application("Billing", linus, now, members=(margaret,)),
    )
    factories.make_scope(cast.low, Risk.LOW, now, "GET /api/invoices", "GET /api/invoices/*")
    factories.make_scope(cast.medium, Risk.MEDIUM, now, "POST /api/invoices", "PUT /api/invoices/*")
    factories.make_scope(cast.high, Risk.HIGH, now, "POST /api/payouts")
    return cast
