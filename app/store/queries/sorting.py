"""Lists that people sort, page by page. What a page ended with stands in the address as it was sorted by, with its id
behind it, so that the next page begins there even if the row has moved since or is gone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Integer, Select, SQLColumnExpression, String, func, literal, tuple_
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from app.domain.sorting import Sort
from app.store.types import UtcDateTime

# For what has no instant: before everything, or behind everything. The databases disagree on where NULL belongs.
NEVER_YET, NEVER = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
_BEFORE_ID = "~"
_LONGEST_NUMBER = 9


@dataclass(frozen=True)
class Column:
    """What a list can be sorted by: an expression that is never NULL, of which type, and how its value is read from an
    address. `read` raises ValueError for what no value is written as."""

    expression: SQLColumnExpression[Any]
    type_: TypeEngine[Any]
    read: Callable[[str], Any]


@dataclass(frozen=True)
class Cut:
    """Some rows; `after` begins the page behind them, None where there is none."""

    rows: Sequence[tuple[Any, ...]]
    after: str | None


def text(expression: SQLColumnExpression[str]) -> Column:
    """Sorted by a text, as the database compares it."""
    return Column(expression, String(), str)


def number(expression: SQLColumnExpression[int]) -> Column:
    """Sorted by a whole number."""
    return Column(expression, Integer(), _number)


def instant(expression: SQLColumnExpression[Any], *, without: datetime | SQLColumnExpression[Any] | None) -> Column:
    """Sorted by an instant; a row that has none stands where `without` would. None where each row has one."""
    if without is None:
        return Column(expression, UtcDateTime(), _instant)
    other = literal(without, UtcDateTime()) if isinstance(without, datetime) else without
    return Column(func.coalesce(expression, other, type_=UtcDateTime()), UtcDateTime(), _instant)


def cut(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    columns: Mapping[str, Column],
    sort: Sort,
    id_: SQLColumnExpression[str],
    *,
    size: int,
    after: str = "",
) -> Cut:
    """The page of the statement's rows that begins behind `after`, or at the top where that is no place in this order.
    Rows that are alike in what they are sorted by stand by their id, which is unique."""
    column = columns[sort.by]
    order, place = (column.expression, id_), _place(column, after)
    if place is not None:
        edge = tuple_(literal(place[0], column.type_), literal(place[1], String()))
        statement = statement.where(tuple_(*order) < edge if sort.descending else tuple_(*order) > edge)
    ordered = statement.order_by(*(each.desc() if sort.descending else each for each in order)).limit(size + 1)
    # Under names of their own: the statement may select the same already.
    shown = ordered.add_columns(column.expression.label("sorted_by"), id_.label("sorted_id"))
    rows = [tuple(row) for row in session.execute(shown)]
    last = rows[size - 1][-2:] if len(rows) > size else None
    return Cut([row[:-2] for row in rows[:size]], _written(*last) if last else None)


def _written(value: object, id_: str) -> str:
    return f"{value.isoformat() if isinstance(value, datetime) else value}{_BEFORE_ID}{id_}"


def _place(column: Column, after: str) -> tuple[Any, str] | None:
    value, is_place, id_ = after.rpartition(_BEFORE_ID)
    # PostgreSQL chokes on NUL, and no value has one.
    if not is_place or "\x00" in after:
        return None
    try:
        return column.read(value), id_
    except (ValueError, OverflowError):
        return None


def _number(raw: str) -> int:
    digits = raw.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER):
        raise ValueError
    return int(raw)


def _instant(raw: str) -> datetime:
    moment = datetime.fromisoformat(raw)
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)
