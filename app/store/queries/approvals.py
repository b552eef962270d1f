"""Approval requests, for the person who asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from app.domain.approval import RequestStatus
from app.domain.governance import Governed
from app.domain.identifiers import Kind, is_id
from app.domain.people import Person
from app.store.queries.governance_request import GovernanceRequest
from app.store.queries.request_rows import views
from app.store.queries.request_view import RequestView
from app.store.queries.token_request import TokenRequest
from app.store.tables import ApprovalRequestRow

__all__ = [
    "GovernanceRequest",
    "Page",
    "RequestView",
    "TokenRequest",
    "asked",
    "decided",
    "find",
    "governed",
    "of_token",
    "pending",
    "pending_count",
]

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
    found = views(session, person, ApprovalRequestRow.id == request_id, now)
    return found[0] if found else None


def pending(session: Session, person: Person, now: datetime) -> Sequence[RequestView]:
    """The requests that wait, the oldest first: what lapses next stands on top."""
    return views(session, person, _waits(now), now)


def decided(session: Session, person: Person, now: datetime, before: str = "") -> Page:
    """A page of the requests that do not wait any more, the newest first, beginning behind the one with the id `before`
    or at the top."""
    over = ~_waits(now)
    if is_id(Kind.REQUEST, before):
        cut = aliased(ApprovalRequestRow)
        place = select(cut.created_at, cut.id).where(cut.id == before)
        over = and_(over, tuple_(ApprovalRequestRow.created_at, ApprovalRequestRow.id) < place.scalar_subquery())
    found = views(session, person, over, now, newest=True, most=PAGE + 1)
    return Page(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def asked(session: Session, person: Person, now: datetime) -> Sequence[RequestView]:
    """What this person asked for, the newest first."""
    return views(session, person, ApprovalRequestRow.requester_id == person.id, now, newest=True)


def of_token(
    session: Session, person: Person, token_id: str, now: datetime, *, only_waiting: bool = False
) -> RequestView | None:
    """The newest request about the token, or only one that waits."""
    about = ApprovalRequestRow.token_id == token_id
    found = views(session, person, and_(about, _waits(now)) if only_waiting else about, now, newest=True, most=1)
    return found[0] if found else None


def governed(session: Session, things: Sequence[Governed], now: datetime) -> Mapping[Governed, str]:
    """Of these rules, those about which a request waits, each with the request's id."""
    texts = {str(thing): thing for thing in things}
    statement = select(ApprovalRequestRow.governed, ApprovalRequestRow.id).where(
        ApprovalRequestRow.governed.in_(texts), _waits(now)
    )
    return {texts[text]: request_id for text, request_id in session.execute(statement) if text}


def pending_count(session: Session, person: Person, now: datetime) -> int:
    """How many requests this person could decide now: the badge in the navigation."""
    if not person.role.is_administrator:
        return 0
    statement = select(func.count()).where(_waits(now), ApprovalRequestRow.requester_id != person.id)
    return session.scalars(statement).one()


def _waits(now: datetime) -> ColumnElement[bool]:
    return and_(ApprovalRequestRow.status == RequestStatus.PENDING, ApprovalRequestRow.expires_at > now)
