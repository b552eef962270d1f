"""Rights, read inside the transaction: a demotion that came a moment ago already holds."""

from sqlalchemy.orm import Session

from app.domain.errors import NotAllowed, NotFound
from app.domain.people import Actor, Person
from app.domain.roles import Deed, Relation, may
from app.store.tables import ApplicationMember, ApplicationRow, UserRow


def acting_person(session: Session, actor: Actor) -> Person:
    """The active person behind the actor. Raises NotAllowed where there is none."""
    row = session.get(UserRow, actor.person_id) if actor.person_id else None
    if row is None or not row.active:
        raise NotAllowed("Sign in to do this.", code="not_signed_in")
    return row.person


def relation(session: Session, person_id: str, application: ApplicationRow) -> Relation:
    """What the person is to the application."""
    if application.owner_id == person_id:
        return Relation.OWNER
    if session.get(ApplicationMember, (application.id, person_id)) is not None:
        return Relation.MEMBER
    return Relation.STRANGER


def require(session: Session, actor: Actor, deed: Deed, application: ApplicationRow | None = None) -> Person:
    """The person who acts, where they may do the deed (to this application, if one is given). Raises NotFound for what
    they may not even see, NotAllowed for what they may not do."""
    person = acting_person(session, actor)
    bond = relation(session, person.id, application) if application is not None else Relation.STRANGER
    if application is not None and not may(Deed.SEE_APPLICATION, person.role, bond):
        raise NotFound
    if not may(deed, person.role, bond):
        raise NotAllowed(f"You may not {deed.value}.")
    return person
