"""Approval requests, for the person who asks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from app.domain import approval, edits
from app.domain.approval import RequestStatus
from app.domain.identifiers import Kind, is_id
from app.domain.people import Person
from app.domain.scopes import Scope
from app.store.queries import visible
from app.store.queries.request_view import RequestView
from app.store.tables import (
    ApplicationMember,
    ApplicationRow,
    ApprovalRequestRow,
    ScopeRow,
    TokenRow,
    TokenScope,
    UserRow,
)

__all__ = ["Page", "RequestView", "asked", "decided", "find", "of_token", "pending", "pending_count"]

MOST = 100
PAGE = 50


@dataclass(frozen=True)
class Page:
    """Some requests; `before` begins the page behind them, None where there is none."""

    views: Sequence[RequestView]
    before: str | None


def find(session: Session, person: Person, request_id: str, now: datetime) -> RequestView | None:
    """The request, if the person may see its application."""
    if not is_id(Kind.REQUEST, request_id):
        return None
    found = _views(session, person, ApprovalRequestRow.id == request_id, now)
    return found[0] if found else None


def pending(session: Session, person: Person, now: datetime) -> Sequence[RequestView]:
    """The requests that wait, the oldest first: what lapses next stands on top."""
    return _views(session, person, _waits(now), now)


def decided(session: Session, person: Person, now: datetime, before: str = "") -> Page:
    """A page of the requests that do not wait any more, the newest first, beginning behind the one with the id `before`
    or at the top."""
    over = ~_waits(now)
    if is_id(Kind.REQUEST, before):
        cut = aliased(ApprovalRequestRow)
        place = select(cut.created_at, cut.id).where(cut.id == before)
        over = and_(over, tuple_(ApprovalRequestRow.created_at, ApprovalRequestRow.id) < place.scalar_subquery())
    views = _views(session, person, over, now, newest=True, most=PAGE + 1)
    return Page(views[:PAGE], views[PAGE - 1].id if len(views) > PAGE else None)


def asked(session: Session, person: Person, now: datetime) -> Sequence[RequestView]:
    """What this person asked for, the newest first."""
    return _views(session, person, ApprovalRequestRow.requester_id == person.id, now, newest=True)


def of_token(
    session: Session, person: Person, token_id: str, now: datetime, *, only_waiting: bool = False
) -> RequestView | None:
    """The newest request about the token, or only one that waits."""
    about = ApprovalRequestRow.token_id == token_id
    found = _views(session, person, and_(about, _waits(now)) if only_waiting else about, now, newest=True, most=1)
    return found[0] if found else None


def pending_count(session: Session, person: Person, now: datetime) -> int:
    """How many requests this person could decide now: the badge in the navigation."""
    if not person.role.is_administrator:
        return 0
    statement = select(func.count()).where(_waits(now), ApprovalRequestRow.requester_id != person.id)
    return session.scalars(statement).one()


def _waits(now: datetime) -> ColumnElement[bool]:
    return and_(ApprovalRequestRow.status == RequestStatus.PENDING, ApprovalRequestRow.expires_at > now)


def _views(
    session: Session,
    person: Person,
    condition: ColumnElement[bool],
    now: datetime,
    *,
    newest: bool = False,
    most: int = MOST,
) -> list[RequestView]:
    age = (ApprovalRequestRow.created_at, ApprovalRequestRow.id)
    order = [column.desc() for column in age] if newest else age
    rows = session.execute(_selected(person).where(condition).order_by(*order).limit(most)).all()
    if not rows:
        return []
    scopes, named = _scopes(session, [row.TokenRow.id for row in rows], [row.ApprovalRequestRow for row in rows])
    people = _people(session, [row.ApplicationRow.id for row in rows])
    return [_view(row, scopes[row.TokenRow.id], named, people[row.ApplicationRow.id], now) for row in rows]


def _selected(person: Person) -> Select[ApprovalRequestRow, TokenRow, ApplicationRow, str, str, str, str]:
    requester, decider = aliased(UserRow, name="requester"), aliased(UserRow, name="decider")
    maker, linker = aliased(UserRow, name="maker"), aliased(UserRow, name="linker")
    return (
        select(
            ApprovalRequestRow,
            TokenRow,
            ApplicationRow,
            requester.name.label("requester"),
            decider.name.label("decider"),
            maker.name.label("maker"),
            linker.name.label("linker"),
        )
        .join(TokenRow, TokenRow.id == ApprovalRequestRow.token_id)
        .join(ApplicationRow, ApplicationRow.id == TokenRow.application_id)
        .join(requester, requester.id == ApprovalRequestRow.requester_id)
        .outerjoin(decider, decider.id == ApprovalRequestRow.decided_by)
        .outerjoin(maker, maker.id == requester.created_by)
        .outerjoin(linker, linker.id == requester.password_link_by)
        .where(visible.to(person))
    )


def _view(
    row: Any, scopes: Sequence[Scope], named: Mapping[str, Scope], people: Mapping[str, str], now: datetime
) -> RequestView:
    request, token, application = row.ApprovalRequestRow, row.TokenRow, row.ApplicationRow
    return RequestView(
        id=request.id,
        kind=request.kind,
        status=approval.status(request.status, request.expires_at, now),
        reason=request.reason,
        changes=tuple(request.changes),
        created_at=request.created_at,
        expires_at=request.expires_at,
        requester_id=request.requester_id,
        requester=row.requester,
        requester_account_by=row.maker,
        requester_link_by=row.linker,
        decided_by=row.decider,
        decided_at=request.decided_at,
        comment=request.comment,
        application_id=application.id,
        application_name=application.name,
        application_enabled=application.enabled,
        application_owner_id=application.owner_id,
        token_id=token.id,
        token_name=token.name,
        token_description=token.description,
        expiry=token.expiry,
        restrictions=token.restrictions,
        scopes=scopes,
        asked_scopes=_asked_scopes(request, named),
        people=list(people.values()),
        people_ids=list(people),
        risk_before=request.risk_before,
    )


def _scopes(
    session: Session, token_ids: Sequence[str], requests: Iterable[ApprovalRequestRow]
) -> tuple[dict[str, list[Scope]], dict[str, Scope]]:
    """What each token holds, and by name every scope that a change would leave: none of these need be held yet."""
    asked = {name for request in requests for name in _asked_names(request) or ()}
    holds = and_(ScopeRow.name == TokenScope.scope_name, TokenScope.token_id.in_(token_ids))
    statement = (
        select(TokenScope.token_id, ScopeRow)
        .select_from(ScopeRow)
        .outerjoin(TokenScope, holds)
        .where(TokenScope.token_id.is_not(None) | ScopeRow.name.in_(asked))
        .order_by(ScopeRow.name)
    )
    held: dict[str | None, list[Scope]] = {token_id: [] for token_id in token_ids}
    named = {}
    for token_id, row in session.execute(statement):
        held.setdefault(token_id, []).append(row.scope)
        named[row.name] = row.scope
    return {token_id: held[token_id] for token_id in token_ids}, named


def _asked_scopes(request: ApprovalRequestRow, named: Mapping[str, Scope]) -> Sequence[Scope] | None:
    names = _asked_names(request)
    return None if names is None else [named[name] for name in sorted(names)]


def _asked_names(request: ApprovalRequestRow) -> list[str] | None:
    return next((one["after"] for one in request.changes if one["field"] == edits.SCOPES), None)


def _people(session: Session, application_ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """The people of each application, by id, in order of name."""
    belongs = or_(
        UserRow.id == ApplicationRow.owner_id,
        UserRow.id.in_(select(ApplicationMember.user_id).where(ApplicationMember.application_id == ApplicationRow.id)),
    )
    statement = (
        select(ApplicationRow.id, UserRow.id, UserRow.name)
        .join(UserRow, belongs)
        .where(ApplicationRow.id.in_(application_ids), UserRow.active)
        .order_by(UserRow.name, UserRow.id)
    )
    found: dict[str, dict[str, str]] = {application_id: {} for application_id in application_ids}
    for application_id, person_id, name in session.execute(statement):
        found[application_id][person_id] = name
    return found
