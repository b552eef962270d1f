"""Every change is recorded where it is made: before, after, difference, one event (SPEC 11)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from app.domain import restrictions
from app.domain.changes import FieldChange, between
from app.domain.events import Action, Subject
from app.domain.identifiers import Kind, new_id
from app.domain.people import Actor
from app.domain.risk import Risk
from app.domain.scopes import AnswersFor
from app.store import audit_chain
from app.store.database import Base
from app.store.tables import (
    ApplicationRow,
    ApprovalRequestRow,
    AuditEventRow,
    OneTimeLinkRow,
    PolicyRow,
    ScopeRow,
    TokenRow,
    UserRow,
)

AUDITED: Mapping[type[Base], Sequence[str]] = {
    ApplicationRow: ("name", "description", "owner_id", "enabled", "answers_for"),
    TokenRow: ("name", "description", "status", "expiry_preset", "expires_at", *restrictions.FIELDS),
    ApprovalRequestRow: ("status", "comment"),
    ScopeRow: ("category", "description", "risk", "permissions", "retired"),
    UserRow: ("email", "name", "role", "active", "password_set_at"),
    OneTimeLinkRow: ("expires_at", "used_at"),
    PolicyRow: ("approval",),
}


class NothingChanged(RuntimeError):
    """A verb recorded a change and made none."""


@dataclass
class Record:
    """The event in the making: a verb adds what is not a column of the row."""

    changes: list[FieldChange] = field(default_factory=list)

    def note(self, name: str, before: object, after: object) -> None:
        """Add one field's change; equal values are none."""
        if before != after:
            self.changes.append(FieldChange(name, plain(before), plain(after)))


@contextmanager
def recording(
    session: Session,
    action: Action,
    row: Base,
    actor: Actor,
    now: datetime,
    *,
    reason: str = "",
    also: Sequence[Base] = (),
) -> Iterator[Record]:
    """Record what the block does to `row` (and to the rows of `also`, named by their kind) as one event. A new row is
    added inside the block. Raises NothingChanged where the block changed nothing."""
    before = [_audited(each) for each in (row, *also)]
    record = Record()
    yield record
    session.flush()
    for position, each in enumerate((row, *also)):
        prefix = "" if position == 0 else f"{subject_of(each).kind} "
        found = between(before[position], _audited(each))
        record.changes.extend(FieldChange(prefix + one.field, one.before, one.after) for one in found)
    if not record.changes:
        raise NothingChanged(action)
    append_event(session, action, subject_of(row), actor, now, reason=reason, changes=record.changes)


def append_event(
    session: Session,
    action: Action,
    subject: Subject,
    actor: Actor,
    now: datetime,
    *,
    reason: str = "",
    changes: Sequence[FieldChange] = (),
) -> None:
    """Append one event to the chain, for what has no row of its own to compare (a sign-in, an import)."""
    event = AuditEventRow(
        id=new_id(Kind.EVENT),
        at=now,
        action=action.value,
        actor_id=actor.person_id,
        actor_name=actor.name,
        subject_kind=subject.kind,
        subject_id=subject.id,
        subject_name=subject.name,
        application_id=subject.application_id,
        token_id=subject.token_id,
        reason=reason,
        changes=[change.as_json() for change in changes],
        address=actor.address,
        user_agent=actor.user_agent,
        request_id=actor.request_id,
    )
    audit_chain.append(session, event)


def subject_of(row: Base) -> Subject:
    """What an event about this row names."""
    match row:
        case ApplicationRow():
            return Subject("application", row.id, row.name, application_id=row.id)
        case TokenRow():
            return Subject("token", row.id, row.name, application_id=row.application_id, token_id=row.id)
        case ApprovalRequestRow():
            name = f"{row.kind.value} request"
            return Subject("request", row.id, name, application_id=row.application_id, token_id=row.token_id)
        case UserRow():
            return Subject("user", row.id, row.name)
        case OneTimeLinkRow():
            return Subject("user", row.user_id, "one-time link")
        case ScopeRow():
            return Subject("scope", row.name, row.name)
        case PolicyRow():
            return Subject("policy", row.risk.word, f"approval at {row.risk.label}")
    raise TypeError(f"{type(row).__name__} is not something events are about")


def plain(value: object) -> object:
    """A value as the audit log keeps it: JSON, instants as ISO 8601."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case Risk():
            return value.word
        case Enum():
            return value.value
        case AnswersFor():
            return "all" if value.everything else sorted(value.resources)
        case list() | tuple() | set() | frozenset():
            return sorted((plain(one) for one in value), key=str)
    return value


def _audited(row: Base) -> dict[str, object]:
    names = AUDITED[type(row)]
    if inspect(row).transient:
        return dict.fromkeys(names)
    return {name: plain(getattr(row, name)) for name in names}
