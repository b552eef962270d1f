"""Live tokens by what they hold: of one scope, and those whose risk rose since anybody agreed to it (SPEC 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Tuple, exists, func, literal, select, tuple_
from sqlalchemy.orm import Session

from app.domain import lifecycle
from app.domain.identifiers import Kind, is_id
from app.domain.lifecycle import Status
from app.domain.people import Person
from app.domain.risk import Risk
from app.store.queries import live, visible
from app.store.tables import ApplicationRow, ScopeRow, TokenRow, TokenScope

PAGE = 50
_ORDER = (ApplicationRow.name_folded, TokenRow.name_folded, TokenRow.id)


@dataclass(frozen=True)
class Holder:
    """A live token, with its risk of today. `rose`: that is more than anybody agreed to."""

    token_id: str
    token_name: str
    application_id: str
    application_name: str
    status: Status
    risk: Risk
    rose: bool


@dataclass(frozen=True)
class Page:
    """Some tokens by application and name; `after` begins the next page, None where there is none."""

    holders: Sequence[Holder]
    after: str | None


def of_scope(session: Session, person: Person, name: str, now: datetime, after: str = "") -> Page:
    """A page of the tokens that hold the scope, of those that the person may see."""
    holds = exists().where(TokenScope.token_id == TokenRow.id, TokenScope.scope_name == name)
    return _page(session, person, _seen_by(person, now).where(holds), after, now)


def risen(session: Session, person: Person, now: datetime, after: str = "") -> Page:
    """A page of the tokens whose risk rose, of those that the person may see."""
    return _page(session, person, _seen_by(person, now).where(_rose()), after, now)


def any_risen(session: Session, person: Person, now: datetime) -> bool:
    """Whether there is one."""
    return session.execute(_seen_by(person, now).where(_rose()).limit(1)).first() is not None


def _seen_by(person: Person, now: datetime) -> Select[TokenRow, ApplicationRow]:
    return (
        select(TokenRow, ApplicationRow)
        .join(ApplicationRow, ApplicationRow.id == TokenRow.application_id)
        .where(visible.to(person), live.at(now))
    )


def _rose() -> ColumnElement[bool]:
    return exists().where(
        TokenScope.token_id == TokenRow.id,
        ScopeRow.name == TokenScope.scope_name,
        ScopeRow.risk > TokenRow.agreed_risk,
    )


def _page(
    session: Session, person: Person, statement: Select[TokenRow, ApplicationRow], after: str, now: datetime
) -> Page:
    place = _place(session, person, after)
    if place is not None:
        statement = statement.where(tuple_(*_ORDER) > place)
    rows = session.execute(statement.order_by(*_ORDER).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    risks = _risks(session, [token.id for token, _ in shown])
    holders = [
        Holder(
            token.id,
            token.name,
            application.id,
            application.name,
            lifecycle.status(token.facts, now),
            risks[token.id],
            token.agreed_risk is not None and risks[token.id] > token.agreed_risk,
        )
        for token, application in shown
    ]
    return Page(holders, holders[-1].token_id if len(rows) > PAGE else None)


def _place(session: Session, person: Person, token_id: str) -> Tuple | None:
    """Where this token stands in the order, if the person may see it: what is hidden gives nothing away by its place.
    One that is live no more still has its place."""
    if not is_id(Kind.TOKEN, token_id):
        return None
    seen = select(*_ORDER).join(ApplicationRow, ApplicationRow.id == TokenRow.application_id).where(visible.to(person))
    found = session.execute(seen.where(TokenRow.id == token_id)).one_or_none()
    return None if found is None else tuple_(*map(literal, found))


def _risks(session: Session, token_ids: Sequence[str]) -> dict[str, Risk]:
    statement = (
        select(TokenScope.token_id, func.max(ScopeRow.risk))
        .join(ScopeRow, ScopeRow.name == TokenScope.scope_name)
        .where(TokenScope.token_id.in_(token_ids))
        .group_by(TokenScope.token_id)
    )
    found = {token_id: Risk(level) for token_id, level in session.execute(statement)}
    return {token_id: found.get(token_id, Risk.LOW) for token_id in token_ids}
