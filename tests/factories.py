"""Rows for tests, made in one line. What a test is about it makes by the real verbs; this is for what surrounds it."""

import hashlib
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain import text
from app.domain.events import Action
from app.domain.identifiers import Kind, new_id, random_text
from app.domain.people import Actor
from app.domain.risk import Risk
from app.domain.roles import Role
from app.domain.scopes import AnswersFor
from app.services.recording import append_event, recording, subject_of
from app.store.database import transaction
from app.store.tables import ApplicationMember, ApplicationRow, ScopeRow, UserRow, UserSessionRow

HOST = Actor(None, "the test")


def actor(person_id: str, name: str = "somebody") -> Actor:
    """This person, as verbs see who acts."""
    return Actor(person_id, name, address="192.0.2.1", user_agent="tests", request_id="test-request")


def make_person(name: str, role: Role, now: datetime, *, active: bool = True) -> str:
    """A person `name@example.com` without a password; their id."""
    email = f"{name.lower()}@example.com"
    row = UserRow(id=new_id(Kind.USER), email=email, email_folded=email, name=name, role=role, active=active)
    row.created_at = now
    with transaction() as session, recording(session, Action.USER_ADDED, row, HOST, now):
        session.add(row)
    return row.id


def make_application(
    name: str, owner_id: str, now: datetime, *, members: tuple[str, ...] = (), answers_for: AnswersFor = AnswersFor()
) -> str:
    """An enabled application; its id."""
    row = ApplicationRow(id=new_id(Kind.APPLICATION), name=name, name_folded=text.folded(name), owner_id=owner_id)
    row.created_at, row.created_by, row.answers_for = now, owner_id, answers_for
    with transaction() as session, recording(session, Action.APPLICATION_CREATED, row, HOST, now):
        session.add(row)
        session.flush()
        session.add_all(ApplicationMember(application_id=row.id, user_id=one, added_at=now) for one in members)
    return row.id


def make_scope(name: str, risk: Risk, now: datetime, *permissions: str) -> str:
    """A scope in the catalogue; its name."""
    row = ScopeRow(name=name, category="Test", description=f"May {name}.", risk=risk, permissions=list(permissions))
    with transaction() as session, recording(session, Action.SCOPE_ADDED, row, HOST, now):
        session.add(row)
    return name


def sign_in(client: FlaskClient, person_id: str, now: datetime) -> str:
    """Sign the client in by a session row of its own, without the form; the session's id."""
    cookie = random_text(43)
    row = UserSessionRow(id=hashlib.sha256(cookie.encode("ascii")).hexdigest(), user_id=person_id)
    row.created_at = row.seen_at = row.password_at = now
    with transaction() as session:
        session.add(row)
    with client.session_transaction() as kept:
        kept["_user_id"] = cookie
    return row.id


def change(session: Session, row: UserRow | ApplicationRow, now: datetime) -> None:
    """Record that a test changed a row by hand inside its own transaction."""
    action = Action.USER_UPDATED if isinstance(row, UserRow) else Action.APPLICATION_UPDATED
    append_event(session, action, subject_of(row), HOST, now)
