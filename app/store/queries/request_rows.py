"""Approval requests read with what they are about, a page of them at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.domain import approval, catalogue, edits, governance
from app.domain.approval import RequestKind, RequestStatus
from app.domain.governance import Governed, Realm
from app.domain.people import Person
from app.domain.scopes import Scope
from app.store.aliases import shared_alias
from app.store.queries import visible
from app.store.queries.governance_request import GovernanceRequest
from app.store.queries.request_view import Approved, RequestView
from app.store.queries.token_request import TokenRequest
from app.store.tables import (
    ApplicationMember,
    ApplicationRow,
    ApprovalRequestRow,
    PolicyRow,
    ScopeRow,
    TokenRow,
    TokenScope,
    UserRow,
)

MOST = 100
# The people of a request. Made once: to make them costs more than to ask for them.
_REQUESTER, _DECIDER = shared_alias(UserRow, name="requester"), shared_alias(UserRow, name="decider")
_MAKER, _LINKER = shared_alias(UserRow, name="maker"), shared_alias(UserRow, name="linker")


def views(
    session: Session,
    person: Person,
    condition: ColumnElement[bool],
    now: datetime,
    *,
    newest: bool = False,
    most: int = MOST,
) -> list[RequestView]:
    """The requests under this condition that the person may see, by age. Few queries, however many requests."""
    age = (ApprovalRequestRow.created_at, ApprovalRequestRow.id)
    order = [column.desc() for column in age] if newest else age
    rows = session.execute(_selected(person).where(condition).order_by(*order).limit(most)).all()
    tokens = _Tokens.of(session, [row for row in rows if row.TokenRow is not None])
    governed = _present(session, [row.ApprovalRequestRow.governed for row in rows if row.ApprovalRequestRow.governed])
    approved = _approved(session, [row.ApprovalRequestRow for row in rows])
    return [
        _of_token(row, tokens, approved, now)
        if row.TokenRow is not None
        else _of_governed(row, governed, approved, now)
        for row in rows
    ]


def _selected(person: Person) -> Select[ApprovalRequestRow, TokenRow, ApplicationRow, str, str, str, str]:
    return (
        select(
            ApprovalRequestRow,
            TokenRow,
            ApplicationRow,
            _REQUESTER.name.label("requester"),
            _DECIDER.name.label("decider"),
            _MAKER.name.label("maker"),
            _LINKER.name.label("linker"),
        )
        .outerjoin(TokenRow, TokenRow.id == ApprovalRequestRow.token_id)
        .outerjoin(ApplicationRow, ApplicationRow.id == TokenRow.application_id)
        .join(_REQUESTER, _REQUESTER.id == ApprovalRequestRow.requester_id)
        .outerjoin(_DECIDER, _DECIDER.id == ApprovalRequestRow.decided_by)
        .outerjoin(_MAKER, _MAKER.id == _REQUESTER.created_by)
        .outerjoin(_LINKER, _LINKER.id == _REQUESTER.password_link_by)
        # What is about no application is nobody's but administrators'.
        .where(visible.to(person))
    )


def _common(row: Any, approved: Mapping[str, Approved], now: datetime) -> dict[str, Any]:
    request = row.ApprovalRequestRow
    waits = request.status is RequestStatus.PENDING
    return {
        "id": request.id,
        "kind": request.kind,
        "status": approval.status(request.status, request.expires_at, now),
        "reason": request.reason,
        "changes": tuple(request.changes),
        "created_at": request.created_at,
        "expires_at": request.expires_at,
        "requester_id": request.requester_id,
        "requester": row.requester,
        "requester_account_by": row.maker,
        "requester_link_by": row.linker,
        "decided_by": row.decider,
        "decided_at": request.decided_at,
        "comment": request.comment,
        "risk_before": request.risk_before,
        "approved": approved.get(request.token_id or request.governed) if waits else None,
    }


def _of_token(row: Any, known: "_Tokens", approved: Mapping[str, Approved], now: datetime) -> TokenRequest:
    request, token, application = row.ApprovalRequestRow, row.TokenRow, row.ApplicationRow
    people = known.people[application.id]
    return TokenRequest(
        **_common(row, approved, now),
        application_owner_id=application.owner_id,
        application_id=application.id,
        application_name=application.name,
        application_enabled=application.enabled,
        token_id=token.id,
        token_name=token.name,
        token_description=token.description,
        expiry=token.expiry,
        restrictions=token.restrictions,
        scopes=known.scopes[token.id],
        asked_scopes=_asked_scopes(request, known.named),
        people=list(people.values()),
        people_ids=list(people),
    )


def _of_governed(
    row: Any, present: Mapping[str, Mapping[str, object]], approved: Mapping[str, Approved], now: datetime
) -> GovernanceRequest:
    text = row.ApprovalRequestRow.governed
    return GovernanceRequest(**_common(row, approved, now), governed=Governed.of(text), present=present[text])


def _approved(session: Session, requests: Sequence[ApprovalRequestRow]) -> dict[str, Approved]:
    """What was approved last of the things that requests wait about, by the thing's id or text. A new token was never
    approved before."""
    waiting = [one for one in requests if one.status is RequestStatus.PENDING and one.kind is not RequestKind.ISSUE]
    if not waiting:
        return {}
    row, thing = ApprovalRequestRow, func.coalesce(ApprovalRequestRow.token_id, ApprovalRequestRow.governed)
    about = or_(
        row.token_id.in_([one.token_id for one in waiting if one.token_id]),
        row.governed.in_([one.governed for one in waiting if one.governed]),
    )
    place = func.row_number().over(partition_by=thing, order_by=(row.decided_at.desc(), row.id.desc()))
    ranked = select(row.id, place.label("place")).where(row.status == RequestStatus.APPROVED, about).subquery()
    statement = (
        select(thing, row.agreed, UserRow.name, row.decided_at)
        .join(ranked, and_(ranked.c.id == row.id, ranked.c.place == 1))
        .join(UserRow, UserRow.id == row.decided_by)
    )
    return {name: Approved(agreed, by, at) for name, agreed, by, at in session.execute(statement)}


@dataclass(frozen=True)
class _Tokens:
    """What a page of requests shows of tokens, read once for all of them: the scopes that each holds, the scopes that
    are asked for by name, the people of each application."""

    scopes: Mapping[str, list[Scope]]
    named: Mapping[str, Scope]
    people: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, session: Session, rows: Sequence[Any]) -> "_Tokens":
        if not rows:
            return cls({}, {}, {})
        scopes, named = _scopes(session, [row.TokenRow.id for row in rows], [row.ApprovalRequestRow for row in rows])
        return cls(scopes, named, _people(session, [row.ApplicationRow.id for row in rows]))


def _present(session: Session, governed: Sequence[str]) -> dict[str, Mapping[str, object]]:
    """The fields, as they are now, of each thing that is governed, by its text."""
    things = [Governed.of(text) for text in governed]
    names = [thing.name for thing in things if thing.realm is Realm.SCOPE]
    found: dict[str, Mapping[str, object]] = {}
    if names:
        for row in session.scalars(select(ScopeRow).where(ScopeRow.name.in_(names))):
            found[str(governance.scope(row.name))] = catalogue.fields(row.scope)
    if len(things) > len(names):
        for entry in session.scalars(select(PolicyRow)):
            found[str(governance.entry(entry.risk))] = {governance.APPROVAL: entry.approval}
    return found


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
