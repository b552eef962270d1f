"""People as accounts: for signing in, and for the pages about them."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Exists, and_, exists, func, select
from sqlalchemy.orm import Session

from app.domain.people import Person
from app.store.queries.sessions import id_of
from app.store.tables import OneTimeLinkRow, UserRow, UserSessionRow


@dataclass(frozen=True)
class Account:
    """What a password is checked against. `password_hash` is None where no password can be right."""

    person: Person
    password_hash: str | None = field(repr=False)
    signed_in_from_here: bool


@dataclass(frozen=True)
class OpenLink:
    """A one-time link that was not used yet: whose it is, and who made it."""

    person: Person
    made_by_name: str
    expires_at: datetime


def account_named(session: Session, name: str, address: str | None) -> Account | None:
    """The account of a folded email, and whether it has signed in from this address before. One query."""
    # Nobody has the empty name, whatever the table says.
    return _account(session, and_(UserRow.email_folded == name, UserRow.email_folded != ""), address)


def account_of(session: Session, person_id: str, address: str | None) -> Account | None:
    """The same for a person who is signed in."""
    return _account(session, UserRow.id == person_id, address)


def exist(session: Session) -> bool:
    """Whether anybody is there already."""
    return bool(session.scalar(select(func.count()).select_from(UserRow)))


def open_link(session: Session, secret: str, now: datetime) -> OpenLink | None:
    """The link with this secret, while it can still be used: not used, not over, its person active."""
    statement = (
        select(OneTimeLinkRow, UserRow)
        .join(UserRow, UserRow.id == OneTimeLinkRow.user_id)
        .where(OneTimeLinkRow.id == id_of(secret), OneTimeLinkRow.used_at.is_(None), UserRow.active)
        .where(OneTimeLinkRow.expires_at > now)
    )
    found = session.execute(statement).one_or_none()
    if found is None:
        return None
    link, user = found
    return OpenLink(user.person, link.made_by_name, link.expires_at)


def _account(session: Session, whose: ColumnElement[bool], address: str | None) -> Account | None:
    found = session.execute(select(UserRow, _signed_in_from(address)).where(whose)).one_or_none()
    if found is None:
        return None
    user, signed_in_from_here = found
    return Account(user.person, user.password_hash if user.active else None, signed_in_from_here)


def _signed_in_from(address: str | None) -> Exists:
    # On the inner statement: otherwise that one has a "user" of its own, and is true for everybody.
    there = exists().where(UserSessionRow.user_id == UserRow.id, UserSessionRow.address == address)
    return there.correlate(UserRow)
