"""What people name in a filter by its name or its id. For those who may see all of it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import text
from app.domain.emails import account_name
from app.domain.errors import Unfit
from app.domain.identifiers import Kind, is_id
from app.store.tables import ApplicationRow, UserRow


def application(session: Session, raw: str) -> str | None:
    """The id of an application. None for nothing; an id is taken at its word. Raises Unfit."""
    typed = raw.strip()
    if not typed or is_id(Kind.APPLICATION, typed):
        return typed or None
    found = session.scalar(select(ApplicationRow.id).where(ApplicationRow.name_folded == text.folded(text.name(typed))))
    if found is None:
        raise Unfit("No application has this name.")
    return found


def person(session: Session, raw: str) -> str | None:
    """The id of a person, who is named by their email. None for nothing; an id is taken at its word. Raises Unfit."""
    typed = raw.strip()
    if not typed or is_id(Kind.USER, typed):
        return typed or None
    found = session.scalar(select(UserRow.id).where(UserRow.email_folded == account_name(text.name(typed))))
    if found is None:
        raise Unfit("Nobody here has this email.")
    return found
