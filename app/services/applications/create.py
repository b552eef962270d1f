"""Create an application (SPEC 3)."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import text
from app.domain.applications import MOST_OWNED
from app.domain.errors import Conflict, Faults, Unfit
from app.domain.events import Action
from app.domain.identifiers import Kind, new_id
from app.domain.people import Actor
from app.domain.roles import Deed
from app.services import rights
from app.services.recording import recording
from app.store.database import transaction
from app.store.tables import ApplicationRow


def create_application(name: str, description: str, actor: Actor, now: datetime) -> str:
    """Create an application that the actor owns; its id. Raises Invalid, or Conflict for one application too many."""
    with transaction() as session:
        person = rights.require(session, actor, Deed.CREATE_APPLICATION)
        faults, title, about = Faults(), "", ""
        with faults.at("name"):
            title = free_name(session, name)
        with faults.at("description"):
            about = text.description(description)
        faults.refuse_if_any()
        _require_room(session, person.id)
        row = ApplicationRow(id=new_id(Kind.APPLICATION), name=title, name_folded=text.folded(title))
        row.description, row.owner_id, row.enabled = about, person.id, True
        row.created_at, row.created_by = now, person.id
        with recording(session, Action.APPLICATION_CREATED, row, actor, now) as record:
            session.add(row)
            record.note("owner", None, person.name)
        return row.id


def free_name(session: Session, raw: str, *, but: str = "") -> str:
    """The name that was typed. Raises Unfit where an application, but for the one with the id `but`, has it."""
    name = text.name(raw)
    statement = select(ApplicationRow.id).where(
        ApplicationRow.name_folded == text.folded(name), ApplicationRow.id != but
    )
    if session.scalars(statement).first() is not None:
        raise Unfit("Another application has this name. Choose a different one.")
    return name


def owned(session: Session, person_id: str) -> int:
    """How many applications the person owns."""
    return session.scalars(select(func.count()).where(ApplicationRow.owner_id == person_id)).one()


def _require_room(session: Session, person_id: str) -> None:
    if owned(session, person_id) >= MOST_OWNED:
        raise Conflict(
            f"You own {MOST_OWNED} applications, the most one person can. Hand one over to somebody else first.",
            code="too_many_applications",
        )
