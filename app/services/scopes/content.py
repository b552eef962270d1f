"""A scope of the catalogue, found, written and asked about inside a verb's transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import catalogue, governance
from app.domain.changes import FieldChange
from app.domain.events import Action
from app.domain.people import Actor
from app.domain.scopes import Scope
from app.services import governing
from app.services.recording import recording
from app.store.queries import live
from app.store.tables import ScopeRow, TokenRow, TokenScope


def is_held(session: Session, name: str, now: datetime) -> bool:
    """Whether a live token holds the scope."""
    statement = (
        select(TokenScope.token_id)
        .join(TokenRow, TokenRow.id == TokenScope.token_id)
        .where(TokenScope.scope_name == name, live.at(now))
        .limit(1)
    )
    return session.scalar(statement) is not None


def write(row: ScopeRow, scope: Scope) -> None:
    """Make the row say what the scope says."""
    row.category, row.description, row.risk = scope.category, scope.description, scope.risk
    row.permissions, row.retired = list(scope.permissions), scope.retired


def add(session: Session, scope: Scope, actor: Actor, now: datetime, reason: str = "") -> None:
    """Add the scope, with its event."""
    row = ScopeRow(name=scope.name)
    with recording(session, Action.SCOPE_ADDED, row, actor, now, reason=reason):
        write(row, scope)
        session.add(row)


def change(session: Session, row: ScopeRow, scope: Scope, actor: Actor, now: datetime, reason: str = "") -> None:
    """Change the scope at once, with its event; a request that rests on what it was before is void."""
    with recording(session, Action.SCOPE_UPDATED, row, actor, now, reason=reason) as record:
        write(row, scope)
        governing.void_unless_it_holds(session, governance.scope(row.name), catalogue.fields(row.scope), record, now)


def ask(
    session: Session, row: ScopeRow, changes: Sequence[FieldChange], by: governing.Asking, actor: Actor, now: datetime
) -> str:
    """Ask for the changes; the scope stays as it is. Returns the request's id. Raises Conflict."""
    about = governance.scope(row.name)
    return governing.ask(session, about, row, changes, row.risk, by, actor, now)
