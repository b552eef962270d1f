"""An application, fetched for a deed: every verb on one begins here."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.errors import Conflict, NotFound
from app.domain.events import Event
from app.domain.identifiers import Kind, is_id
from app.domain.people import Actor, Person
from app.domain.roles import Deed, Relation
from app.services import rights
from app.store.queries import applications
from app.store.tables import ApplicationRow


@dataclass(frozen=True)
class Fetched:
    """An application that the person may do the deed to, and what they are to it."""

    application: ApplicationRow
    person: Person
    relation: Relation


class Stale(Conflict):
    """The form was made from an older version. `since` holds what happened after, the newest first."""

    code = "stale"

    def __init__(self, since: tuple[Event, ...]) -> None:
        who = since[0].actor_name if since else "Somebody"
        super().__init__(f"{who} changed this application after you opened it.")
        self.since = since


def for_deed(session: Session, application_id: str, deed: Deed, actor: Actor) -> Fetched:
    """Fetch the application. Raises NotFound or NotAllowed."""
    application = session.get(ApplicationRow, application_id) if is_id(Kind.APPLICATION, application_id) else None
    if application is None:
        raise NotFound
    person = rights.require(session, actor, deed, application)
    return Fetched(application, person, rights.relation(session, person.id, application))


def require_version(session: Session, application: ApplicationRow, version: str) -> None:
    """Raise Stale where the application is not as the form showed it. `version` is as posted."""
    if version != str(application.version):
        shown = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
        raise Stale(applications.changes_since(session, application.id, application.version - shown))
