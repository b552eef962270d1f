"""Incidents, for the person who asks: administrators see all of them, others those of an application that they see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import Session

from app.domain.identifiers import Kind, is_id
from app.domain.incidents import Stop
from app.domain.people import Person
from app.store.queries import chosen_tokens, visible
from app.store.queries.chosen_tokens import ChosenToken
from app.store.tables import ApplicationRow, IncidentRow, IncidentToken, TokenRow

RECENT = 10


@dataclass(frozen=True)
class IncidentView:
    """An incident in a list. `application_name` is None where the tokens were of any application."""

    id: str
    at: datetime
    stop: Stop
    actor_id: str
    actor_name: str
    reason: str
    application_id: str | None
    application_name: str | None
    undone_at: datetime | None
    count: int


def recent(session: Session, person: Person) -> Sequence[IncidentView]:
    """The last incidents, the newest first."""
    statement = _selected(person).order_by(IncidentRow.at.desc(), IncidentRow.id).limit(RECENT)
    return [_view(*row) for row in session.execute(statement)]


def find(session: Session, person: Person, incident_id: str) -> IncidentView | None:
    """The incident, if the person may see it."""
    if not is_id(Kind.INCIDENT, incident_id):
        return None
    row = session.execute(_selected(person).where(IncidentRow.id == incident_id)).one_or_none()
    return _view(*row) if row is not None else None


def tokens(session: Session, incident_id: str, now: datetime) -> Sequence[ChosenToken]:
    """What was stopped, as it is now. The caller has found the incident for the person who asks."""
    hit = select(IncidentToken.token_id).where(IncidentToken.incident_id == incident_id)
    return chosen_tokens.under(session, TokenRow.id.in_(hit), now)


def _selected(person: Person) -> Select[IncidentRow, str | None, int]:
    count = select(func.count()).where(IncidentToken.incident_id == IncidentRow.id).scalar_subquery()
    return (
        select(IncidentRow, ApplicationRow.name, count)
        .outerjoin(ApplicationRow, ApplicationRow.id == IncidentRow.application_id)
        .where(_visible(person))
    )


def _visible(person: Person) -> ColumnElement[bool]:
    if person.role.is_administrator:
        return true()
    return and_(IncidentRow.application_id.is_not(None), visible.to(person))


def _view(row: IncidentRow, application: str | None, count: int) -> IncidentView:
    return IncidentView(
        id=row.id,
        at=row.at,
        stop=row.stop,
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        reason=row.reason,
        application_id=row.application_id,
        application_name=application,
        undone_at=row.undone_at,
        count=count,
    )
