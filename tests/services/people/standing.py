"""What tests of people look at behind the verbs."""

from app.store.database import db
from app.store.tables import UserRow, UserSessionRow


def look(person_id: str) -> UserRow:
    """The person as they are now."""
    return db.session.get_one(UserRow, person_id, populate_existing=True)


def open_sessions(person_id: str) -> int:
    """In how many browsers the person is signed in."""
    return db.session.query(UserSessionRow).filter_by(user_id=person_id, ended_at=None).count()
