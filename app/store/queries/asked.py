"""A request about a token whose page is shown: what was asked, when, by whom, and how it ended. One query; the token
itself is known there. A decider's page needs all of it: see `approvals`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import Session

from app.domain import approval
from app.domain.approval import RequestKind, RequestStatus
from app.domain.people import Person
from app.store.aliases import shared_alias
from app.store.queries import undecided
from app.store.queries.prepared import prepared
from app.store.tables import ApplicationRow, ApprovalRequestRow, UserRow

_REQUESTER, _DECIDER = shared_alias(UserRow), shared_alias(UserRow)


@dataclass(frozen=True)
class Asked:
    """A request. `changes` are of a change; names of people are as they are today."""

    id: str
    kind: RequestKind
    status: RequestStatus
    changes: tuple[Mapping[str, object], ...]
    created_at: datetime
    expires_at: datetime
    requester_id: str
    requester: str
    application_owner_id: str
    decided_by: str | None
    decided_at: datetime | None
    comment: str


def newest(
    session: Session, person: Person, token_id: str, now: datetime, *, only_waiting: bool = False
) -> Asked | None:
    """The newest request about the token, or only one that waits, if the person may see its application."""
    query = _waiting if only_waiting else _newest
    found = query.ask(session, person, token_id=token_id, now=now).one_or_none()
    if found is None:
        return None
    row, owner_id, requester_name, decider_name = found
    return Asked(
        id=row.id,
        kind=row.kind,
        status=approval.status(row.status, row.expires_at, now),
        changes=tuple(row.changes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        requester_id=row.requester_id,
        requester=requester_name,
        application_owner_id=owner_id,
        decided_by=decider_name,
        decided_at=row.decided_at,
        comment=row.comment,
    )


def _about_token(seen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(ApprovalRequestRow, ApplicationRow.owner_id, _REQUESTER.name, _DECIDER.name)
        .join(ApplicationRow, ApplicationRow.id == ApprovalRequestRow.application_id)
        .join(_REQUESTER, _REQUESTER.id == ApprovalRequestRow.requester_id)
        .outerjoin(_DECIDER, _DECIDER.id == ApprovalRequestRow.decided_by)
        .where(ApprovalRequestRow.token_id == bindparam("token_id"), seen)
        .order_by(ApprovalRequestRow.created_at.desc(), ApprovalRequestRow.id.desc())
        .limit(1)
    )


@prepared
def _waiting(seen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return _about_token(seen).where(undecided.at(bindparam("now")))


_newest = prepared(_about_token)
