"""The scope catalogue by page: searched, narrowed and sorted."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Integer, or_, select, type_coerce
from sqlalchemy.orm import Session

from app.domain.risk import Risk
from app.domain.scopes import Scope
from app.domain.sorting import Sort
from app.store.queries import sorting
from app.store.tables import ScopeRow

PAGE = 100
BY_NAME, BY_RISK = Sort("name"), Sort("risk")
COLUMNS = {
    "name": sorting.text(ScopeRow.name),
    # Upside down: the highest first, and those of one risk by name.
    "risk": sorting.number(-type_coerce(ScopeRow.risk, Integer)),
}


@dataclass(frozen=True)
class Wanted:
    """What narrows the list, `retired` being None for both; and how it is sorted."""

    search: str = ""
    risk: Risk | None = None
    retired: bool | None = None
    sort: Sort = BY_NAME


@dataclass(frozen=True)
class Page:
    """Some scopes; `after` begins the next page, None where there is none."""

    scopes: Sequence[Scope]
    after: str | None


def page(session: Session, wanted: Wanted, after: str = "") -> Page:
    """The scopes that fit, beginning behind `after` or at the top."""
    if not wanted.search.isprintable():
        return Page((), None)
    statement = select(ScopeRow).where(*_conditions(wanted))
    found = sorting.cut(session, statement, COLUMNS, wanted.sort, ScopeRow.name, size=PAGE, after=after)
    return Page([row.scope for (row,) in found.rows], found.after)


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
