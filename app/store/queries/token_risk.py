"""The risk of a token, asked of the database: the highest among its scopes."""

from sqlalchemy import ColumnElement, Integer, func, select, type_coerce

from app.domain.risk import Risk
from app.store.tables import ScopeRow, TokenRow, TokenScope


def level() -> ColumnElement[int]:
    """The risk of the token of each row, as its number."""
    held = (
        select(func.max(type_coerce(ScopeRow.risk, Integer)))
        .join(TokenScope, TokenScope.scope_name == ScopeRow.name)
        .where(TokenScope.token_id == TokenRow.id)
        .correlate(TokenRow)
    )
    return func.coalesce(held.scalar_subquery(), int(Risk.LOW))
