"""People change: their role, and whether they are active. Each change holds from their next click on (SPEC 2)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import standing
from app.domain.errors import Faults, NotFound
from app.domain.events import Action
from app.domain.identifiers import Kind, is_id
from app.domain.people import Actor
from app.domain.roles import Deed, Role
from app.services import emergency_windows, host, links, requests, sessions
from app.services.recording import recording
from app.store.database import transaction
from app.store.tables import UserRow


def change_role(person_id: str, role: str, actor: Actor, now: datetime) -> str:
    """Give a person another role; their name. They are signed out everywhere, and what they asked for and may not ask
    for any more is cancelled; so ends emergency access that they activated and may not activate any more. Raises
    NotFound, NotAllowed, Invalid, and Conflict for the last active superuser."""
    faults = Faults()
    with faults.at("role"):
        after = standing.role(role)
    with transaction() as session:
        user = _active(session, person_id, actor)
        faults.refuse_if_any()
        standing.require_new_role(user.person, after)
        standing.require_superuser_left(user.person, after, _other_superusers(session, user))
        with _changing(session, user, actor, now):
            user.role = after
        return user.name


def deactivate(person_id: str, actor: Actor, now: datetime) -> str:
    """Take a person's account away; their name. They are signed out everywhere, their one-time links and the emergency
    access that they activated end, and all they asked for is cancelled. What they own and the keys they saw stay as
    they are, for somebody to take care of. Raises NotFound, NotAllowed, and Conflict for the last active superuser."""
    with transaction() as session:
        user = _active(session, person_id, actor)
        standing.require_superuser_left(user.person, None, _other_superusers(session, user))
        with _changing(session, user, actor, now):
            user.active = False
            links.end_open_links(session, user.id, now)
        return user.name


@contextmanager
def _changing(session: Session, user: UserRow, actor: Actor, now: datetime) -> Iterator[None]:
    """What every such change brings with it, in the same event; tokens whose emergency access ends have one each."""
    with recording(session, Action.USER_UPDATED, user, actor, now) as record:
        yield
        sessions.end_all_sessions(session, user.id, now)
        requests.withdraw_everywhere(session, user.person, record, now)
        emergency_windows.end_activated_by(session, user, actor, now)


def _active(session: Session, person_id: str, actor: Actor) -> UserRow:
    host.require(session, actor, Deed.MANAGE_PEOPLE)
    user = session.get(UserRow, person_id) if is_id(Kind.USER, person_id) else None
    if user is None:
        raise NotFound
    standing.require_active(user.person)
    return user


def _other_superusers(session: Session, user: UserRow) -> int:
    """Counted under the lock that every change takes, so that two changes at once cannot each count the other."""
    others = (UserRow.role == Role.SUPERUSER, UserRow.active, UserRow.id != user.id)
    return session.scalars(select(func.count()).select_from(UserRow).where(*others)).one()
