"""The chain of audit events: appending to it, and reading it to find the first row that is not as it was written
(SPEC 11).

To be checked, rows are read as the database keeps them, not as objects: a value that somebody put there by hand may be
nothing that could be loaded, and a million events are a matter of seconds."""

import hmac
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Text, bindparam, cast, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.store import secrets
from app.store.audit_link import HASHED, START, link, seal
from app.store.database import RECORDED
from app.store.tables.audit import AuditEventRow, ChainHead

CHUNK = 2_000
_TABLE = AuditEventRow.__table__
_AS_TEXT = {"at", "changes"}
# From the very first row on: one that was put before event 1 is read as well.
_FIRST = (
    select(*(cast(_TABLE.c[name], Text) if name in _AS_TEXT else _TABLE.c[name] for name in HASHED), _TABLE.c.hash)
    .order_by(_TABLE.c.sequence)
    .limit(bindparam("most"))
)
_BEHIND = _FIRST.where(_TABLE.c.sequence > bindparam("after"))
_UNREADABLE = (ValueError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True)
class Break:
    """The first row that does not fit the chain. `event_id` is None where the row is not there, or cannot be read."""

    sequence: int
    event_id: str | None
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """What came of reading the log: the last event that fits and its hash, and what does not fit, if anything."""

    sequence: int
    hash: str
    fault: Break | None


def append(session: Session, row: AuditEventRow) -> None:
    """Put the event at the end of the chain. The transaction holds the write lock, so the head is the head."""
    chain = secrets.current().chain
    head = session.get(ChainHead, 1)
    if head is None:
        raise RuntimeError("the audit chain has no head: run the migrations")
    row.sequence = head.sequence + 1
    row.previous_hash = head.hash
    row.hash = link(chain, {name: getattr(row, name) for name in HASHED})
    head.sequence, head.hash, head.seal = row.sequence, row.hash, seal(chain, row.sequence, row.hash)
    session.add(row)
    session.info[RECORDED] = True


def begin(session: Session) -> None:
    """Seal the head of a chain that has no event yet. Done when an installation is migrated, with its secret."""
    head = session.get_one(ChainHead, 1)
    if not head.seal and head.sequence == 0:
        head.seal = seal(secrets.current().chain, 0, head.hash)


def first_break(session: Session) -> Break | None:
    """The first row that was altered, removed, inserted or reordered, or the place where the tail was cut; None where
    every event is as it was written."""
    return check(session).fault


def check(session: Session) -> Verdict:
    """Read the log whole, as it is at one instant: what is appended meanwhile is not looked at."""
    _hold_still(session)
    try:
        return _verdict(session, secrets.current().chain)
    finally:
        session.rollback()


def _verdict(session: Session, chain: bytes) -> Verdict:
    last, last_hash = 0, START
    try:
        for row in _rows(session):
            fault = _fault(chain, row, last, last_hash)
            if fault is not None:
                return Verdict(last, last_hash, Break(row[0], str(row[1]), fault))
            last, last_hash = row[0], row[-1]
    except _Unreadable as unreadable:
        return Verdict(last, last_hash, Break(unreadable.sequence, None, "it cannot be read"))
    return Verdict(last, last_hash, _break_at_head(session, chain, last, last_hash))


class _Unreadable(Exception):
    """The database's own driver refuses to hand out a row."""

    def __init__(self, sequence: int) -> None:
        super().__init__(sequence)
        self.sequence = sequence


def _hold_still(session: Session) -> None:
    """See the log and its head as they are now, all the time. A read on SQLite does so by itself."""
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _rows(session: Session) -> Iterator[Sequence[Any]]:
    last, most = None, CHUNK
    while True:
        try:
            rows = _some(session, last, most)
        except DBAPIError as error:
            if error.connection_invalidated or session.get_bind().dialect.name != "sqlite":
                raise
            if most == 1:
                raise _Unreadable(_next(session, last)) from error
            # One of these rows is not what a driver expects: up to it, they are read one by one.
            most = 1
            continue
        if not rows:
            return
        yield from rows
        last = rows[-1][0]


def _some(session: Session, last: int | None, most: int) -> Sequence[Sequence[Any]]:
    if last is None:
        return session.execute(_FIRST, {"most": most}).all()
    return session.execute(_BEHIND, {"after": last, "most": most}).all()


def _next(session: Session, last: int | None) -> int:
    sequences = select(_TABLE.c.sequence).order_by(_TABLE.c.sequence).limit(1)
    following = sequences if last is None else sequences.where(_TABLE.c.sequence > last)
    return int(session.scalars(following).one())


def _fault(chain: bytes, row: Sequence[Any], last: int, last_hash: str) -> str | None:
    content = dict(zip(HASHED, row, strict=False))
    if content["sequence"] < 1:
        return "it stands before the first event"
    if content["sequence"] != last + 1:
        return f"event {last + 1} is missing before this one"
    if content["previous_hash"] != last_hash:
        return "it does not follow the event before it"
    try:
        content["at"] = _instant(content["at"])
        content["changes"] = json.loads(content["changes"])
        fits = _same(row[-1], link(chain, content))
    except _UNREADABLE:
        return "its content cannot be read"
    return None if fits else "its content is not what was written"


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _same(found: object, expected: str) -> bool:
    return isinstance(found, str) and hmac.compare_digest(found.encode("utf-8", "replace"), expected.encode("ascii"))


def _break_at_head(session: Session, chain: bytes, last: int, last_hash: str) -> Break | None:
    head = session.get(ChainHead, 1, populate_existing=True)
    if head is None:
        return Break(last, None, "the head of the chain is missing")
    if not _same(head.seal, seal(chain, head.sequence, head.hash)):
        return Break(head.sequence, None, "the head of the chain was altered")
    if (head.sequence, head.hash) != (last, last_hash):
        return Break(last + 1, None, f"the log was cut: its head is event {head.sequence}")
    return None
