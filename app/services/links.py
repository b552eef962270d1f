"""One-time links: by which a person sets their password, once, within 24 hours (SPEC 2)."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.errors import NotAllowed, NotFound
from app.domain.events import Action
from app.domain.identifiers import random_text
from app.domain.people import Actor, Person
from app.domain.roles import Deed
from app.services import host, passwords, sessions
from app.services.recording import recording
from app.store.database import db, transaction
from app.store.queries import people
from app.store.queries.sessions import id_of
from app.store.tables import OneTimeLinkRow, UserRow

LIFETIME = timedelta(hours=24)
SECRET_LENGTH = 43


class LinkOver(NotFound):
    """The link was used, is over, or never was: the three are told apart nowhere."""

    code = "link_over"

    def __init__(self) -> None:
        super().__init__("Each link works once, for 24 hours, and only the newest one of a person does.")


def address(public_url: str, secret: str) -> str:
    """Where the link leads. Built from the settings, never from what a request says its host is."""
    return f"{public_url}/welcome/{secret}"


def make_link(person_id: str, actor: Actor, now: datetime) -> str:
    """A new link for this person; its secret. Links made before stop working. Raises NotFound, NotAllowed."""
    secret = random_text(SECRET_LENGTH)
    with transaction() as session:
        host.require(session, actor, Deed.MANAGE_PEOPLE)
        user = session.get(UserRow, person_id)
        if user is None:
            raise NotFound
        if not user.active:
            raise NotAllowed(f"{user.name} is deactivated and cannot sign in.", code="deactivated")
        end_open_links(session, user.id, now)
        row = new_row(secret, user.id, actor, now)
        with recording(session, Action.USER_LINK_MADE, row, actor, now) as record:
            record.note("link for", None, user.name)
            session.add(row)
    return secret


def set_password(secret: str, password: str, actor: Actor, now: datetime) -> Person:
    """Use the link up: the password is set, every session of the person ends. Of two posts at once one does it.
    Raises LinkOver, Invalid(password), TooMany."""
    link = people.open_link(db.session(), secret, now)
    if link is None:
        raise LinkOver
    stored = passwords.hashed_new(password, link.person.email, field="password")
    with transaction() as session:
        row = session.get(OneTimeLinkRow, id_of(secret))
        user = session.get(UserRow, row.user_id) if row is not None else None
        if row is None or user is None or not user.active or row.used_at is not None or row.expires_at <= now:
            raise LinkOver
        who = replace(actor, person_id=user.id, name=user.name)
        with recording(session, Action.USER_PASSWORD_SET, user, who, now) as record:
            record.note("by a link made by", None, row.made_by_name)
            row.used_at = now
            user.password_hash, user.password_set_at, user.password_link_by = stored, now, row.made_by
            end_open_links(session, user.id, now)
            sessions.end_all_sessions(session, user.id, now)
        return user.person


def new_row(secret: str, user_id: str, actor: Actor, now: datetime) -> OneTimeLinkRow:
    """The row of a link, to be added by the caller."""
    row = OneTimeLinkRow(id=id_of(secret), user_id=user_id, created_at=now, expires_at=now + LIFETIME)
    row.made_by, row.made_by_name = actor.person_id, actor.name
    return row


def end_open_links(session: Session, user_id: str, now: datetime) -> None:
    """End every link of this person that could still be used, inside the caller's transaction."""
    open_ones = (OneTimeLinkRow.user_id == user_id, OneTimeLinkRow.used_at.is_(None), OneTimeLinkRow.expires_at > now)
    session.execute(update(OneTimeLinkRow).where(*open_ones).values(expires_at=now))
