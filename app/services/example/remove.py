"""Remove the example, so that the installation can begin in earnest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, select, union
from sqlalchemy.orm import Session

from app.domain.changes import FieldChange
from app.domain.errors import Conflict
from app.domain.events import Action
from app.services import emergency_windows, host
from app.services.example.finish import EXAMPLE, mark
from app.services.recording import append_event
from app.store.database import transaction
from app.store.tables import (
    ApplicationMember,
    ApplicationRow,
    ApprovalRequestRow,
    EmergencyUseRow,
    EmergencyWindowRow,
    IncidentRow,
    IncidentToken,
    KeyRow,
    KeyUsageRow,
    OneTimeLinkRow,
    RefusalRow,
    ScopeUsageRow,
    SignInFailureRow,
    TokenRow,
    TokenScope,
    UsageHourRow,
    UsagePlaceRow,
    UserRow,
    UserSessionRow,
)

# In this order: what names a row goes before the row.
OF_TOKENS = (
    *(RefusalRow, UsageHourRow, UsagePlaceRow, ScopeUsageRow, KeyUsageRow, EmergencyUseRow, EmergencyWindowRow),
    *(IncidentToken, KeyRow, ApprovalRequestRow, TokenScope),
)


@dataclass(frozen=True)
class Removed:
    """How much went. `deactivated` names the people whose rows stay, because something real still names them."""

    applications: int
    tokens: int
    people: int
    deactivated: Sequence[str]


def remove(now: datetime) -> Removed:
    """Remove the example's applications with their tokens and usage, and its people. Audit events stay. Who is named by
    something that is no example is deactivated instead, and cannot sign in any more. Raises Conflict where there is no
    example."""
    with transaction() as session:
        if not session.scalars(select(UserRow.id).where(UserRow.example)).first():
            raise Conflict("There is no example here.", code="no_example")
        return _remove(session, now)


def remove_interrupted(now: datetime) -> Removed:
    """Remove what there is of an example that was not told to its end: nobody was told a password of it."""
    with transaction() as session:
        mark(session)
        return _remove(session, now)


def _remove(session: Session, now: datetime) -> Removed:
    applications = session.scalars(select(ApplicationRow.id).where(ApplicationRow.example)).all()
    tokens = session.scalars(select(TokenRow.id).where(TokenRow.application_id.in_(applications))).all()
    for table in OF_TOKENS:
        session.execute(delete(table).where(table.token_id.in_(tokens)))
    session.execute(delete(IncidentRow).where(IncidentRow.application_id.in_(applications)))
    session.execute(delete(TokenRow).where(TokenRow.id.in_(tokens)))
    session.execute(delete(ApplicationMember).where(ApplicationMember.application_id.in_(applications)))
    session.execute(delete(ApplicationRow).where(ApplicationRow.id.in_(applications)))
    gone, deactivated = _remove_people(session, now)
    changes = [
        FieldChange("applications", len(applications), 0),
        FieldChange("tokens", len(tokens), 0),
        FieldChange("people", [*gone, *deactivated], list(deactivated)),
    ]
    append_event(session, Action.EXAMPLE_REMOVED, EXAMPLE, host.CONSOLE, now, changes=changes)
    return Removed(len(applications), len(tokens), len(gone), deactivated)


def _remove_people(session: Session, now: datetime) -> tuple[list[str], list[str]]:
    """The names of those who are gone, and of those who are only deactivated."""
    people = {row.id: row.name for row in session.scalars(select(UserRow).where(UserRow.example))}
    session.execute(delete(UserSessionRow).where(UserSessionRow.user_id.in_(people)))
    session.execute(delete(OneTimeLinkRow).where(OneTimeLinkRow.user_id.in_(people)))
    session.execute(delete(SignInFailureRow).where(SignInFailureRow.account_id.in_(people)))
    session.execute(delete(ApplicationMember).where(ApplicationMember.user_id.in_(people)))
    named = set(session.scalars(_named_people())) & set(people)
    session.execute(delete(UserRow).where(UserRow.id.in_(set(people) - named)))
    for user in session.scalars(select(UserRow).where(UserRow.id.in_(named)).order_by(UserRow.id)).all():
        user.active, user.password_hash = False, None
        emergency_windows.end_activated_by(session, user, host.CONSOLE, now)
    return [people[one] for one in people if one not in named], [people[one] for one in people if one in named]


def _named_people() -> Select[str]:
    """Everybody whom a row names that stays."""
    columns = (
        ApplicationRow.owner_id,
        ApplicationRow.created_by,
        TokenRow.created_by,
        KeyRow.shown_to,
        ApprovalRequestRow.requester_id,
        ApprovalRequestRow.decided_by,
        EmergencyWindowRow.activated_by,
        EmergencyWindowRow.ended_by,
    )
    return select(union(*(select(column.label("person")) for column in columns)).subquery().c.person)
