"""Who sits at the host's console may do what a superuser may: they could write to the database as well."""

from sqlalchemy.orm import Session

from app.domain.people import Actor
from app.domain.roles import Deed
from app.services import rights

# Not what an anonymous request looks like: that has no name.
CONSOLE = Actor(None, "the host's console")


def require(session: Session, actor: Actor, deed: Deed) -> None:
    """Raise NotAllowed where the actor is neither the console nor a person who may do the deed."""
    if actor != CONSOLE:
        rights.require(session, actor, deed)
