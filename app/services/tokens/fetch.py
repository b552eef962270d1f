"""A token with its application, fetched for a deed: every verb on a token begins here."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain import lifecycle
from app.domain.errors import NotFound
from app.domain.identifiers import Kind, is_id
from app.domain.lifecycle import Status, Verb
from app.domain.people import Actor, Person
from app.domain.roles import Deed
from app.services import rights
from app.store.tables import ApplicationRow, TokenRow


@dataclass(frozen=True)
class Fetched:
    """A token that the person may do the deed to, in a status that permits it."""

    token: TokenRow
    application: ApplicationRow
    person: Person
    status: Status


def for_deed(session: Session, token_id: str, deed: Deed, verb: Verb | None, actor: Actor, now: datetime) -> Fetched:
    """Fetch the token. Raises NotFound, NotAllowed, or Conflict where its status does not permit the verb (None: what
    every status permits)."""
    token = session.get(TokenRow, token_id) if is_id(Kind.TOKEN, token_id) else None
    if token is None:
        raise NotFound
    application = session.get_one(ApplicationRow, token.application_id)
    person = rights.require(session, actor, deed, application)
    status = lifecycle.status(token.facts, now)
    if verb is not None:
        lifecycle.require(verb, status)
    return Fetched(token, application, person, status)
