"""Decide, or take back, what somebody asked for (SPEC 7)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain import approval, edits, lifecycle, text
from app.domain.approval import RequestKind, RequestStatus
from app.domain.changes import FieldChange
from app.domain.errors import Conflict, Faults, NotFound, Unfit
from app.domain.events import Action
from app.domain.identifiers import Kind, is_id
from app.domain.lifecycle import Status, Verb
from app.domain.people import Actor, Person
from app.domain.roles import Deed, may, may_enable
from app.services import requests, rights
from app.services.recording import Record, recording
from app.services.tokens import content
from app.store.database import transaction
from app.store.queries import approvals
from app.store.queries.approvals import RequestView
from app.store.tables import ApplicationRow, ApprovalRequestRow, TokenRow, UserRow


@dataclass(frozen=True)
class _Opened:
    """A request that waits, with what it is about, as the decider is shown it."""

    request: ApprovalRequestRow
    token: TokenRow
    view: RequestView
    person: Person


def approve(request_id: str, fingerprint: str, comment: str, actor: Actor, now: datetime) -> None:
    """Let what was asked for take effect. Raises Conflict where somebody else decided, or where what was shown
    (`fingerprint`) or what it rests on is no longer so; Invalid where a comment is missing."""
    with transaction() as session:
        opened = _open_for_decision(session, request_id, fingerprint, actor, now)
        remark = _comment(comment, required=approval.comment_required(True, opened.view.gravest_risk))
        _require_still_possible(session, opened, now)
        request, token = opened.request, opened.token
        with recording(session, Action.APPROVAL_APPROVED, request, actor, now, reason=remark, also=[token]) as record:
            _decide(request, RequestStatus.APPROVED, opened.person.id, remark, now)
            _EFFECTS[request.kind](session, opened, record, now)


def reject(request_id: str, fingerprint: str, comment: str, actor: Actor, now: datetime) -> None:
    """Refuse what was asked for, with a comment that the requester sees. Raises as `approve`."""
    with transaction() as session:
        opened = _open_for_decision(session, request_id, fingerprint, actor, now)
        remark = _comment(comment, required=approval.comment_required(False, opened.view.gravest_risk))
        request, token = opened.request, opened.token
        with recording(session, Action.APPROVAL_REJECTED, request, actor, now, reason=remark, also=[token]):
            _decide(request, RequestStatus.REJECTED, opened.person.id, remark, now)
            if request.kind is RequestKind.ISSUE:
                requests.reject_token(token, RequestStatus.REJECTED)


def cancel(request_id: str, actor: Actor, now: datetime) -> None:
    """Take a pending request back: the requester may, the application's owner, a superuser."""
    with transaction() as session:
        request, token, application = _find(session, request_id)
        person = rights.require(session, actor, Deed.SEE_APPLICATION, application)
        if person.id != request.requester_id:
            rights.require(session, actor, Deed.CANCEL_REQUEST, application)
        approval.require_pending(*_standing(session, request, now))
        with recording(session, Action.APPROVAL_CANCELLED, request, actor, now, also=[token]):
            _decide(request, RequestStatus.CANCELLED, person.id, "", now)
            if request.kind is RequestKind.ISSUE:
                requests.reject_token(token, RequestStatus.CANCELLED)


def _find(session: Session, request_id: str) -> tuple[ApprovalRequestRow, TokenRow, ApplicationRow]:
    request = session.get(ApprovalRequestRow, request_id) if is_id(Kind.REQUEST, request_id) else None
    if request is None:
        raise NotFound
    token = session.get_one(TokenRow, request.token_id)
    return request, token, session.get_one(ApplicationRow, token.application_id)


def _open_for_decision(session: Session, request_id: str, fingerprint: str, actor: Actor, now: datetime) -> _Opened:
    request, token, application = _find(session, request_id)
    person = rights.require(session, actor, Deed.DECIDE_REQUEST, application)
    approval.require_other_person(request.requester_id, person.id)
    approval.require_pending(*_standing(session, request, now))
    view = approvals.find(session, person, request_id, now)
    if view is None:
        raise NotFound
    if view.fingerprint != fingerprint:
        raise Conflict(
            "What you were shown has changed since. Look at it again before you decide.", code="request_changed"
        )
    return _Opened(request, token, view, person)


def _standing(session: Session, request: ApprovalRequestRow, now: datetime) -> tuple[RequestStatus, str | None]:
    decider = session.get(UserRow, request.decided_by) if request.decided_by else None
    return approval.status(request.status, request.expires_at, now), decider.name if decider else None


def _require_still_possible(session: Session, opened: _Opened, now: datetime) -> None:
    request, token = opened.request, opened.token
    requester = session.get_one(UserRow, request.requester_id)
    relation = rights.relation(session, requester.id, session.get_one(ApplicationRow, token.application_id))
    allowed = requester.active and may(approval.ASKED_DEED[request.kind], requester.role, relation)
    changes = requests.changes_of(request)
    if not allowed or not _may_enable(requester.person, token, changes):
        raise Conflict(f"{requester.name} may not ask for this any more. Reject the request.", code="right_lost")
    status = lifecycle.status(token.facts, now)
    if status is Status.EXPIRED or _ends_in_the_past(changes, now):
        raise Conflict("The expiry that was asked for has passed. Reject the request.", code="expiry_passed")
    if request.kind is RequestKind.CHANGE:
        lifecycle.require(Verb.EDIT, status)
        if not content.still_hold(session, token, changes):
            raise Conflict("The token was changed after this was asked for. Reject the request.", code="request_void")


def _may_enable(requester: Person, token: TokenRow, changes: Sequence[FieldChange]) -> bool:
    enables = any(change.field == edits.STATUS for change in changes)
    return not enables or may_enable(token.disabled_by_administrator, requester.role)


def _ends_in_the_past(changes: Sequence[FieldChange], now: datetime) -> bool:
    ends = [
        edits.expires_at(one.after, now)
        for one in changes
        if one.field == edits.EXPIRES_AT and isinstance(one.after, str)
    ]
    return any(end is not None and end <= now for end in ends)


def _comment(raw: str, *, required: bool) -> str:
    faults, comment = Faults(), ""
    with faults.at("comment"):
        comment = text.optional_reason(raw)
        if required and not comment:
            raise Unfit("Write a comment: the requester reads it, and so does the audit log.")
    faults.refuse_if_any()
    return comment


def _decide(request: ApprovalRequestRow, outcome: RequestStatus, person_id: str, comment: str, now: datetime) -> None:
    request.status, request.comment = outcome, comment
    request.decided_by, request.decided_at = person_id, now


def _issue(session: Session, opened: _Opened, record: Record, now: datetime) -> None:
    token = opened.token
    token.expires_at = token.expiry.counted_from(now)
    token.status, token.effective_at, token.lapses_at = Status.ACTIVE, now, None


def _change(session: Session, opened: _Opened, record: Record, now: datetime) -> None:
    content.change(session, opened.token, requests.changes_of(opened.request), record, now, prefix="token ")


_EFFECTS: dict[RequestKind, Callable[[Session, _Opened, Record, datetime], None]] = {
    RequestKind.ISSUE: _issue,
    RequestKind.CHANGE: _change,
}
