"""INSERT … ON CONFLICT, which both databases say alike and SQLAlchemy has no common word for."""

from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.store.database import Base

Insert = sqlite.Insert | postgresql.Insert


def table_of(row: type[Base]) -> Table:
    """The table that keeps these rows."""
    return cast(Table, row.__table__)


def inserting(session: Session, row: type[Base]) -> Insert:
    """An insert in the words of the session's database."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table_of(row))
    return postgresql.insert(table_of(row))


def many(session: Session, statement: Insert, rows: list[dict[str, Any]]) -> None:
    """Execute the insert for all the rows at once, if there are any."""
    if rows:
        session.execute(statement, rows)
