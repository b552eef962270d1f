"""Who works on an application: its members, and whose it is (SPEC 2 and 3)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import applications, emails
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.events import Action
from app.domain.identifiers import Kind, is_id
from app.domain.people import Actor
from app.domain.roles import Deed, Relation
from app.services import requests
from app.services.applications import create, fetch
from app.services.applications.fetch import Fetched
from app.services.recording import recording
from app.store.database import transaction
from app.store.queries.members import SeenKey, keys_seen
from app.store.tables import ApplicationMember, ApplicationRow, UserRow


@dataclass(frozen=True)
class Removed:
    """The answer: who left, and which live keys of the application they were shown."""

    name: str
    keys: tuple[SeenKey, ...]


def add_member(application_id: str, email: str, actor: Actor, now: datetime) -> str:
    """Let the person with this email work on the application; their name. Nobody lets themselves in. Raises Invalid."""
    with transaction() as session:
        found = fetch.for_deed(session, application_id, Deed.MANAGE_APPLICATION, actor)
        newcomer = _newcomer(session, email, found)
        if _membership(session, found.application, newcomer.id) is not None:
            raise Invalid({"email": f"{newcomer.name} is a member already."})
        with recording(session, Action.MEMBER_ADDED, found.application, actor, now) as record:
            _admit(session, found.application, newcomer, now)
            record.note("member", None, newcomer.name)
        return newcomer.name


def remove_member(application_id: str, person_id: str, actor: Actor, now: datetime) -> Removed:
    """Take a member off the application, from the next click on. What they asked for here is cancelled; the keys they
    were shown stay as they are, and are named so that somebody rotates them. Raises Conflict for who is no member."""
    with transaction() as session:
        application = fetch.for_deed(session, application_id, Deed.MANAGE_APPLICATION, actor).application
        membership = _membership(session, application, person_id)
        if membership is None:
            raise Conflict("This person is not a member of the application any more.", code="no_member")
        leaver = session.get_one(UserRow, person_id)
        with recording(session, Action.MEMBER_REMOVED, application, actor, now) as record:
            session.delete(membership)
            record.note("member", leaver.name, None)
            requests.withdraw(session, leaver.person, Relation.STRANGER, record, now, application_id=application.id)
        return Removed(leaver.name, tuple(keys_seen(session, application.id, now).get(leaver.id, ())))


def set_owner(application_id: str, version: str, email: str, actor: Actor, now: datetime) -> str:
    """Make the person with this email the owner; their name. Who owned it before goes on as a member, so that nothing
    they asked for is lost. Raises Stale or Invalid."""
    with transaction() as session:
        found = fetch.for_deed(session, application_id, Deed.MANAGE_APPLICATION, actor)
        application = found.application
        fetch.require_version(session, application, version)
        heir = _newcomer(session, email, found)
        if create.owned(session, heir.id) >= applications.MOST_OWNED:
            raise Invalid({"email": f"{heir.name} owns {applications.MOST_OWNED} applications, the most one can."})
        former = session.get_one(UserRow, application.owner_id)
        with recording(session, Action.APPLICATION_UPDATED, application, actor, now) as record:
            membership = _membership(session, application, heir.id)
            if membership is not None:
                session.delete(membership)
            application.owner_id = heir.id
            if former.active:
                _admit(session, application, former, now)
            record.note("owner", former.name, heir.name)
        return heir.name


def _newcomer(session: Session, email: str, found: Fetched) -> UserRow:
    """The active person with this email, who is not the owner. Raises Invalid, or NotAllowed for oneself."""
    try:
        person = _by_email(session, email)
        if person.id == found.application.owner_id:
            raise Unfit(f"{person.name} owns this application already.")
    except Unfit as unfit:
        raise Invalid({"email": str(unfit)}) from unfit
    applications.require_not_self(person.id, found.person.id, found.relation)
    return person


def _by_email(session: Session, email: str) -> UserRow:
    if not email.strip():
        raise Unfit("Enter an email.")
    statement = select(UserRow).where(UserRow.email_folded == emails.account_name(email), UserRow.active)
    person = session.scalars(statement).one_or_none()
    if person is None:
        raise Unfit("Nobody here has this email. Check the spelling, or ask a superuser to add the person first.")
    return person


def _membership(session: Session, application: ApplicationRow, person_id: str) -> ApplicationMember | None:
    return session.get(ApplicationMember, (application.id, person_id)) if is_id(Kind.USER, person_id) else None


def _admit(session: Session, application: ApplicationRow, person: UserRow, now: datetime) -> None:
    session.add(ApplicationMember(application_id=application.id, user_id=person.id, added_at=now))
