"""Which applications a person may see: every query about applications, tokens and requests begins here (SPEC 2)."""

from sqlalchemy import BindParameter, ColumnElement, or_, select, true

from app.domain.people import Person
from app.store.tables import ApplicationMember, ApplicationRow


def to(person: Person) -> ColumnElement[bool]:
    """The condition under which an application is visible to the person."""
    return true() if sees_all(person) else worked_on_by(person)


def worked_on_by(person: Person) -> ColumnElement[bool]:
    """The condition under which the person owns the application or is a member of it, whatever their role."""
    return worked_on_by_user(person.id)


def sees_all(person: Person) -> bool:
    """Whether every application is visible to the person."""
    return person.role.is_administrator


def worked_on_by_user(user_id: str | BindParameter[str]) -> ColumnElement[bool]:
    """The condition of `worked_on_by`, for the user with this id."""
    worked_on = select(ApplicationMember.application_id).where(ApplicationMember.user_id == user_id)
    return or_(ApplicationRow.owner_id == user_id, ApplicationRow.id.in_(worked_on))
