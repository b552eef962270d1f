"""The scope catalogue, which everybody may read."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.scopes import Scope
from app.store.tables import ScopeRow, TokenScope


def catalogue(session: Session) -> dict[str, Scope]:
    """Every scope by name, retired ones as well, in order of name."""
    return {row.name: row.scope for row in session.scalars(select(ScopeRow).order_by(ScopeRow.name))}


def held_by(session: Session, token_id: str) -> Sequence[Scope]:
    """The scopes that a token holds, in order of name, with their risk of today."""
    statement = (
        select(ScopeRow)
        .join(TokenScope, TokenScope.scope_name == ScopeRow.name)
        .where(TokenScope.token_id == token_id)
        .order_by(ScopeRow.name)
    )
    return [row.scope for row in session.scalars(statement)]
