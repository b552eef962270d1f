"""The scope catalogue, which everybody may read."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.domain.scopes import Scope, is_name
from app.store.tables import ScopeRow, TokenScope

_HELD = (
    select(ScopeRow)
    .join(TokenScope, TokenScope.scope_name == ScopeRow.name)
    .where(TokenScope.token_id == bindparam("token_id"))
    .order_by(ScopeRow.name)
)


@dataclass(frozen=True)
class ScopeView:
    """A scope, and which version of it this is."""

    scope: Scope
    version: int


def catalogue(session: Session) -> dict[str, Scope]:
    """Every scope by name, retired ones as well, in order of name."""
    return {row.name: row.scope for row in session.scalars(select(ScopeRow).order_by(ScopeRow.name))}


def find(session: Session, name: str) -> ScopeView | None:
    """The scope of this name."""
    row = session.get(ScopeRow, name) if is_name(name) else None
    return ScopeView(row.scope, row.version) if row is not None else None


def held_by(session: Session, token_id: str) -> Sequence[Scope]:
    """The scopes that a token holds, in order of name, with their risk of today."""
    return [row.scope for row in session.scalars(_HELD, {"token_id": token_id})]
