"""Approval requests as part of other verbs: opened, voided and withdrawn inside the verb's own transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import issuing, standing
from app.domain.approval import LIFETIME, RequestKind, RequestStatus
from app.domain.changes import FieldChange
from app.domain.errors import Conflict
from app.domain.identifiers import Kind, new_id
from app.domain.lifecycle import Status
from app.domain.people import Person
from app.domain.risk import Risk
from app.domain.roles import Relation
from app.services import rights
from app.services.recording import Record
from app.store.tables import ApplicationRow, ApprovalRequestRow, TokenRow


def open_request(
    session: Session,
    kind: RequestKind,
    token: TokenRow,
    requester_id: str,
    reason: str,
    now: datetime,
    *,
    changes: Sequence[FieldChange] = (),
    risk_before: Risk | None = None,
) -> ApprovalRequestRow:
    """Add a pending request about the token. Raises Conflict where one waits already, or the person has too many."""
    if pending(session, token.id, now) is not None:
        raise Conflict("A request about this token already waits. Cancel it first.", code="request_pending")
    mine = select(func.count()).where(
        ApprovalRequestRow.requester_id == requester_id,
        ApprovalRequestRow.status == RequestStatus.PENDING,
        ApprovalRequestRow.expires_at > now,
    )
    if session.scalars(mine).one() >= issuing.MOST_PENDING_REQUESTS:
        raise Conflict(
            f"You have {issuing.MOST_PENDING_REQUESTS} requests waiting. Cancel some, or wait for decisions.",
            code="too_many_requests_pending",
        )
    request = ApprovalRequestRow(
        id=new_id(Kind.REQUEST),
        kind=kind,
        application_id=token.application_id,
        token_id=token.id,
        requester_id=requester_id,
        reason=reason,
        changes=[change.as_json() for change in changes],
        risk_before=risk_before,
        status=RequestStatus.PENDING,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    session.add(request)
    return request


def pending(session: Session, token_id: str, now: datetime) -> ApprovalRequestRow | None:
    """The request about the token that waits now. One that lapsed makes room for the next: only then is that stored."""
    statement = select(ApprovalRequestRow).where(
        ApprovalRequestRow.token_id == token_id, ApprovalRequestRow.status == RequestStatus.PENDING
    )
    request = session.scalars(statement).one_or_none()
    if request is not None and now >= request.expires_at:
        request.status = RequestStatus.EXPIRED
        session.flush()
        return None
    return request


def changes_of(request: ApprovalRequestRow) -> tuple[FieldChange, ...]:
    """What the request would change."""
    return tuple(FieldChange(one["field"], one["before"], one["after"]) for one in request.changes)


def end_pending(session: Session, token: TokenRow, outcome: RequestStatus, record: Record, now: datetime) -> None:
    """End the token's pending request, if there is one, because of what is done to the token; noted in its event."""
    request = pending(session, token.id, now)
    if request is not None:
        request.status, request.decided_at = outcome, now
        record.note("approval request", RequestStatus.PENDING, outcome)


def withdraw(
    session: Session, person: Person, bond: Relation, record: Record, now: datetime, *, application_id: str
) -> None:
    """Cancel what the person asked for in this application and may not ask for any more, being no more than `bond` to
    it; noted in the event."""
    for request in _waiting_for(session, person, now):
        if request.application_id == application_id and not standing.may_still_ask(person, request.kind, bond):
            _cancel(session, request, record, now)


def withdraw_everywhere(session: Session, person: Person, record: Record, now: datetime) -> None:
    """Cancel what the person asked for anywhere and, being who they are now, may not ask for any more; noted in the
    event."""
    for request in _waiting_for(session, person, now):
        application = session.get(ApplicationRow, request.application_id) if request.application_id else None
        bond = rights.relation(session, person.id, application) if application is not None else Relation.STRANGER
        if not standing.may_still_ask(person, request.kind, bond):
            _cancel(session, request, record, now)


def _waiting_for(session: Session, person: Person, now: datetime) -> Sequence[ApprovalRequestRow]:
    """What the person asked for that still waits; what has lapsed stays lapsed."""
    statement = (
        select(ApprovalRequestRow)
        .where(ApprovalRequestRow.requester_id == person.id, ApprovalRequestRow.status == RequestStatus.PENDING)
        .where(ApprovalRequestRow.expires_at > now)
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
