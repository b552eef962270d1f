"""The audit log by page, wherever in it the page lies, and whole for an export. For those who may see all of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Tuple, literal, select, tuple_
from sqlalchemy.orm import Session

from app.domain import audit_selection, instants, text
from app.domain.audit_selection import Selection
from app.domain.errors import Faults, Invalid, Unfit
from app.domain.events import Event
from app.domain.identifiers import Kind, is_id
from app.store.queries import history, named
from app.store.tables import AuditEventRow, TokenRow
from app.store.types import UtcDateTime

PAGE = 50
BATCH = 500
# Where an event stands among the others: by its instant, and among those of one instant by its sequence.
Place = tuple[datetime, int]
_PLACE = tuple_(AuditEventRow.at, AuditEventRow.sequence)


@dataclass(frozen=True)
class Page:
    """Some events in order. `newer` and `older` are the sequences that the pages next to it begin behind; None
    where there is none."""

    events: Sequence[Event]
    newer: int | None = None
    older: int | None = None


@dataclass(frozen=True)
class Logged:
    """An event with its links in the chain."""

    event: Event
    previous_hash: str
    hash: str


def selection(session: Session, typed: Mapping[str, str]) -> Selection:
    """What the fields mean, things named by id or by name. Raises Invalid."""
    faults = Faults()
    found: dict[str, Any] = {}
    with faults.at("since"):
        found["since"] = instants.since(typed.get("since", ""))
    with faults.at("until"):
        found["until"] = instants.until(typed.get("until", ""))
        _require_order(found)
    with faults.at("actor"):
        found |= _actor(session, typed.get("actor", "").strip())
    with faults.at("action"):
        found["action"] = audit_selection.action(typed.get("action", ""))
    with faults.at("application"):
        found["application_id"] = named.application(session, typed.get("application", ""))
    with faults.at("token"):
        found["token_id"] = _token(session, typed.get("token", "").strip(), found.get("application_id"))
    faults.refuse_if_any()
    return Selection(**found)


def page(session: Session, wanted: Selection, *, before: str = "", after: str = "", oldest_first: bool = False) -> Page:
    """The newest events, or the page of those older than the event with the sequence `before`, or newer than `after`;
    `oldest_first`: the oldest ones, and each page upside down. Raises Invalid for what is no event's sequence."""
    older_than, newer_than = _place(session, before), _place(session, after)
    if older_than is None and (newer_than is not None or oldest_first):
        found = _newer(session, wanted, newer_than)
    else:
        found = _older(session, wanted, older_than)
    return replace(found, events=found.events[::-1]) if oldest_first else found


def _older(session: Session, wanted: Selection, older_than: Place | None) -> Page:
    rows = session.scalars(_newest(wanted, older_than).limit(PAGE + 1)).all()
    events = [history.event(row) for row in rows[:PAGE]]
    newer = events[0].sequence if events and older_than is not None else None
    return Page(events, newer, events[-1].sequence if len(rows) > PAGE else None)


def logged(session: Session, wanted: Selection, up_to: int) -> Iterator[Logged]:
    """The events up to this sequence, the newest first, read in batches that hold nothing open between them: the log is
    only ever appended to, so together they are as whole as one read."""
    place = None
    while True:
        statement = _newest(wanted, place).where(AuditEventRow.sequence <= up_to).limit(BATCH)
        rows = session.scalars(statement).all()
        batch = [Logged(history.event(row), row.previous_hash, row.hash) for row in rows]
        session.rollback()
        session.expunge_all()
        yield from batch
        if len(batch) < BATCH:
            return
        place = (batch[-1].event.at, batch[-1].event.sequence)


def _newest(wanted: Selection, older_than: Place | None) -> Select[AuditEventRow]:
    if older_than is not None and wanted.until is not None and older_than[0] < wanted.until:
        # Said twice, the looser of the two may be the one that a database begins to read at.
        wanted = replace(wanted, until=None)
    statement = select(AuditEventRow).where(*_conditions(wanted))
    if older_than is not None:
        statement = statement.where(_literal(older_than) > _PLACE)
    return statement.order_by(AuditEventRow.at.desc(), AuditEventRow.sequence.desc())


def _newer(session: Session, wanted: Selection, than: Place | None) -> Page:
    if than is not None and wanted.since is not None and than[0] >= wanted.since:
        wanted = replace(wanted, since=None)
    statement = select(AuditEventRow).where(*_conditions(wanted))
    if than is not None:
        statement = statement.where(_literal(than) < _PLACE)
    rows = session.scalars(statement.order_by(AuditEventRow.at, AuditEventRow.sequence).limit(PAGE + 1)).all()
    events = [history.event(row) for row in reversed(rows[:PAGE])]
    if not events:
        return _older(session, wanted, None)
    older = events[-1].sequence if than is not None else None
    return Page(events, events[0].sequence if len(rows) > PAGE else None, older)


def _place(session: Session, raw: str) -> Place | None:
    try:
        sequence = audit_selection.cursor(raw)
        if sequence is None:
            return None
        at = session.scalar(select(AuditEventRow.at).where(AuditEventRow.sequence == sequence))
        if at is None:
            raise Unfit("The log has no such event. Start from the newest events.")
    except Unfit as unfit:
        raise Invalid({"page": str(unfit)}) from None
    return at, sequence


def _literal(place: Place) -> Tuple:
    return tuple_(literal(place[0], UtcDateTime()), literal(place[1]))


def _conditions(wanted: Selection) -> list[ColumnElement[bool]]:
    row = AuditEventRow
    equal = (
        (row.actor_id, wanted.actor_id),
        (row.actor_name, wanted.actor_name),
        (row.action, wanted.action),
        (row.application_id, wanted.application_id),
        (row.token_id, wanted.token_id),
    )
    conditions = [column == value for column, value in equal if value is not None]
    if wanted.since is not None:
        conditions.append(row.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(row.at < wanted.until)
    return conditions


def _require_order(found: Mapping[str, Any]) -> None:
    since, until = found.get("since"), found.get("until")
    if since and until and until <= since:
        raise Unfit("This lies before From, so nothing can be between the two.")


def _actor(session: Session, typed: str) -> Mapping[str, str | None]:
    if not typed:
        return {}
    if "@" in typed or is_id(Kind.USER, typed):
        return {"actor_id": named.person(session, typed)}
    return {"actor_name": text.name(typed)}


def _token(session: Session, typed: str, application_id: str | None) -> str | None:
    if not typed or is_id(Kind.TOKEN, typed):
        return typed or None
    tokens = select(TokenRow.id).where(TokenRow.name_folded == text.folded(text.name(typed)))
    if application_id is not None:
        tokens = tokens.where(TokenRow.application_id == application_id)
    found = session.scalars(tokens.limit(2)).all()
    if not found:
        raise Unfit("No token has this name.")
    if len(found) > 1:
        raise Unfit("Several tokens have this name: give the token's id instead.")
    return found[0]
