"""Decide, or take back, what somebody asked for (SPEC 7). What a decision does is said by `matters`, kind by kind."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain import approval, standing, text
from app.domain.approval import RequestStatus
from app.domain.errors import Conflict, Faults, NotAllowed, NotFound, Unfit
from app.domain.events import Action
from app.domain.identifiers import Kind, is_id
from app.domain.people import Actor, Person
from app.domain.roles import Deed, Relation, may
from app.services import requests, rights
from app.services.matters import kinds
from app.services.matters.matter import Matter
from app.services.recording import append_event, recording, subject_of
from app.store.database import transaction
from app.store.queries import approvals
from app.store.queries.approvals import RequestView
from app.store.tables import ApprovalRequestRow, UserRow


@dataclass(frozen=True)
class _Opened:
    """A request that waits, with what it is about, as the decider is shown it."""

    request: ApprovalRequestRow
    matter: Matter
    view: RequestView
    person: Person


class _OwnRequest(NotAllowed):
    """Somebody set out to decide what they asked for themselves."""

    def __init__(self, request: ApprovalRequestRow, why: NotAllowed) -> None:
        super().__init__(why.sentence, code=why.code)
        self.subject = subject_of(request)


def approve(request_id: str, fingerprint: str, comment: str, actor: Actor, now: datetime) -> None:
    """Let what was asked for take effect. Raises Conflict where somebody else decided, or where what was shown
    (`fingerprint`) or what it rests on is no longer so; Invalid where a comment is missing; NotAllowed, and an event
    says so, where it is one's own."""
    try:
        _approve(request_id, fingerprint, comment, actor, now)
    except _OwnRequest as own:
        _note_own(own, actor, now)
        raise


def reject(request_id: str, fingerprint: str, comment: str, actor: Actor, now: datetime) -> None:
    """Refuse what was asked for, with a comment that the requester sees. Raises as `approve`."""
    try:
        _reject(request_id, fingerprint, comment, actor, now)
    except _OwnRequest as own:
        _note_own(own, actor, now)
        raise


def cancel(request_id: str, actor: Actor, now: datetime) -> None:
    """Take a pending request back: the requester may, the application's owner, a superuser."""
    with transaction() as session:
        request, matter = _find(session, request_id)
        person = _who_sees(session, matter, actor)
        if person.id != request.requester_id:
            rights.require(session, actor, Deed.CANCEL_REQUEST, matter.application)
        approval.require_pending(*_standing(session, request, now))
        with recording(session, Action.APPROVAL_CANCELLED, request, actor, now, also=[matter.row]):
            _decide(request, RequestStatus.CANCELLED, person.id, "", now)
            matter.refused(RequestStatus.CANCELLED)


def _approve(request_id: str, fingerprint: str, comment: str, actor: Actor, now: datetime) -> None:
    with transaction() as session:
        opened = _open_for_decision(session, request_id, fingerprint, actor, now)
        remark = _comment(comment, required=approval.comment_required(True, opened.view.gravest_risk))
        _require_still_possible(session, opened, now)
        request, row = opened.request, opened.matter.row
        with recording(session, Action.APPROVAL_APPROVED, request, actor, now, reason=remark, also=[row]) as record:
            _decide(request, RequestStatus.APPROVED, opened.person.id, remark, now)
            opened.matter.take_effect(record, now)
            request.agreed = dict(opened.matter.content())


def _reject(request_id: str, fingerprint: str, comment: str, actor: Actor, now: datetime) -> None:
    with transaction() as session:
        opened = _open_for_decision(session, request_id, fingerprint, actor, now)
        remark = _comment(comment, required=approval.comment_required(False, opened.view.gravest_risk))
        request, row = opened.request, opened.matter.row
        with recording(session, Action.APPROVAL_REJECTED, request, actor, now, reason=remark, also=[row]):
            _decide(request, RequestStatus.REJECTED, opened.person.id, remark, now)
            opened.matter.refused(RequestStatus.REJECTED)


def _note_own(own: _OwnRequest, actor: Actor, now: datetime) -> None:
    """In a transaction of its own: the one that refused has left nothing behind."""
    with transaction() as session:
        append_event(session, Action.APPROVAL_SELF_REFUSED, own.subject, actor, now)


def _find(session: Session, request_id: str) -> tuple[ApprovalRequestRow, Matter]:
    request = session.get(ApprovalRequestRow, request_id) if is_id(Kind.REQUEST, request_id) else None
    if request is None:
        raise NotFound
    return request, kinds.of(session, request)


def _who_sees(session: Session, matter: Matter, actor: Actor) -> Person:
    """The person who acts, where they may see the request. What is about no application is seen by administrators."""
    if matter.application is not None:
        return rights.require(session, actor, Deed.SEE_APPLICATION, matter.application)
    person = rights.acting_person(session, actor)
    if not may(Deed.SEE_APPLICATION, person.role):
        raise NotFound
    return person


def _open_for_decision(session: Session, request_id: str, fingerprint: str, actor: Actor, now: datetime) -> _Opened:
    request, matter = _find(session, request_id)
    person = _who_sees(session, matter, actor)
    try:
        approval.require_other_person(request.requester_id, person.id)
    except NotAllowed as own:
        raise _OwnRequest(request, own) from None
    rights.require(session, actor, Deed.DECIDE_REQUEST, matter.application)
    approval.require_pending(*_standing(session, request, now))
    view = approvals.find(session, person, request_id, now)
    if view is None:
        raise NotFound
    if view.fingerprint != fingerprint:
        raise Conflict(
            "What you were shown has changed since. Look at it again before you decide.", code="request_changed"
        )
    return _Opened(request, matter, view, person)


def _standing(
    session: Session, request: ApprovalRequestRow, now: datetime
) -> tuple[RequestStatus, str | None, datetime | None]:
    decider = session.get(UserRow, request.decided_by) if request.decided_by else None
    return (
        approval.status(request.status, request.expires_at, now),
        decider.name if decider else None,
        request.decided_at,
    )


def _require_still_possible(session: Session, opened: _Opened, now: datetime) -> None:
    requester = session.get_one(UserRow, opened.request.requester_id).person
    application = opened.matter.application
    bond = rights.relation(session, requester.id, application) if application else Relation.STRANGER
    allowed = standing.may_still_ask(requester, requests.deed_of(opened.request), bond)
    if not allowed or not opened.matter.may_be_asked_by(requester):
        raise Conflict(f"{requester.name} may not ask for this any more. Reject the request.", code="right_lost")
    opened.matter.require_possible(now)


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
