"""The chain of audit events: each row's hash is an HMAC over its content and the hash before it (SPEC 11)."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.store import secrets
from app.store.database import RECORDED
from app.store.tables.audit import AuditEventRow, ChainHead

START = "0" * 64
_HASHED = [c.key for c in AuditEventRow.__table__.columns if c.key not in {"hash"}]


@dataclass(frozen=True)
class Break:
    """The first row that does not fit the chain."""

    sequence: int
    event_id: str | None
    sentence: str


def append(session: Session, row: AuditEventRow) -> None:
    """Put the event at the end of the chain. The transaction holds the write lock, so the head is the head."""
    chain = secrets.current().chain
    head = session.get(ChainHead, 1)
    if head is None:
        raise RuntimeError("the audit chain has no head: run the migrations")
    row.sequence = head.sequence + 1
    row.previous_hash = head.hash
    row.hash = _hash(chain, _content(row))
    head.sequence, head.hash, head.seal = row.sequence, row.hash, _seal(chain, row.sequence, row.hash)
    session.add(row)
    session.info[RECORDED] = True


def first_break(session: Session) -> Break | None:
    """The first row that was altered, removed, inserted or reordered, or the place where the tail was cut; None where
    every event is as it was written."""
    chain = secrets.current().chain
    expected, previous = 1, START
    for row in _rows(session):
        if row.sequence != expected:
            return Break(row.sequence, row.id, f"event {expected} is missing before this one")
        if row.previous_hash != previous:
            return Break(row.sequence, row.id, "it does not follow the event before it")
        if not hmac.compare_digest(row.hash, _hash(chain, _content(row))):
            return Break(row.sequence, row.id, "its content is not what was written")
        expected, previous = expected + 1, row.hash
    return _break_at_head(session, chain, expected - 1, previous)


def _break_at_head(session: Session, chain: bytes, last: int, last_hash: str) -> Break | None:
    head = session.get(ChainHead, 1)
    if head is None:
        return Break(last, None, "the head of the chain is missing")
    if head.sequence == 0 == last:
        return None
    if not hmac.compare_digest(head.seal, _seal(chain, head.sequence, head.hash)):
        return Break(head.sequence, None, "the head of the chain was altered")
    if (head.sequence, head.hash) != (last, last_hash):
        return Break(last + 1, None, f"the log was cut: its head is event {head.sequence}")
    return None


def _rows(session: Session) -> Iterator[AuditEventRow]:
    statement = select(AuditEventRow).order_by(AuditEventRow.sequence)
    return iter(session.scalars(statement, execution_options={"yield_per": 1000}))


def _content(row: AuditEventRow) -> Mapping[str, object]:
    return {name: _plain(getattr(row, name)) for name in _HASHED}


def _plain(value: object) -> object:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def _hash(chain: bytes, content: Mapping[str, object]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hmac.new(chain, text.encode("ascii"), hashlib.sha256).hexdigest()


def _seal(chain: bytes, sequence: int, head: str) -> str:
    return hmac.new(chain, f"head {sequence} {head}".encode("ascii"), hashlib.sha256).hexdigest()
