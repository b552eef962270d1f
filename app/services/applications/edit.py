"""Edit an application's name and description, and what it answers for (SPEC 3)."""

from collections.abc import Sequence
from datetime import datetime

from app.domain import applications, text
from app.domain.errors import Faults
from app.domain.events import Action
from app.domain.people import Actor
from app.domain.roles import Deed
from app.domain.scopes import AnswersFor
from app.services.applications import fetch
from app.services.applications.create import free_name
from app.services.recording import recording
from app.store.database import transaction
from app.store.queries import scopes


def update_application(
    application_id: str, version: str, name: str, description: str, actor: Actor, now: datetime
) -> None:
    """Change the name and the description. `version` is the one that the form showed; where it is another by now the
    edit is refused as Stale. The same texts again change nothing."""
    with transaction() as session:
        found = fetch.for_deed(session, application_id, Deed.MANAGE_APPLICATION, actor)
        row = found.application
        fetch.require_version(session, row, version)
        faults, title, about = Faults(), row.name, row.description
        with faults.at("name"):
            title = free_name(session, name, but=row.id)
        with faults.at("description"):
            about = text.description(description)
        faults.refuse_if_any()
        if (title, about) == (row.name, row.description):
            return
        with recording(session, Action.APPLICATION_UPDATED, row, actor, now):
            row.name, row.name_folded, row.description = title, text.folded(title), about


def set_answers_for(
    application_id: str, version: str, extent: str, resources: Sequence[str], actor: Actor, now: datetime
) -> None:
    """Set whose scopes this application, as a verifying service, is told about. Resources are those of the catalogue.
    Raises Stale or Invalid."""
    with transaction() as session:
        row = fetch.for_deed(session, application_id, Deed.SET_ANSWERS_FOR, actor).application
        fetch.require_version(session, row, version)
        known = {scope.resource for scope in scopes.catalogue(session).values()} | row.answers_for.resources
        faults, value = Faults(), AnswersFor()
        with faults.at("resources" if extent == applications.Extent.SOME else "extent"):
            value = applications.answers_for(extent, resources, known)
        faults.refuse_if_any()
        if value == row.answers_for:
            return
        with recording(session, Action.APPLICATION_ANSWERS_FOR_SET, row, actor, now):
            row.answers_for = value
