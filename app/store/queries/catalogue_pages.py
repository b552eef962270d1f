"""The scope catalogue by page: searched, narrowed and sorted."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from app.domain.risk import Risk
from app.domain.scopes import Scope, is_name
from app.store.tables import ScopeRow

PAGE = 100


@dataclass(frozen=True)
class Wanted:
    """What narrows the list. `retired` is None for both; sorted by name, or else by risk, the highest first."""

    search: str = ""
    risk: Risk | None = None
    retired: bool | None = None
    by_risk: bool = False


@dataclass(frozen=True)
class Page:
    """Some scopes; `after` begins the next page, None where there is none."""

    scopes: Sequence[Scope]
    after: str | None


def page(session: Session, wanted: Wanted, after: str = "") -> Page:
    """The scopes that fit, beginning behind the one named `after` or at the top."""
    if not wanted.search.isprintable():
        return Page((), None)
    statement = select(ScopeRow).where(*_conditions(wanted))
    # The negated risk, so that one comparison orders both columns.
    order = (-ScopeRow.risk, ScopeRow.name) if wanted.by_risk else (ScopeRow.name,)
    if is_name(after):
        cut = aliased(ScopeRow)
        columns = (-cut.risk, cut.name) if wanted.by_risk else (cut.name,)
        place = select(*columns).where(cut.name == after).scalar_subquery()
        statement = statement.where((tuple_(*order) if wanted.by_risk else order[0]) > place)
    rows = session.scalars(statement.order_by(*order).limit(PAGE + 1)).all()
    return Page([row.scope for row in rows[:PAGE]], rows[PAGE - 1].name if len(rows) > PAGE else None)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = list[ColumnElement[bool]]()
    text = wanted.search.strip()
    if text:
        columns = (ScopeRow.name, ScopeRow.category, ScopeRow.description)
        # SQLite folds the case of plain letters only: other letters are found as they are written.
        conditions.append(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    if wanted.risk is not None:
        conditions.append(ScopeRow.risk == wanted.risk)
    if wanted.retired is not None:
        conditions.append(ScopeRow.retired.is_(wanted.retired))
    return conditions
