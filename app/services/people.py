"""People: added, and given passwords. Nobody is ever deleted."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import emails, standing, text
from app.domain.errors import Faults, Invalid
from app.domain.events import Action
from app.domain.identifiers import Kind, new_id, random_text
from app.domain.people import Actor
from app.domain.roles import Deed
from app.quota.attempts import Attempts
from app.services import host, links, passwords, sessions
from app.services.recording import recording
from app.services.sign_in import WrongPassword, require_right
from app.store.database import db, transaction
from app.store.queries import people
from app.store.tables import UserRow


@dataclass(frozen=True)
class Added:
    """A new person, and the secret of the one-time link by which they set their password."""

    user_id: str
    link_secret: str = field(repr=False)


def add_person(email: str, name: str, role: str, actor: Actor, now: datetime) -> Added:
    """Add a person, who sets their own password by a one-time link. Raises Invalid, NotAllowed."""
    row = new_row(email, name, role, actor, now)
    secret = random_text(links.SECRET_LENGTH)
    with transaction() as session:
        host.require(session, actor, Deed.MANAGE_PEOPLE)
        require_free(session, row)
        with recording(session, Action.USER_ADDED, row, actor, now):
            session.add(row)
            session.flush()
            session.add(links.new_row(secret, row.id, actor, now))
    return Added(row.id, secret)


def add_example_person(email: str, name: str, role: str, password: str, now: datetime) -> str:
    """Add a person of the example with a given password, from the host; their id. Raises Invalid."""
    row = new_row(email, name, role, host.CONSOLE, now)
    row.password_hash, row.password_set_at = passwords.hashed_new(password, row.email, field="password"), now
    row.example = True
    with transaction() as session:
        require_free(session, row)
        with recording(session, Action.USER_ADDED, row, host.CONSOLE, now):
            session.add(row)
    return row.id


def change_password(current: str, new: str, attempts: Attempts, actor: Actor, now: datetime) -> str:
    """Give the acting person a new password: every session of theirs ends, and the secret of a new one is returned.
    Raises WrongPassword, Invalid(new_password), TooMany."""
    account = people.account_of(db.session(), actor.person_id or "", actor.address)
    if account is None:
        raise WrongPassword
    name = emails.account_name(account.person.email)
    require_right(account, name, current, attempts, actor, now)
    stored = passwords.hashed_new(new, account.person.email, field="new_password")
    with transaction() as session:
        user = session.get(UserRow, account.person.id)
        if user is None or not user.active or user.password_hash != account.password_hash:
            raise WrongPassword
        with recording(session, Action.USER_PASSWORD_SET, user, actor, now) as record:
            record.note("set with", None, "the password before")
            user.password_hash, user.password_set_at, user.password_link_by = stored, now, None
            links.end_open_links(session, user.id, now)
            sessions.end_all_sessions(session, user.id, now)
        return sessions.start(session, user.id, actor, now)


def new_row(email: str, name: str, role: str, actor: Actor, now: datetime) -> UserRow:
    """The row of a new person, to be added by the caller. Raises Invalid."""
    faults = Faults()
    row = UserRow(id=new_id(Kind.USER), created_by=actor.person_id, created_at=now, active=True)
    with faults.at("email"):
        row.email = emails.email(email)
        row.email_folded = emails.account_name(email)
    with faults.at("name"):
        row.name = text.name(name)
    with faults.at("role"):
        row.role = standing.role(role)
    faults.refuse_if_any()
    return row


def require_free(session: Session, row: UserRow) -> None:
    """Raise Invalid where another person has this email."""
    if session.scalar(select(UserRow.id).where(UserRow.email_folded == row.email_folded)) is not None:
        raise Invalid({"email": "Somebody with this email is there already."})
