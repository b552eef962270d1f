"""Approval requests as part of other verbs: opened, voided and withdrawn inside the verb's own transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain import issuing, standing
from app.domain.approval import LIFETIME, RequestKind, RequestStatus, asked_deed
from app.domain.changes import FieldChange
from app.domain.errors import Conflict
from app.domain.governance import Governed
from app.domain.identifiers import Kind, new_id
from app.domain.lifecycle import Status
from app.domain.people import Person
from app.domain.risk import Risk
from app.domain.roles import Deed, Relation
from app.services import rights
from app.services.recording import Record
from app.store.queries import undecided
from app.store.tables import ApplicationRow, ApprovalRequestRow, TokenRow

# What a request can be about; never more than one of them waits about the same thing.
About = TokenRow | Governed


def open_request(
    session: Session,
    kind: RequestKind,
    about: About,
    requester_id: str,
    reason: str,
    now: datetime,
    *,
    changes: Sequence[FieldChange] = (),
    risk_before: Risk | None = None,
) -> ApprovalRequestRow:
    """Add a pending request. Raises Conflict where one about the same thing waits already, or the person has too
    many."""
    if pending(session, about, now) is not None:
        what = "token" if isinstance(about, TokenRow) else about.realm.value
        raise Conflict(f"A request about this {what} already waits. Cancel it first.", code="request_pending")
    _require_room(session, requester_id, now)
    request = ApprovalRequestRow(
        id=new_id(Kind.REQUEST),
        kind=kind,
        requester_id=requester_id,
        reason=reason,
        changes=[change.as_json() for change in changes],
        risk_before=risk_before,
        status=RequestStatus.PENDING,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    if isinstance(about, TokenRow):
        request.application_id, request.token_id = about.application_id, about.id
    else:
        request.governed = str(about)
    session.add(request)
    return request


def pending(session: Session, about: About, now: datetime) -> ApprovalRequestRow | None:
    """The request about the thing that waits now. One that lapsed makes room for the next: only then is that stored."""
    statement = select(ApprovalRequestRow).where(_is_about(about), ApprovalRequestRow.status == RequestStatus.PENDING)
    request = session.scalars(statement).one_or_none()
    if request is not None and now >= request.expires_at:
        request.status = RequestStatus.EXPIRED
        session.flush()
        return None
    return request


def changes_of(request: ApprovalRequestRow) -> tuple[FieldChange, ...]:
    """What the request would change."""
    return tuple(FieldChange(one["field"], one["before"], one["after"]) for one in request.changes)


def end_pending(session: Session, about: About, outcome: RequestStatus, record: Record, now: datetime) -> None:
    """End the pending request about the thing, if there is one, because of what is done to it; noted in its event."""
    request = pending(session, about, now)
    if request is not None:
        request.status, request.decided_at = outcome, now
        record.note("approval request", RequestStatus.PENDING, outcome)


def withdraw(
    session: Session, person: Person, bond: Relation, record: Record, now: datetime, *, application_id: str
) -> None:
    """Cancel what the person asked for in this application and may not ask for any more, being no more than `bond` to
    it; noted in the event."""
    for request in _waiting_for(session, person, now):
        if request.application_id == application_id and not standing.may_still_ask(person, deed_of(request), bond):
            _cancel(session, request, record, now)


def withdraw_everywhere(session: Session, person: Person, record: Record, now: datetime) -> None:
    """Cancel what the person asked for anywhere and, being who they are now, may not ask for any more; noted in the
    event."""
    for request in _waiting_for(session, person, now):
        application = session.get(ApplicationRow, request.application_id) if request.application_id else None
        bond = rights.relation(session, person.id, application) if application is not None else Relation.STRANGER
        if not standing.may_still_ask(person, deed_of(request), bond):
            _cancel(session, request, record, now)


def deed_of(request: ApprovalRequestRow) -> Deed:
    """The deed that its requester has to be allowed."""
    return asked_deed(request.kind, Governed.of(request.governed).realm if request.governed else None)


def _require_room(session: Session, requester_id: str, now: datetime) -> None:
    mine = select(func.count()).where(
        ApprovalRequestRow.requester_id == requester_id,
        undecided.at(now),
    )
    if session.scalars(mine).one() >= issuing.MOST_PENDING_REQUESTS:
        raise Conflict(
            f"You have {issuing.MOST_PENDING_REQUESTS} requests waiting. Cancel some, or wait for decisions.",
            code="too_many_requests_pending",
        )


def _is_about(about: About) -> ColumnElement[bool]:
    if isinstance(about, TokenRow):
        return ApprovalRequestRow.token_id == about.id
    return ApprovalRequestRow.governed == str(about)


def _waiting_for(session: Session, person: Person, now: datetime) -> Sequence[ApprovalRequestRow]:
    """What the person asked for that still waits; what has lapsed stays lapsed."""
    statement = (
        select(ApprovalRequestRow)
        .where(ApprovalRequestRow.requester_id == person.id, undecided.at(now))
        .order_by(ApprovalRequestRow.created_at, ApprovalRequestRow.id)
    )
    return session.scalars(statement).all()


def reject_token(token: TokenRow, how: RequestStatus) -> None:
    """Make a pending token final: it never took effect, and says how that came."""
    token.status, token.refused_how = Status.REJECTED, how.value


def _cancel(session: Session, request: ApprovalRequestRow, record: Record, now: datetime) -> None:
    request.status, request.decided_at = RequestStatus.CANCELLED, now
    record.note(f"approval request {request.id}", RequestStatus.PENDING, RequestStatus.CANCELLED)
    if request.kind is RequestKind.ISSUE:
        reject_token(session.get_one(TokenRow, request.token_id), RequestStatus.CANCELLED)
