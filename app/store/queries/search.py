"""What the box on every page finds, for the person who asks. Each group is cut at MOST."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain import lifecycle
from app.domain.lifecycle import Status
from app.domain.people import Person
from app.domain.search import Sought
from app.store.queries import usage, visible
from app.store.queries.usage import Refusal
from app.store.tables import ApplicationRow, KeyRow, RefusalRow, TokenRow, UserRow

MOST = 10


@dataclass(frozen=True)
class FoundApplication:
    """An application that was found."""

    id: str
    name: str
    owner: str
    enabled: bool


@dataclass(frozen=True)
class FoundToken:
    """A token that was found, by its own name or id, or by the hint of one of its keys: then `hint` is of that one, and
    `key_stops_at` None where it is the current one."""

    id: str
    name: str
    application_name: str
    status: Status
    hint: str
    key_stops_at: datetime | None


@dataclass(frozen=True)
class FoundRefusal:
    """A refusal that was kept, and the token that was refused."""

    token_id: str
    token_name: str
    application_name: str
    refusal: Refusal


@dataclass(frozen=True)
class Found:
    """All that was found. `more_applications` and `more_tokens`: there are others by that name."""

    applications: Sequence[FoundApplication] = field(default=())
    tokens: Sequence[FoundToken] = field(default=())
    keys: Sequence[FoundToken] = field(default=())
    refusals: Sequence[FoundRefusal] = field(default=())
    more_applications: bool = False
    more_tokens: bool = False


def find(session: Session, person: Person, sought: Sought, now: datetime) -> Found:
    """What fits and the person may see, names that are written just like this first. At most four queries."""
    applications = _applications(session, person, sought)
    tokens = _tokens(session, person, sought, now)
    return Found(
        applications[:MOST],
        tokens[:MOST],
        _by_key(session, person, sought.hint, now) if sought.hint else (),
        _refusals(session, person, sought.request_id) if sought.request_id else (),
        more_applications=len(applications) > MOST,
        more_tokens=len(tokens) > MOST,
    )


def _applications(session: Session, person: Person, sought: Sought) -> Sequence[FoundApplication]:
    condition = _named(ApplicationRow.id, sought.application_id, ApplicationRow.name_folded, sought.folded)
    if condition is None:
        return ()
    statement = (
        select(ApplicationRow.id, ApplicationRow.name, UserRow.name, ApplicationRow.enabled)
        .join(UserRow, UserRow.id == ApplicationRow.owner_id)
        .where(visible.to(person), condition)
        .order_by(_exact_first(ApplicationRow.name_folded, sought), ApplicationRow.name_folded, ApplicationRow.id)
        .limit(MOST + 1)
    )
    return [FoundApplication(*row) for row in session.execute(statement)]


def _tokens(session: Session, person: Person, sought: Sought, now: datetime) -> Sequence[FoundToken]:
    condition = _named(TokenRow.id, sought.token_id, TokenRow.name_folded, sought.folded)
    if condition is None:
        return ()
    order = (_exact_first(TokenRow.name_folded, sought), TokenRow.name_folded, TokenRow.id)
    statement = _tokens_with_keys(person).where(condition, KeyRow.stops_at.is_(None)).order_by(*order)
    return _lines(session, statement.limit(MOST + 1), now)


def _by_key(session: Session, person: Person, hint: str, now: datetime) -> Sequence[FoundToken]:
    statement = _tokens_with_keys(person).where(KeyRow.hint == hint)
    ordered = statement.order_by(KeyRow.stops_at.is_not(None), KeyRow.created_at.desc(), KeyRow.id)
    return _lines(session, ordered.limit(MOST), now)


def _refusals(session: Session, person: Person, request_id: str) -> Sequence[FoundRefusal]:
    statement = (
        select(RefusalRow, TokenRow.name, ApplicationRow.name)
        .join(TokenRow, TokenRow.id == RefusalRow.token_id)
        .join(ApplicationRow, ApplicationRow.id == TokenRow.application_id)
        .where(visible.to(person), RefusalRow.request_id == request_id)
        .order_by(RefusalRow.at.desc(), RefusalRow.id.desc())
        .limit(MOST)
    )
    return [
        FoundRefusal(row.token_id, token, application, usage.refusal(row))
        for row, token, application in session.execute(statement)
    ]


def _tokens_with_keys(person: Person) -> Select[*tuple[Any, ...]]:
    return (
        select(TokenRow, ApplicationRow.name, KeyRow.hint, KeyRow.stops_at)
        .join(ApplicationRow, ApplicationRow.id == TokenRow.application_id)
        .join(KeyRow, KeyRow.token_id == TokenRow.id)
        .where(visible.to(person))
    )


def _lines(session: Session, statement: Select[*tuple[Any, ...]], now: datetime) -> Sequence[FoundToken]:
    return [
        FoundToken(row.id, row.name, application, lifecycle.status(row.facts, now), hint, stops_at)
        for row, application, hint, stops_at in session.execute(statement)
    ]


def _named(
    id_: InstrumentedAttribute[str], wanted: str | None, name: InstrumentedAttribute[str], part: str | None
) -> ColumnElement[bool] | None:
    if wanted is not None:
        return id_ == wanted
    return name.contains(part, autoescape=True) if part else None


def _exact_first(name: InstrumentedAttribute[str], sought: Sought) -> ColumnElement[int]:
    return case((name == (sought.folded or ""), 0), else_=1)
