"""Which applications a person may see: every query about applications, tokens and requests begins here (SPEC 2)."""

from sqlalchemy import ColumnElement, or_, select, true

from app.domain.people import Person
from app.store.tables import ApplicationMember, ApplicationRow


def to(person: Person) -> ColumnElement[bool]:
    """The condition under which an application is visible to the person."""
    if person.role.is_administrator:
        return true()
    return worked_on_by(person)


def worked_on_by(person: Person) -> ColumnElement[bool]:
    """The condition under which the person owns the application or is a member of it, whatever their role."""
    worked_on = select(ApplicationMember.application_id).where(ApplicationMember.user_id == person.id)
    return or_(ApplicationRow.owner_id == person.id, ApplicationRow.id.in_(worked_on))
