"""Taking events out of Postern is a thing that people do, and so an event itself (SPEC 11)."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from app.domain import csv_cells
from app.domain.audit_lines import COLUMNS, cells, exact
from app.domain.audit_selection import Selection
from app.domain.changes import FieldChange
from app.domain.errors import Invalid
from app.domain.events import Action, Subject
from app.domain.people import Actor
from app.domain.roles import Deed
from app.services import rights
from app.services.recording import append_event, plain
from app.store.database import db, transaction
from app.store.queries import audit
from app.store.queries.audit import Logged
from app.store.tables import ChainHead

THE_LOG = Subject("audit log", "audit_event", "the audit log")


class Format(StrEnum):
    """A table for spreadsheets, or the rows as they are kept, a JSON object a line."""

    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True)
class Export:
    """The selected events up to `cut`, the last event of the log when it was asked for. `head` is the hash of that
    one, to be held against the log later. `text` has the newest first; it reads the database as it is used up."""

    format: Format
    cut: int
    head: str
    text: Iterator[str]


def export_events(wanted: Selection, form: str, actor: Actor, now: datetime) -> Export:
    """Record that these events are taken out, then hand them out. Raises NotAllowed, and Invalid for no Format."""
    if form not in set(Format):
        raise Invalid({"format": "Export as CSV or JSON."})
    with transaction() as session:
        rights.require(session, actor, Deed.SEE_AUDIT)
        cut, head = _head(session)
        told = [FieldChange("format", None, form), FieldChange("up to event", None, cut), *_limits(wanted)]
        append_event(session, Action.AUDIT_EXPORTED, THE_LOG, actor, now, changes=told)
    return Export(Format(form), cut, head, _WRITTEN[Format(form)](audit.logged(db.session(), wanted, cut)))


def _head(session: Session) -> tuple[int, str]:
    head = session.get_one(ChainHead, 1)
    return head.sequence, head.hash


def _limits(wanted: Selection) -> list[FieldChange]:
    values = {each.name: plain(getattr(wanted, each.name)) for each in fields(wanted)}
    return [FieldChange(name, None, value) for name, value in values.items() if value is not None]


def _csv(rows: Iterable[Logged]) -> Iterator[str]:
    yield csv_cells.line(COLUMNS)
    for row in rows:
        yield csv_cells.line(cells(row.event, row.hash))


def _json(rows: Iterable[Logged]) -> Iterator[str]:
    for row in rows:
        # ASCII, so that no line ends where a reader sees a line break that JSON does not.
        yield json.dumps(_raw(row), ensure_ascii=True) + "\n"


def _raw(row: Logged) -> dict[str, object]:
    event, subject = row.event, row.event.subject
    return {
        "sequence": event.sequence,
        "id": event.id,
        "at": exact(event.at),
        "action": event.action.value,
        "actor_id": event.actor_id,
        "actor_name": event.actor_name,
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "subject_name": subject.name,
        "application_id": subject.application_id,
        "token_id": subject.token_id,
        "reason": event.reason,
        "changes": event.changes,
        "address": event.address,
        "user_agent": event.user_agent,
        "request_id": event.request_id,
        "previous_hash": row.previous_hash,
        "hash": row.hash,
    }


_WRITTEN: dict[Format, Callable[[Iterable[Logged]], Iterator[str]]] = {Format.CSV: _csv, Format.JSON: _json}
