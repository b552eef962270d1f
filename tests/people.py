"""People who can sign in, made by the real verbs."""

from datetime import datetime

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select, update

from app.domain.roles import Role
from app.services import passwords
from app.services.people import add_example_person
from app.store.database import db, transaction
from app.store.tables import AuditEventRow, UserRow
from tests import factories

PASSWORD = "harbour-violet-ladder-oat-seven"
OTHER_PASSWORD = "copper-window-thistle-nine-boat"


def add(app: Flask, name: str, now: datetime, role: Role = Role.MEMBER) -> str:
    """A person `name@example.com` with PASSWORD; their id."""
    with app.app_context():
        person_id = add_example_person(f"{name.lower()}@example.com", name, role.value, PASSWORD, now)
        # Nobody of the example: a server that starts on this database would take it for an example half told. Past the
        # session, so that it is no change that has to be recorded.
        with transaction() as session:
            session.connection().execute(update(UserRow).where(UserRow.id == person_id).values(example=False))
    return person_id


def deactivate(app: Flask, person_id: str, now: datetime) -> None:
    """Take a person's account away, as a superuser will."""
    with app.app_context(), transaction() as session:
        row = session.get_one(UserRow, person_id)
        row.active = False
        factories.change(session, row, now)


def give_hash(app: Flask, person_id: str, stored: str, now: datetime) -> None:
    """Put another password in the place of a person's, as a reset does."""
    with app.app_context(), transaction() as session:
        row = session.get_one(UserRow, person_id)
        row.password_hash = stored
        factories.change(session, row, now)


def events(app: Flask, action: str | None = None) -> list[AuditEventRow]:
    """What the audit log says, of one action or of all."""
    statement = select(AuditEventRow).order_by(AuditEventRow.sequence)
    if action is not None:
        statement = statement.where(AuditEventRow.action == action)
    with app.app_context():
        return list(db.session.scalars(statement))


def hash_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real hashes with hardly any work: for tests about what surrounds a password."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    monkeypatch.setattr(passwords, "_NOBODY", quick.hash("nobody's"))
