"""Ask another person for a change of the policy or the catalogue, inside a verb's transaction (SPEC 7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.approval import RequestKind, RequestStatus
from app.domain.changes import FieldChange
from app.domain.events import Action
from app.domain.governance import Governed, Realm
from app.domain.people import Actor
from app.domain.risk import Risk
from app.services import requests
from app.services.recording import Record, recording
from app.store.database import Base

ASKED = {Realm.POLICY: Action.POLICY_CHANGE_ASKED, Realm.SCOPE: Action.SCOPE_CHANGE_ASKED}


@dataclass(frozen=True)
class Asking:
    """Who asks, and why."""

    requester_id: str
    reason: str


@dataclass(frozen=True)
class Saved:
    """The answer: what was typed anew, and the request where that waits for another person."""

    changes: tuple[FieldChange, ...]
    request_id: str | None = None


def ask(
    session: Session,
    about: Governed,
    row: Base,
    changes: Sequence[FieldChange],
    level: Risk,
    by: Asking,
    actor: Actor,
    now: datetime,
) -> str:
    """Open a request for the changes of the thing, whose row stays as it is. `level` is its risk now. Returns the
    request's id. Raises Conflict where one waits already."""
    request = requests.open_request(
        session,
        RequestKind.GOVERNANCE,
        about,
        by.requester_id,
        by.reason,
        now,
        changes=changes,
        risk_before=level,
    )
    with recording(session, ASKED[about.realm], row, actor, now, reason=by.reason) as record:
        record.note("approval request", None, request.id)
        for change in changes:
            record.note(f"asked {change.field}", change.before, change.after)
    return request.id


def void_unless_it_holds(
    session: Session, about: Governed, present: Mapping[str, object], record: Record, now: datetime
) -> None:
    """End the request about the thing, if one waits that rests on what is not so any more; noted in the event."""
    waiting = requests.pending(session, about, now)
    if waiting is not None and not still_hold(present, requests.changes_of(waiting)):
        requests.end_pending(session, about, RequestStatus.VOID, record, now)


def still_hold(present: Mapping[str, object], changes: Sequence[FieldChange]) -> bool:
    """Whether every field still holds what it held when the changes were asked for."""
    return all(present[one.field] == one.before for one in changes)
