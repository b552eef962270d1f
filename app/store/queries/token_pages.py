"""The tokens of an application by page: searched, narrowed and sorted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from app.domain import keys, lifecycle, text
from app.domain.lifecycle import Status
from app.domain.people import Person
from app.domain.risk import Risk
from app.domain.sorting import Sort
from app.store.queries import live, sorting, token_risk, visible
from app.store.queries.sorting import Column
from app.store.tables import ApplicationRow, KeyRow, KeyUsageRow, TokenRow, UserRow

PAGE = 100
NEWEST = Sort("issued", descending=True)


@dataclass(frozen=True)
class Wanted:
    """What narrows the list: to a part of a name or the hint of a key, to some statuses, to one risk. None is no
    limit."""

    search: str = ""
    statuses: Collection[Status] | None = None
    risk: Risk | None = None


@dataclass(frozen=True)
class TokenLine:
    """A token in a list. `hint` is of its current key."""

    id: str
    name: str
    status: Status
    risk: Risk
    hint: str
    expires_at: datetime | None
    created_at: datetime
    created_by: str


@dataclass(frozen=True)
class Page:
    """Some tokens; `after` begins the next page, None where there is none."""

    lines: Sequence[TokenLine]
    after: str | None


def page(
    session: Session,
    person: Person,
    application_id: str,
    now: datetime,
    wanted: Wanted = Wanted(),  # noqa: B008 - a frozen value
    *,
    sort: Sort = NEWEST,
    after: str = "",
) -> Page:
    """The tokens of an application that the person may see, as many as fit."""
    if not wanted.search.isprintable():
        return Page((), None)
    columns = _columns(now)
    statement = (
        select(TokenRow, KeyRow.hint, UserRow.name, token_risk.level())
        .join(ApplicationRow, ApplicationRow.id == TokenRow.application_id)
        .join(KeyRow, and_(KeyRow.token_id == TokenRow.id, KeyRow.stops_at.is_(None)))
        .join(UserRow, UserRow.id == TokenRow.created_by)
        .where(TokenRow.application_id == application_id, visible.to(person), *_conditions(wanted, now))
    )
    found = sorting.cut(session, statement, columns, sort, TokenRow.id, size=PAGE, after=after)
    lines = [
        TokenLine(
            id=token.id,
            name=token.name,
            status=lifecycle.status(token.facts, now),
            risk=Risk(level),
            hint=hint,
            expires_at=token.expires_at,
            created_at=token.created_at,
            created_by=creator,
        )
        for token, hint, creator, level in found.rows
    ]
    return Page(lines, found.after)


def _columns(now: datetime) -> dict[str, Column]:
    used_at = select(func.max(KeyUsageRow.used_at)).where(KeyUsageRow.token_id == TokenRow.id).correlate(TokenRow)
    ranks = {status: rank for rank, status in enumerate(Status)}
    return {
        "name": sorting.text(TokenRow.name_folded),
        "status": sorting.number(case(ranks, value=live.status(now))),
        "risk": sorting.number(token_risk.level()),
        "expires": sorting.instant(TokenRow.expires_at, without=sorting.NEVER),
        "used": sorting.instant(used_at.scalar_subquery(), without=sorting.NEVER_YET),
        "issued": sorting.instant(TokenRow.created_at, without=None),
    }


def _conditions(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    conditions = list[ColumnElement[bool]]()
    folded, hint = text.folded(wanted.search), keys.hint_in(wanted.search)
    if folded:
        in_name = TokenRow.name_folded.contains(folded, autoescape=True)
        # Of any of its keys: what is looked for may be in a configuration that nobody has touched for long.
        of_key = TokenRow.id.in_(select(KeyRow.token_id).where(KeyRow.hint == hint))
        conditions.append(or_(in_name, of_key) if hint else in_name)
    if wanted.statuses is not None:
        conditions.append(live.status(now).in_(wanted.statuses))
    if wanted.risk is not None:
        conditions.append(token_risk.level() == int(wanted.risk))
    return conditions
